"""Managers guess a month that is about to close: when they are asked, what they may say, and what comes of it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cx_domain.calendars import parse_period
from cx_domain.errors import BadField
from cx_domain.guesses import (
    Guess,
    Guessed,
    asked_kind,
    asks_at,
    due,
    excellent_scores,
    is_open,
    read_guess,
    subjects,
    tapped,
    together,
)
from cx_domain.kinds import kind
from cx_domain.shops import KindName, ReportRule, Shop
from tests.words.acme import ACME

JANUARY = parse_period("2026-01")
GUESSING = replace(ACME, reports=ReportRule(guess=True))


def asking(*kinds: KindName) -> Shop:
    return replace(GUESSING, surveys=tuple(replace(ACME.surveys[0], kind=name) for name in kinds))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("month", "asked_at"),
    [
        ("2026-01", "2026-01-29 07:00"),
        ("2026-02", "2026-02-26 07:00"),
        ("2026-03", "2026-03-30 06:00"),
        ("2026-05", "2026-05-28 06:00"),
        ("2026-11", "2026-11-27 07:00"),
    ],
    ids=["ends on a Saturday", "ends on a Saturday too", "ends on a Tuesday", "ends on a Sunday", "ends on a Monday"],
)
def test_managers_are_asked_at_eight_with_two_working_days_left(month: str, asked_at: str) -> None:
    assert asks_at(parse_period(month), ACME.zone) == utc(asked_at)


@pytest.mark.parametrize(
    ("now", "asked"),
    [
        ("2026-01-29 06:59", ()),
        ("2026-01-29 07:00", ("2026-01",)),
        ("2026-01-30 06:59", ("2026-01",)),
        ("2026-01-30 07:00", ()),
        ("2026-02-01 00:00", ()),
    ],
)
def test_they_are_asked_within_a_day_or_not_at_all(now: str, asked: tuple[str, ...]) -> None:
    assert tuple(month.name for month in due(GUESSING, utc(now))) == asked


def test_nobody_is_asked_unless_the_shop_wants_it() -> None:
    assert due(ACME, utc("2026-01-29 07:00")) == ()


@pytest.mark.parametrize(("now", "taken"), [("2026-01-31 22:59:59", True), ("2026-01-31 23:00", False)])
def test_a_guess_is_taken_until_the_month_closes_in_the_shops_zone(now: str, taken: bool) -> None:
    assert is_open(GUESSING, JANUARY, utc(now)) is taken


@pytest.mark.parametrize(
    ("kinds", "asked", "about"),
    [
        (("nps",), "nps", ("nps", "excellent")),
        (("csat", "nps"), "nps", ("nps", "excellent")),
        (("csat", "ces"), "csat", ("excellent",)),
        (("nps5",), "nps5", ("excellent",)),
    ],
)
def test_the_nps_is_guessed_only_where_customers_are_asked_for_it(
    kinds: tuple[KindName, ...], asked: str, about: tuple[str, ...]
) -> None:
    assert (asked_kind(asking(*kinds)), subjects(asking(*kinds))) == (asked, about)


@pytest.mark.parametrize(
    ("name", "scores"), [("nps", [9, 10]), ("nps5", [5]), ("csat", [5]), ("ces", [7]), ("yes-no", [1])]
)
def test_excellent_is_the_highest_mark(name: str, scores: list[int]) -> None:
    assert list(excellent_scores(kind(name))) == scores


def test_a_manager_may_guess_one_thing_or_both() -> None:
    assert read_guess(GUESSING, {"nps": ["40"]}) == Guess(40)
    assert read_guess(GUESSING, {"nps": ["-50"], "excellent": ["60"]}) == Guess(-50, 60)
    assert read_guess(asking("csat"), {"nps": ["40"], "excellent": ["60"]}) == Guess(None, 60)


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"excellent": ["60"]},
        {"nps": ["41"]},
        {"nps": ["040"]},
        {"nps": [""]},
        {"nps": ["40"], "excellent": ["101"]},
        {"nps": ["٤٠"]},
    ],
)
def test_what_the_page_does_not_offer_is_refused(form: dict[str, list[str]]) -> None:
    with pytest.raises(BadField):
        read_guess(GUESSING, form)


def test_the_page_shows_the_number_tapped_beside_what_was_kept() -> None:
    assert tapped(GUESSING, {"nps": "40"}, Guess(20, 60)) == Guess(40, 60)
    assert tapped(GUESSING, {"nps": "41", "utm_source": "mail"}, Guess(20, 60)) == Guess(20, 60)


def test_the_managers_guesses_are_put_together() -> None:
    found = together([Guess(40, 60), Guess(80), Guess(60, 90)])

    assert found == {"nps": Guessed(60, 3, 40, 80), "excellent": Guessed(75, 2, 60, 90)}


def test_what_nobody_guessed_is_not_there() -> None:
    assert together([]) == {}
