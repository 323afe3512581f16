"""The demo's orders, and the webhooks that their shops send about them: in time, twice, late and in the wrong order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from cx_domain.shops import ShopId
from infra.operator.demo_payloads import Course, Order, Product, shopify, woocommerce
from infra.operator.demo_people import Person, people

ORDERS_A_DAY = 11
"""Of both shops together: 330 in a month."""
_COURSES: Mapping[Course, int] = {
    "plain": 66,
    "twice": 8,
    "shuffled": 7,
    "cancelled": 4,
    "refunded-before": 3,
    "refunded-after": 2,
    "no-address": 2,
    "test": 1,
    "again": 6,
    "small": 1,
}
_PLACED_HOURS = (9, 12, 15, 19)
_SHIPPED_HOURS = (9, 14)
_GOODS: Mapping[str, Sequence[Product]] = {
    "acme": (
        ("T-1", "Namiot Tatry 2", Decimal("649.00")),
        ("S-2", "Śpiwór Zima", Decimal("329.00")),
        ("L-3", "Latarka czołowa", Decimal("89.90")),
        ("K-4", "Kuchenka gazowa", Decimal("159.00")),
    ),
    "brook": (
        ("COF-1KG", "House beans 1 kg", Decimal("24.00")),
        ("COF-250", "Ethiopia Guji 250 g", Decimal("9.50")),
        ("FLT-100", "Paper filters, 100", Decimal("6.20")),
        ("V60", "Dripper", Decimal("18.00")),
    ),
}
_SAMPLE: Product = ("SMP-1", "Tasting sachet", Decimal("2.00"))


@dataclass(frozen=True, slots=True)
class Delivery:
    """One webhook on its way: what arrives, where and when."""

    at: datetime
    shop: ShopId
    platform: str
    topic: str
    order: int
    body: bytes


def orders(shop: ShopId, start: datetime, days: int, seed: int) -> tuple[Order, ...]:
    """Draw a shop's orders of these days."""
    chance = Random(f"{seed}/{shop}/orders")  # noqa: S311 - a story, not a secret
    a_day = ORDERS_A_DAY // 2 + (shop == "acme")
    count = max(1, days * a_day)
    buyers = people(shop, count, seed)
    drawn: list[Order] = []
    for place, buyer in enumerate(buyers):
        day = start + timedelta(days=place // a_day)
        drawn.append(_order(1001 + place, buyer, drawn, day, chance))
    return tuple(drawn)


def deliveries(order: Order) -> tuple[Delivery, ...]:
    """List the webhooks about an order, by the time they arrive."""
    sent = list(_shopify_story(order) if order.person.shop == "acme" else _woocommerce_story(order))
    if order.course == "twice":
        sent += [_later(delivery, timedelta(hours=1)) for delivery in sent] + sent[-1:]
    if order.course == "shuffled":
        # The first one is retried until after the last: it tells of a state long past.
        sent = [_later(sent[0], order.shipped_at + timedelta(hours=1) - sent[0].at), *sent[1:]]
    return tuple(sorted(sent, key=lambda delivery: delivery.at))


def _order(number: int, buyer: Person, before: Sequence[Order], day: datetime, chance: Random) -> Order:
    course = chance.choices(list(_COURSES), list(_COURSES.values()))[0]
    known = [order.person for order in before[:-5] if order.course in {"plain", "twice"}]
    placed_at = day + timedelta(hours=chance.choice(_PLACED_HOURS), minutes=chance.choice((0, 30)))
    shipped_on = day + timedelta(days=chance.choice((1, 1, 2)))
    shipped_at = shipped_on + timedelta(hours=chance.choice(_SHIPPED_HOURS))
    ends_after = {"cancelled": -timedelta(hours=2), "refunded-before": timedelta(hours=26)}
    return Order(
        number=number,
        person=chance.choice(known) if course == "again" and known else buyer,
        product=_SAMPLE if course == "small" and buyer.shop == "brook" else chance.choice(_GOODS[buyer.shop]),
        quantity=1 if course == "small" else chance.choice((1, 1, 1, 2)),
        course=course,
        placed_at=placed_at,
        shipped_at=shipped_at,
        ended_at=max(placed_at, shipped_at) + ends_after.get(course, timedelta(days=6)),
    )


def _shopify_story(order: Order) -> Iterator[Delivery]:
    yield _by_shopify(order, "orders/create", order.placed_at)
    if order.course == "cancelled":
        yield _by_shopify(order, "orders/cancelled", order.ended_at)
        return
    yield _by_shopify(order, "orders/fulfilled", order.shipped_at)
    if order.course in {"refunded-before", "refunded-after"}:
        yield _by_shopify(order, "orders/updated", order.ended_at)


def _woocommerce_story(order: Order) -> Iterator[Delivery]:
    yield _by_woocommerce(order, "order.created", "processing", order.placed_at)
    if order.course == "cancelled":
        yield _by_woocommerce(order, "order.updated", "cancelled", order.ended_at)
        return
    yield _by_woocommerce(order, "order.updated", "completed", order.shipped_at)
    if order.course in {"refunded-before", "refunded-after"}:
        yield _by_woocommerce(order, "order.updated", "refunded", order.ended_at)


def _by_shopify(order: Order, topic: str, at: datetime) -> Delivery:
    return Delivery(at, order.person.shop, "shopify", topic, order.number, shopify(order, topic, at))


def _by_woocommerce(order: Order, topic: str, status: str, at: datetime) -> Delivery:
    return Delivery(at, order.person.shop, "woocommerce", topic, order.number, woocommerce(order, status, at))


def _later(delivery: Delivery, by: timedelta) -> Delivery:
    return Delivery(delivery.at + by, delivery.shop, delivery.platform, delivery.topic, delivery.order, delivery.body)
