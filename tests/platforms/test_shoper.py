"""Shoper: as far as other people's code tells."""

import json

import pytest

from cx_domain.orders import OrderEvent
from cx_domain.signatures import Delivery
from infra.platforms import Ignored, platform, read
from tests.platforms.payloads import RECEIVED_AT, details, read_body, read_order, sample

ORDER = "shoper/order_status"


def test_a_shoper_order_counts_as_of_when_it_arrives_for_its_dates_have_no_zone() -> None:
    event = read_order("shoper", sample(ORDER), "order.status")

    assert (event.subject_id, event.updated_at) == ("1001", RECEIVED_AT)
    assert event.happened == {"placed": RECEIVED_AT, "paid": RECEIVED_AT}
    assert (details(event).email, details(event).country, details(event).currency) == ("anna@example.com", "PL", "PLN")
    assert [(item.title, item.sku, item.quantity) for item in details(event).items] == [("Namiot Ætna 2", "T-1", 1)]


@pytest.mark.parametrize("number", ["4", 4])
@pytest.mark.parametrize(("meaning", "happened"), [("fulfilled", True), ("placed", False)])
def test_the_shop_says_which_of_its_statuses_means_sent(number: object, meaning: str, happened: bool) -> None:
    here = platform("shoper")
    body = json.dumps(sample(ORDER) | {"status_id": number}).encode()

    event = read(here, Delivery(body, here.test_headers("order.status")), RECEIVED_AT, {"4": meaning})

    assert isinstance(event, OrderEvent)
    assert ("fulfilled" in event.happened) == happened


def test_an_unpaid_order_is_placed_and_nothing_else() -> None:
    assert set(read_order("shoper", sample("shoper/order_create"), "order.create").happened) == {"placed"}


def test_a_deleted_order_is_cancelled() -> None:
    assert read_order("shoper", {"order_id": 1001}, "order.delete").standing == "cancelled"


def test_what_is_about_no_order_is_passed_over() -> None:
    assert read_body("shoper", {"product_id": 1}, "product.edit") == Ignored("topic-ignored")
