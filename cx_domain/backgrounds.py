"""What a period is seen against: the period before, the same a year ago, the thirteen weeks and the thirteen periods that end with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from cx_domain.calendars import Period, latest, period_of, previous, year_before
from cx_domain.histograms import Histogram
from cx_domain.shops import PeriodKind
from cx_domain.totals import NOTHING, DayTotal, Question, together, wholes

ROLLING_DAYS = 91
TREND_PERIODS = 13
LONG_KINDS: frozenset[PeriodKind] = frozenset({"quarter", "year"})
"""Periods as long as thirteen weeks: their own figure is the headline."""

Span = tuple[date, date]
"""First and last day, inclusive."""


@dataclass(frozen=True, slots=True)
class Background:
    """Totals, empty where nothing was counted. `rolling` is None where the period itself is as long; `trend` holds the periods before
    this one that anything was answered in or after, oldest first, with every answer to each question.
    """

    before: DayTotal = NOTHING
    year_ago: DayTotal = NOTHING
    rolling: DayTotal | None = None
    trend: tuple[tuple[Period, Mapping[Question, Histogram]], ...] = ()


def rolling_span(period: Period) -> Span | None:
    """The thirteen weeks that end with the period; None for one that is as long itself."""
    if period.kind in LONG_KINDS:
        return None
    return period.end - timedelta(days=ROLLING_DAYS - 1), period.end


def months_needed(period: Period, since: date) -> tuple[str, ...]:
    """The months whose totals a report adds up, none of them over before `since`, in order."""
    spans = [*_spans(period).values(), *(_span(each) for each in latest(period, TREND_PERIODS))]
    wanted: set[str] = set()
    for first, last in spans:
        month = period_of(max(first, since), "month")
        while month.start <= last:
            wanted.add(month.name)
            month = period_of(month.end + timedelta(days=1), "month")
    return tuple(sorted(wanted))


def summed_up(period: Period, months: Iterable[Mapping[date, DayTotal]]) -> tuple[DayTotal, Background]:
    """Add up the period itself, and its background, from its months' days; each month is looked at once and not kept."""
    spans, recent = _spans(period), latest(period, TREND_PERIODS)[:-1]
    parts: dict[str, list[DayTotal]] = {name: [] for name in spans}
    trend: dict[Period, list[DayTotal]] = {each: [] for each in recent}
    for month in months:
        for name, span in spans.items():
            parts[name].append(together(_within(month, span)))
        for each in recent:
            trend[each].append(together(map(wholes, _within(month, _span(each)))))
    found = {name: together(totals) for name, totals in parts.items()}
    lines = [(each, together(totals)) for each, totals in trend.items()]
    counted = next((place for place, (_, total) in enumerate(lines) if total.cells), len(lines))
    return found["own"], Background(
        before=found["before"],
        year_ago=found["year_ago"],
        rolling=found.get("rolling"),
        trend=tuple((each, total.by_question()) for each, total in lines[counted:]),
    )


def looks_back_on(day: date, kind: PeriodKind) -> list[Period]:
    """The later periods of a kind whose reports show a day too: in their change, their thirteen weeks, their trend or their year ago."""
    first = period_of(day, kind)
    last = first
    later: list[Period] = []
    while len(later) < TREND_PERIODS - 1 or last.end < day + timedelta(days=ROLLING_DAYS - 1):
        last = period_of(last.end + timedelta(days=1), kind)
        later.append(last)
    return [*later, *_a_year_later(first)]


def _a_year_later(period: Period) -> list[Period]:
    near = [period_of(period.start + timedelta(days=days), period.kind) for days in range(359, 374)]
    return [each for each in dict.fromkeys(near) if year_before(each) == period]


def _spans(period: Period) -> dict[str, Span]:
    spans = {"own": _span(period), "before": _span(previous(period)), "year_ago": _span(year_before(period))}
    rolling = rolling_span(period)
    return spans if rolling is None else {**spans, "rolling": rolling}


def _span(period: Period) -> Span:
    return period.start, period.end


def _within(month: Mapping[date, DayTotal], span: Span) -> list[DayTotal]:
    first, last = span
    return [total for day, total in month.items() if first <= day <= last]
