"""The kinds of payload that a platform sends, and what its topics mean: `[shapes]` and `[topics]` of its file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from cx_domain.order_fields import HAPPENINGS
from cx_domain.privacy_requests import PrivacyKind
from cx_domain.toml_checks import Table
from cx_domain.value_checks import called, one_of
from infra.platforms.expressions import Expression, expression
from infra.platforms.schemes import HEADER

Becomes = Literal["order", "ticket", "feedback", "hint", "privacy"]
IgnoredReason = Literal["topic-ignored", "told-by-another-topic", "draft-order", "not-delivered-yet", "status-ignored"]
Standings = Literal["cancelled", "refunded", "partly_refunded"]

_ORDER_FIELDS = (
    *(
        "id",
        "updated_at",
        "number",
        "email",
        "first_name",
        "language",
        "country",
        "currency",
        "total",
        "total_minor",
        "items",
    ),
    *("channel", "delivery", "customer_id", "consent", "consent_at", "consent_wording", "test", "tags"),
    *("tag_list", "gift_cards_only"),
)
_TICKET_FIELDS = (
    *("id", "updated_at", "email", "first_name", "language", "country", "consent", "consent_at", "consent_wording"),
    *("test", "agent", "topic", "order"),
)
_FEEDBACK_FIELDS = ("id", "kind", "score", "touchpoint", "stage", "source", "comment", "recorded_at")
FIELDS: Mapping[Becomes, tuple[str, ...]] = {
    "order": _ORDER_FIELDS,
    "ticket": _TICKET_FIELDS,
    "feedback": _FEEDBACK_FIELDS,
    "hint": ("id",),
    "privacy": ("id", "email", "orders"),
}
HAPPENED: Mapping[Becomes, tuple[str, ...]] = {
    "order": HAPPENINGS,
    "ticket": ("opened_at", "first_reply_at", "solved_at", "reopened_at"),
    "feedback": (),
    "hint": (),
    "privacy": (),
}
ITEM_FIELDS = ("title", "sku", "category", "quantity", "gift_card")
_WITHOUT_DETAILS = ("id", "updated_at")
"""What a shape reads that has no `item`, such as a parcel's: it says nothing of who bought what."""
_WORD = re.compile("[a-z0-9_]{1,40}")
_ANY_TOPIC = re.compile(".{1,100}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Ignored:
    """A webhook that is in order and tells nothing we need; it is answered 200, and counted by its reason."""

    reason: IgnoredReason


@dataclass(frozen=True, slots=True)
class Shape:
    """Where one kind of payload keeps each field. Without `item` it says nothing of an order's details."""

    becomes: Becomes
    fields: Mapping[str, Expression]
    headers: Mapping[str, str]
    item: Mapping[str, Expression]
    happened: Mapping[str, Expression]
    standing: Mapping[str, Expression]
    status: Expression | None
    """Where an order's one status stands, for a shop that says what its own statuses mean."""
    unless: Expression | None
    unless_reason: IgnoredReason
    means: str | None = None
    """What the topic alone says, also where the body does not: a happening, `cancelled`, or what a person wants."""


def shapes(file: Table) -> dict[str, Shape]:
    """Read every `[shapes.<name>]`."""
    return file.tables_by_name("shapes", _WORD, _shape)


def topics(file: Table, known: Mapping[str, Shape]) -> dict[str, Shape | Ignored]:
    """Read `[topics]`: each is a shape's name, a shape and what the topic adds to it, or why it is ignored."""

    def meaning(_topic: str, raw: object) -> Shape | Ignored:
        if isinstance(raw, str):
            return known[one_of(*known)(raw)]
        if not isinstance(raw, dict):
            raise ValueError(f"must be a shape's name or a table, not {called(raw)}")  # noqa: TRY004 - a mistake in a file
        if set(raw) == {"ignored"}:
            return Ignored(one_of(*get_args(IgnoredReason))(raw["ignored"]))
        if set(raw) != {"shape", "means"}:
            raise ValueError('must be { shape = "…", means = "…" } or { ignored = "…" }')
        return _with_meaning(known[one_of(*known)(raw["shape"])], raw["means"])

    if "topics" not in file:
        file.wrong("topics", "must be there: what each topic means")
    return file.entries("topics", _ANY_TOPIC, meaning) or {}


def _with_meaning(shape: Shape, means: object) -> Shape:
    also: Mapping[Becomes, tuple[str, ...]] = {"order": ("cancelled",), "privacy": get_args(PrivacyKind)}
    return replace(shape, means=one_of(*HAPPENED[shape.becomes], *also.get(shape.becomes, ()))(means))


def _shape(table: Table) -> Shape:
    becomes: Becomes = table.take("becomes", one_of(*get_args(Becomes)), "order", required=True)
    headers = table.entries("headers", FIELDS[becomes], lambda _, raw: HEADER(raw)) or {}
    fields = _expressions(table, "fields", FIELDS[becomes])
    item = _expressions(table, "item", ITEM_FIELDS)
    unread = [name for name in (*fields, *headers) if name not in _WITHOUT_DETAILS]
    if becomes == "order" and unread and not item:
        table.wrong("item", f"must be there, or nothing is read of {', '.join(unread)}")
    if "id" not in fields and "id" not in headers:
        table.wrong("fields.id", "must be there: where the id stands")
    shape = Shape(
        becomes=becomes,
        fields=fields,
        headers=headers,
        item=item,
        happened=_expressions(table, "happened", HAPPENED[becomes]),
        standing=_expressions(table, "standing", get_args(Standings)),
        status=table.take("status", expression, None),
        unless=table.take("unless", expression, None),
        unless_reason=table.take("unless_reason", one_of(*get_args(IgnoredReason)), "topic-ignored"),
    )
    table.finish()
    return shape


def _expressions(table: Table, key: str, names: tuple[str, ...]) -> dict[str, Expression]:
    return table.entries(key, names, lambda _, raw: expression(raw)) or {}
