"""When to ask: the trigger's time, the shop's delay, and hours at which a telephone may make a sound."""

from datetime import UTC, datetime, time, timedelta
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


def due_at(trigger: datetime, rule: SurveyRule, shop: Shop) -> datetime:
    """Say when the question should go out: after the delay, and outside the quiet hours."""
    return outside_quiet_hours(trigger + rule.delay, shop)


def remind_at(sent_at: datetime, rule: SurveyRule, shop: Shop) -> datetime | None:
    """Say when to ask the second and last time; None without a reminder, or when it would come after the survey expired."""
    if rule.reminder is None:
        return None
    at = outside_quiet_hours(sent_at + rule.reminder, shop)
    return at if at < sent_at + rule.expires else None


def is_too_old(trigger: datetime, rule: SurveyRule, now: datetime) -> bool:
    """Say whether the moment to ask has long passed: an old order that somebody edits must not start a survey."""
    return now > trigger + rule.delay + rule.expires


def outside_quiet_hours(at: datetime, shop: Shop) -> datetime:
    """Move a time to the end of the shop's quiet hours, if it falls into them; across clock changes, by the wall clock."""
    if shop.limits.quiet_hours is None:
        return at
    start, end = shop.limits.quiet_hours
    local = at.astimezone(shop.zone)
    if not _is_quiet(local.time(), start, end):
        return at
    day = local.date() if local.time() < end else local.date() + timedelta(days=1)
    return _next_on_the_wall(datetime.combine(day, end), shop.zone, at).astimezone(at.tzinfo)


def _is_quiet(clock: time, start: time, end: time) -> bool:
    if start <= end:
        return start <= clock < end
    return clock >= start or clock < end


def _next_on_the_wall(local: datetime, zone: ZoneInfo, at: datetime) -> datetime:
    """Say when the wall clock shows this time after `at`; where clocks go back it shows some times twice."""
    first = local.replace(tzinfo=zone).astimezone(UTC)
    return first if first > at else local.replace(tzinfo=zone, fold=1).astimezone(UTC)
