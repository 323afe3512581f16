"""What is known of an order, as attributes of its survey's item, and back. What equals its default is not written."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from cx_domain.orders import Item as OrderLine
from cx_domain.orders import OrderDetails, OrderFacts
from infra.aws.attribute_values import Item, to_number, to_time

_TEXTS = (
    "email",
    "first_name",
    "language",
    "country",
    "currency",
    "channel",
    "delivery",
    "customer_id",
    "consent_source",
    "consent_wording",
    "address_kind",
)
_FLAGS = ("gift_cards_only", "test")


def order_attributes(facts: OrderFacts) -> Item:
    """Write an order's facts. Its times are kept as exactly as the shop told them: they decide which news is newer."""
    attributes: Item = {}
    if facts.happened:
        attributes["happened"] = {happening: to_number(at) for happening, at in facts.happened.items()}
    if facts.standing != "live":
        attributes["standing"] = facts.standing
    if facts.standing_at is not None:
        attributes["standing_at"] = to_number(facts.standing_at)
    if facts.details is not None:
        attributes["details"] = _details_map(facts.details)
    if facts.details_at is not None:
        attributes["details_at"] = to_number(facts.details_at)
    return attributes


def read_order(item: Mapping[str, Any]) -> OrderFacts:
    """Read an order's facts out of its survey's item."""
    return OrderFacts(
        happened={happening: to_time(at) for happening, at in item.get("happened", {}).items()},
        standing=item.get("standing", "live"),
        standing_at=to_time(item["standing_at"]) if "standing_at" in item else None,
        details=_read_details(item["details"]) if "details" in item else None,
        details_at=to_time(item["details_at"]) if "details_at" in item else None,
    )


def _details_map(details: OrderDetails) -> Item:
    written: Item = {"number": details.number}
    written |= {name: text for name in _TEXTS if (text := getattr(details, name)) is not None}
    if details.total is not None:
        written["total"] = str(details.total)  # as text: 99.80 stays 99.80
    if details.items:
        written["items"] = [_line_list(line) for line in details.items]
    if details.consent is not None:
        written["consent"] = details.consent
    if details.consent_at is not None:
        written["consent_at"] = to_number(details.consent_at)
    for name in _FLAGS:
        if getattr(details, name):
            written[name] = True
    if details.tags:
        written["tags"] = [list(tag) for tag in details.tags]
    return written


def _read_details(written: Mapping[str, Any]) -> OrderDetails:
    return OrderDetails(
        number=written["number"],
        total=Decimal(written["total"]) if "total" in written else None,
        items=tuple(_read_line(line) for line in written.get("items", ())),
        consent=written.get("consent"),
        consent_at=to_time(written["consent_at"]) if "consent_at" in written else None,
        gift_cards_only=written.get("gift_cards_only", False),
        test=written.get("test", False),
        tags=tuple((name, value) for name, value in written.get("tags", ())),
        **{name: written[name] for name in _TEXTS if name in written},
    )


def _line_list(line: OrderLine) -> list[str | int]:
    # A list and not a map: five lines would spend eighty bytes on the names of their fields.
    return [line.title, line.sku, line.category, *([line.quantity] if line.quantity != 1 else [])]


def _read_line(written: Sequence[Any]) -> OrderLine:
    title, sku, category, *quantity = written
    return OrderLine(title, sku, category, int(quantity[0]) if quantity else 1)
