"""InSales: as far as other people's code tells."""

from decimal import Decimal

import pytest

from cx_domain.orders import Item, OrderDetails
from tests.platforms.payloads import at, read_order, sample

SENT = "insales/order_dispatched"


def test_an_insales_order_says_who_bought_what() -> None:
    event = read_order("insales", sample(SENT))

    assert event.subject_id == "70001001"
    assert event.happened == {
        "placed": at("2026-01-03T10:00:00Z"),
        "paid": at("2026-01-03T11:00:00Z"),
        "fulfilled": at("2026-01-05T09:00:00Z"),
    }
    assert event.details == OrderDetails(
        number="1001",
        email="aigerim@example.com",
        first_name="Айгерим",
        language="ru",
        country="KZ",
        currency="KZT",
        total=Decimal("9980.0"),
        items=(Item(title="Палатка Ætna 2", sku="T-1"),),
        delivery="Курьер",
        customer_id="7",
        consent=True,
        consent_source="insales client.subscribe",
    )


@pytest.mark.parametrize(
    ("status", "happened", "standing"),
    [
        ("delivered", {"placed", "paid", "fulfilled", "delivered"}, "live"),
        ("declined", {"placed", "paid"}, "cancelled"),
        ("returned", {"placed", "paid"}, "cancelled"),
        ("new", {"placed", "paid"}, "live"),
    ],
)
def test_a_status_says_what_happened(status: str, happened: set[str], standing: str) -> None:
    event = read_order("insales", sample(SENT) | {"fulfillment_status": status})

    assert (set(event.happened), event.standing) == (happened, standing)
