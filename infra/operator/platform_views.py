"""What a payload means, for whoever writes a platform's file: each of our fields, and what is lost where one is missing."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any, assert_never

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from cx_domain.order_fields import FeedbackEvent, TicketEvent
from cx_domain.orders import OrderDetails, OrderEvent
from cx_domain.privacy_requests import PrivacyRequest
from infra.platforms import Hint, Ignored, Platform, Reading

_MISSING: Mapping[str, str] = {
    "email": "nobody can be asked",
    "country": "in a shop that requires consent anywhere, nobody is asked who does not carry it",
    "language": "the shop's first language is used",
    "first_name": "the mail greets nobody by name",
    "currency": "a segment and a total say less",
    "total": "the shop's minimum_total refuses nobody, and nothing is known of revenue",
    "items": "the mail names no product, and there is no segment by category",
    "channel": "no segment by channel",
    "delivery": "no segment by delivery",
    "customer_id": "a customer is known by the address alone",
    "consent": "nobody is asked where the shop's file requires consent",
    "consent_at": "the proof of consent does not say when",
    "consent_source": "the proof of consent does not say where",
    "consent_wording": "the proof of consent does not say to what",
}
_WHAT: Mapping[type, str] = {
    TicketEvent: "a support ticket",
    FeedbackEvent: "a rating got elsewhere",
    PrivacyRequest: "a person who wants to know what is kept of them, or to be forgotten",
}
_INNER = {"address_kind", "tags", "gift_cards_only", "test"}


def reading_json(reading: Reading) -> dict[str, Any]:
    """For scripts."""
    return {"is": type(reading).__name__, **{name: _plain(value) for name, value in asdict(reading).items()}}


def shown(here: Platform, reading: Reading) -> Iterator[RenderableType]:
    """For people: one sentence on what it is, a table of what is known, one of what is missing."""
    match reading:
        case Ignored(reason):
            yield Text(f"{here.title}: answered 200 and passed over: {reason}. docs/reasons.md tells what that means.")
        case Hint(order_id):
            yield Text(
                f"{here.title}: something happened to order {order_id}. The order itself is read by the platform's API."
            )
        case OrderEvent():
            yield Text(f"{here.title}: news of an order.", style="bold")
            yield from _order(reading)
        case TicketEvent() | FeedbackEvent() | PrivacyRequest():
            yield Text(f"{here.title}: news of {_WHAT[type(reading)]}.", style="bold")
            yield _table({name: value for name, value in asdict(reading).items() if value not in (None, "", ())})
        case _:
            assert_never(reading)


def _order(event: OrderEvent) -> Iterator[RenderableType]:
    known: dict[str, Any] = {"id": event.subject_id, "updated_at": event.updated_at}
    known |= {str(name): at for name, at in event.happened.items()}
    known["standing"] = event.standing or "not told: it stays as it was"
    details = asdict(event.details) if event.details is not None else {}
    details["tags"] = tuple(f"{name}: {told}" for name, told in details.get("tags", ()))
    yield _table(known | {name: value for name, value in details.items() if not _is_missing(name, value)})
    if not event.happened and event.standing in (None, "live"):
        yield Text(
            "It says nothing that happened: no survey can follow from it. See [shapes.*.happened].", style="yellow"
        )
    if event.details is None:
        yield Text(
            "It says nothing of who bought what, because [shapes.*.item] is not there: other news of the order must."
        )
    else:
        yield from _lacks(event.details)


def _lacks(details: OrderDetails) -> Iterator[RenderableType]:
    consented = details.consent is not None
    lost = {
        name: told
        for name, told in _MISSING.items()
        if not getattr(details, name) and getattr(details, name) is not False
        if consented or not name.startswith("consent_")
    }
    if lost:
        table = Table("missing", "what that costs", box=box.SIMPLE_HEAD)
        for name, told in lost.items():
            table.add_row(name, told, style="red" if name == "email" else None)
        yield table


def _is_missing(name: str, value: object) -> bool:
    return value in (None, (), "") or (name in _INNER and not value)


def _table(known: Mapping[str, Any]) -> Table:
    table = Table("field", "value", box=box.SIMPLE_HEAD)
    for name, value in known.items():
        table.add_row(name, Text(_words(value)))
    return table


def _words(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S} UTC"
        case list() | tuple():
            return "\n".join(map(_words, value))
        case dict():
            return ", ".join(f"{name} {_words(each)}" for name, each in value.items() if each not in ("", None))
        case _:
            return str(value)


def _plain(value: object) -> Any:
    match value:
        case datetime():
            return value.isoformat()
        case Decimal():
            return str(value)
        case dict():
            return {str(name): _plain(each) for name, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case _:
            return value
