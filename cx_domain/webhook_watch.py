"""When a shop that used to send has gone silent, and when its signatures fail. docs/webhooks/deliveries.md has the rule's figures.

A silence is measured in the shop's own week: an hour of a weekday counts by how often that weekday brought anything in the
four weeks before, so that a closed weekend is no silence. It is one when it is three times as long as the longest pause was.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from cx_domain.calendars import day_of, starts_at
from cx_domain.deliveries import DeliveryDay, last_delivered_at

WINDOW = timedelta(days=28)
LEAST_KNOWN = timedelta(days=7)
LEAST_DELIVERIES = 10
LEAST_SILENCE = timedelta(hours=24)
TIMES_AS_LONG = 3
FAILING = 3
"""Bad signatures one after the other, without a good one between them."""
LEAST_FAILING = timedelta(days=1)
"""How long signatures that were never good have been coming before that is told."""

_DAY = timedelta(days=1)
_Weights = Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Silence:
    """Since when nothing comes, after how many deliveries in the four weeks before, and how long their longest pause was."""

    since: datetime
    deliveries: int
    longest_pause: timedelta


@dataclass(frozen=True, slots=True)
class Failure:
    """How many bad signatures came in a row, and when the last good delivery was; None where none is known of."""

    unsigned: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class TokenRefusal:
    """Since when a platform refuses the token that its orders are read with."""

    since: datetime


Finding = Silence | Failure | TokenRefusal


def silence(days: Sequence[DeliveryDay], zone: ZoneInfo, now: datetime) -> Silence | None:
    """Say whether one platform of a shop went silent. `days` are its days with deliveries, in any order."""
    since = last_delivered_at(days)
    if since is None or now - since < LEAST_SILENCE:
        return None
    known = sorted(_known(days, since), key=lambda day: day.day)
    first_at = min(day.first_at for day in known if day.first_at is not None)
    deliveries = sum(day.delivered for day in known)
    if deliveries < LEAST_DELIVERIES or since - first_at < LEAST_KNOWN:
        return None
    weights = _weights([day.day for day in known])
    pauses = _pauses(known)
    longest = max(_counted(*pause, zone, weights) for pause in pauses)
    if _counted(since, now, zone, weights) <= TIMES_AS_LONG * longest:
        return None
    return Silence(since, deliveries, max(end - start for start, end in pauses))


def failure(days: Sequence[DeliveryDay], now: datetime) -> Failure | None:
    """Say whether the signatures of a platform that sent good ones in the last four weeks began to fail; or never were good,
    for a day and more, as after a shop was connected with a wrong secret.
    """
    since = last_delivered_at(days)
    if since is None:
        return _never_good(days, now)
    if now - since > WINDOW:
        return None
    # A shop of few orders may have one a day: of each day after the last good one, all bad ones came after it.
    good_on = max(day.day for day in days if day.last_at == since)
    unsigned = sum(day.unsigned for day in days if day.day >= good_on)
    return Failure(unsigned, since) if unsigned >= FAILING else None


def _never_good(days: Sequence[DeliveryDay], now: datetime) -> Failure | None:
    unsigned = sum(day.unsigned for day in days)
    # A developer who is just connecting a shop sees the refusals where they work.
    first_at = min((one.at for day in days for one in day.refused if one.why == "bad-signature"), default=now)
    return Failure(unsigned, None) if unsigned >= FAILING and now - first_at >= LEAST_FAILING else None


def _known(days: Sequence[DeliveryDay], since: datetime) -> list[DeliveryDay]:
    """The days with good deliveries among the four weeks that end with the last one."""
    return [day for day in days if day.last_at is not None and since - day.last_at < WINDOW]


def _pauses(known: Sequence[DeliveryDay]) -> list[tuple[datetime, datetime]]:
    """From the last delivery of each day to the first of the next one that had any; pauses within a day are not known."""
    ends = ((before.last_at, after.first_at) for before, after in pairwise(known))
    return [(last, first) for last, first in ends if last is not None and first is not None]


def _weights(days: Sequence[date]) -> _Weights:
    """For each weekday, on what share of those that passed since the first day something came."""
    passed = Counter((days[0] + number * _DAY).weekday() for number in range((days[-1] - days[0]).days + 1))
    came = Counter(day.weekday() for day in days)
    return {weekday: came[weekday] / number for weekday, number in passed.items()}


def _counted(start: datetime, end: datetime, zone: ZoneInfo, weights: _Weights) -> timedelta:
    """How long it is from `start` to `end`, each day counting by its weekday's weight."""
    total = timedelta()
    while start < end:
        day = day_of(start, zone)
        until = min(end, starts_at(day + _DAY, zone))
        total += (until - start) * weights[day.weekday()]
        start = until
    return total
