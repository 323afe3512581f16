"""An incident as the command line shows it: JSON-ready for scripts, and lines in the shop's own time for people."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.table import Table
from rich.text import Text

from cx_domain.excesses import DRIVER, WHOLE, Watched
from cx_domain.incident_files import incident_json
from cx_domain.incidents import Incident
from cx_domain.shops import Shop
from cx_domain.surveys import Survey
from cx_domain.verdicts import judged


def about(watched: Watched) -> str:
    """Say what it is about: `delivery, named by detractors (nps about order)`, `detractors of tag:store wroclaw (nps about order)`."""
    match watched.dimension:
        case dimension if dimension == WHOLE:
            what = "detractors"
        case dimension if dimension == DRIVER:
            what = f"{watched.value}, named by detractors"
        case dimension:
            what = f"detractors of {dimension} {watched.value}"
    return f"{what} ({watched.kind} about {watched.touchpoint})"


def rows(incidents: Iterable[Incident]) -> Table:
    """Lay out a list for people."""
    table = Table("incident", "status", "about", "detractors", "expected", "owner", "steps", "last seen")
    for one in incidents:
        expected = incident_json(one)["expected"]
        words = (about(one.watched), f"{one.seen.detractors} of {one.seen.answers}", f"{expected:.1f}", one.owner or "")
        # Text, because a shop's own words may look like markup.
        cells = (one.id, one.status, *words, str(len(one.steps)), one.last_seen_on.isoformat())
        table.add_row(*map(Text, cells))
    return table


def lines(one: Incident, answers: Sequence[Mapping[str, Any]], shop: Shop) -> list[str]:
    """Tell one incident for people."""
    expected = f"{incident_json(one)['expected']:.1f} expected, as {one.usual.detractors} of {one.usual.answers} before"
    seen = f"{one.start} to {one.end}: {one.seen.detractors} of {one.seen.answers} answers"
    told = [
        f"{one.id}: {about(one.watched)}",
        f"  {one.status}, opened {_local(one.opened_at, shop)}, last seen in the week to {one.last_seen_on}",
        f"  {seen}; {expected}; p {one.p_value:.2g}",
    ]
    noted = (("owner", one.owner), ("root cause", one.root_cause), ("changed", one.changed))
    told += [f"  {name}: {text}" for name, text in noted if text]
    told += [f"  step {_local(step.at, shop)}: {step.what}" for step in one.steps]
    for closing in one.closings:
        told.append(f"  closed {_local(closing.at, shop)}: {closing.why}")
        told += [f"  reopened {_local(closing.reopened_at, shop)}"] if closing.reopened_at else []
    told += [_answer_line(answer) for answer in answers]
    return told


def answer(survey: Survey, shop: Shop) -> dict[str, Any]:
    """Return what a detractor said."""
    order, judgement = survey.order.details, judged(survey, shop.protection)
    reply = judgement.reply
    return {
        "survey": survey.id,
        "order": order.number if order else None,
        "score": judgement.score,
        "drivers": sorted(reply.drivers) if reply else [],
        "comment": reply.comment if reply else "",
        "may_reply": reply.may_reply if reply else False,
    }


def _answer_line(one: Mapping[str, Any]) -> str:
    named = f" because of {', '.join(one['drivers'])}" if one["drivers"] else ""
    said = f", {one['comment']!r}" if one["comment"] else ""
    reply = ", may be written to" if one["may_reply"] else ""
    return f"  answer {one['score']} about order {one['order'] or 'unknown'}{named}{said}{reply}"


def _local(at: datetime, shop: Shop) -> str:
    return at.astimezone(shop.zone).strftime("%Y-%m-%d %H:%M %Z")
