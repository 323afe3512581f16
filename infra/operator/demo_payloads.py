"""Order webhooks' bodies as Shopify and WooCommerce write them, with the fields that real ones carry.

Shopify: https://shopify.dev/docs/api/admin-rest/latest/resources/order; WooCommerce: captured from version 9.9.5.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from infra.operator.demo_people import Person

Course = Literal[
    "plain",
    "twice",
    "shuffled",
    "cancelled",
    "refunded-before",
    "refunded-after",
    "no-address",
    "test",
    "again",
    "small",
]
"""What becomes of an order: webhooks once, twice or in the wrong order; cancelled; refunded before or after the mail; without an
address; a test; by a customer who ordered before; below the shop's minimum."""
Product = tuple[str, str, Decimal]
"""SKU, title, price."""
_CARRIERS = ("Royal Mail", "Courier", "Royal Mail", "Collected", "Royal Mail")


@dataclass(frozen=True, slots=True)
class Order:
    """One order of the demo; times are aware UTC."""

    number: int
    person: Person
    product: Product
    quantity: int
    course: Course
    placed_at: datetime
    shipped_at: datetime
    ended_at: datetime
    """When it is cancelled or refunded, if its course is so."""

    @property
    def total(self) -> Decimal:
        return self.product[2] * self.quantity

    @property
    def email(self) -> str:
        return "" if self.course == "no-address" else self.person.email


def shopify(order: Order, topic: str, at: datetime) -> bytes:
    """Return the body of `orders/create`, `orders/fulfilled`, `orders/cancelled` or `orders/updated` (then refunded)."""
    person, sku_title_price = order.person, order.product
    shipped, cancelled = topic != "orders/create" and at >= order.shipped_at, topic == "orders/cancelled"
    status = "refunded" if topic == "orders/updated" else ("voided" if cancelled else "paid")
    language = {"pl": "pl-PL", "de": "de-DE"}.get(person.language, "en-IE")
    return _json(
        {
            "id": 5_300_000_000_000 + order.number,
            "admin_graphql_api_id": f"gid://shopify/Order/{5_300_000_000_000 + order.number}",
            "name": f"#{order.number}",
            "order_number": order.number,
            "email": order.email,
            "contact_email": order.email or None,
            "test": order.course == "test",
            "created_at": _offset(order.placed_at),
            "processed_at": _offset(order.placed_at),
            "updated_at": _offset(at),
            "cancelled_at": _offset(at) if cancelled else None,
            "cancel_reason": "customer" if cancelled else None,
            "currency": "PLN",
            "total_price": str(order.total),
            "current_total_price": "0.00" if status == "refunded" else str(order.total),
            "financial_status": status,
            "fulfillment_status": "fulfilled" if shipped else None,
            "customer_locale": language,
            "buyer_accepts_marketing": person.country != "DE",
            "source_name": "web",
            "tags": "",
            "customer": _shopify_customer(order),
            "billing_address": {"first_name": person.first_name, "country_code": person.country},
            "shipping_address": {"first_name": person.first_name, "country_code": person.country},
            "line_items": [_shopify_line(sku_title_price, order.quantity)],
            "shipping_lines": [{"title": "Kurier", "code": "courier", "price": "12.00"}],
            "fulfillments": [_fulfillment(order)] if shipped else [],
            "refunds": [{"id": order.number, "created_at": _offset(at)}] if status == "refunded" else [],
        }
    )


def woocommerce(order: Order, status: str, at: datetime) -> bytes:
    """Return an order resource in this status: `processing`, `completed`, `cancelled` or `refunded`."""
    person, (sku, title, price) = order.person, order.product
    done = order.shipped_at if at >= order.shipped_at and status in {"completed", "refunded"} else None
    return _json(
        {
            "id": order.number,
            "parent_id": 0,
            "number": str(order.number),
            "status": status,
            "currency": "GBP",
            "version": "9.9.5",
            "created_via": "checkout",
            "customer_id": 0,
            **_twin("date_created", order.placed_at),
            **_twin("date_modified", at),
            **_twin("date_paid", order.placed_at),
            **_twin("date_completed", done),
            "total": str(order.total),
            "billing": {
                "first_name": person.first_name,
                "last_name": person.last_name,
                "email": order.email,
                "country": person.country,
            },
            "line_items": [
                {
                    "id": 1,
                    "name": title,
                    "sku": sku,
                    "product_id": 10,
                    "variation_id": 0,
                    "quantity": order.quantity,
                    "total": str(order.total),
                    "price": float(price),
                }
            ],
            "shipping_lines": [{"method_id": "flat_rate", "method_title": _CARRIERS[order.number % len(_CARRIERS)]}],
            "refunds": [{"id": 1, "reason": "", "total": f"-{order.total}"}] if status == "refunded" else [],
            "meta_data": [],
        }
    )


def _shopify_customer(order: Order) -> dict[str, Any]:
    person = order.person
    return {
        "id": 7_100_000_000_000 + int(person.client.address.rpartition(".")[2]),
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": order.email or None,
    }


def _shopify_line(product: Product, quantity: int) -> dict[str, Any]:
    sku, title, price = product
    return {
        "id": 1,
        "sku": sku,
        "title": title,
        "name": title,
        "product_id": 11,
        "quantity": quantity,
        "price": str(price),
        "requires_shipping": True,
        "gift_card": False,
    }


def _fulfillment(order: Order) -> dict[str, Any]:
    return {
        "id": order.number,
        "status": "success",
        "created_at": _offset(order.shipped_at),
        "updated_at": _offset(order.shipped_at),
        "shipment_status": None,
    }


def _twin(name: str, at: datetime | None) -> dict[str, str | None]:
    """Return WooCommerce's pair of times: the shop's (London in winter, so UTC) and UTC without a zone."""
    written = None if at is None else at.strftime("%Y-%m-%dT%H:%M:%S")
    return {name: written, f"{name}_gmt": written}


def _offset(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode()
