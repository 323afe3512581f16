"""Saleor: the page's subscription asks for all that the file reads, and what Saleor answers means what it says."""

import re
from decimal import Decimal
from pathlib import Path
from textwrap import dedent

import pytest

from cx_domain.errors import BadField
from cx_domain.orders import Item, OrderDetails
from infra.platforms import Ignored, platform
from infra.platforms.shapes import Shape
from tests.platforms.payloads import at, details, read_body, read_order, sample

PAGE = Path(__file__).parents[2] / "docs" / "platforms" / "saleor.md"
MODEL = "saleor/order_fulfilled"


def asked_for(query: str) -> set[str]:
    """The paths that a GraphQL subscription puts into a payload; fragments are taken in, events fall away."""
    fragments = dict(re.findall(r"fragment (\w+) on \w+ \{(.*?)\n\}", query, re.DOTALL))
    whole = re.search(r"subscription \{\n  event \{(.*?)\n  \}\n\}", query, re.DOTALL)
    assert whole is not None
    text = re.sub(r"\.\.\. on \w+ (\{ order \{ \.\.\.(\w+) \} \})", r"order { ...\2 }", whole[1])
    for name, body in fragments.items():
        text = text.replace(f"...{name}", body)
    found: set[str] = set()
    path: list[str] = []
    for word in re.findall(r"\w+|[{}]", text):
        if word == "{":
            continue
        if word == "}":
            path.pop()
            continue
        found.add(".".join([*path, word]))
        path.append(word)
        if not re.search(rf"\b{word}\s*\{{", text):
            path.pop()
    return found


def test_the_pages_subscription_asks_for_everything_that_the_file_reads() -> None:
    (query,) = re.findall(r"```graphql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    shape = next(each for each in platform("saleor").topics.values() if isinstance(each, Shape))
    expressions = [*shape.fields.values(), *shape.happened.values(), *shape.standing.values()]
    read = {path for expression in expressions for path in expression.paths if "." in path or path == "issuedAt"}
    lines = {f"order.lines.{path}" for expression in shape.item.values() for path in expression.paths}

    assert (read | lines) - asked_for(dedent(query)) == set()


def test_a_saleor_order_says_who_bought_what() -> None:
    event = read_order("saleor", sample(MODEL), "order_fulfilled")

    assert event.subject_id == "T3JkZXI6ZDJiYzU2NjgtMWY1ZC00ZDk3"
    assert event.happened == {
        "placed": at("2026-01-03T10:00:00.117Z"),
        "paid": at("2026-01-05T08:59:59.500Z"),
        "fulfilled": at("2026-01-05T08:59:58.900Z"),
    }
    assert event.details == OrderDetails(
        number="1001",
        email="anna@example.com",
        first_name="Anna",
        language="pl",
        country="PL",
        currency="PLN",
        total=Decimal("99.8"),
        items=(Item(title="Namiot Ætna 2", sku="T-1", category="Namioty"),),
        channel="acme-pl",
        delivery="Kurier",
        customer_id="VXNlcjo3",
    )


@pytest.mark.parametrize(
    ("topic", "changes", "standing"),
    [
        ("order_cancelled", {"status": "CANCELED"}, "cancelled"),
        ("order_cancelled", {}, "cancelled"),
        ("order_expired", {"status": "EXPIRED"}, "cancelled"),
        ("order_fully_refunded", {"paymentStatus": "FULLY_REFUNDED"}, "refunded"),
        ("order_refunded", {"totalRefunded": {"amount": 99.8}}, "refunded"),
        ("order_refunded", {"totalRefunded": {"amount": 10.0}}, "partly-refunded"),
        ("order_refunded", {"paymentStatus": "PARTIALLY_REFUNDED"}, "partly-refunded"),
        ("order_updated", {}, "live"),
    ],
)
def test_a_saleor_order_says_how_it_stands(topic: str, changes: dict[str, object], standing: str) -> None:
    body = sample(MODEL)
    body["order"] |= changes

    assert read_order("saleor", body, topic).standing == standing


def test_an_event_is_known_in_capitals_too() -> None:
    assert "fulfilled" in read_order("saleor", sample(MODEL), "ORDER_FULFILLED").happened


@pytest.mark.parametrize("status", ["DRAFT", "UNCONFIRMED"])
def test_what_nobody_confirmed_yet_is_no_order(status: str) -> None:
    body = sample(MODEL)
    body["order"]["status"] = status

    assert read_body("saleor", body, "order_updated") == Ignored("draft-order")


def test_a_guests_order_has_a_name_and_no_customer() -> None:
    body = sample("saleor/order_created")
    body["order"]["user"] = None

    event = read_order("saleor", body, "order_created")

    assert (details(event).first_name, details(event).customer_id) == ("Anna", None)
    assert set(event.happened) == {"placed"}


def test_an_amount_that_cannot_be_compared_is_refused_by_its_path() -> None:
    body = sample(MODEL)
    body["order"]["totalRefunded"] = {"amount": "10.00"}

    with pytest.raises(BadField, match=r"^order\.\S+: is not of the kind that the platform documents"):
        read_body("saleor", body, "order_updated")
