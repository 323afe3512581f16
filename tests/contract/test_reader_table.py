"""What the table of readers promises: nobody's old links live again, and a visit costs a write once a day."""

from datetime import timedelta

import pytest

from cx_domain.readers import ReaderRecord
from cx_domain.shops import ShopId
from infra.aws import keys
from infra.aws.reader_table import ReaderTable
from tests.contract.conftest import Database
from tests.contract.examples import ACME, MONDAY, all_at_once, raw_item

EWA = "mfrggzdfmztwq"
DAY = timedelta(days=1)


@pytest.fixture
def readers(database: Database) -> ReaderTable:
    return ReaderTable(database.client, database.table)


def test_of_whom_nothing_is_kept_the_record_is_empty(readers: ReaderTable) -> None:
    assert readers.get(ACME, EWA) == ReaderRecord()
    assert readers.list(ACME) == {}


def test_who_is_added_is_kept_with_address_name_and_time(readers: ReaderTable) -> None:
    readers.add(ACME, EWA, "ewa@acme.example", "Ewa Nowak", MONDAY)

    kept = ReaderRecord("ewa@acme.example", "Ewa Nowak", generation=1, added_at=MONDAY)
    assert readers.get(ACME, EWA) == kept
    assert readers.list(ACME) == {EWA: kept}


def test_adding_again_keeps_links_time_and_name_and_takes_a_new_name(readers: ReaderTable) -> None:
    readers.add(ACME, EWA, "ewa@acme.example", "Ewa Nowak", MONDAY)
    readers.add(ACME, EWA, "ewa@acme.example", None, MONDAY + DAY)
    kept = readers.get(ACME, EWA)

    readers.add(ACME, EWA, "ewa@acme.example", "Ewa Kowalska", MONDAY + DAY)

    assert (kept.name, kept.added_at, kept.generation) == ("Ewa Nowak", MONDAY, 1)
    assert readers.get(ACME, EWA).name == "Ewa Kowalska"


def test_of_who_is_removed_neither_address_nor_name_stays(readers: ReaderTable, database: Database) -> None:
    readers.add(ACME, EWA, "ewa@acme.example", "Ewa Nowak", MONDAY)

    readers.remove(ACME, EWA, MONDAY + DAY)

    assert readers.get(ACME, EWA) == ReaderRecord(generation=2, removed_at=MONDAY + DAY)
    assert "acme.example" not in str(raw_item(database.client, database.table, keys.reader(ACME, EWA)))


def test_who_comes_back_has_a_generation_that_no_old_link_has(readers: ReaderTable) -> None:
    for round_ in range(3):
        readers.add(ACME, EWA, "ewa@acme.example", None, MONDAY + round_ * DAY)
        readers.remove(ACME, EWA, MONDAY + round_ * DAY)

    readers.add(ACME, EWA, "ewa@acme.example", None, MONDAY + 3 * DAY)

    kept = readers.get(ACME, EWA)
    assert (kept.generation, kept.removed_at, kept.added_at) == (4, None, MONDAY + 3 * DAY)


def test_who_stands_only_in_the_file_can_be_removed_too(readers: ReaderTable) -> None:
    readers.remove(ACME, EWA, MONDAY)

    assert readers.list(ACME) == {EWA: ReaderRecord(generation=2, removed_at=MONDAY)}


def test_twenty_who_remove_at_once_leave_no_generation_that_lives(readers: ReaderTable) -> None:
    all_at_once(20, lambda _: readers.remove(ACME, EWA, MONDAY))

    kept = readers.get(ACME, EWA)
    assert (kept.generation, kept.removed_at) == (21, MONDAY)


def test_of_twenty_openings_of_a_day_one_is_written(readers: ReaderTable) -> None:
    written = all_at_once(20, lambda _: readers.note_opening(ACME, EWA, MONDAY, MONDAY - timedelta(hours=10)))

    assert written.count(True) == 1
    assert readers.get(ACME, EWA).opened_at == MONDAY


def test_the_next_days_opening_is_written_again(readers: ReaderTable) -> None:
    readers.note_opening(ACME, EWA, MONDAY, MONDAY - timedelta(hours=10))

    written = readers.note_opening(ACME, EWA, MONDAY + DAY, MONDAY + timedelta(hours=14))

    assert written
    assert readers.get(ACME, EWA).opened_at == MONDAY + DAY


def test_an_opening_changes_nothing_else_of_a_manager(readers: ReaderTable) -> None:
    readers.add(ACME, EWA, "ewa@acme.example", "Ewa Nowak", MONDAY)
    readers.remove(ACME, EWA, MONDAY)

    readers.note_opening(ACME, EWA, MONDAY, MONDAY)

    assert readers.get(ACME, EWA) == ReaderRecord(generation=2, removed_at=MONDAY, opened_at=MONDAY)


def test_another_shops_managers_are_not_listed(readers: ReaderTable) -> None:
    readers.add(ShopId("acme-two"), EWA, "ewa@acme.example", None, MONDAY)

    assert readers.list(ACME) == {}
