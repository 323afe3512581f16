"""The PrestaShop module as it is packed, in a shop of stand-ins (php/prestashop.php), against the real order webhook."""

import html
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.functions.world import World
from tests.senders.endpoint import Endpoint
from tests.senders.programs import SECRET
from tests.senders.shops import Event, Shop, installed

AWAITING, PAID, PREPARING, SENT_OUT, DELIVERED, CANCELLED, REFUNDED = "1", "2", "3", "4", "5", "6", "7"

ACME = {
    "OrderState": {
        AWAITING: {"name": "Awaiting bank wire", "paid": "0", "shipped": "0"},
        PAID: {"name": "Payment accepted", "paid": "1", "shipped": "0"},
        PREPARING: {"name": "Processing", "paid": "1", "shipped": "0"},
        SENT_OUT: {"name": "Shipped", "paid": "1", "shipped": "1"},
        DELIVERED: {"name": "Delivered", "paid": "1", "shipped": "1"},
        CANCELLED: {"name": "Canceled", "paid": "0", "shipped": "0"},
        REFUNDED: {"name": "Refunded", "paid": "0", "shipped": "0"},
    },
    "Order": {
        "1001": {
            "reference": "XKBKNABJK",
            "id_shop": "1",
            "id_customer": "7",
            "id_address_invoice": "3",
            "id_lang": "2",
            "id_currency": "1",
            "id_carrier": "4",
            "total_paid_tax_incl": "99.800000",
            "date_add": datetime.now(UTC).strftime("%Y-01-03 11:00:00"),
            "lines": [
                {
                    "product_reference": "T-1",
                    "product_name": 'Namiot "Żbik" <2 os.> O\'Hara',
                    "product_quantity": "1",
                    "id_category_default": "9",
                }
            ],
        }
    },
    "Customer": {
        "7": {
            "email": "anna@example.com",
            "firstname": "Anna",
            "newsletter": "1",
            "newsletter_date_add": "2025-07-01 12:00:00",
        }
    },
    "Address": {"3": {"id_country": "14"}},
    "Language": {"1": {"iso_code": "en"}, "2": {"iso_code": "pl"}},
    "Currency": {"1": {"iso_code": "PLN"}},
    "Carrier": {"4": {"name": "Paczkomat"}},
    "Category": {"9": {"name": "Namioty"}},
}

INSTALL: Event = ("install", {})
CRON: Event = ("cron", {})


def becomes(state: str, order: str = "1001") -> Event:
    return "state", {"order": order, "state": state}


def connect(endpoint: Endpoint, **changes: Any) -> Event:
    chosen = {
        "AFTERORDER_URL": endpoint.url,
        "AFTERORDER_SECRET": SECRET,
        "AFTERORDER_DELIVERED": [DELIVERED],
        "AFTERORDER_CANCELLED": [CANCELLED],
        "AFTERORDER_REFUNDED": [REFUNDED],
    }
    return "settings", {"submitAfterorder": "1", **chosen, **changes}


@pytest.fixture
def shop(endpoint: Endpoint, tmp_path: Path) -> Shop:
    """Installed and connected."""
    shop = installed("prestashop", tmp_path, ACME)
    shop.request(INSTALL, connect(endpoint))
    return shop


# --- what is told ------------------------------------------------------------------------------------------------------


def test_an_order_on_its_way_through_the_shop_is_told_step_by_step(shop: Shop, endpoint: Endpoint) -> None:
    shop.request(("validated", {"order": "1001", "state": AWAITING}), becomes(AWAITING))
    shop.request(becomes(PAID), becomes(PREPARING))
    shop.request(becomes(SENT_OUT), becomes(DELIVERED))

    (said,) = shop.request(CRON)

    assert endpoint.types() == ["order.placed", "order.paid", "order.fulfilled", "order.delivered"]
    assert said == "found 0, delivered 4 of 4"
    assert endpoint.world.survey().stage == "planned"


def test_the_order_is_told_in_the_words_of_the_standard_webhook(shop: Shop, endpoint: Endpoint) -> None:
    shop.request(becomes(SENT_OUT), CRON)

    data = endpoint.posts[-1].event["data"]
    assert data.pop("updated_at").endswith("Z")
    assert data.pop("placed_at").endswith("-01-03T11:00:00+01:00")
    assert data == {
        "id": "1001",
        "number": "XKBKNABJK",
        "email": "anna@example.com",
        "first_name": "Anna",
        "language": "pl",
        "country": "PL",
        "currency": "PLN",
        "total": "99.80",
        "items": [{"sku": "T-1", "title": 'Namiot "Żbik" <2 os.> O\'Hara', "category": "Namioty", "quantity": 1}],
        "delivery": "Paczkomat",
        "customer_id": "7",
        "consent": True,
        "consent_at": "2025-07-01T12:00:00+02:00",
    }


def test_an_order_that_skips_states_has_everything_told(shop: Shop, endpoint: Endpoint) -> None:
    shop.request(becomes(DELIVERED), CRON)

    assert endpoint.types() == ["order.paid", "order.fulfilled", "order.delivered"]


@pytest.mark.parametrize(("state", "reason"), [(CANCELLED, "cancelled"), (REFUNDED, "refunded")])
def test_an_order_that_is_stopped_is_not_asked_about(
    shop: Shop, endpoint: Endpoint, world: World, state: str, reason: str
) -> None:
    shop.request(becomes(SENT_OUT), CRON)
    world.at(datetime.fromtimestamp(datetime.now(UTC).timestamp() + 60, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))

    shop.request(becomes(state), CRON)

    assert endpoint.types()[-1] == f"order.{reason}"
    assert (world.survey().stage, world.survey().reason) == ("refused", reason)


def test_an_order_that_comes_back_to_life_is_told_again(shop: Shop, endpoint: Endpoint) -> None:
    shop.request(becomes(PAID), becomes(CANCELLED), becomes(PAID), becomes(CANCELLED), becomes(CANCELLED), CRON)

    assert endpoint.types() == ["order.paid", "order.cancelled", "order.paid", "order.cancelled"]


def test_an_order_that_a_payment_module_moved_without_a_word_is_found(shop: Shop, endpoint: Endpoint) -> None:
    (said,) = shop.request(("unnoticed", {"order": "1001", "state": PAID}), CRON)

    assert (said, endpoint.types()) == ("found 1, delivered 1 of 1", ["order.paid"])


def test_what_a_hook_told_is_not_found_again(shop: Shop, endpoint: Endpoint) -> None:
    shop.request(("unnoticed", {"order": "1001", "state": PAID}), becomes(PAID), ("history", becomes(PAID)[1]), CRON)
    (said,) = shop.request(CRON)

    assert (said, endpoint.types()) == ("found 0, delivered 0 of 0", ["order.paid"])


# --- a queue that loses nothing, and stops no order --------------------------------------------------------------------


def test_the_order_itself_waits_for_no_delivery(shop: Shop, endpoint: Endpoint) -> None:
    shop.request(becomes(PAID))

    assert endpoint.posts == []
    assert [message["state"] for message in shop.messages()] == ["waiting"]


def test_under_fpm_it_is_delivered_as_soon_as_the_customer_has_the_page(shop: Shop, endpoint: Endpoint) -> None:
    said = shop.request(("under FPM", {}), becomes(PAID), becomes(SENT_OUT))

    assert said == ["the customer has the page"]
    assert endpoint.types() == ["order.paid", "order.fulfilled"]


def test_what_failed_is_tried_again_later_with_the_same_id(shop: Shop, endpoint: Endpoint) -> None:
    endpoint.troubles += [503]
    shop.request(becomes(SENT_OUT), CRON)
    too_early = [post.status for post in endpoint.posts]

    shop.request(("time passes", {"seconds": 60}), CRON)

    assert too_early == [503]
    assert [post.status for post in endpoint.posts] == [503, 200, 200]
    assert endpoint.posts[1].message_id == endpoint.posts[0].message_id
    assert endpoint.posts[1].body == endpoint.posts[0].body
    assert len(endpoint.world.items()) == 1


def test_what_was_delivered_is_kept_without_the_customer(shop: Shop) -> None:
    shop.request(becomes(PAID), CRON)

    (message,) = shop.messages()
    assert (message["state"], message["body"], message["said"]) == ("told", "", "")


def test_a_wrong_secret_is_shown_and_what_waits_goes_out_when_it_is_corrected(shop: Shop, endpoint: Endpoint) -> None:
    shop.request(connect(endpoint, AFTERORDER_SECRET="whsec_c29tZWJvZHkgZWxzZSdzIHNlY3JldCBpdCBpcyE="))
    shop.request(becomes(PAID), CRON)
    (message,) = shop.messages()

    shop.request(connect(endpoint), ("time passes", {"seconds": 60}), CRON)

    assert message["said"].startswith("401: refused; check the secret")
    assert [post.status for post in endpoint.posts] == [401, 200]


def test_a_body_that_is_refused_is_not_sent_again(shop: Shop, endpoint: Endpoint) -> None:
    endpoint.troubles += [400]
    shop.request(becomes(PAID), CRON)

    shop.request(("time passes", {"seconds": 1_000_000}), CRON)

    (message,) = shop.messages()
    assert (message["state"], message["body"], len(endpoint.posts)) == ("lost", "", 1)


def test_trouble_in_the_module_is_logged_and_the_order_goes_on(shop: Shop) -> None:
    done = shop.play(("database breaks", {}), becomes(PAID))

    assert done.returncode == 0
    assert "afterorder: PDOException: " in done.stderr


# --- its page, and its address for the cron ----------------------------------------------------------------------------


def test_the_button_sends_a_signed_test_that_plans_nothing(shop: Shop, endpoint: Endpoint) -> None:
    said = " ".join(shop.request(("settings", {"testAfterorder": "1"})))

    assert "It arrived, and its signature is good." in said
    assert json.loads(endpoint.posts[0].body)["type"] == "afterorder.test"
    assert endpoint.world.items() == []


def test_the_secret_is_never_put_into_the_page(shop: Shop) -> None:
    page = " ".join(shop.request(("settings", {})))

    assert "AFTERORDER_SECRET" in page
    assert SECRET not in html.unescape(page)


def test_an_empty_secret_leaves_the_one_that_is_there(shop: Shop, endpoint: Endpoint) -> None:
    shop.request(connect(endpoint, AFTERORDER_SECRET=""), becomes(PAID), CRON)

    assert [post.status for post in endpoint.posts] == [200]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"AFTERORDER_URL": "http://ask.acme.example/webhooks/acme/standard"}, "must begin with https://"),
        ({"AFTERORDER_URL": "https://ask.acme.example/"}, "must end with /webhooks/"),
        ({"AFTERORDER_SECRET": "<script>"}, "at least 24 bytes"),
    ],
)
def test_what_cannot_work_is_not_saved(shop: Shop, endpoint: Endpoint, changes: dict[str, str], wrong: str) -> None:
    said = " ".join(shop.request(connect(endpoint, **changes)))
    shop.request(becomes(PAID), CRON)

    assert wrong in said
    assert [post.status for post in endpoint.posts] == [200]


def test_a_stranger_cannot_start_the_cron(shop: Shop, endpoint: Endpoint) -> None:
    (said,) = shop.request(becomes(PAID), ("cron", {"token": "guessed"}))

    assert (said, endpoint.posts) == ("wrong token", [])
