"""What the table of last erasures promises: what was noted is read until it is forgotten, repeated or not."""

from datetime import date, timedelta

import pytest

from cx_domain.shops import ShopId
from cx_domain.surveys import CustomerKey, SurveyId
from infra.aws import keys
from infra.aws.erasure_table import Erased, ErasureTable
from tests.contract.conftest import Database
from tests.contract.examples import ACME, MONDAY, raw_item

TENT, LAMP = SurveyId("tentsurvey"), SurveyId("lampsurvey")
ANNAS = Erased(CustomerKey("annaskey"), (TENT, LAMP), (date(2026, 1, 5), date(2026, 1, 12)))


@pytest.fixture
def erasures(database: Database) -> ErasureTable:
    return ErasureTable(database.client, database.table)


def test_an_erasure_is_read_as_it_was_noted_and_by_its_own_shop(erasures: ErasureTable) -> None:
    erasures.note(ACME, ANNAS, MONDAY)

    assert (list(erasures.list(ACME)), list(erasures.list(ShopId("brook")))) == ([ANNAS], [])


def test_an_erasure_that_is_repeated_when_the_days_are_forgotten_still_knows_them(erasures: ErasureTable) -> None:
    erasures.note(ACME, ANNAS, MONDAY)
    erasures.note(ACME, Erased(ANNAS.customer, ANNAS.surveys, ()), MONDAY)

    assert list(erasures.list(ACME)) == [ANNAS]


def test_it_is_forgotten_after_two_days(erasures: ErasureTable, database: Database) -> None:
    erasures.note(ACME, ANNAS, MONDAY)

    item = raw_item(database.client, database.table, keys.erasure(ACME, TENT))
    assert int(item["purge_at"]["N"]) == int(MONDAY.timestamp()) + 2 * 24 * 3600


def test_who_had_no_surveys_leaves_no_note(erasures: ErasureTable) -> None:
    erasures.note(ACME, Erased(ANNAS.customer, (), ()), MONDAY)

    assert list(erasures.list(ACME)) == []


def test_imported_answers_are_noted_beside_the_surveys_and_without_any(erasures: ErasureTable) -> None:
    with_surveys = Erased(ANNAS.customer, ANNAS.surveys, ANNAS.days, ("imported-1", "imported-2"))
    without = Erased(CustomerKey("janskey"), (), (date(2025, 12, 3),), ("imported-3",))

    for each in (with_surveys, without):
        erasures.note(ACME, each, MONDAY)

    assert sorted(erasures.list(ACME), key=lambda each: str(each.customer)) == [with_surveys, without]


def test_when_somebody_was_erased_is_known_for_as_long_as_it_is_told_to_be(
    erasures: ErasureTable, database: Database
) -> None:
    anna, later = CustomerKey("annaskey"), MONDAY + timedelta(days=3)
    erasures.mark(ACME, anna, MONDAY, purge_at=MONDAY + timedelta(days=730))
    erasures.mark(ACME, anna, later, purge_at=later + timedelta(days=730))

    assert erasures.erased_at(ACME, [anna, CustomerKey("janskey")]) == {anna: later}
    assert list(erasures.list(ACME)) == []
    item = raw_item(database.client, database.table, keys.erased(ACME, anna))
    assert int(item["purge_at"]["N"]) == int((later + timedelta(days=730)).timestamp())
