"""How long cases take: from counts of minutes as from the list of cases."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_domain.resolutions import quantile, resolution
from cx_domain.totals import DayTotal


def test_the_figures_of_a_week_of_tickets() -> None:
    week = DayTotal(
        tickets={"opened": 5, "replied": 4, "solved": 3},
        solve_minutes={60: 1, 330: 1, 1800: 1},
        reply_minutes={30: 4},
    )

    found = resolution(week)

    assert (found.opened, found.solved, found.still_open) == (5, 3, 2)
    assert [found.median_hours, found.p90_hours] == pytest.approx([5.5, 25.1])
    assert found.median_first_reply_hours == 0.5


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
