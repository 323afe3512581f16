"""A survey as an item of the table, and back. What equals its default is not written: under 1 KB a write costs one unit."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from cx_domain.surveys import Ruling, Survey
from cx_domain.visits import ClientKey, Reply, Visit
from infra.aws import keys
from infra.aws.attribute_values import Item, to_milliseconds, to_number, to_seconds, to_time
from infra.aws.order_items import order_attributes, read_order

_ALWAYS = ("shop", "kind", "touchpoint", "subject_id", "stage")
_TEXTS = ("reason", "customer", "language", "question", "claim", "message_id")
_TIMES = (
    "due_at",
    "sent_at",
    "refused_at",
    "reminded_at",
    "expires_at",
    "delivered_at",
    "bounced_at",
    "complained_at",
    "unsubscribed_at",
    "settled_at",
)


def survey_item(survey: Survey) -> Item:
    """Write the whole item, with its keys and, where it is due, its place in the due index."""
    item = {**keys.survey(survey.id), **survey_attributes(survey), "version": survey.version}
    # The map is there from the start, because an update can set an entry only in a map that exists.
    item["replies"] = {reply.client: reply_map(reply) for reply in survey.replies}
    if survey.visits:
        item["visits"] = [visit_list(visit) for visit in survey.visits]
    return item


def survey_attributes(survey: Survey) -> Item:
    """Write what a survey's version guards: everything but its keys, visits and replies."""
    attributes: Item = {name: getattr(survey, name) for name in _ALWAYS}
    if survey.subject_type != "order":
        attributes["subject_type"] = survey.subject_type
    if survey.customer_orders is not None:
        attributes["customer_orders"] = survey.customer_orders
    if survey.admitted_on is not None:
        attributes["admitted_on"] = survey.admitted_on.isoformat()
    if survey.rulings:
        attributes["rulings"] = [_ruling_map(ruling) for ruling in survey.rulings]
    if survey.due_at is not None:
        attributes["due_shard"] = keys.due_shard(survey.id)
    attributes |= {name: text for name in _TEXTS if (text := getattr(survey, name)) is not None}
    attributes |= {name: to_seconds(at) for name in _TIMES if (at := getattr(survey, name)) is not None}
    return attributes | order_attributes(survey.order)


def read_survey(item: Mapping[str, Any]) -> Survey:
    """Read a survey out of its item."""
    told: dict[str, Any] = {name: item[name] for name in (*_ALWAYS, *_TEXTS) if name in item}
    told |= {name: to_time(item[name]) for name in _TIMES if name in item}
    replies = sorted(map(_read_reply, item.get("replies", {}).items()), key=lambda reply: (reply.at, reply.client))
    return Survey(
        id=keys.survey_id(item["pk"]),
        subject_type=item.get("subject_type", "order"),
        order=read_order(item),
        customer_orders=int(item["customer_orders"]) if "customer_orders" in item else None,
        admitted_on=date.fromisoformat(item["admitted_on"]) if "admitted_on" in item else None,
        rulings=tuple(map(_read_ruling, item.get("rulings", ()))),
        visits=tuple(map(_read_visit, item.get("visits", ()))),
        replies=tuple(replies),
        version=int(item["version"]),
        **told,
    )


def _ruling_map(ruling: Ruling) -> Item:
    written: Item = {"counts": ruling.counts, "why": ruling.why, "at": to_milliseconds(ruling.at)}
    return written if ruling.score is None else {**written, "score": ruling.score}


def _read_ruling(written: Mapping[str, Any]) -> Ruling:
    score = int(written["score"]) if "score" in written else None
    return Ruling(written["counts"], written["why"], to_time(written["at"]), score)


def visit_list(visit: Visit) -> list[Any]:
    """Write a visit: when, which score, who; and what else there is to say.

    A list and not a map, and the time as a number: half the bytes, for a machine that opens every link leaves eleven of them.
    """
    at = visit.at.replace(microsecond=visit.at.microsecond // 1000 * 1000)
    more: Item = {}
    if visit.method != "GET":
        more["method"] = visit.method
    if visit.preview:
        more["preview"] = True
    if visit.evidence is not None:
        more["evidence"] = visit.evidence
    if visit.worded:
        more["worded"] = True
    if visit.visible is not None:
        more["visible"] = visit.visible // timedelta(milliseconds=1)
    return [to_number(at), visit.score, visit.client, *([more] if more else [])]


def _read_visit(written: Sequence[Any]) -> Visit:
    at, score, client, *rest = written
    more: Mapping[str, Any] = rest[0] if rest else {}
    return Visit(
        at=to_time(at),
        score=int(score),
        client=ClientKey(client),
        method=more.get("method", "GET"),
        preview=more.get("preview", False),
        evidence=more.get("evidence"),
        worded=more.get("worded", False),
        visible=timedelta(milliseconds=int(more["visible"])) if "visible" in more else None,
    )


def reply_map(reply: Reply) -> Item:
    written: Item = {"at": to_milliseconds(reply.at), "score": reply.score}
    if reply.comment:
        written["comment"] = reply.comment
    if reply.drivers:
        written["drivers"] = list(reply.drivers)
    if reply.may_reply:
        written["may_reply"] = True
    return written


def _read_reply(entry: tuple[str, Mapping[str, Any]]) -> Reply:
    client, written = entry
    return Reply(
        at=to_time(written["at"]),
        score=int(written["score"]),
        client=ClientKey(client),
        comment=written.get("comment", ""),
        drivers=tuple(written.get("drivers", ())),
        may_reply=written.get("may_reply", False),
    )
