"""When to ask: the trigger's time, the shop's delay, its time of day, and hours at which a telephone may make a sound."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cx_domain.orders import Happening, OrderFacts
from cx_domain.shops import Shop, SurveyRule, Trigger

# A shop that only ever tells of the delivery has placed and fulfilled the order too. Being paid follows from nothing:
# cash on delivery is fulfilled first.
_ALSO_MEANS: dict[Trigger, tuple[Happening, ...]] = {
    "placed": ("placed", "paid", "fulfilled", "delivered"),
    "paid": ("paid",),
    "fulfilled": ("fulfilled", "delivered"),
    "delivered": ("delivered",),
    "ticket-solved": ("solved",),
}


def triggered_at(order: OrderFacts, on: Trigger) -> datetime | None:
    """Say when the order came to the trigger, by the nearest happening that implies it; None when it has not."""
    return next((order.happened[happening] for happening in _ALSO_MEANS[on] if happening in order.happened), None)


class Start(NamedTuple):
    """What set a survey off, when that was, and how long after it the mail goes out."""

    on: Trigger
    at: datetime
    delay: timedelta


def started(order: OrderFacts, rule: SurveyRule) -> Start | None:
    """Say what sets the survey off: the rule's own trigger, once it is known, and until then its fallback."""
    own = triggered_at(order, rule.on)
    if own is not None:
        return Start(rule.on, own, rule.delay)
    other = None if rule.fallback is None else triggered_at(order, rule.fallback.on)
    return None if rule.fallback is None or other is None else Start(rule.fallback.on, other, rule.fallback.delay)


def due_at(start: Start, rule: SurveyRule, shop: Shop) -> datetime:
    """Say when the question should go out: after the delay, at the shop's time of day, and outside the quiet hours."""
    return _at_the_shops_hours(start.at + start.delay, rule, shop)


def remind_at(sent_at: datetime, rule: SurveyRule, shop: Shop) -> datetime | None:
    """Say when to ask the second and last time; None without a reminder, or when it would come after the survey expired."""
    if rule.reminder is None:
        return None
    at = _at_the_shops_hours(sent_at + rule.reminder, rule, shop)
    return at if at < sent_at + rule.expires else None


def is_too_old(start: Start, rule: SurveyRule, now: datetime) -> bool:
    """Say whether the moment to ask has long passed: an old order that somebody edits must not start a survey."""
    return now > start.at + start.delay + rule.expires


def _at_the_shops_hours(at: datetime, rule: SurveyRule, shop: Shop) -> datetime:
    return outside_quiet_hours(at if rule.at is None else next_time_of_day(at, rule.at, shop.zone), shop)


def next_time_of_day(after: datetime, clock: time, zone: ZoneInfo) -> datetime:
    """Say when the wall clock first shows this time, at `after` or later; once each day, also where clocks change."""
    today = after.astimezone(zone).date()
    moments = (on_the_wall(today + timedelta(days=days), clock, zone) for days in range(3))
    return next(moment for moment in moments if moment >= after).astimezone(after.tzinfo)


def on_the_wall(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Say when a day's wall clock shows this time, in UTC: the first time of two; where it is skipped, just after the skip."""
    local = datetime.combine(day, clock, tzinfo=zone)
    first, second = local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
    # A time that is skipped lies after the skip by the old offset, and before it by the new one (PEP 495, "Mind the Gap").
    return first if first <= second else _clocks_change_at(second, first, zone)


def _clocks_change_at(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def outside_quiet_hours(at: datetime, shop: Shop) -> datetime:
    """Move a time to the end of the shop's quiet hours, if it falls into them; across clock changes, by the wall clock."""
    if shop.limits.quiet_hours is None:
        return at
    start, end = shop.limits.quiet_hours
    local = at.astimezone(shop.zone)
    if not is_quiet(local.time(), start, end):
        return at
    day = local.date() if local.time() < end else local.date() + timedelta(days=1)
    return _next_on_the_wall(datetime.combine(day, end), shop.zone, at).astimezone(at.tzinfo)


def is_quiet(clock: time, start: time, end: time) -> bool:
    """Say whether quiet hours, which may go over midnight, hold at this time of day."""
    if start <= end:
        return start <= clock < end
    return clock >= start or clock < end


def _next_on_the_wall(local: datetime, zone: ZoneInfo, at: datetime) -> datetime:
    """Say when the wall clock shows this time after `at`; where clocks go back it shows some times twice."""
    first = local.replace(tzinfo=zone).astimezone(UTC)
    return first if first > at else local.replace(tzinfo=zone, fold=1).astimezone(UTC)
