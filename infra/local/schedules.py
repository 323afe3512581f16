"""Schedule expressions as EventBridge Scheduler reads them, and which tick of a schedule comes next.

Source: "Schedule types in EventBridge Scheduler". `L`, `W` and `#` are refused: the template does not use them.
"""

import calendar
import itertools
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from infra.local.stack import Schedule

FIELDS = (("minutes", 0, 59), ("hours", 0, 23), ("day of month", 1, 31), ("month", 1, 12), ("day of week", 1, 7))
YEARS = ("year", 1970, 2199)
NAMES = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name} | {
    name: number for number, name in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"), start=1)
}
LONGEST_SEARCH = 366 * 8
"""Days: the 29th of February is at most eight years away."""

UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FOREVER = datetime(2199, 1, 1, tzinfo=UTC)


class BadSchedule(ValueError):
    """An expression that this runner cannot read; it does not guess."""


class Times(Protocol):
    """When something happens again and again."""

    def after(self, moment: datetime) -> datetime | None:
        """Find the first time later than `moment`; None if there is none."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`rate(1 minute)`: counted from the epoch, so that a restart does not shift it."""

    period: timedelta

    def after(self, moment: datetime) -> datetime:
        return EPOCH + ((moment - EPOCH) // self.period + 1) * self.period


@dataclass(frozen=True, slots=True)
class Cron:
    """`cron(0 8 ? * MON *)` in a zone; times that a change of the clocks leaves out are skipped, none comes twice."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    month_days: frozenset[int]
    months: frozenset[int]
    week_days: frozenset[int]
    years: frozenset[int]
    zone: ZoneInfo

    def after(self, moment: datetime) -> datetime | None:
        return next((at for at in self._times(moment.astimezone(self.zone).date()) if at > moment), None)

    def _times(self, first: date) -> Iterator[datetime]:
        for day in (first + timedelta(days=count) for count in range(LONGEST_SEARCH)):
            if self._holds(day):
                for hour, minute in itertools.product(self.hours, self.minutes):
                    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.zone)
                    at = local.astimezone(UTC)
                    if at.astimezone(self.zone).replace(tzinfo=None) == local.replace(tzinfo=None):
                        yield at

    def _holds(self, day: date) -> bool:
        week_day = day.isoweekday() % 7 + 1
        in_month = day.day in self.month_days and week_day in self.week_days
        return in_month and day.month in self.months and day.year in self.years


def read(expression: str, zone: str = "UTC") -> Times:
    """Read `rate(...)` or `cron(...)`; BadSchedule says what is wrong with it."""
    if found := re.fullmatch(r"rate\((\d+) (minute|hour|day)(s?)\)", expression):
        return _rate(expression, int(found[1]), found[2], plural=bool(found[3]))
    if found := re.fullmatch(r"cron\(([^()]*)\)", expression):
        return _cron(expression, found[1].split(), ZoneInfo(zone))
    message = f"{expression}: neither rate(...) nor cron(...)"
    raise BadSchedule(message)


def _rate(expression: str, count: int, unit: str, *, plural: bool) -> Rate:
    if count == 0 or plural != (count > 1):
        message = f"{expression}: a rate is rate(1 {unit}) or rate(2 {unit}s)"
        raise BadSchedule(message)
    return Rate(count * UNITS[unit])


def _cron(expression: str, fields: Sequence[str], zone: ZoneInfo) -> Cron:
    if len(fields) != len(FIELDS) + 1:
        message = f"{expression}: a cron expression has six fields"
        raise BadSchedule(message)
    if (fields[2] == "?") == (fields[4] == "?"):
        message = f"{expression}: exactly one of day of month and day of week must be ?"
        raise BadSchedule(message)
    read_fields = [_field(expression, text, *bounds) for text, bounds in zip(fields, (*FIELDS, YEARS), strict=True)]
    minutes, hours, *days = read_fields
    month_days, months, week_days, years = map(frozenset, days)
    return Cron(tuple(sorted(minutes)), tuple(sorted(hours)), month_days, months, week_days, years, zone)


def _field(expression: str, text: str, name: str, low: int, high: int) -> set[int]:
    if text == "?" and not name.startswith("day"):
        message = f"{expression}: ? has no meaning for {name}"
        raise BadSchedule(message)
    return set().union(*(_part(expression, part, name, low, high) for part in text.split(",")))


def _part(expression: str, text: str, name: str, low: int, high: int) -> range:
    found = re.fullmatch(r"(\*|\?|\w+)(?:-(\w+))?(?:/(\d+))?", text)
    if found is None or (found[1] in "*?" and found[2]) or found[3] == "0":
        message = f"{expression}: cannot read {text} as {name}"
        raise BadSchedule(message)
    step = int(found[3] or 1)
    if found[1] in "*?":
        return range(low, high + 1, step)
    first = _number(expression, found[1], name, low, high)
    # `0/15` runs on from the first value to the end of the field.
    last = _number(expression, found[2], name, low, high) if found[2] else high if found[3] else first
    if last < first:
        message = f"{expression}: {text} ends before it begins"
        raise BadSchedule(message)
    return range(first, last + 1, step)


def _number(expression: str, text: str, name: str, low: int, high: int) -> int:
    named = name in {"month", "day of week"} and NAMES.get(text.upper())
    number = named or (int(text) if text.isascii() and text.isdigit() else -1)
    if not low <= number <= high:
        message = f"{expression}: {text} is not a {name} ({low} to {high})"
        raise BadSchedule(message)
    return number


class Ticks:
    """The ticks of all schedules, without those that a handler said would find nothing to do.

    A handler's `idle_until` is believed until then, or until a write to the due index could have proved it wrong.
    """

    def __init__(self, schedules: Sequence[Schedule]) -> None:
        self._times = {schedule: read(schedule.expression, schedule.timezone) for schedule in schedules}
        self._idle: dict[Schedule, datetime] = {}
        self._lock = threading.Lock()

    def next_at(self, now: datetime) -> datetime | None:
        """When the next tick falls that is not skipped."""
        return min((at for schedule in self._times if (at := self._next(schedule, now))), default=None)

    def falling(self, before: datetime, at: datetime) -> list[Schedule]:
        """Which schedules tick at `at`, having been looked at last at `before`."""
        return [schedule for schedule in self._times if self._next(schedule, before) == at]

    def _next(self, schedule: Schedule, now: datetime) -> datetime | None:
        idle = self._idle.get(schedule)
        # A tick exactly at the end of the idle time is not skipped.
        start = max(now, idle - timedelta(microseconds=1)) if idle else now
        return self._times[schedule].after(start)

    def started(self, schedule: Schedule) -> None:
        """Note that a tick runs: from here on writes count against what its handler will answer."""
        with self._lock:
            self._idle[schedule] = FOREVER

    def answered(self, schedule: Schedule, idle_until: datetime | None) -> None:
        """Note what a tick's handler answered, as far as no write has come in the meantime."""
        with self._lock:
            written = self._idle.pop(schedule, None)
            if idle_until is not None and written is not None:
                self._idle[schedule] = min(written, idle_until)

    def due_written(self, due_at: datetime) -> None:
        """Note a write to the due index: nobody is idle past the moment it names."""
        with self._lock:
            self._idle = {schedule: min(idle, due_at) for schedule, idle in self._idle.items()}
