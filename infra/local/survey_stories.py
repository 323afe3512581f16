"""One survey in a sentence: where it is, and why it is there. For the local stack's page."""

from collections.abc import Mapping
from datetime import datetime

from cx_domain.asking import started
from cx_domain.calendars import day_of
from cx_domain.shops import Shop
from cx_domain.surveys import Reason, Survey
from cx_domain.verdicts import judged

REASONS: Mapping[Reason, str] = {
    "no-address": "the order has no e-mail address",
    "test-order": "it is a test order",
    "cancelled": "the order was cancelled",
    "refunded": "the order was refunded",
    "relay-address": "the address is a marketplace's, and not the customer's own",
    "no-reply-address": "nobody reads mail at this address",
    "staff-address": "the address is of the shop's own people",
    "no-consent": "the shop wants consent in this country, and the order carries none",
    "partly-refunded": "a part of the money was given back, and the shop does not ask then",
    "gift-card": "nothing but gift cards was bought",
    "below-minimum": "the order's total is below the shop's minimum",
    "not-in-sample": "the shop asks a sample of its customers, and this one is not in it",
    "too-old": "the order is older than the survey's own life",
    "asked-recently": "this customer was asked within the shop's pause",
    "unsubscribed": "this customer wants no questions",
    "suppressed": "mail to this customer bounced, or was complained about",
    "mail-refused": "SES refused the mail",
    "outcome-unknown": "nobody knows whether SES took the mail; it is not sent again until an event or an operator says so",
    "survey-removed": "the shop's file no longer has this survey",
    "answered": "the customer answered already",
}


def local_time(at: datetime, shop: Shop) -> str:
    """Write a moment in the shop's own zone."""
    return at.astimezone(shop.zone).strftime("%a %-d %b %H:%M")


def story(survey: Survey, shop: Shop, now: datetime) -> str:
    """Tell where a survey is and why, times in the shop's zone."""
    why = f" because {REASONS[survey.reason]}" if survey.reason is not None else ""
    match survey.stage:
        case "waiting":
            return f"waits until the {survey.subject_type} is {_trigger(survey, shop)}{why}"
        case "planned":
            return f"{_waits_for(survey, shop)}{why}"
        case "refused":
            return f"was not asked{why}"
        case "sending" | "reminding":
            return f"is stuck{why}" if why else "is being sent"
        case "closed" | "erased":
            kept = survey.address is not None
            return f"is {survey.stage}; the address {'stays until the matter is settled' if kept else 'is gone'}"
        case "sent" | "reminded":
            return "; ".join(_after_sending(survey, shop, now))


def _waits_for(survey: Survey, shop: Shop) -> str:
    if survey.due_at is None:
        return "will be asked later"
    when = local_time(survey.due_at, shop)
    if survey.admitted_on == day_of(survey.due_at, shop.zone):
        return f"waits for its place in the warm-up, {when}"
    rule = shop.rule_for(survey.kind, survey.subject_type)
    start = None if rule is None else started(survey.order, rule)
    if rule is None or start is None or start.on == rule.on:
        return f"will be asked {when}"
    return f"will be asked {when}: it was {start.on}, and nobody has told that it was {rule.on}"


def _trigger(survey: Survey, shop: Shop) -> str:
    rule = shop.rule_for(survey.kind, survey.subject_type)
    if rule is None:
        return "ready"
    return rule.on if rule.fallback is None else f"{rule.on} or, failing that, {rule.fallback.on}"


def _after_sending(survey: Survey, shop: Shop, now: datetime) -> list[str]:
    happened = [
        ("asked", survey.sent_at),
        ("delivered", survey.delivered_at),
        ("bounced", survey.bounced_at),
        ("complained", survey.complained_at),
        ("unsubscribed", survey.unsubscribed_at),
        ("reminded", survey.reminded_at),
        ("reminder planned for", survey.due_at),
    ]
    parts = [f"{what} {local_time(at, shop)}" for what, at in happened if at is not None]
    if survey.expires_at is not None and survey.expires_at <= now:
        parts.append(f"expired {local_time(survey.expires_at, shop)}")
    return parts


def answer(survey: Survey, shop: Shop) -> str:
    """Tell what the customer's taps come to: the score that counts, or why none does."""
    judgement = judged(survey, shop.protection)
    if judgement.verdict is None:
        return ""
    because = f" ({', '.join(judgement.reasons)})" if judgement.reasons else ""
    if judgement.score is None:
        return f"does not count: {judgement.verdict}{because}"
    return f"{judgement.score}, {judgement.verdict}{because}"
