"""How long support cases take, from counts of whole minutes; a case belongs to the period in which it was opened.

A quantile is Hyndman and Fan's definition 7: of n cases in order it is the one at place 1 + (n - 1) x share, and between two places the
straight line between their cases. It is what spreadsheets' PERCENTILE and numpy say.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from cx_domain.backgrounds import Background, rolling_span
from cx_domain.calendars import Period
from cx_domain.support_totals import Minutes, SupportTotal, TimedBy
from cx_domain.totals import DayTotal

_HOUR = 60
Clock = TimedBy | Literal["mixed"]


@dataclass(frozen=True, slots=True)
class Durations:
    """In hours; None while there is nothing to measure."""

    median_hours: float | None
    p90_hours: float | None
    mean_hours: float | None


@dataclass(frozen=True, slots=True)
class Resolution:
    """How many cases there were, and how long they took, in hours; None while there is no case to measure.

    `solved` is as far as it is known when the report is made: a case that is solved later counts for its period then. `timed_by` says
    by which hours, and is None without cases.
    """

    opened: int
    solved: int
    still_open: int
    median_hours: float | None
    p90_hours: float | None
    median_first_reply_hours: float | None
    mean_hours: float | None
    replied: int
    reopened: int
    p90_first_reply_hours: float | None
    mean_first_reply_hours: float | None
    timed_by: Clock | None


@dataclass(frozen=True, slots=True)
class OpenAtClose:
    """Cases that were not solved when the period closed, opened since a day; their age is in days of the calendar."""

    since: date
    n: int
    median_days: float | None
    oldest_days: int | None


def resolution(total: DayTotal) -> Resolution:
    cases = total.support.whole
    solving, reply = durations(cases.solve_minutes), durations(cases.reply_minutes)
    opened, solved = cases.opened, cases.counts.get("solved", 0)
    return Resolution(
        opened=opened,
        solved=solved,
        still_open=opened - solved,
        median_hours=solving.median_hours,
        p90_hours=solving.p90_hours,
        median_first_reply_hours=reply.median_hours,
        mean_hours=solving.mean_hours,
        replied=cases.counts.get("replied", 0),
        reopened=cases.counts.get("reopened", 0),
        p90_first_reply_hours=reply.p90_hours,
        mean_first_reply_hours=reply.mean_hours,
        timed_by=_timed_by(total.support),
    )


def open_at_close(period: Period, total: DayTotal, background: Background) -> OpenAtClose:
    """The cases of the last thirteen weeks, or of the period if that is longer, that were open when it closed.

    What was solved since counts as open here, so that the figure is the same whenever the report is made.
    """
    span, known = rolling_span(period), total if background.rolling is None else background.rolling
    ages: dict[int, int] = {}
    for days, count in known.support.days.items():
        if days.opened_on <= period.end and (days.solved_on is None or days.solved_on > period.end):
            age = (period.end - days.opened_on).days
            ages[age] = ages.get(age, 0) + count
    first = span[0] if span is not None and background.rolling is not None else period.start
    return OpenAtClose(first, sum(ages.values()), quantile(ages, 0.5), max(ages, default=None))


def durations(minutes: Minutes) -> Durations:
    """The median, the nine in ten, and the mean, which a single case of months can move far."""
    number = sum(minutes.values())
    mean = sum(taken * count for taken, count in minutes.items()) / number if number else None
    return Durations(*map(_hours, (quantile(minutes, 0.5), quantile(minutes, 0.9), mean)))


def quantile(counts: Minutes, share: float) -> float | None:
    """The quantile by linear interpolation between the two nearest cases (Hyndman and Fan's definition 7); None for none."""
    number = sum(counts.values())
    if number == 0:
        return None
    place = (number - 1) * share
    lower, upper = _at(counts, int(place)), _at(counts, min(int(place) + 1, number - 1))
    return lower + (upper - lower) * (place - int(place))


def _at(counts: Minutes, place: int) -> int:
    """The case that stands at this place, counted from 0, when all are sorted."""
    passed = 0
    for minutes in sorted(counts):
        passed += counts[minutes]
        if passed > place:
            return minutes
    raise IndexError(place)


def _hours(minutes: float | None) -> float | None:
    return None if minutes is None else minutes / _HOUR


def _timed_by(support: SupportTotal) -> Clock | None:
    known = set(support.timed_by)
    return "mixed" if len(known) > 1 else known.pop() if known else None
