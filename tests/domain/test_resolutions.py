"""How long cases take: from counts of minutes as from the list of cases."""

import statistics
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_domain.backgrounds import Background
from cx_domain.calendars import parse_period
from cx_domain.resolutions import OpenAtClose, open_at_close, quantile, resolution
from cx_domain.support_totals import ALL_CASES, CaseDays, Cases, SupportTotal, TimedBy
from cx_domain.totals import DayTotal


def test_the_figures_of_a_week_of_tickets() -> None:
    week = cases(Cases({"opened": 5, "replied": 4, "solved": 3, "reopened": 1}, {30: 4}, {60: 1, 330: 1, 1800: 1}))

    found = resolution(week)

    assert (found.opened, found.solved, found.still_open) == (5, 3, 2)
    assert [found.median_hours, found.p90_hours] == pytest.approx([5.5, 25.1])
    assert found.mean_hours == pytest.approx(12.1667, abs=1e-4)
    assert (found.median_first_reply_hours, found.p90_first_reply_hours, found.mean_first_reply_hours) == (
        0.5,
        0.5,
        0.5,
    )
    assert (found.replied, found.reopened) == (4, 1)


@pytest.mark.parametrize(
    ("timed_by", "said"),
    [
        ({"business-hours": 2}, "business-hours"),
        ({"around-the-clock": 2}, "around-the-clock"),
        ({"business-hours": 1, "around-the-clock": 1}, "mixed"),
        ({}, None),
    ],
)
def test_a_report_says_by_which_hours_cases_were_timed(timed_by: dict[TimedBy, int], said: str | None) -> None:
    assert resolution(DayTotal(support=SupportTotal(timed_by=timed_by))).timed_by == said


def test_a_case_that_was_solved_after_the_close_was_open_at_it() -> None:
    monday, next_monday = date(2026, 1, 5), date(2026, 1, 12)
    days = {
        CaseDays(monday, monday): 5,
        CaseDays(monday, next_monday): 1,
        CaseDays(date(2025, 12, 1), None): 1,
        CaseDays(next_monday, None): 3,
    }
    quarter = DayTotal(support=SupportTotal(days=days))

    found = open_at_close(parse_period("2026-W02"), DayTotal(), Background(rolling=quarter))

    assert found == OpenAtClose(since=date(2025, 10, 13), n=2, median_days=23.5, oldest_days=41)


def test_a_year_looks_at_its_own_open_cases() -> None:
    year = DayTotal(support=SupportTotal(days={CaseDays(date(2026, 12, 30), None): 1}))

    found = open_at_close(parse_period("2026"), year, Background())

    assert found == OpenAtClose(since=date(2026, 1, 1), n=1, median_days=1, oldest_days=1)


def cases(whole: Cases) -> DayTotal:
    return DayTotal(support=SupportTotal({ALL_CASES: whole}))


def test_a_week_without_tickets_has_counts_and_no_durations() -> None:
    found = resolution(DayTotal())

    assert (found.opened, found.still_open, found.median_hours, found.p90_hours) == (0, 0, None, None)


@given(st.lists(st.integers(0, 5000), min_size=2), st.integers(1, 99))
def test_counts_of_minutes_give_the_quantiles_of_the_cases_themselves(cases: list[int], percent: int) -> None:
    counts = {minutes: cases.count(minutes) for minutes in cases}

    found = quantile(counts, percent / 100)

    assert found == pytest.approx(statistics.quantiles(cases, n=100, method="inclusive")[percent - 1])


def test_one_case_is_its_own_median() -> None:
    assert quantile({42: 1}, 0.5) == 42
