"""What the table of guesses promises: one guess for each manager and month, the last word, and no name."""

from datetime import timedelta

import pytest

from cx_domain.guesses import Guess
from cx_domain.shops import ShopId
from infra.aws import keys
from infra.aws.guess_table import GuessTable
from tests.contract.conftest import Database
from tests.contract.examples import ACME, MONDAY, raw_item

EWA, JAN = "mfrggzdfmztwq", "nbswy3dpeb3w6"
LATER = MONDAY + timedelta(days=730)


@pytest.fixture
def guesses(database: Database) -> GuessTable:
    return GuessTable(database.client, database.table)


def put(guesses: GuessTable, guess: Guess, *, manager: str = EWA, shop: ShopId = ACME, period: str = "2026-01") -> None:
    guesses.put(shop, period, manager, guess, MONDAY, purge_at=LATER)


def test_who_has_not_guessed_has_no_guess(guesses: GuessTable) -> None:
    assert guesses.get(ACME, "2026-01", EWA) is None
    assert guesses.list(ACME, "2026-01") == ()


def test_the_last_word_stands_also_where_it_says_less(guesses: GuessTable) -> None:
    put(guesses, Guess(40, 60))
    put(guesses, Guess(-25))

    assert guesses.get(ACME, "2026-01", EWA) == Guess(-25)
    assert guesses.list(ACME, "2026-01") == (Guess(-25),)


def test_a_guess_of_nought_is_a_guess(guesses: GuessTable) -> None:
    put(guesses, Guess(0, 0))

    assert guesses.get(ACME, "2026-01", EWA) == Guess(0, 0)


def test_only_the_months_own_guesses_are_listed(guesses: GuessTable) -> None:
    put(guesses, Guess(40), manager=EWA)
    put(guesses, Guess(80), manager=JAN)
    put(guesses, Guess(10), period="2026-02")
    put(guesses, Guess(20), shop=ShopId("brook"))

    assert sorted(guesses.list(ACME, "2026-01"), key=str) == [Guess(40), Guess(80)]


def test_a_guess_goes_when_answers_go(guesses: GuessTable, database: Database) -> None:
    put(guesses, Guess(40))

    kept = raw_item(database.client, database.table, keys.guess(ACME, "2026-01", EWA))
    assert int(kept["purge_at"]["N"]) == int(LATER.timestamp())
