"""Reports stand by kind and newest first, and old ones are out of the way."""

from cx_domain.calendars import latest, parse_period
from cx_domain.report_shelves import IN_SIGHT, shelves


def test_reports_stand_by_kind_and_the_newest_first() -> None:
    found = shelves(["2025-12", "2026-W01", "2025-12-31", "2026-W02", "2025-Q4", "2025", "2026-01"])

    assert [(shelf.kind, [period.name for period in shelf.in_sight]) for shelf in found] == [
        ("week", ["2026-W02", "2026-W01"]),
        ("month", ["2026-01", "2025-12"]),
        ("quarter", ["2025-Q4"]),
        ("year", ["2025"]),
        ("day", ["2025-12-31"]),
    ]


def test_of_many_weeks_the_newest_stand_in_sight_and_the_others_follow() -> None:
    weeks = latest(parse_period("2026-W30"), 40)

    (shelf,) = shelves(week.name for week in weeks)

    assert (*shelf.in_sight, *shelf.older) == tuple(reversed(weeks))
    assert len(shelf.in_sight) == IN_SIGHT["week"]


def test_a_folder_that_is_no_period_and_one_that_is_there_twice_do_no_harm() -> None:
    (shelf,) = shelves(["2026-W02", "2026-W02", "drafts", "", "2026-W60"])

    assert [period.name for period in shelf.in_sight] == ["2026-W02"]


def test_no_reports_are_no_shelves() -> None:
    assert shelves([]) == ()
