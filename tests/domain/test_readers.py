"""Who reads a shop's reports, by its file, by what operators said, and which of the two weighs more."""

from dataclasses import replace
from datetime import UTC, datetime

from cx_domain.identities import manager_key
from cx_domain.readers import ReaderRecord, reader, readers
from tests.builders import ACME, KEY

MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
BOSS = manager_key(KEY, ACME.id, "boss@acme.example")
EWA = manager_key(KEY, ACME.id, "ewa@acme.example")
ADDED = ReaderRecord(address="ewa@acme.example", name="Ewa Nowak", added_at=MONDAY)
REMOVED = ReaderRecord(generation=2, removed_at=MONDAY)


def test_the_managers_of_the_file_read_without_any_record() -> None:
    (boss,) = readers(KEY, ACME, {})

    assert (boss.address, boss.in_file, boss.reads, boss.record.generation) == ("boss@acme.example", True, True, 1)


def test_those_who_were_added_follow_those_of_the_file() -> None:
    found = readers(KEY, ACME, {EWA: ADDED})

    assert [(each.address, each.in_file) for each in found] == [
        ("boss@acme.example", True),
        ("ewa@acme.example", False),
    ]


def test_who_stands_in_the_file_and_was_added_is_one_manager() -> None:
    both = replace(ACME, managers=("Ewa@Acme.example", "ewa@acme.example"))

    (ewa,) = readers(KEY, both, {EWA: ADDED})

    assert (ewa.address, ewa.record.name) == ("Ewa@Acme.example", "Ewa Nowak")


def test_who_was_removed_does_not_read_although_the_file_names_them() -> None:
    (boss,) = readers(KEY, ACME, {BOSS: REMOVED})

    assert not boss.reads
    assert reader(KEY, ACME, BOSS, REMOVED) is None


def test_who_was_added_and_removed_is_no_manager_any_more() -> None:
    assert [each.key for each in readers(KEY, ACME, {EWA: REMOVED})] == [BOSS]
    assert reader(KEY, ACME, EWA, REMOVED) is None


def test_a_manager_is_found_by_their_key() -> None:
    found = reader(KEY, ACME, EWA, ADDED)

    assert found is not None
    assert found.address == "ewa@acme.example"


def test_who_left_the_file_is_found_no_more_whatever_was_noted_of_them() -> None:
    seen = ReaderRecord(opened_at=MONDAY)

    assert reader(KEY, replace(ACME, managers=()), BOSS, seen) is None
