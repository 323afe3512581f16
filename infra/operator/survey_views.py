"""A survey as the command line shows it: JSON-ready for scripts and exports, in the shop's own time for people."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from rich.table import Table

from cx_domain.asking import started
from cx_domain.orders import OrderDetails
from cx_domain.sending import awaits_reply
from cx_domain.shops import Shop
from cx_domain.surveys import Survey
from cx_domain.verdicts import judged
from infra.aws.customer_table import Customer
from infra.local.survey_stories import address, rule_of
from infra.local.survey_stories import story as in_words
from infra.operator.plain_words import state


def summary(survey: Survey, shop: Shop, now: datetime) -> dict[str, Any]:
    """Return one row of a list."""
    order, score = survey.order.details, judged(survey, shop.protection).score
    return {
        "id": survey.id,
        "order": survey.subject_id,
        "number": order.number if order else None,
        "kind": survey.kind,
        "touchpoint": survey.touchpoint,
        "stage": survey.stage,
        "reason": survey.reason,
        "state": state(survey, now, answered=score is not None),
        "why": in_words(survey, shop, now),
        "due_at": iso(survey.due_at),
        "sent_at": iso(survey.sent_at),
        "expires_at": iso(survey.expires_at),
        "score": score,
    }


def story(survey: Survey, shop: Shop, now: datetime) -> dict[str, Any]:
    """Return everything that is kept of a survey, the buyer's own data included."""
    judgement = judged(survey, shop.protection)
    return summary(survey, shop, now) | {
        "language": survey.language,
        "happened": {name: iso(at) for name, at in survey.order.happened.items()},
        "started_by": _started_by(survey, shop),
        "standing": survey.order.standing,
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
            }
            for visit in survey.visits
        ],
        "answers": [
            {
                "at": iso(reply.at),
                "score": reply.score,
                "comment": reply.comment,
                "drivers": list(reply.drivers),
                "may_reply": reply.may_reply,
                "counts": judgement.score is not None and reply.client == judgement.owner,
            }
            for reply in survey.replies
        ],
        "rulings": [{"at": iso(each.at), "counts": each.counts, "why": each.why} for each in survey.rulings],
    }


def write_to(survey: Survey, shop: Shop) -> str | None:
    """Give whom to write back to: only who allowed it, while the matter is open and the address is kept."""
    return address(survey) if awaits_reply(survey, shop.protection) else None


def customer(found: Customer) -> dict[str, Any]:
    """Return what is kept of a customer besides their surveys."""
    return {
        "asked_at": iso(found.asked_at),
        "orders": len(found.orders),
        "unsubscribed_at": iso(found.unsubscribed_at),
        "suppressed_at": iso(found.suppressed_at),
        "suppressed_why": found.suppressed_why,
    }


def rows(surveys: list[dict[str, Any]], shop: Shop) -> Table:
    """Lay out a list for people."""
    table = Table("order", "kind", "state", "why", "due", "sent", "score")
    for one in surveys:
        due, sent = (local(one[name], shop) for name in ("due_at", "sent_at"))
        score = "" if one["score"] is None else str(one["score"])
        table.add_row(_order(one), one["kind"], one["state"], one["why"], due, sent, score)
    return table


def lines(one: dict[str, Any], shop: Shop) -> list[str]:
    """Tell one survey's story for people, in the shop's time."""
    told = [
        f"{one['kind']} about order {_order(one)} ({one['id']})",
        f"  {one['state']}: {one['why']}",
    ]
    told += [f"  order {name} {local(at, shop)}" for name, at in one["happened"].items()]
    if one["standing"] != "live":
        told.append(f"  order {one['standing']}")
    if one["buyer"]:
        told.append(f"  consent {_consent_in_words(one['buyer']['consent'], shop)}")
    if one["write_to"]:
        told.append(f"  wants an answer: {one['write_to']}")
    times = ("due", "refused", "sent", "delivered", "reminded", "bounced", "complained", "unsubscribed", "expires")
    told += [f"  {name} {local(one[f'{name}_at'], shop)}" for name in times if one[f"{name}_at"]]
    told += [
        f"  visit {local(visit['at'], shop)}: {visit['method']} {visit['score']}, by {visit['client']}"
        for visit in one["visits"]
    ]
    if one["verdict"]:
        told.append(f"  verdict {one['verdict']}: {', '.join(one['reasons'])}")
    for answer in one["answers"]:
        about = f" because of {', '.join(answer['drivers'])}" if answer["drivers"] else ""
        said = f", {answer['comment']!r}" if answer["comment"] else ""
        told.append(f"  {'answer' if answer['counts'] else 'not counted'} {answer['score']}{about}{said}")
    told += [
        f"  {'included' if ruling['counts'] else 'excluded'} {local(ruling['at'], shop)}: {ruling['why']}"
        for ruling in one["rulings"]
    ]
    if one["score"] is not None:
        told.append(f"  counts as {one['score']}")
    return told


def _started_by(survey: Survey, shop: Shop) -> dict[str, Any] | None:
    """What set the survey off, and whether it is only the rule's fallback; None while nothing has."""
    rule = rule_of(survey, shop)
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


def _consent_in_words(consent: Mapping[str, Any], shop: Shop) -> str:
    if consent["said"] is None:
        return "not told"
    parts = ["given" if consent["said"] else "not given"]
    parts += [f"in {consent['source']}"] if consent["source"] else []
    parts += [local(consent["at"], shop)] if consent["at"] else []
    parts += [f"{consent['wording']!r}"] if consent["wording"] else []
    return ", ".join(parts)


def _order(one: Mapping[str, Any]) -> str:
    return one["number"] or one["order"] or "forgotten"


def iso(at: datetime | None) -> str | None:
    """Write `2026-01-05T09:00:00Z`."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def local(written: str | None, shop: Shop) -> str:
    """Write a time that `iso` wrote in the shop's own zone."""
    if written is None:
        return ""
    return datetime.fromisoformat(written).astimezone(shop.zone).strftime("%Y-%m-%d %H:%M:%S %Z")


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
        "items": [{"title": item.title, "sku": item.sku, "quantity": item.quantity} for item in order.items],
        "tags": dict(order.tags),
    }
