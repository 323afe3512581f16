"""What the table of reconcilings promises: one a night, and a cursor that never goes back."""

from datetime import UTC, datetime, timedelta

from infra.aws.reconciling_table import ReconcilingTable
from tests.contract.conftest import Database
from tests.contract.examples import MONDAY, all_at_once

DAY = timedelta(days=1)


def table(database: Database) -> ReconcilingTable:
    return ReconcilingTable(database.client, database.table)


def test_of_twenty_that_would_reconcile_in_one_night_one_does(database: Database) -> None:
    outcomes = all_at_once(20, lambda _: table(database).begin(MONDAY))

    assert outcomes.count(True) == 1


def test_the_next_night_is_another_one(database: Database) -> None:
    table(database).begin(datetime(2026, 1, 5, 23, 59, tzinfo=UTC))

    assert table(database).begin(datetime(2026, 1, 6, 0, 0, tzinfo=UTC))


def test_a_list_that_was_never_read_is_read_from_its_beginning(database: Database) -> None:
    table(database).begin(MONDAY)

    assert table(database).read_until() is None


def test_up_to_when_the_list_was_read_is_remembered_over_nights(database: Database) -> None:
    table(database).finish(MONDAY)

    table(database).begin(MONDAY + DAY)

    assert table(database).read_until() == MONDAY


def test_an_older_reading_that_ends_later_takes_nothing_back(database: Database) -> None:
    table(database).finish(MONDAY + DAY)

    table(database).finish(MONDAY)

    assert table(database).read_until() == MONDAY + DAY
