"""What was read from a shop, kept: the one way in for webhooks and for orders that we read ourselves."""

from datetime import datetime
from functools import partial
from typing import assert_never

from cx_domain import identities, planning
from cx_domain.order_fields import FeedbackEvent, TicketEvent
from cx_domain.orders import OrderEvent
from cx_domain.privacy_requests import PrivacyRequest
from cx_domain.shops import Shop, SubjectType, SurveyRule
from cx_domain.tickets import as_order_event
from infra import adapters, clock, platforms, privacy_messages


def keep(shop: Shop, platform: platforms.Platform, reading: platforms.Reading) -> str:
    """Keep it durably; says `taken`, or why it was rightly ignored. Trouble, and then it must come again."""
    match reading:
        case OrderEvent() as event:
            _hear(event, "order", shop)
        case TicketEvent() as event:
            adapters.tickets().put(shop.id, event, clock.now(), purge_at=_purge_at(shop))
            _hear(as_order_event(event), "ticket", shop)
        case FeedbackEvent() as event:
            adapters.feedback().put(shop.id, event, clock.now(), purge_at=_purge_at(shop))
        case PrivacyRequest() as request:
            told = privacy_messages.messages(shop, platform.title, request, _key())
            adapters.rollup_queue().send_batch((message, 0) for message in told)
        case platforms.Hint(order_id):
            adapters.fetch_queue().send_batch([({"shop": shop.id, "platform": platform.name, "order": order_id}, 0)])
        case platforms.Ignored(reason):
            return reason
        case unknown:
            assert_never(unknown)
    return "taken"


def forget_order(shop: Shop, order_id: str) -> None:
    """Ask nothing about an order that its platform does not have any more. What we never knew stays unknown."""
    key, now = _key(), clock.now()
    for rule in (rule for rule in shop.surveys if rule.subject_type == "order"):
        known = adapters.surveys().get(identities.survey_id(key, shop.id, rule.kind, "order", order_id))
        if known is not None:
            # Newer than all that the platform told, whose clock may run ahead of ours.
            event = OrderEvent(order_id, max(now, known.order.standing_at or now), {}, "cancelled", None)
            hear = partial(planning.hear, event=event, rule=rule, shop=shop, key=key, now=now)
            adapters.surveys().change(known, hear, now, kept_until=partial(planning.kept_until, shop=shop, now=now))


def _key() -> bytes:
    return adapters.secrets().key_ring().identity


def _purge_at(shop: Shop) -> datetime:
    return clock.now() + shop.reports.retention


def _hear(event: OrderEvent, subject_type: SubjectType, shop: Shop) -> None:
    for rule in shop.surveys:
        if rule.subject_type == subject_type:
            _plan(event, rule, shop)


def _plan(event: OrderEvent, rule: SurveyRule, shop: Shop) -> None:
    key = _key()
    surveys, now = adapters.surveys(), clock.now()
    begun = planning.hear(planning.begin(key, shop, rule, event.subject_id), event, rule, shop, key=key, now=now)
    kept_until = partial(planning.kept_until, shop=shop, now=now)
    known = surveys.create(begun, now, purge_at=kept_until(begun))
    if known is not None:
        hear = partial(planning.hear, event=event, rule=rule, shop=shop, key=key, now=now)
        surveys.change(known, hear, now, kept_until=kept_until)
