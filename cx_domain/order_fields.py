"""The raw fields of a webhook, taken out of its payload, become news of an order, a support ticket or a rating.

Field names are ours; a platform's file says where its payload keeps each of them. Whatever is wrong is a BadField by our name.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypedDict, TypeVar, get_args

from cx_domain.errors import BadField
from cx_domain.kinds import kind, kinds
from cx_domain.orders import Happening, Item, OrderDetails, OrderEvent, Standing
from cx_domain.raw_fields import RawFields
from cx_domain.shops import JourneyStage, KindName
from cx_domain.surveys import CustomerKey

N = TypeVar("N", bound=str)

HAPPENINGS: tuple[Happening, ...] = ("placed", "paid", "fulfilled", "delivered")
MOST_ITEMS = 5
_LONGEST_NAME = 60
_LONGEST_TITLE = 80
_LONGEST_COMMENT = 4000
_LONGEST_SOURCE = 80
_LONGEST_WORDING = 300


@dataclass(frozen=True, slots=True)
class TicketEvent:
    """One webhook's news of a support ticket; times that it does not tell are None."""

    ticket_id: str
    updated_at: datetime
    email: str | None = None
    first_name: str | None = None
    language: str | None = None
    country: str | None = None
    consent: bool | None = None
    consent_at: datetime | None = None
    consent_source: str | None = None
    consent_wording: str | None = None
    test: bool = False
    opened_at: datetime | None = None
    first_reply_at: datetime | None = None
    solved_at: datetime | None = None
    agent: str | None = None
    topic: str | None = None
    order: str | None = None
    reopened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FeedbackEvent:
    """A rating, or a mention without a score, that was got elsewhere."""

    id: str
    kind: KindName
    score: int | None
    touchpoint: str
    source: str
    recorded_at: datetime
    stage: JourneyStage | None = None
    comment: str = ""
    segments: tuple[tuple[str, str], ...] = ()
    """By what it can be told apart besides its source; only what was imported says so."""
    customer: CustomerKey | None = None
    """Whose it is; only of what was imported, and only if the file had their address."""


def order_event(
    fields: RawFields, *, standing: Standing | None, has_details: bool, received_at: datetime
) -> OrderEvent:
    """Read `id`, `updated_at`, the four happenings and, where the payload has them, the details.

    A happening is a time, or True for "it has happened, the payload does not say when": then the event's own time is taken.
    """
    subject_id = _required(fields.identifier("id"), "id")
    updated_at = fields.time("updated_at") or received_at
    happened = {name: at for name in HAPPENINGS if (at := _happened(fields, name, updated_at)) is not None}
    details = _details(fields, subject_id) if has_details else None
    return OrderEvent(subject_id, updated_at, happened, standing, details)


def ticket_event(fields: RawFields, *, received_at: datetime) -> TicketEvent:
    """Read a support ticket; its times follow the rule of an order's happenings."""
    updated_at = fields.time("updated_at") or received_at
    return TicketEvent(
        ticket_id=_required(fields.identifier("id"), "id"),
        updated_at=updated_at,
        email=fields.email("email"),
        first_name=fields.text("first_name", _LONGEST_NAME),
        language=fields.language("language"),
        country=fields.country("country"),
        **_consent(fields),
        test=fields.flag("test") or False,
        opened_at=_happened(fields, "opened_at", updated_at),
        first_reply_at=_happened(fields, "first_reply_at", updated_at),
        solved_at=_happened(fields, "solved_at", updated_at),
        agent=fields.text("agent", _LONGEST_NAME),
        topic=fields.text("topic", _LONGEST_NAME),
        order=fields.identifier("order"),
        reopened_at=_happened(fields, "reopened_at", updated_at),
    )


def feedback_event(fields: RawFields, *, received_at: datetime) -> FeedbackEvent:
    """Read a rating got elsewhere; the kind must be one that is known, and the score must be on its scale, or null."""
    name = _one_of("kind", _required(fields.text("kind", _LONGEST_NAME), "kind"), tuple(each.name for each in kinds()))
    stage = fields.text("stage", _LONGEST_NAME)
    return FeedbackEvent(
        id=_required(fields.identifier("id"), "id"),
        kind=name,
        score=_score(fields.raw("score"), kind(name).scale),
        touchpoint=fields.text("touchpoint", _LONGEST_NAME) or "order",
        source=fields.text("source", _LONGEST_NAME) or "elsewhere",
        recorded_at=fields.time("recorded_at") or received_at,
        stage=None if stage is None else _one_of("stage", stage, get_args(JourneyStage)),
        comment=fields.text("comment", _LONGEST_COMMENT) or "",
    )


def _details(fields: RawFields, subject_id: str) -> OrderDetails:
    return OrderDetails(
        number=fields.label("number", 40) or subject_id,
        email=fields.email("email"),
        first_name=fields.text("first_name", _LONGEST_NAME),
        language=fields.language("language"),
        country=fields.country("country"),
        currency=fields.currency("currency"),
        total=fields.amount("total"),
        items=tuple(_items(fields.raw("items"))),
        channel=fields.text("channel", _LONGEST_NAME),
        delivery=fields.text("delivery", _LONGEST_NAME),
        customer_id=fields.identifier("customer_id"),
        **_consent(fields),
        gift_cards_only=fields.flag("gift_cards_only") or False,
        test=fields.flag("test") or False,
        tags=fields.tags("tags"),
    )


class _Consent(TypedDict):
    consent: bool | None
    consent_at: datetime | None
    consent_source: str | None
    consent_wording: str | None


def _consent(fields: RawFields) -> _Consent:
    """Whether the customer agreed, and what proves it; where nobody said yes or no, there is nothing to prove."""
    at, wording = fields.time("consent_at"), fields.text("consent_wording", _LONGEST_WORDING)
    source, said = fields.text("consent_source", _LONGEST_SOURCE), fields.flag("consent")
    if said is None:
        at = wording = source = None
    return _Consent(consent=said, consent_at=at, consent_source=source, consent_wording=wording)


def _items(raw: object) -> Iterable[Item]:
    """The first five lines that have a title or a sku; the payload's names for their fields are translated already."""
    if raw is None:
        return ()
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        raise BadField("items", "must be a list")
    return islice((item for number, each in enumerate(raw) if (item := _item(number, each)) is not None), MOST_ITEMS)


def _item(number: int, raw: object) -> Item | None:
    if not isinstance(raw, Mapping):
        raise BadField(f"items[{number}]", "must be an object")
    fields = RawFields({f"items[{number}].{name}": value for name, value in raw.items()})
    title, sku = (
        fields.text(f"items[{number}].title", _LONGEST_TITLE),
        fields.label(f"items[{number}].sku", _LONGEST_NAME),
    )
    if title is None and sku is None:
        return None
    return Item(
        title=title or sku or "",
        sku=sku or "",
        category=fields.text(f"items[{number}].category", _LONGEST_NAME) or "",
        quantity=fields.quantity(f"items[{number}].quantity"),
    )


def _happened(fields: RawFields, name: str, updated_at: datetime) -> datetime | None:
    match fields.raw(name):
        case True:
            return updated_at
        case False:
            return None
        case _:
            return fields.time(name)


def _score(raw: object, scale: range) -> int | None:
    if raw is None:
        return None
    if isinstance(raw, bool) or not isinstance(raw, int) or raw not in scale:
        raise BadField("score", f"must be a whole number from {scale[0]} to {scale[-1]}, or null")
    return raw


def _required(value: str | None, name: str) -> str:
    if value is None:
        raise BadField(name, "is missing")
    return value


def _one_of(name: str, word: str, choices: Sequence[N]) -> N:
    for choice in choices:
        if word == choice:
            return choice
    raise BadField(name, f"must be one of {', '.join(choices)}")
