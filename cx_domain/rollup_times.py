"""When a shop is rolled up: each night of its own, and at each hour when a digest or the managers' guess is due."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import product

from cx_domain import guesses
from cx_domain.backgrounds import LONG_KINDS, looks_back_on
from cx_domain.calendars import (
    Period,
    closes_at,
    day_of,
    digest_at,
    ending_on,
    next_midnight,
    period_of,
    previous,
    starts_at,
)
from cx_domain.sending import KEPT_FOR_A_REPLY
from cx_domain.shops import Shop

_DIGEST_KINDS = frozenset({"week", "month", "quarter", "year"})
_DAY = timedelta(days=1)
_FIRST_LOOK = timedelta(days=31)
_LATEST_DIGEST = timedelta(days=1)
"""A digest that could not go out within a day is not sent at all: last week's figures on a Wednesday help nobody."""


def is_due(shop: Shop, rolled_at: datetime | None, now: datetime) -> bool:
    """Say whether a midnight, or the hour of a digest or a guess, has passed since the shop was last rolled up."""
    if rolled_at is None:
        return True
    moments = [
        starts_at(day_of(now, shop.zone), shop.zone),
        *_mail_hours(shop, now),
    ]
    return any(rolled_at < moment <= now for moment in moments)


def next_due(shop: Shop, now: datetime) -> datetime:
    """Say when the shop is to be rolled up next."""
    return min([next_midnight(now, shop.zone), *(at for at in _mail_hours(shop, now) if at > now)])


def folds_since(shop: Shop, periods: Iterable[Period], cursor: datetime | None, now: datetime) -> datetime:
    """Say since when changes are folded: since the cursor; before a period closes, since its first day, for the index may have lagged behind.

    Of a quarter or a year the last month alone is read again: the others were when they closed.
    """
    firsts = [period_of(period.end, "month").start if period.kind in LONG_KINDS else period.start for period in periods]
    return min([cursor or now - _FIRST_LOOK, *(starts_at(first, shop.zone) for first in firsts)])


def newly_closed(shop: Shop, rolled_at: datetime | None, now: datetime) -> list[Period]:
    """Say which periods of the shop's calendar closed since it was last rolled up."""
    if rolled_at is None:
        return []
    return list(_ended_between(shop, day_of(rolled_at, shop.zone), day_of(now, shop.zone)))


def closed_with(shop: Shop, touched: Iterable[date], now: datetime) -> list[Period]:
    """Say which closed periods a touched day belongs to: their reports are made again."""
    periods = {period_of(day, kind) for day in touched for kind in shop.reports.every}
    return [period for period in periods if closes_at(period, shop.zone) <= now]


def shown_in(shop: Shop, changed: Iterable[date], now: datetime) -> list[Period]:
    """Say which closed periods' reports look back on a day whose answers may have changed, besides those that it belongs to."""
    today = day_of(now, shop.zone)
    days = sorted(set(changed))
    periods = {
        period
        for kind in shop.reports.every
        for day in {period_of(each, kind): each for each in days}.values()
        for period in looks_back_on(day, kind)
        if period.end < today
    }
    return sorted(periods, key=lambda period: (period.end, period.name))


def days_to_close(shop: Shop, rolled_at: datetime | None, now: datetime) -> list[date]:
    """Say which days' surveys are to be looked at: those that expired, and those whose customers were owed an answer until now."""
    once = expired_days(shop, rolled_at, now)
    again = expired_days(shop, rolled_at and rolled_at - KEPT_FOR_A_REPLY, now - KEPT_FOR_A_REPLY)
    return sorted({*once, *again})


def expired_days(shop: Shop, rolled_at: datetime | None, now: datetime) -> list[date]:
    """Say which days' surveys have all expired, and had not when the shop was last rolled up.

    Of each lifetime that surveys ever had: one that was sent before the file changed expires as it was told then. And of each zone
    that the shop's days ever had: a day's file is that of the zone of then, and may end later than the day does in the new one.
    """
    found: set[date] = set()
    lifetimes = shop.lifetimes.union(rule.expires for rule in shop.surveys)
    for lifetime, zone in product(lifetimes, shop.zones | {shop.zone}):
        last = day_of(now - lifetime, zone) - _DAY
        first = last if rolled_at is None else day_of(rolled_at - lifetime, zone)
        found.update(first + _DAY * number for number in range((last - first).days + 1))
    return sorted(found)


def oldest_kept(shop: Shop, now: datetime) -> date:
    """Say from which day on the shop keeps anything."""
    return day_of(now - shop.reports.retention, shop.zone)


def digests_due(shop: Shop, now: datetime) -> list[Period]:
    """Say whose digests should go out now, unless they went already."""
    return [
        period
        for period in _last_periods(shop, now)
        if digest_at(period, shop.zone) <= now < digest_at(period, shop.zone) + _LATEST_DIGEST
    ]


def _mail_hours(shop: Shop, now: datetime) -> Iterator[datetime]:
    yield from (digest_at(period, shop.zone) for period in _last_periods(shop, now))
    yield from (guesses.asks_at(month, shop.zone) for month in guesses.months_asked(shop, now))


def _last_periods(shop: Shop, now: datetime) -> list[Period]:
    today = day_of(now, shop.zone)
    kinds = [kind for kind in shop.reports.every if kind in _DIGEST_KINDS]
    return [previous(period_of(today, kind)) for kind in kinds]


def _ended_between(shop: Shop, first: date, today: date) -> Iterator[Period]:
    day = first
    while day < today:
        yield from ending_on(day, shop.reports.every)
        day += _DAY
