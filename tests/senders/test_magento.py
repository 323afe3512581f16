"""The Magento module as it is packed, in a shop of stand-ins (php/magento_classes.php), against the real order webhook."""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.senders.endpoint import Endpoint
from tests.senders.programs import PLATFORMS, SECRET
from tests.senders.shops import Event, Shop, installed

MODULE = PLATFORMS / "magento"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
CRON: Event = ("cron", {})

TENT = {"sku": "T-1", "name": 'Namiot "Żbik"', "qty_ordered": "1.0000"}


def saved(state: str, *, paid: str | None = None, **changes: Any) -> Event:
    """Order 1001 is saved; Magento does so several times on its way."""
    order = {
        "entity_id": "1001",
        "increment_id": "000001001",
        "store_id": "1",
        "state": state,
        "status": state,
        "grand_total": "99.8000",
        "total_paid": paid,
        "customer_email": "anna@example.com",
        "customer_firstname": None,
        "customer_id": None,
        "order_currency_code": "PLN",
        "shipping_description": "InPost - Paczkomat",
        "created_at": "2026-01-03 10:00:00",
        "billing": {"firstname": "Anna", "country_id": "PL"},
        "items": [TENT],
    }
    return "saved", order | changes


def declared_table() -> ET.Element:
    (table,) = ET.parse(MODULE / "etc" / "db_schema.xml").getroot().findall("table")  # noqa: S314  our own file
    return table


def schema() -> str:
    """The table as db_schema.xml declares it, in SQLite's words."""
    columns = []
    for column in declared_table().findall("column"):
        kind = "INTEGER" if column.get(XSI_TYPE) == "int" else "TEXT"
        columns.append(f"{column.get('name')} {kind} {'PRIMARY KEY' if column.get('identity') else 'NOT NULL'}")
    return f"CREATE TABLE IF NOT EXISTS mg_{declared_table().get('name')} ({', '.join(columns)})"


@pytest.fixture
def shop(endpoint: Endpoint, tmp_path: Path) -> Shop:
    """Installed and connected; the stand-in keeps the secret as base64 where Magento would encrypt it."""
    config = {
        "afterorder/connection/url": endpoint.url,
        "afterorder/connection/secret": b64encode(SECRET.encode()).decode(),
        "afterorder/connection/delivered": "delivered, picked_up",
        "general/locale/code": "pl_PL",
    }
    return installed("magento", tmp_path, {"config": config, "subscribers": ["anna@example.com"], "schema": schema()})


def test_an_order_on_its_way_through_the_shop_is_told_step_by_step(shop: Shop, endpoint: Endpoint) -> None:
    shop.request(saved("new"), saved("new"), saved("processing", paid="99.8000"), saved("processing", paid="99.8000"))
    shop.request(saved("complete", paid="99.8000"), saved("complete", paid="99.8000", status="picked_up"), CRON)

    assert endpoint.types() == ["order.placed", "order.paid", "order.fulfilled", "order.delivered"]
    assert endpoint.world.survey().stage == "planned"


def test_the_order_is_told_in_the_words_of_the_standard_webhook(shop: Shop, endpoint: Endpoint) -> None:
    shop.request(saved("complete", paid="99.8000"), CRON)

    data = endpoint.posts[-1].event["data"]
    assert data.pop("updated_at").endswith("Z")
    assert data == {
        "id": "1001",
        "number": "000001001",
        "email": "anna@example.com",
        "first_name": "Anna",
        "language": "pl",
        "country": "PL",
        "currency": "PLN",
        "total": "99.80",
        "items": [{"sku": "T-1", "title": 'Namiot "Żbik"', "quantity": 1}],
        "delivery": "InPost - Paczkomat",
        "customer_id": None,
        "consent": True,
        "placed_at": "2026-01-03T10:00:00Z",
    }


def test_a_customer_who_did_not_subscribe_gave_no_consent(shop: Shop, endpoint: Endpoint) -> None:
    shop.request(saved("complete", customer_email="ben@example.com"), CRON)

    assert endpoint.posts[0].event["data"]["consent"] is False


def test_an_order_without_an_address_is_told_all_the_same(shop: Shop, endpoint: Endpoint) -> None:
    shop.request(saved("complete", billing=None), CRON)

    assert {post.status for post in endpoint.posts} == {200}


@pytest.mark.parametrize(("state", "told"), [("canceled", "order.cancelled"), ("closed", "order.refunded")])
def test_a_stopped_order_is_told_as_such_once(shop: Shop, endpoint: Endpoint, state: str, told: str) -> None:
    shop.request(saved("processing", paid="99.8000"), saved(state), saved(state), CRON)

    assert endpoint.types() == ["order.paid", told]


def test_an_order_that_is_not_paid_in_full_is_placed(shop: Shop, endpoint: Endpoint) -> None:
    shop.request(saved("processing", paid="50.0000"), CRON)

    assert endpoint.types() == ["order.placed"]


def test_saving_an_order_waits_for_no_delivery(shop: Shop, endpoint: Endpoint) -> None:
    shop.request(saved("new"))

    assert endpoint.posts == []
    assert [message["state"] for message in shop.messages()] == ["waiting"]


def test_what_failed_is_tried_again_later_with_the_same_id(shop: Shop, endpoint: Endpoint) -> None:
    endpoint.troubles += [503]
    shop.request(saved("new"), CRON, CRON)
    too_early = [post.status for post in endpoint.posts]

    shop.request(("time passes", {"seconds": 60}), CRON)

    assert too_early == [503]
    assert [post.status for post in endpoint.posts] == [503, 200]
    assert len({(post.message_id, post.body) for post in endpoint.posts}) == 1


def test_what_was_delivered_is_kept_without_the_customer(shop: Shop) -> None:
    shop.request(saved("new"), CRON)

    (message,) = shop.messages()
    assert (message["state"], message["body"], message["said"]) == ("told", "", "")


def test_trouble_in_the_module_is_logged_and_the_order_goes_on(shop: Shop) -> None:
    done = shop.play(("database breaks", {}), saved("new"))

    assert (done.returncode, done.stderr) == (0, "afterorder: an order was not queued: PDOException\n")


def test_the_list_of_columns_that_magento_may_change_is_the_tables() -> None:
    listed = json.loads((MODULE / "etc" / "db_schema_whitelist.json").read_text(encoding="utf-8"))

    table = declared_table()
    assert listed == {
        table.get("name"): {
            "column": {column.get("name"): True for column in table.findall("column")},
            "index": {index.get("referenceId"): True for index in table.findall("index")},
            "constraint": {constraint.get("referenceId"): True for constraint in table.findall("constraint")},
        }
    }


@pytest.mark.parametrize("file", sorted(MODULE.rglob("*.xml")), ids=lambda file: file.name)
def test_each_class_that_the_configuration_names_is_there(file: Path) -> None:
    named = [element.get("instance") for element in ET.parse(file).iter() if element.get("instance")]  # noqa: S314  our own file

    paths = [str(name).removeprefix("Afterorder\\Connect\\").replace("\\", "/") for name in named]
    assert [path for path in paths if not (MODULE / f"{path}.php").is_file()] == []
