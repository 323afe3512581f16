"""All that is kept of a survey and of its customer, JSON-ready: what a person who asks is shown."""

from datetime import UTC, datetime
from typing import Any

from cx_domain.asking import started
from cx_domain.order_fields import FeedbackEvent
from cx_domain.orders import OrderDetails
from cx_domain.sending import awaits_reply
from cx_domain.shops import Shop
from cx_domain.surveys import Survey
from cx_domain.tickets import Ticket
from cx_domain.verdicts import judged
from infra.aws.customer_table import Customer


def record(survey: Survey, shop: Shop) -> dict[str, Any]:
    """Return everything that is kept of a survey, the buyer's own data included."""
    judgement = judged(survey, shop.protection)
    return {
        "id": survey.id,
        "subject_type": survey.subject_type,
        "order": survey.subject_id,
        "number": survey.order.details.number if survey.order.details else None,
        "kind": survey.kind,
        "touchpoint": survey.touchpoint,
        "stage": survey.stage,
        "reason": survey.reason,
        "due_at": iso(survey.due_at),
        "sent_at": iso(survey.sent_at),
        "expires_at": iso(survey.expires_at),
        "score": judgement.score,
        "language": survey.language,
        "question": survey.question,
        "customer": survey.customer,
        "customer_orders": survey.customer_orders,
        "message_id": survey.message_id,
        "admitted_on": None if survey.admitted_on is None else survey.admitted_on.isoformat(),
        "happened": {name: iso(at) for name, at in survey.order.happened.items()},
        "started_by": _started_by(survey, shop),
        "standing": survey.order.standing,
        "standing_at": iso(survey.order.standing_at),
        "details_at": iso(survey.order.details_at),
        # It also keeps when an outcome was lost, and stays when the survey is sent after all; neither is a refusal.
        "refused_at": iso(survey.refused_at) if survey.stage == "refused" else None,
        "delivered_at": iso(survey.delivered_at),
        "reminded_at": iso(survey.reminded_at),
        "bounced_at": iso(survey.bounced_at),
        "complained_at": iso(survey.complained_at),
        "unsubscribed_at": iso(survey.unsubscribed_at),
        "buyer": _buyer(survey),
        "write_to": write_to(survey, shop),
        "settled_at": iso(survey.settled_at),
        "verdict": judgement.verdict,
        "reasons": list(judgement.reasons),
        "visits": [
            {
                "at": iso(visit.at),
                "score": visit.score,
                "client": visit.client,
                "method": visit.method,
                "evidence": visit.evidence,
                "preview": visit.preview,
                "worded": visit.worded,
                "visible_seconds": None if visit.visible is None else visit.visible.total_seconds(),
            }
            for visit in survey.visits
        ],
        "answers": [
            {
                "at": iso(reply.at),
                "client": reply.client,
                "score": reply.score,
                "comment": reply.comment,
                "drivers": list(reply.drivers),
                "may_reply": reply.may_reply,
                "counts": judgement.score is not None and reply.client == judgement.owner,
            }
            for reply in survey.replies
        ],
        "rulings": [
            {"at": iso(each.at), "counts": each.counts, "why": each.why, "score": each.score} for each in survey.rulings
        ],
    }


def write_to(survey: Survey, shop: Shop) -> str | None:
    """Give whom to write back to: only who allowed it, while the matter is open and the address is kept."""
    return survey.address if awaits_reply(survey, shop.protection) else None


def customer(found: Customer) -> dict[str, Any]:
    """Return what is kept of a customer besides their surveys."""
    return {
        "asked_at": iso(found.asked_at),
        "survey": found.survey_id,
        "orders": len(found.orders),
        "order_hashes": sorted(found.orders),
        "unsubscribed_at": iso(found.unsubscribed_at),
        "suppressed_at": iso(found.suppressed_at),
        "suppressed_why": found.suppressed_why,
    }


def imported_record(found: FeedbackEvent) -> dict[str, Any]:
    """Return what is kept of an answer that another service took."""
    return {
        "id": found.id,
        "from": found.source,
        "recorded_at": iso(found.recorded_at),
        "kind": found.kind,
        "score": found.score,
        "touchpoint": found.touchpoint,
        "stage": found.stage,
        "comment": found.comment,
        "segments": dict(found.segments),
        "customer": found.customer,
    }


def ticket(found: Ticket) -> dict[str, Any]:
    """Return what is kept of a support case; who opened it is not."""
    return {
        "id": found.id,
        "order": found.order,
        "topic": found.topic,
        "agent": found.agent,
        "opened_at": iso(found.opened_at),
        "first_reply_at": iso(found.first_reply_at),
        "solved_at": iso(found.solved_at),
        "reopened": found.reopened,
        "other_times": [iso(at) for at in found.other_times],
        "updated_at": iso(found.updated_at),
        "test": found.test,
    }


def _started_by(survey: Survey, shop: Shop) -> dict[str, Any] | None:
    """What set the survey off, and whether it is only the rule's fallback; None while nothing has."""
    rule = shop.rule_for(survey.kind, survey.subject_type)
    start = None if rule is None else started(survey.order, rule)
    return None if rule is None or start is None else {"on": start.on, "fallback": start.on != rule.on}


def _consent(order: OrderDetails) -> dict[str, Any]:
    """What the order says of consent, and what proves it."""
    return {
        "said": order.consent,
        "at": iso(order.consent_at),
        "source": order.consent_source,
        "wording": order.consent_wording,
    }


def iso(at: datetime | None) -> str | None:
    """Write `2026-01-05T09:00:00Z`."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _buyer(survey: Survey) -> dict[str, Any] | None:
    order = survey.order.details
    if order is None:
        return None
    return {
        "email": order.email,
        "first_name": order.first_name,
        "country": order.country,
        "language": order.language,
        "customer_id": order.customer_id,
        "consent": _consent(order),
        "currency": order.currency,
        "total": None if order.total is None else str(order.total),
        "items": [
            {"title": item.title, "sku": item.sku, "category": item.category, "quantity": item.quantity}
            for item in order.items
        ],
        "channel": order.channel,
        "delivery": order.delivery,
        "address_kind": order.address_kind,
        "gift_cards_only": order.gift_cards_only,
        "test": order.test,
        "tags": dict(order.tags),
    }
