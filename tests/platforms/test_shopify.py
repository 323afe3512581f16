"""Shopify: orders, parcels, refunds and the test notification mean what they say."""

from decimal import Decimal

import pytest

from cx_domain.errors import BadField
from cx_domain.orders import Happening, Item, OrderDetails, OrderEvent
from infra.platforms import Ignored
from tests.platforms.payloads import at, details, read_body, read_order, sample

SHOPIFY_ID = "5678901234567890123"
CANCELLED_BARE = {"id": 1001, "name": "#1001", "updated_at": "2026-01-05T10:00:00+01:00"}


@pytest.mark.parametrize(
    ("name", "topic", "happened", "standing"),
    [
        ("orders_create", "orders/create", {"placed": "2026-01-03T10:00:00Z", "paid": "2026-01-03T10:00:05Z"}, "live"),
        (
            "orders_fulfilled",
            "orders/fulfilled",
            {"placed": "2026-01-03T10:00:00Z", "paid": "2026-01-05T09:00:03Z", "fulfilled": "2026-01-05T09:00:00Z"},
            "live",
        ),
        (
            "orders_updated_delivered",
            "orders/updated",
            {
                "placed": "2026-01-03T10:00:00Z",
                "paid": "2026-01-07T14:30:10Z",
                "fulfilled": "2026-01-05T09:00:00Z",
                "delivered": "2026-01-07T14:30:00Z",
            },
            "live",
        ),
        ("orders_cancelled", "orders/cancelled", {"placed": "2026-01-03T10:00:00Z"}, "cancelled"),
        (
            "orders_updated_refunded",
            "orders/updated",
            {"placed": "2026-01-03T10:00:00Z", "fulfilled": "2026-01-05T09:00:00Z"},
            "refunded",
        ),
    ],
)
def test_a_shopify_order_says_what_happened_to_it(
    name: str, topic: str, happened: dict[str, str], standing: str
) -> None:
    event = read_order("shopify", sample(f"shopify/{name}"), topic)

    assert event.subject_id == SHOPIFY_ID
    assert event.happened == {happening: at(text) for happening, text in happened.items()}
    assert event.standing == standing


def test_a_shopify_order_says_who_bought_what() -> None:
    event = read_order("shopify", sample("shopify/orders_create"), "orders/create")

    assert event.details == OrderDetails(
        number="#1001",
        email="anna.kowalska@example.test",
        first_name="Anna",
        language="pl",
        country="PL",
        currency="PLN",
        total=Decimal("99.80"),
        items=(Item(title="Tent Ætna 2", sku="T-1"),),
        channel="web",
        delivery="Kurier",
        customer_id="7012345678901",
        tags=(("first", "yes"), ("spring", "yes")),
        consent=True,
        consent_source="shopify buyer_accepts_marketing",
    )


@pytest.mark.parametrize(
    ("gift_cards", "only"), [([True], True), ([True, True], True), ([True, False], False), ([None], False), ([], False)]
)
def test_a_shopify_order_of_gift_cards_says_so_on_every_line(gift_cards: list[bool | None], only: bool) -> None:
    lines = [{"title": "Gift card", "gift_card": gift_card} for gift_card in gift_cards]

    event = read_order("shopify", sample("shopify/orders_create") | {"line_items": lines})

    assert details(event).gift_cards_only == only


def test_shopifys_test_notification_is_an_order_that_says_so() -> None:
    event = read_order("shopify", sample("shopify/test_notification"), "orders/fulfilled")

    assert details(event).test
    assert event.standing == "cancelled"


@pytest.mark.parametrize(
    ("written", "tags"),
    [("first, spring", ("first", "spring")), ("", ()), (None, ()), (" , vip ,,", ("vip",)), ("x," * 5000, ("x",))],
)
def test_an_orders_tags_are_segments(written: str | None, tags: tuple[str, ...]) -> None:
    body = sample("shopify/orders_create") | {"tags": written}

    assert details(read_order("shopify", body, "orders/create")).tags == tuple((tag, "yes") for tag in tags)


def test_tags_that_are_no_text_are_told_by_their_path() -> None:
    with pytest.raises(BadField, match=r"^tags: must be words with commas between"):
        read_body("shopify", sample("shopify/orders_create") | {"tags": ["vip"]}, "orders/create")


def test_an_order_that_was_sold_in_a_store_may_have_nobody_to_ask() -> None:
    body = sample("shopify/orders_fulfilled") | {
        "email": "",
        "contact_email": None,
        "customer": None,
        "source_name": "pos",
    }

    event = read_order("shopify", body, "orders/fulfilled")

    assert (details(event).email, details(event).channel) == (None, "pos")


def test_a_parcel_that_arrived_tells_of_delivery_and_of_nothing_else() -> None:
    event = read_order("shopify", sample("shopify/fulfillment_events_create_delivered"), "fulfillment_events/create")

    assert event == OrderEvent(
        SHOPIFY_ID, at("2026-01-07T14:30:00Z"), {"delivered": at("2026-01-07T14:30:00Z")}, None, None
    )


def test_a_parcel_on_its_way_is_no_news() -> None:
    body = sample("shopify/fulfillment_events_create_delivered") | {"status": "in_transit"}

    assert read_body("shopify", body, "fulfillment_events/create") == Ignored("not-delivered-yet")


def test_one_parcel_of_two_is_not_a_delivered_order() -> None:
    body = sample("shopify/orders_updated_delivered")
    body["fulfillments"].append({**body["fulfillments"][0], "shipment_status": "in_transit"})

    assert "delivered" not in read_order("shopify", body, "orders/updated").happened


def test_a_parcel_that_was_called_off_does_not_hold_up_the_delivery_of_the_other() -> None:
    body = sample("shopify/orders_updated_delivered")
    called_off = {**body["fulfillments"][0], "status": "cancelled", "shipment_status": None}
    called_off |= {"created_at": "2026-01-05T12:00:00+01:00", "updated_at": "2026-01-05T13:00:00+01:00"}
    body["fulfillments"].append(called_off)

    event = read_order("shopify", body, "orders/updated")

    assert event.happened["fulfilled"] == at("2026-01-05T09:00:00Z")
    assert event.happened["delivered"] == at("2026-01-07T14:30:00Z")


def test_a_refund_of_shopify_waits_for_the_order_that_tells_how_much() -> None:
    assert read_body("shopify", sample("shopify/refunds_create"), "refunds/create") == Ignored("told-by-another-topic")


def test_a_part_of_a_shopify_order_that_was_refunded_is_a_part() -> None:
    body = sample("shopify/orders_updated_refunded") | {"financial_status": "partially_refunded"}

    event = read_order("shopify", body, "orders/updated")

    assert event.standing == "partly-refunded"
    assert "paid" in event.happened


def test_a_shopify_order_by_phone_has_no_address() -> None:
    body = sample("shopify/orders_create") | {"email": "", "contact_email": None, "customer": None}

    event = read_order("shopify", body, "orders/create")

    assert (details(event).email, details(event).first_name) == (None, "Anna")


def test_a_deleted_shopify_order_is_cancelled() -> None:
    event = read_order("shopify", {"id": 5678901234567890123}, "orders/delete")

    assert (event.subject_id, event.standing) == (SHOPIFY_ID, "cancelled")


@pytest.mark.parametrize(
    ("topic", "happening"), [("orders/create", "placed"), ("orders/paid", "paid"), ("orders/fulfilled", "fulfilled")]
)
def test_a_topic_means_what_it_says_also_where_the_body_does_not(topic: str, happening: Happening) -> None:
    bare = {
        "id": 1001,
        "name": "#1001",
        "updated_at": "2026-01-05T10:00:00+01:00",
        "financial_status": None,
        "fulfillment_status": None,
    }

    event = read_order("shopify", bare, topic)

    assert event.happened[happening] == at("2026-01-05T09:00:00Z")


def test_a_cancellation_is_one_also_where_the_body_does_not_say_when() -> None:
    assert read_order("shopify", CANCELLED_BARE, "orders/cancelled").standing == "cancelled"
