"""Which days a report is seen against, and that adding them up does not depend on how they lie in files."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_domain.backgrounds import Background, looks_back_on, months_needed, summed_up
from cx_domain.calendars import Period, latest, parse_period, period_of, previous, year_before
from cx_domain.histograms import Histogram
from cx_domain.shops import PeriodKind
from cx_domain.totals import NOTHING, Cell, DayTotal, Question, together

NPS = Question("nps", "order")
OLD = date(2020, 1, 1)
KINDS: tuple[PeriodKind, ...] = ("day", "week", "month", "quarter", "year")


def counted(score: int, answers: int = 1) -> DayTotal:
    whole, poland = Cell("nps", "order", "all", "all"), Cell("nps", "order", "country", "PL")
    return DayTotal(cells={whole: Histogram({score: answers}), poland: Histogram({score: answers})})


def by_month(days: dict[date, DayTotal], months: Iterable[str]) -> list[dict[date, DayTotal]]:
    return [{day: total for day, total in days.items() if f"{day:%Y-%m}" == month} for month in months]


def report_of(period: Period, days: dict[date, DayTotal]) -> tuple[DayTotal, Background]:
    return summed_up(period, by_month(days, months_needed(period, OLD)))


def n(total: DayTotal | None) -> int:
    return 0 if total is None else total.whole(NPS).n


def test_every_day_is_counted_where_it_belongs() -> None:
    week = parse_period("2026-W10")
    days = {
        week.start: counted(10),
        week.end: counted(9),
        week.start - timedelta(days=1): counted(8),
        week.end - timedelta(days=90): counted(7),
        week.end - timedelta(days=91): counted(6),
        year_before(week).end: counted(5),
        week.end + timedelta(days=1): counted(0),
    }

    own, background = report_of(week, days)

    assert own.whole(NPS) == Histogram({10: 1, 9: 1})
    assert background.before.whole(NPS) == Histogram({8: 1})
    assert background.rolling is not None
    assert background.rolling.whole(NPS) == Histogram({10: 1, 9: 1, 8: 1, 7: 1})
    assert background.year_ago.whole(NPS) == Histogram({5: 1})


def test_the_trend_begins_with_the_first_period_that_anybody_answered_in() -> None:
    week = parse_period("2026-W10")
    days = {latest(week, 5)[0].start: counted(10), latest(week, 3)[0].start: counted(2), week.start: counted(9)}

    _, background = report_of(week, days)

    assert [(period.name, answers.get(NPS)) for period, answers in background.trend] == [
        ("2026-W06", Histogram({10: 1})),
        ("2026-W07", None),
        ("2026-W08", Histogram({2: 1})),
        ("2026-W09", None),
    ]


@pytest.mark.parametrize("name", ["2026-Q2", "2026"])
def test_what_is_as_long_as_thirteen_weeks_needs_no_thirteen_weeks(name: str) -> None:
    _, background = report_of(parse_period(name), {date(2026, 5, 1): counted(10)})

    assert background.rolling is None


def test_months_that_the_shop_has_thrown_away_are_not_looked_for() -> None:
    year = parse_period("2026")

    assert months_needed(year, date(2024, 12, 31))[0] == "2024-12"
    assert len(months_needed(year, date(2025, 1, 1))) == 24
    assert len(months_needed(parse_period("2026-W02"), OLD)) == 5


@settings(max_examples=60)
@given(
    st.sampled_from(KINDS),
    st.dictionaries(st.integers(0, 900), st.integers(0, 10), max_size=40),
    st.lists(st.integers(0, 2), min_size=40, max_size=40),
)
def test_a_report_over_any_split_into_shards_is_the_report_over_the_whole(
    kind: PeriodKind, answered: dict[int, int], shards: list[int]
) -> None:
    period = period_of(date(2026, 6, 30), kind)
    days = {period.end - timedelta(days=ago): counted(score) for ago, score in answered.items()}
    parts = [
        {day: total for (day, total), of in zip(days.items(), shards, strict=False) if of == shard}
        for shard in range(3)
    ]

    own, background = report_of(period, days)
    found = [report_of(period, part) for part in parts]

    assert together(part for part, _ in found) == own
    assert together(part.before for _, part in found) == background.before
    assert together(part.year_ago for _, part in found) == background.year_ago
    assert together(part.rolling or NOTHING for _, part in found) == (background.rolling or NOTHING)
    whole = [together(total for day, total in days.items() if p.start <= day <= p.end) for p, _ in background.trend]
    assert [answers for _, answers in background.trend] == [total.by_question() for total in whole]


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2026, 1, 1), date(2026, 12, 31)])
@pytest.mark.parametrize(("kind", "later"), [("day", 93), ("week", 54), ("month", 14), ("quarter", 14), ("year", 14)])
def test_a_day_is_shown_in_every_later_report_that_adds_it_up(kind: PeriodKind, later: int, day: date) -> None:
    told = looks_back_on(day, kind)

    candidates = [period_of(day, kind)]
    while len(candidates) <= later:
        candidates.append(period_of(candidates[-1].end + timedelta(days=1), kind))
    for period in candidates[1:]:
        own, background = report_of(period, {day: counted(9)})
        shown = n(own) or n(background.before) or n(background.year_ago) or n(background.rolling) or background.trend
        assert not shown or period in told


def test_a_change_looks_back_on_the_period_before() -> None:
    week = parse_period("2026-W10")

    assert week in looks_back_on(previous(week).start, "week")
