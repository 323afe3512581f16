"""BigCommerce, Squarespace and Ecwid: a webhook only hints, and the order is read as the platform's API shows it.

The samples are made after the platforms' documentation; none was seen on a live store.
"""

from decimal import Decimal
from typing import Any

import pytest

from cx_domain.orders import Item, OrderDetails, OrderEvent
from infra.platforms import Hint, Ignored, Reading, platform, read_shape
from tests.platforms.payloads import RECEIVED_AT, at, details, read_body, sample

ANNA: dict[str, Any] = {
    "email": "anna.kowalska@example.test",
    "first_name": "Anna",
    "country": "PL",
    "total": Decimal("99.80"),
    "items": (Item(title="Namiot Ætna 2", sku="T-1"),),
}


def as_read(name: str, **changes: object) -> Reading:
    """The order that the platform's API shows, read."""
    here, shown = platform(name), sample(f"{name}/api_order") | changes
    if name == "bigcommerce" and "products" not in changes:
        shown["products"] = sample("bigcommerce/api_order_products")
    assert here.fetch is not None
    return read_shape(here, here.fetch.shape, shown, RECEIVED_AT)


def order(name: str, **changes: object) -> OrderEvent:
    event = as_read(name, **changes)
    assert isinstance(event, OrderEvent)
    return event


@pytest.mark.parametrize(
    ("path", "order_id"),
    [
        ("bigcommerce/order_updated", "250"),
        ("bigcommerce/order_refund_created", "250"),
        ("squarespace/order_create", "585d498fdee9f31a60284a37"),
        ("squarespace/order_update", "585d498fdee9f31a60284a37"),
        ("ecwid/order_updated", "XJ12H"),
        ("ecwid/order_deleted", "XJ12H"),
    ],
)
def test_a_webhook_hints_at_an_order_and_says_nothing_else(path: str, order_id: str) -> None:
    assert read_body(path.partition("/")[0], sample(path)) == Hint(order_id)


@pytest.mark.parametrize(
    ("path", "changes", "reason"),
    [
        ("bigcommerce/order_updated", {"scope": "store/shipment/created"}, "told-by-another-topic"),
        ("bigcommerce/order_updated", {"scope": "store/product/updated"}, "topic-ignored"),
        ("squarespace/order_update", {"topic": "extension.uninstall"}, "topic-ignored"),
        ("ecwid/order_updated", {"eventType": "unfinished_order.updated"}, "draft-order"),
    ],
)
def test_an_event_about_something_else_hints_at_nothing(path: str, changes: dict[str, str], reason: str) -> None:
    assert read_body(path.partition("/")[0], sample(path) | changes) == Ignored(reason)  # type: ignore[arg-type]  # one of them


# --- BigCommerce ------------------------------------------------------------------------------------------------------


def test_a_bigcommerce_order_says_who_bought_what() -> None:
    event = order("bigcommerce")

    assert event.subject_id == "250"
    assert event.updated_at == at("2026-01-05T09:00:10Z")
    assert event.details == OrderDetails(
        **ANNA,
        number="250",
        language="pl",
        currency="PLN",
        channel="www",
        customer_id="11",
        consent=True,
        consent_source="bigcommerce is_email_opt_in",
    )


@pytest.mark.parametrize(
    ("status_id", "happened", "standing"),
    [
        (1, {"placed"}, "live"),
        (7, {"placed"}, "live"),
        (11, {"placed", "paid"}, "live"),
        (9, {"placed", "paid"}, "live"),
        (3, {"placed", "paid"}, "live"),
        (2, {"placed", "paid", "fulfilled"}, "live"),
        (10, {"placed", "paid", "fulfilled"}, "live"),
        (12, {"placed"}, "live"),
        (5, {"placed"}, "cancelled"),
        (6, {"placed"}, "cancelled"),
        (4, {"placed"}, "refunded"),
        (14, {"placed", "paid"}, "partly-refunded"),
    ],
)
def test_a_bigcommerce_status_means_what_the_page_says(status_id: int, happened: set[str], standing: str) -> None:
    event = order("bigcommerce", status_id=status_id)

    assert set(event.happened) == happened
    assert event.standing == standing


def test_a_bigcommerce_order_is_fulfilled_when_it_was_shipped() -> None:
    assert order("bigcommerce").happened["fulfilled"] == at("2026-01-05T09:00:00Z")


def test_a_bigcommerce_checkout_that_was_left_is_no_order() -> None:
    assert as_read("bigcommerce", status_id=0) == Ignored("draft-order")


def test_an_archived_bigcommerce_order_is_cancelled() -> None:
    assert order("bigcommerce", is_deleted=True).standing == "cancelled"


def test_a_guest_of_bigcommerce_is_nobodys_customer_number() -> None:
    assert details(order("bigcommerce", customer_id=0)).customer_id is None


def test_a_bigcommerce_order_of_gift_certificates_says_so() -> None:
    certificate = {"name": "Gift certificate", "type": "giftcertificate", "quantity": 1}

    alone = order("bigcommerce", products=[certificate])
    with_a_tent = order("bigcommerce", products=[certificate, *sample("bigcommerce/api_order_products")])

    assert (details(alone).gift_cards_only, details(with_a_tent).gift_cards_only) == (True, False)


# --- Squarespace ------------------------------------------------------------------------------------------------------


def test_a_squarespace_order_says_who_bought_what() -> None:
    event = order("squarespace")

    assert event.happened == {
        "placed": at("2026-01-03T10:00:00Z"),
        "paid": at("2026-01-03T10:00:00Z"),
        "fulfilled": at("2026-01-05T09:00:00Z"),
    }
    assert event.details == OrderDetails(**ANNA, number="1001", currency="PLN", channel="web", delivery="Kurier")


@pytest.mark.parametrize(
    ("changes", "standing"),
    [
        ({"fulfillmentStatus": "PENDING"}, "live"),
        ({"fulfillmentStatus": "CANCELED"}, "cancelled"),
        ({"refundedTotal": {"currency": "PLN", "value": "99.80"}}, "refunded"),
        ({"refundedTotal": {"currency": "PLN", "value": "20.00"}}, "partly-refunded"),
        ({"refundedTotal": None}, "live"),
    ],
)
def test_a_squarespace_order_stands_as_it_says(changes: dict[str, object], standing: str) -> None:
    assert order("squarespace", **changes).standing == standing


def test_a_pending_squarespace_order_is_not_fulfilled() -> None:
    assert set(order("squarespace", fulfillmentStatus="PENDING").happened) == {"placed", "paid"}


def test_a_test_order_of_squarespace_says_so() -> None:
    assert details(order("squarespace", testmode=True)).test


# --- Ecwid ------------------------------------------------------------------------------------------------------------


def test_an_ecwid_order_says_who_bought_what() -> None:
    event = order("ecwid")

    assert event.updated_at == at("2026-01-05T09:00:10Z")
    assert event.details == OrderDetails(
        **ANNA,
        number="XJ12H",
        language="pl",
        delivery="Kurier",
        customer_id="15319410",
        consent=True,
        consent_source="ecwid acceptMarketing",
    )


@pytest.mark.parametrize(
    ("payment", "fulfillment", "happened", "standing"),
    [
        ("AWAITING_PAYMENT", "AWAITING_PROCESSING", {"placed"}, "live"),
        ("PAID", "PROCESSING", {"placed", "paid"}, "live"),
        ("PAID", "READY_FOR_PICKUP", {"placed", "paid"}, "live"),
        ("PAID", "OUT_FOR_DELIVERY", {"placed", "paid", "fulfilled"}, "live"),
        ("PAID", "DELIVERED", {"placed", "paid", "fulfilled", "delivered"}, "live"),
        ("CANCELLED", "AWAITING_PROCESSING", {"placed"}, "cancelled"),
        ("PAID", "WILL_NOT_DELIVER", {"placed", "paid"}, "cancelled"),
        ("PAID", "RETURNED", {"placed", "paid"}, "cancelled"),
        ("REFUNDED", "DELIVERED", {"placed", "fulfilled", "delivered"}, "refunded"),
        ("PARTIALLY_REFUNDED", "SHIPPED", {"placed", "paid", "fulfilled"}, "partly-refunded"),
    ],
)
def test_an_ecwid_status_means_what_the_page_says(
    payment: str, fulfillment: str, happened: set[str], standing: str
) -> None:
    event = order("ecwid", paymentStatus=payment, fulfillmentStatus=fulfillment)

    assert (set(event.happened), event.standing) == (happened, standing)


def test_an_ecwid_cart_that_was_left_is_no_order() -> None:
    assert as_read("ecwid", paymentStatus="INCOMPLETE") == Ignored("draft-order")
