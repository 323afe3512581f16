"""An order's answer as the command line shows it: the verdict and why, every visit, form and ruling that it was made of."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from cx_domain.shops import Shop
from cx_domain.surveys import Survey
from cx_domain.verdicts import VerdictReason, judged
from cx_domain.visits import Visit, address_hash, agent_hash
from infra.operator.survey_views import local, title
from infra.survey_records import iso, write_to

REASONS: Mapping[VerdictReason, str] = {
    "confirmed": "somebody confirmed the page, by its button or by a click, key or touch on it",
    "lone-tap": "one tap, five minutes after delivery or later, and nothing speaks against it",
    "too-soon": "a tap less than five minutes after delivery, when scanners are at work",
    "link-preview": "the browser announced itself as a preview",
    "faster-than-a-hand": "two different links, less than a second apart",
    "burst": "four scores or more within ten seconds",
    "unconfirmed-burst": "two or three scores within ten seconds, and no confirmation",
    "every-score": "every link of the scale was opened",
    "many-scores": "six scores or more within an hour, and no confirmation",
    "no-trusted-event": "a script pressed the button, and no click, key or touch was seen",
    "hasty-form": "a form sent within two seconds of its page and minutes of delivery; it gives way to anyone who confirms later",
    "scanner-farm": "the same browser opened different scores from several addresses within seconds",
    "clients-disagree": "two clients' unconfirmed taps name different scores",
    "unconfirmed": "taps without a confirmation, and this shop's protection is strict",
    "excluded-by-operator": "an operator excluded it",
    "included-by-operator": "an operator included it; the rules alone would leave it out",
}


def answer(survey: Survey, shop: Shop) -> dict[str, Any]:
    """Return all that the verdict was made of, JSON-ready. `after_delivery` and `visible` are seconds."""
    judgement, order = judged(survey, shop.protection), survey.order.details
    delivered_at = survey.delivered_at or survey.sent_at
    return {
        "id": survey.id,
        "order": survey.subject_id,
        "number": order.number if order else None,
        "kind": survey.kind,
        "touchpoint": survey.touchpoint,
        "protection": shop.protection,
        "verdict": judgement.verdict,
        "score": judgement.score,
        "reasons": {reason: REASONS[reason] for reason in judgement.reasons},
        "score_without_protection": judged(replace(survey, rulings=()), "off").score,
        "given_at": iso(judgement.given_at),
        "confirmed_at": iso(judgement.confirmed_at),
        "delivered_at": iso(delivered_at),
        "visits": [_visit(visit, delivered_at) for visit in survey.visits],
        "replies": [
            {
                "at": iso(reply.at),
                "score": reply.score,
                "client": reply.client,
                "comment": reply.comment,
                "drivers": list(reply.drivers),
                "may_reply": reply.may_reply,
                "counts": judgement.score is not None and reply == judgement.reply,
            }
            for reply in survey.replies
        ],
        "write_to": write_to(survey, shop),
        "rulings": [
            {"at": iso(each.at), "counts": each.counts, "why": each.why, "score": each.score} for each in survey.rulings
        ],
    }


def lines(one: Mapping[str, Any], shop: Shop) -> list[str]:
    """Tell one answer for people, in the shop's time."""
    told = [title(one), f"  {_outcome(one)}"]
    told += [f"  {reason}: {words}" for reason, words in one["reasons"].items()]
    if one["delivered_at"]:
        told.append(f"  delivered {local(one['delivered_at'], shop)}; the shop's protection is {one['protection']}")
    told += [_visit_line(visit, shop) for visit in one["visits"]]
    told += [_reply_line(reply) for reply in one["replies"]]
    if one["write_to"]:
        told.append(f"  wants an answer: {one['write_to']}")
    if one["verdict"]:
        told.append(f"  without any protection it would count as {one['score_without_protection']}")
    told += [
        f"  {'included' if ruling['counts'] else 'excluded'} {local(ruling['at'], shop)}: {ruling['why']}"
        for ruling in one["rulings"]
    ]
    return told


def elapsed(seconds: float) -> str:
    """Write a span of time in its two largest units: `43 s`, `1 min 12 s`, `2 h 5 min`, `3 d 4 h`."""
    units = (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1))
    left = int(abs(seconds))
    parts: list[str] = []
    for name, size in units:
        whole, left = divmod(left, size)
        if whole or (name == "s" and not parts):
            parts.append(f"{whole} {name}")
    return ("-" if seconds < 0 else "") + " ".join(parts[:2])


def _visit(visit: Visit, delivered_at: datetime | None) -> dict[str, Any]:
    return {
        "at": iso(visit.at),
        "after_delivery": None if delivered_at is None else (visit.at - delivered_at) / timedelta(seconds=1),
        "score": visit.score,
        "method": visit.method,
        "client": visit.client,
        "address": address_hash(visit.client),
        "agent": agent_hash(visit.client),
        "preview": visit.preview,
        "evidence": visit.evidence,
        "visible": None if visit.visible is None else visit.visible / timedelta(seconds=1),
    }


def _outcome(one: Mapping[str, Any]) -> str:
    if one["verdict"] is None:
        return "nobody has opened it"
    return (
        f"{one['verdict']}: counts as {one['score']}"
        if one["score"] is not None
        else f"{one['verdict']}: does not count"
    )


def _visit_line(visit: Mapping[str, Any], shop: Shop) -> str:
    since = "" if visit["after_delivery"] is None else f" ({elapsed(visit['after_delivery'])} after delivery)"
    who = f"address {visit['address']}, browser {visit['agent']}" if visit["agent"] else visit["client"]
    known_by = f", known by {visit['evidence']}" if visit["evidence"] else ""
    in_sight = "" if visit["visible"] is None else f", {elapsed(visit['visible'])} in sight"
    announced = ", announced as a preview" if visit["preview"] else ""
    did = "tapped" if visit["method"] == "GET" else "sent"
    return f"  {did} {visit['score']} {local(visit['at'], shop)}{since} by {who}{known_by}{in_sight}{announced}"


def _reply_line(reply: Mapping[str, Any]) -> str:
    about = f" because of {', '.join(reply['drivers'])}" if reply["drivers"] else ""
    said = f", {reply['comment']!r}" if reply["comment"] else ""
    return f"  {'answer' if reply['counts'] else 'not counted'} {reply['score']}{about}{said}"
