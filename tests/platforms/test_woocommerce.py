"""WooCommerce: what a real shop sent verifies, and means what it says."""

from datetime import datetime
from decimal import Decimal

import pytest

from cx_domain.errors import BadSignature
from cx_domain.orders import Item, OrderDetails, OrderEvent
from cx_domain.signatures import Delivery, verify
from infra.platforms import Ignored, is_ping, platform, read
from tests.platforms.payloads import RECEIVED_AT, at, captured, details, read_body, read_order, woocommerce_order

CAPTURED_SECRET = 'it\'s "a" <secret> & co'
CAPTURES = ["order_created_pending", "order_updated_processing", "order_updated_completed"]


@pytest.mark.parametrize("name", CAPTURES)
def test_what_a_real_woocommerce_signed_verifies(name: str) -> None:
    verify(platform("woocommerce").scheme, [CAPTURED_SECRET], captured(name), RECEIVED_AT)


@pytest.mark.parametrize("name", CAPTURES)
def test_what_a_real_woocommerce_signed_does_not_verify_with_the_escaped_secret(name: str) -> None:
    escaped = "it&#039;s &quot;a&quot; &lt;secret&gt; &amp; co"

    with pytest.raises(BadSignature):
        verify(platform("woocommerce").scheme, [escaped], captured(name), RECEIVED_AT)


@pytest.mark.parametrize(
    ("name", "happened"),
    [
        ("order_created_pending", {"placed": at("2026-11-21T23:28:13Z")}),
        ("order_updated_processing", {"placed": at("2026-11-21T23:28:13Z"), "paid": at("2026-11-21T23:28:32Z")}),
        (
            "order_updated_completed",
            {
                "placed": at("2026-11-21T23:28:13Z"),
                "paid": at("2026-11-21T23:28:32Z"),
                "fulfilled": at("2026-11-21T23:28:34Z"),
            },
        ),
    ],
)
def test_a_real_woocommerce_order_is_placed_then_paid_then_fulfilled(name: str, happened: dict[str, datetime]) -> None:
    event = read(platform("woocommerce"), captured(name), RECEIVED_AT)

    assert isinstance(event, OrderEvent)
    assert (event.subject_id, event.standing, event.happened) == ("11", "live", happened)


def test_a_real_woocommerce_order_says_who_bought_what() -> None:
    event = read(platform("woocommerce"), captured("order_updated_completed"), RECEIVED_AT)

    assert isinstance(event, OrderEvent)
    assert event.updated_at == at("2026-11-21T23:28:34Z")
    assert event.details == OrderDetails(
        number="11",
        email="anna.kowalska@example.test",
        first_name="Anna",
        country="PL",
        currency="EUR",
        total=Decimal("99.80"),
        items=(Item(title="Kawa ziarnista 1 kg — Ætna", sku="COF-1KG", quantity=2),),
        channel="checkout",
    )


def test_the_real_ping_is_known() -> None:
    assert is_ping(platform("woocommerce"), captured("ping"))


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"x-wc-webhook-id": "1"}, b"webhook_id=1"),
        ({}, b"webhook_id=1&x=2"),
        ({}, b"webhook_id="),
        ({}, b"webhook_id=1\n"),
        ({}, b'{"id": 11}'),
        ({}, b""),
    ],
)
def test_nothing_else_passes_for_a_ping(headers: dict[str, str], body: bytes) -> None:
    assert not is_ping(platform("woocommerce"), Delivery(body, headers))


@pytest.mark.parametrize("name", ["shopify", "standard"])
def test_only_woocommerce_pings(name: str) -> None:
    assert not is_ping(platform(name), captured("ping"))


@pytest.mark.parametrize(
    ("status", "standing"),
    [
        ("cancelled", "cancelled"),
        ("failed", "cancelled"),
        ("trash", "cancelled"),
        ("refunded", "refunded"),
        ("on-hold", "live"),
        ("shipped", "live"),
    ],
)
def test_a_woocommerce_status_says_how_the_order_stands(status: str, standing: str) -> None:
    event = read_order("woocommerce", woocommerce_order(status=status))

    assert event.standing == standing
    assert "fulfilled" not in event.happened


def test_a_woocommerce_order_whose_refunds_sum_to_its_total_is_refunded_whatever_its_status() -> None:
    halves = [{"id": 1, "total": "-49.90"}, {"id": 2, "total": "-49.90"}]

    whole = read_order("woocommerce", woocommerce_order(status="completed", total="99.80", refunds=halves))
    half = read_order("woocommerce", woocommerce_order(status="completed", total="99.80", refunds=halves[:1]))

    assert (whole.standing, half.standing) == ("refunded", "partly-refunded")


@pytest.mark.parametrize(
    "refunds", ["all", [{}], [{"total": "much"}], [None], [{"total": "0.00"}], {"total": "-99.80"}, 7]
)
def test_refunds_that_cannot_be_read_are_no_refund(refunds: object) -> None:
    assert read_order("woocommerce", woocommerce_order(status="completed", refunds=refunds)).standing == "live"


def test_a_woocommerce_order_paid_on_delivery_is_paid_when_it_is_processed() -> None:
    event = read_order(
        "woocommerce", woocommerce_order(status="processing", date_paid_gmt=None, date_completed_gmt=None)
    )

    assert event.happened["paid"] == event.updated_at


def test_a_quantity_that_a_plugin_wrote_as_text_is_no_reason_to_lose_the_order() -> None:
    body = woocommerce_order()
    body["line_items"][0]["quantity"] = "2"

    assert details(read_order("woocommerce", body)).items[0].quantity == 2


def test_a_draft_of_the_woocommerce_checkout_is_no_order() -> None:
    assert read_body("woocommerce", woocommerce_order(status="checkout-draft")) == Ignored("draft-order")


def test_a_deleted_woocommerce_order_is_cancelled() -> None:
    event = read_order("woocommerce", {"id": 11}, "order.deleted")

    assert event == OrderEvent("11", RECEIVED_AT, {}, "cancelled", None)


def test_a_customised_action_of_woocommerce_is_passed_over() -> None:
    body = {"action": "woocommerce_order_status_completed", "arg": 11}

    assert read_body("woocommerce", body, "action.woocommerce_order_status_completed") == Ignored("topic-ignored")


def test_wpml_tells_the_language_of_a_woocommerce_order() -> None:
    meta = [{"id": 1, "key": "_other", "value": {"a": 1}}, {"id": 2, "key": "wpml_language", "value": "pl"}]

    event = read_order("woocommerce", woocommerce_order(meta_data=meta))

    assert details(event).language == "pl"


def test_a_registered_customer_of_woocommerce_has_an_id_and_a_guest_has_none() -> None:
    guest = read_order("woocommerce", woocommerce_order(customer_id=0))
    registered = read_order("woocommerce", woocommerce_order(customer_id=7))

    assert (details(guest).customer_id, details(registered).customer_id) == (None, "7")
