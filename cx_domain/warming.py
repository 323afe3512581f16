"""A new sender's first days: few mails, twice as many each day, one after the other over the day, until mail providers know it.

Each mail takes a place: a day, and a moment of it. A day has as many places as its allowance, and they lie apart: so neither a
day nor an hour has more mails than it should, however many are due at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from cx_domain.asking import on_the_wall
from cx_domain.calendars import day_of
from cx_domain.shops import Shop
from cx_domain.surveys import Survey

LONGEST = 14
"""Days; by then even one mail on the first day has become eight thousand a day."""
MOST = 1_000_000
"""Mails a day. A sender that may send more is warm."""
EARLY = timedelta(minutes=30)
"""So long before its place a mail may leave. A few that are due at once then need not wait, and no hour has more than twice its share."""
_DAY = timedelta(days=1)
_MIDNIGHT = time()


@dataclass(frozen=True, slots=True)
class WarmUpDay:
    """A day of the shop's calendar: its hours for mails, and how many may leave on it."""

    on: date
    opens_at: datetime
    closes_at: datetime
    allowance: int


@dataclass(frozen=True, slots=True)
class Taken:
    """How many places of a day are taken, from when the next one is free, and how far apart they lie."""

    places: int
    free_at: datetime
    spacing: timedelta


@dataclass(frozen=True, slots=True)
class Place:
    """When a mail may leave, and the day of the shop's calendar whose place it is."""

    on: date
    at: datetime


def needs_place(survey: Survey, shop: Shop, now: datetime) -> bool:
    """Say whether the shop wants a warm-up and the survey has no place of today; a day that is over took its places along."""
    return shop.limits.warm_up is not None and survey.admitted_on != day_of(now, shop.zone)


def is_now(place: Place, now: datetime, zone: ZoneInfo) -> bool:
    """Say whether the mail may leave now."""
    return place.on == day_of(now, zone) and place.at <= now


def sender_domain(shop: Shop) -> str:
    """Say whom mail providers get to know: a new domain is a new sender, and warms up anew."""
    return parseaddr(shop.sender)[1].rpartition("@")[2].lower()


def allowances(warm_up: int) -> list[int]:
    """Say how many mails may leave on each day of the warm-up; after the last, as many as are due."""
    doubled = (warm_up * 2**day for day in range(LONGEST))
    return [allowance for allowance in doubled if allowance <= MOST]


def days(shop: Shop, begun_on: date, now: datetime) -> Iterator[WarmUpDay]:
    """Yield today and the days to come of a warm-up that began on this day; none when it is over, or not wanted."""
    if shop.limits.warm_up is None:
        return
    today = day_of(now, shop.zone)
    for number, allowance in enumerate(allowances(shop.limits.warm_up)):
        day = begun_on + _DAY * number
        if day >= today:
            yield WarmUpDay(day, *mail_hours(shop, day), allowance)


def ends_at(shop: Shop, begun_on: date) -> datetime:
    """Say when mails may leave that found no place on any day of the warm-up: in the hours of the day after it."""
    last = len(allowances(shop.limits.warm_up or MOST))
    return mail_hours(shop, begun_on + _DAY * last)[0]


def mail_hours(shop: Shop, day: date) -> tuple[datetime, datetime]:
    """Say from when to when mails may leave on a day. Quiet hours about noon cut it in two; then it is the longer part."""
    quiet = shop.limits.quiet_hours
    midnight, next_midnight = (on_the_wall(day + _DAY * number, _MIDNIGHT, shop.zone) for number in range(2))
    if quiet is None:
        return midnight, next_midnight
    begin, end = (on_the_wall(day, clock, shop.zone) for clock in quiet)
    if quiet[0] > quiet[1]:
        return end, begin
    return (midnight, begin) if begin - midnight >= next_midnight - end else (end, next_midnight)


def take(taken: Taken | None, day: WarmUpDay, now: datetime) -> tuple[Place, Taken] | None:
    """Take the day's next place; None when none is left.

    The first to come spreads the day's allowance over what is left of its hours, but never closer than half the usual distance: a
    day that begins late has fewer places, not a fuller hour. A place that nobody took in its time is gone.
    """
    earliest = max(now, day.opens_at)
    if taken is None:
        whole, left = day.closes_at - day.opens_at, day.closes_at - earliest
        taken = Taken(0, earliest, max(left / day.allowance, whole / (2 * day.allowance)))
    at = max(earliest, taken.free_at)
    if taken.places >= day.allowance or at >= day.closes_at:
        return None
    return Place(day.on, max(earliest, at - EARLY)), Taken(taken.places + 1, at + taken.spacing, taken.spacing)
