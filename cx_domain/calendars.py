"""The shop's own days, weeks, months, quarters and years, and when they end on everybody's clock.

A day starts at its first instant in the shop's zone, also where the clocks skip or repeat midnight (`fold=0` means exactly that).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from cx_domain.errors import BadField
from cx_domain.shops import PeriodKind

DIGEST_HOUR = time(8)
_DAY = timedelta(days=1)
_LEAP_DAY = (2, 29)
_NAMES = re.compile(
    r"(?P<year>2[01]\d\d)(?:-(?:W(?P<week>\d\d)|Q(?P<quarter>[1-4])|(?P<month>\d\d)(?:-(?P<day>\d\d))?))?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of whole days, `start` and `end` inclusive, named `2026-11-20`, `2026-W47` (ISO), `2026-11`, `2026-Q4` or `2026`."""

    name: str
    kind: PeriodKind
    start: date
    end: date


def parse_period(text: str) -> Period:
    """Read a period's name; raises BadField("period", ...)."""
    match = _NAMES.fullmatch(text)
    if match is None:
        raise BadField(
            "period", "write a day 2026-11-20, a week 2026-W47, a month 2026-11, a quarter 2026-Q4 or a year 2026"
        )
    year = int(match["year"])
    try:
        if match["week"]:
            return period_of(date.fromisocalendar(year, int(match["week"]), 1), "week")
        if match["quarter"]:
            return period_of(date(year, 3 * int(match["quarter"]), 1), "quarter")
        if match["day"]:
            return period_of(date(year, int(match["month"]), int(match["day"])), "day")
        if match["month"]:
            return period_of(date(year, int(match["month"]), 1), "month")
        return period_of(date(year, 1, 1), "year")
    except ValueError as error:
        raise BadField("period", f"there is no {text} in the calendar") from error


def period_of(day: date, kind: PeriodKind) -> Period:
    """The period of this kind that `day` lies in."""
    match kind:
        case "day":
            return Period(day.isoformat(), kind, day, day)
        case "week":
            iso = day.isocalendar()
            monday = day - timedelta(days=iso.weekday - 1)
            return Period(f"{iso.year}-W{iso.week:02}", kind, monday, monday + timedelta(days=6))
        case "month":
            return Period(f"{day:%Y-%m}", kind, day.replace(day=1), _month_end(day.year, day.month))
        case "quarter":
            number = (day.month + 2) // 3
            start = date(day.year, 3 * number - 2, 1)
            return Period(f"{day.year}-Q{number}", kind, start, _month_end(day.year, 3 * number))
        case "year":
            return Period(str(day.year), kind, date(day.year, 1, 1), date(day.year, 12, 31))
        case _:
            assert_never(kind)


def previous(period: Period) -> Period:
    """The period of the same kind just before."""
    return period_of(period.start - _DAY, period.kind)


def year_before(period: Period) -> Period:
    """Its counterpart a year ago: the period of the same name but for the year.

    A week's is the ISO week of the same number, and that of a 53rd week the last week of the year before if that has no 53rd;
    29 February's is the 28th.
    """
    if period.kind == "week":
        year, number, _ = period.start.isocalendar()
        last = date(year - 1, 12, 28).isocalendar().week
        return period_of(date.fromisocalendar(year - 1, min(number, last), 1), "week")
    start = period.start
    leap_day = (start.month, start.day) == _LEAP_DAY
    return period_of(start.replace(year=start.year - 1, day=28 if leap_day else start.day), period.kind)


def latest(period: Period, number: int) -> tuple[Period, ...]:
    """The last periods of the kind up to this one, oldest first."""
    found = [period]
    while len(found) < number:
        found.append(previous(found[-1]))
    return tuple(reversed(found))


def days(period: Period) -> tuple[date, ...]:
    """Every day of the period, in order."""
    return days_between(period.start, period.end)


def days_between(first: date, last: date) -> tuple[date, ...]:
    """Every day from the first to the last, inclusive, in order."""
    return tuple(first + timedelta(days=number) for number in range((last - first).days + 1))


def months(period: Period) -> tuple[Period, ...]:
    """The calendar months that the period touches, in order; one file of totals each."""
    return tuple(period_of(start, "month") for start in sorted({day.replace(day=1) for day in days(period)}))


def ending_on(day: date, kinds: Iterable[PeriodKind]) -> tuple[Period, ...]:
    """The periods of these kinds whose last day is `day`."""
    return tuple(period for period in (period_of(day, kind) for kind in kinds) if period.end == day)


def day_of(at: datetime, zone: ZoneInfo) -> date:
    """The shop's day at that instant."""
    return at.astimezone(zone).date()


def starts_at(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of the day, in UTC."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def closes_at(period: Period, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, when the period's last day is over."""
    return starts_at(period.end + _DAY, zone)


def next_midnight(now: datetime, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, when the shop's present day is over."""
    return starts_at(day_of(now, zone) + _DAY, zone)


def digest_at(period: Period, zone: ZoneInfo) -> datetime:
    """When the digest is due: at eight in the shop's morning after the period's end (a week's is therefore a Monday)."""
    return datetime.combine(period.end + _DAY, DIGEST_HOUR, tzinfo=zone).astimezone(UTC)


def _month_end(year: int, month: int) -> date:
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return first_of_next - _DAY
