"""A survey as the command line shows it: JSON-ready for scripts and exports, in the shop's own time for people."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rich.table import Column, Table

from cx_domain.shops import Shop
from cx_domain.surveys import Survey
from cx_domain.verdicts import judged
from infra.local.survey_stories import story as in_words
from infra.operator.plain_words import state
from infra.survey_records import iso, record


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
    """Return everything that is kept of a survey, the buyer's own data included, and where it stands."""
    return record(survey, shop) | summary(survey, shop, now)


def rows(surveys: list[dict[str, Any]], shop: Shop) -> Table:
    """Lay out a list for people."""
    table = Table("order", "kind", "state", "why", Column("sent or due", no_wrap=True), "score")
    for one in surveys:
        when = _to_the_minute(one["sent_at"] or one["due_at"], shop)
        score = "" if one["score"] is None else str(one["score"])
        table.add_row(_order(one), one["kind"], one["state"], one["why"], when, score)
    return table


def lines(one: dict[str, Any], shop: Shop) -> list[str]:
    """Tell one survey's story for people, in the shop's time."""
    told = [title(one), f"  {one['state']}: {one['why']}"]
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


def _consent_in_words(consent: Mapping[str, Any], shop: Shop) -> str:
    if consent["said"] is None:
        return "not told"
    parts = ["given" if consent["said"] else "not given"]
    parts += [f"in {consent['source']}"] if consent["source"] else []
    parts += [local(consent["at"], shop)] if consent["at"] else []
    parts += [f"{consent['wording']!r}"] if consent["wording"] else []
    return ", ".join(parts)


def title(one: Mapping[str, Any]) -> str:
    """Say which survey it is."""
    return f"{one['kind']} about order {_order(one)} ({one['id']})"


def _order(one: Mapping[str, Any]) -> str:
    return one["number"] or one["order"] or "forgotten"


def _to_the_minute(written: str | None, shop: Shop) -> str:
    """Short enough for a column of a list."""
    return "" if written is None else f"{datetime.fromisoformat(written).astimezone(shop.zone):%Y-%m-%d %H:%M}"


def local(written: str | None, shop: Shop) -> str:
    """Write a time that `iso` wrote in the shop's own zone."""
    if written is None:
        return ""
    return datetime.fromisoformat(written).astimezone(shop.zone).strftime("%Y-%m-%d %H:%M:%S %Z")
