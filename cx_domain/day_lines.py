"""One survey's lines in the day files: what was asked (or why not), and what was answered.

A line is JSON-ready and says the same whenever it is made again, so writing it twice is harmless. It holds no address and
no name; times are ISO 8601 in UTC, `total` is a decimal number as text, and every value of `segments` is a list, because
one order can have several categories.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cx_domain.business_hours import BusinessHours
from cx_domain.calendars import day_of
from cx_domain.order_fields import FeedbackEvent
from cx_domain.series import imported_from
from cx_domain.shops import USUAL_STAGE, JourneyStage, Shop
from cx_domain.surveys import Survey
from cx_domain.tickets import Ticket
from cx_domain.verdicts import judged

_MINUTE = timedelta(minutes=1)

Line = Mapping[str, Any]
Placed = tuple[date, Line]
"""A line and the day, in the shop's zone, whose file it belongs to."""


def asked_line(survey: Survey, shop: Shop) -> Placed | None:
    """The line of the day when the survey was first sent, or else refused; None while neither has happened."""
    at = _asked_at(survey)
    if at is None:
        return None
    judgement = judged(survey, shop.protection)
    line = {
        **_about(survey),
        "subject": survey.subject_type,
        "customer": survey.customer,
        "placed_at": _iso(survey.order.happened.get("placed")),
        "sent_at": _iso(survey.sent_at),
        # That a survey closed tells reports nothing; its line need not be written again for it.
        "stage": "sent" if survey.stage == "closed" and survey.sent_at else survey.stage,
        "reason": survey.reason,
        "segments": segments(survey),
        # A mailbox can take a mail and give it back later.
        "delivered": survey.delivered_at is not None and survey.bounced_at is None,
        "bounced": survey.bounced_at is not None,
        "complained": survey.complained_at is not None,
        "unsubscribed": survey.unsubscribed_at is not None,
        "reminded": survey.reminded_at is not None,
        "answered": judgement.score is not None,
        "commented": judgement.score is not None and judgement.reply is not None and bool(judgement.reply.comment),
    }
    return day_of(at, shop.zone), line


def answer_line(survey: Survey, shop: Shop) -> Placed | None:
    """The line of the day when the answer was first given, or the first visit made if none of them counts."""
    judgement = judged(survey, shop.protection)
    given_at = judgement.given_at
    if survey.stage == "erased" or judgement.verdict is None or given_at is None:
        return None
    reply = judgement.reply
    line = {
        **_about(survey),
        "journey_stage": _journey_stage(survey, shop),
        "score": judgement.score,
        "score_if_all_counted": judgement.score_if_all_counted,
        "verdict": judgement.verdict,
        "reasons": list(judgement.reasons),
        "protection": shop.protection,
        "given_at": _iso(given_at),
        "confirmed_at": _iso(judgement.confirmed_at),
        "comment": reply.comment if reply else "",
        "drivers": sorted(reply.drivers) if reply else [],
        "may_reply": reply.may_reply if reply else False,
        "question": survey.question,
        "segments": segments(survey),
        "source": "survey",
    }
    return day_of(given_at, shop.zone), line


def feedback_line(feedback: FeedbackEvent, shop: Shop) -> Placed:
    """An answer got elsewhere: a person gave it, and there is no order to tell it apart by. What was imported is a series of its own."""
    line = {
        "id": feedback.id,
        "kind": feedback.kind,
        "touchpoint": feedback.touchpoint,
        "journey_stage": feedback.stage or _stage_of_touchpoint(feedback.touchpoint, shop),
        "order": None,
        "order_id": None,
        "currency": None,
        "total": None,
        "score": feedback.score,
        "score_if_all_counted": feedback.score,
        "verdict": "person",
        "reasons": ["recorded-elsewhere"],
        "protection": None,
        "given_at": _iso(feedback.recorded_at),
        "confirmed_at": _iso(feedback.recorded_at),
        "comment": feedback.comment,
        "drivers": [],
        "may_reply": False,
        "question": feedback.source if imported_from(feedback.source) is not None else None,
        "segments": {**{name: [value] for name, value in feedback.segments}, "source": [feedback.source]},
        "source": feedback.source,
    }
    return day_of(feedback.recorded_at, shop.zone), line


def ticket_line(ticket: Ticket, shop: Shop, hours: BusinessHours | None = None) -> Placed | None:
    """A case belongs to the day it was opened, or to the first that is known of it.

    Its whole minutes are those of the support's hours, or around the clock where the shop has none (None).
    """
    at = ticket.opened_at or ticket.first_reply_at or ticket.solved_at
    if at is None:
        return None
    line = {
        "id": ticket.id,
        "opened_at": _iso(ticket.opened_at),
        "first_reply_at": _iso(ticket.first_reply_at),
        "solved_at": _iso(ticket.solved_at),
        "reopened": ticket.reopened,
        "reply_minutes": _minutes(ticket.opened_at, ticket.first_reply_at, hours),
        "solve_minutes": _minutes(ticket.opened_at, ticket.solved_at, hours),
        "timed_by": "around-the-clock" if hours is None else "business-hours",
        "topic": ticket.topic,
        "agent": ticket.agent,
        "order": ticket.order,
    }
    return day_of(at, shop.zone), line


def candidate_days(survey: Survey, zone: ZoneInfo) -> set[date]:
    """Every day whose file could ever have held a line of this survey, so that a stale one is found and removed."""
    times = [survey.sent_at, survey.refused_at, survey.due_at]
    times += [visit.at for visit in survey.visits] + [reply.at for reply in survey.replies]
    return {day_of(at, zone) for at in times if at is not None}


def ticket_days(ticket: Ticket, zone: ZoneInfo) -> set[date]:
    """Every day whose file could ever have held this case."""
    times = (ticket.opened_at, ticket.first_reply_at, ticket.solved_at, *ticket.other_times)
    return {day_of(at, zone) for at in times if at is not None}


def place(id_: str, placed: Placed | None, candidates: Iterable[date]) -> dict[date, dict[str, Line | None]]:
    """What must be true of each candidate day's file: the line stands in its own day, and None in every other."""
    changes: dict[date, dict[str, Line | None]] = {day: {id_: None} for day in candidates}
    if placed is not None:
        day, line = placed
        changes[day] = {id_: line}
    return changes


def upsert(lines: Mapping[str, Line], changes: Mapping[str, Line | None]) -> dict[str, Line]:
    """Put each changed line in place of its old one; None removes it."""
    merged = {**lines, **changes}
    return {id_: line for id_, line in merged.items() if line is not None}


def segments(survey: Survey) -> dict[str, list[str]]:
    """By which values the survey's order can be told apart, a tag as `tag:store`, or its case by `agent` and `topic`; what is not known is left out."""
    order = survey.order.details
    found: dict[str, Iterable[str | None]] = {
        "language": [survey.language],
        "customer": [_customer_segment(survey.customer_orders)],
        "source": ["survey"],
    }
    if order is not None:
        # A case has two facts that no order has; they came as tags, but are no shop's own.
        prefix = "" if survey.subject_type == "ticket" else "tag:"
        found |= {f"{prefix}{name}": [value] for name, value in order.tags}
        found |= {"country": [order.country], "channel": [order.channel], "delivery": [order.delivery]}
        found["language"] = [survey.language or order.language]
        found["category"] = {item.category for item in order.items}
    known = {dimension: sorted(value for value in values if value) for dimension, values in sorted(found.items())}
    return {dimension: values for dimension, values in known.items() if values}


def _about(survey: Survey) -> dict[str, Any]:
    order = survey.order.details
    return {
        "id": survey.id,
        "kind": survey.kind,
        "touchpoint": survey.touchpoint,
        "order": order.number if order else None,
        "order_id": survey.subject_id if survey.subject_type == "order" else None,
        "currency": order.currency if order else None,
        "total": None if order is None or order.total is None else str(order.total),
    }


def _journey_stage(survey: Survey, shop: Shop) -> JourneyStage:
    """As the shop's file says now; as usual for a survey that is no longer in it."""
    rules = [rule for rule in shop.surveys if (rule.kind, rule.subject_type) == (survey.kind, survey.subject_type)]
    return rules[0].journey_stage if rules else USUAL_STAGE[survey.subject_type]


def _stage_of_touchpoint(touchpoint: str, shop: Shop) -> JourneyStage | None:
    """Where the shop's own surveys place it; None for a touchpoint that none of them asks about."""
    return next((rule.journey_stage for rule in shop.surveys if rule.touchpoint == touchpoint), None)


def _minutes(begin: datetime | None, end: datetime | None, hours: BusinessHours | None) -> int | None:
    if begin is None or end is None:
        return None
    return max(0, (end - begin) // _MINUTE) if hours is None else hours.minutes(begin, end)


def _asked_at(survey: Survey) -> datetime | None:
    if survey.stage == "erased":
        return None
    if survey.sent_at is not None:
        return survey.sent_at
    if survey.stage == "refused" or survey.reason == "outcome-unknown":
        return survey.refused_at or survey.due_at
    return None


def _customer_segment(orders: int | None) -> str | None:
    if orders is None:
        return None
    return "new" if orders <= 1 else "returning"


def _iso(at: datetime | None) -> str | None:
    """`2026-01-05T09:00:00Z`."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")
