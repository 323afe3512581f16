"""When a shop's people are at work, and how much of that lies between two moments.

A moment is within business hours when the clock on the shop's wall shows a time of one of the weekday's spans, and the day is not closed.
So an hour that the clocks skip is worked by nobody, and one that comes twice is worked twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from cx_domain.calendars import day_of, days_between, starts_at
from cx_domain.shops import WeekHours

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_SHORTEST = timedelta(seconds=1)
_MIDNIGHT = datetime.min.time()


@dataclass(frozen=True, slots=True)
class BusinessHours:
    """A week's spans in the shop's zone, and the days, holidays among them, on which nobody works."""

    zone: ZoneInfo
    week: WeekHours
    closed: frozenset[date] = frozenset()

    def minutes(self, begin: datetime, end: datetime) -> int:
        """Whole minutes of business hours from one moment to the other; 0 when they are the wrong way round."""
        worked = timedelta()
        for day in days_between(day_of(begin, self.zone), day_of(end, self.zone)):
            worked += sum((to - since for since, to in self._open(day, begin, end)), timedelta())
        return worked // _MINUTE

    def _open(self, day: date, begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The parts of a day's spans between the two moments, in UTC."""
        if day in self.closed or not self.week[day.weekday()]:
            return
        midnight = datetime.combine(day, _MIDNIGHT, tzinfo=UTC)
        for since, until, offset in _steady(day, self.zone):
            for opens, closes in self.week[day.weekday()]:
                # By a clock that is `offset` ahead, it is then what the span says.
                first = max(midnight + opens - offset, since, begin)
                last = min(midnight + closes - offset, until, end)
                if first < last:
                    yield first, last


def _steady(day: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """A day's stretches in which the clocks are not changed, in UTC, and by how much they are ahead of it. Nowhere are they changed twice a day."""
    since, until = starts_at(day, zone), starts_at(day + _DAY, zone)
    if since >= until:  # a day that an island at the date line never had
        return
    before, after = _offset(since, zone), _offset(until - _SHORTEST, zone)
    if before == after:
        yield since, until, before
        return
    changed_at = _change(since, until, zone)
    yield since, changed_at, before
    yield changed_at, until, after


def _change(since: datetime, until: datetime, zone: ZoneInfo) -> datetime:
    """The second from which the clocks show another offset than at `since`."""
    offset = _offset(since, zone)
    while until - since > _SHORTEST:
        middle = since + (until - since) // 2
        middle -= timedelta(microseconds=middle.microsecond)
        if _offset(middle, zone) == offset:
            since = middle
        else:
            until = middle
    return until


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()
