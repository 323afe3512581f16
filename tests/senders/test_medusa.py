"""The subscriber for Medusa, in a Medusa of stand-ins (play_medusa.mjs), against the real order webhook."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.senders.endpoint import Endpoint
from tests.senders.programs import PLATFORMS, SECRET, run


def tent(**detail: int) -> dict[str, Any]:
    return {
        "variant_sku": "T-1",
        "product_title": "Namiot Żbik",
        "product_type": "Namioty",
        "quantity": 1,
        "detail": {"shipped_quantity": 1, "delivered_quantity": 1} | detail,
    }


ORDER = {
    "id": "order_01JH",
    "display_id": 1001,
    "email": "anna@example.com",
    "currency_code": "pln",
    "total": 99.8,
    "customer_id": "cus_01JH",
    "created_at": "2026-01-03T10:00:00.000Z",
    "billing_address": {"first_name": "Anna", "country_code": "pl"},
    "shipping_methods": [{"name": "Courier"}],
    "sales_channel": {"name": "Web"},
    "items": [tent()],
}


def medusa(
    endpoint: Endpoint, folder: Path, *events: tuple[str, str], order: dict[str, Any] = ORDER, secret: str = SECRET
) -> "subprocess.CompletedProcess[str]":
    """Let Medusa emit these events, each with the id that comes with it."""
    database = {
        "order": [order],
        "order_fulfillment": [{"order_id": order["id"], "fulfillment_id": "ful_01JH"}],
        "payment": [{"id": "pay_01JH", "payment_collection": {"order": {"id": order["id"]}}}],
    }
    # As a file of a project whose modules are ECMAScript's.
    subscriber = shutil.copy(PLATFORMS / "medusa" / "afterorder.js", folder / "afterorder.mjs")
    settings = {"AFTERORDER_URL": endpoint.url, "AFTERORDER_SECRET": secret, "AFTERORDER_PAUSES": "0,0"}
    given = json.dumps({"database": database, "events": events})
    return run("node", Path(__file__).with_name("play_medusa.mjs"), subscriber, settings=settings, given=given)


def test_an_order_on_its_way_is_told_step_by_step(endpoint: Endpoint, tmp_path: Path) -> None:
    done = medusa(
        endpoint,
        tmp_path,
        ("order.placed", "order_01JH"),
        ("payment.captured", "pay_01JH"),
        ("shipment.created", "ful_01JH"),
        ("delivery.created", "ful_01JH"),
        ("order.completed", "order_01JH"),
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert endpoint.types() == ["order.placed", "order.paid", "order.fulfilled", "order.delivered", "order.fulfilled"]
    assert endpoint.world.survey("order_01JH").stage == "planned"


def test_the_order_is_told_in_the_words_of_the_standard_webhook(endpoint: Endpoint, tmp_path: Path) -> None:
    medusa(endpoint, tmp_path, ("order.placed", "order_01JH"))

    data = endpoint.posts[0].event["data"]
    assert data.pop("updated_at").endswith("Z")
    assert data == {
        "id": "order_01JH",
        "number": "1001",
        "email": "anna@example.com",
        "first_name": "Anna",
        "language": None,
        "country": "PL",
        "currency": "PLN",
        "total": "99.80",
        "items": [{"sku": "T-1", "title": "Namiot Żbik", "category": "Namioty", "quantity": 1}],
        "channel": "Web",
        "delivery": "Courier",
        "customer_id": "cus_01JH",
        "placed_at": "2026-01-03T10:00:00.000Z",
    }


def test_a_cancelled_order_is_not_asked_about(endpoint: Endpoint, tmp_path: Path) -> None:
    medusa(endpoint, tmp_path, ("shipment.created", "ful_01JH"), ("order.canceled", "order_01JH"))

    assert endpoint.world.survey("order_01JH").reason == "cancelled"


@pytest.mark.parametrize(
    ("event", "missing"), [("shipment.created", "shipped_quantity"), ("delivery.created", "delivered_quantity")]
)
def test_the_first_of_two_parcels_is_not_told(endpoint: Endpoint, tmp_path: Path, event: str, missing: str) -> None:
    medusa(endpoint, tmp_path, (event, "ful_01JH"), order=ORDER | {"items": [tent(), tent(**{missing: 0})]})

    assert endpoint.posts == []


def test_what_failed_is_tried_again_with_the_same_id(endpoint: Endpoint, tmp_path: Path) -> None:
    endpoint.troubles += [503]

    medusa(endpoint, tmp_path, ("shipment.created", "ful_01JH"))

    assert [(post.message_id, post.status) for post in endpoint.posts] == [
        ("msg_shipment.created_ful_01JH", 503),
        ("msg_shipment.created_ful_01JH", 200),
    ]
    assert endpoint.posts[0].body == endpoint.posts[1].body


def test_when_all_tries_fail_the_event_bus_is_told(endpoint: Endpoint, tmp_path: Path) -> None:
    endpoint.troubles += [503, 503, 503]

    done = medusa(endpoint, tmp_path, ("order.placed", "order_01JH"))

    assert (done.returncode, len(endpoint.posts)) == (1, 3)
    assert "msg_order.placed_order_01JH was not taken: 503" in done.stderr


def test_a_wrong_secret_is_logged_and_not_repeated(endpoint: Endpoint, tmp_path: Path) -> None:
    wrong = "whsec_c29tZWJvZHkgZWxzZSdzIHNlY3JldCBpdCBpcyE="

    done = medusa(endpoint, tmp_path, ("order.placed", "order_01JH"), secret=wrong)

    assert (done.returncode, len(endpoint.posts)) == (0, 1)
    assert "was not taken: 401" in done.stdout


def test_a_shipment_of_no_order_is_passed_over(endpoint: Endpoint, tmp_path: Path) -> None:
    done = medusa(endpoint, tmp_path, ("shipment.created", "ful_elsewhere"))

    assert (done.returncode, endpoint.posts) == (0, [])
