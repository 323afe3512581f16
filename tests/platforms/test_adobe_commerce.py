"""Adobe Commerce: every save of an order is an event, and its state alone says what it means."""

from decimal import Decimal

import pytest

from cx_domain.orders import Item, OrderDetails, OrderFacts, merge
from tests.platforms.payloads import at, details, read_order, sample

PLACED, COMPLETE = "adobe-commerce/order_placed", "adobe-commerce/order_complete"


def test_a_complete_order_is_placed_paid_and_fulfilled() -> None:
    event = read_order("adobe-commerce", sample(COMPLETE))

    assert event.subject_id == "000001001"
    assert event.happened == {
        "placed": at("2026-01-03T10:00:00Z"),
        "paid": at("2026-01-05T09:00:00Z"),
        "fulfilled": at("2026-01-05T09:00:00Z"),
    }
    assert event.details == OrderDetails(
        number="000001001",
        email="anna@example.com",
        first_name="Anna",
        country="PL",
        currency="PLN",
        total=Decimal("99.8"),
        items=(Item(title="Namiot Ætna 2", sku="T-1-GREEN"),),
        channel="Acme Acme Outdoor Polski",
        delivery="Kurier - DPD",
        customer_id="7",
    )


@pytest.mark.parametrize(
    ("changes", "standing"),
    [
        ({"state": "canceled"}, "cancelled"),
        ({"state": "closed"}, "refunded"),
        ({"total_refunded": "10.0000"}, "partly-refunded"),
        ({"total_refunded": None}, "live"),
        ({}, "live"),
    ],
)
def test_a_state_says_how_the_order_stands(changes: dict[str, object], standing: str) -> None:
    body = sample(COMPLETE)
    body["data"]["value"] |= changes

    assert read_order("adobe-commerce", body).standing == standing


def test_a_quantity_as_the_database_writes_it_is_no_reason_to_lose_the_order() -> None:
    body = sample(COMPLETE)
    body["data"]["value"]["items"][0]["qty_ordered"] = "2.0000"

    assert details(read_order("adobe-commerce", body)).items[0].quantity == 2


def test_saves_that_changed_nothing_add_up_to_nothing() -> None:
    placed, complete = read_order("adobe-commerce", sample(PLACED)), read_order("adobe-commerce", sample(COMPLETE))

    once = merge(merge(OrderFacts(), placed), complete)
    often = OrderFacts()
    for event in (complete, placed, complete, complete, placed):
        often = merge(often, event)

    assert often == once
