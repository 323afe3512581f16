"""What a platform passes on for a person's or a shop's sake, as messages of the rollup's queue.

A message holds keyed names and order ids, no address; a person of very many orders comes in several messages, each of which can
be repeated.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cx_domain.identities import customer_key
from cx_domain.privacy_requests import PrivacyKind, PrivacyRequest, privacy_kind
from cx_domain.shops import Shop
from cx_domain.surveys import CustomerKey

_ORDERS_A_MESSAGE = 200


@dataclass(frozen=True, slots=True)
class Passed:
    """One message's part of a request. `part` counts from 1, `platform` is its title."""

    kind: PrivacyKind
    platform: str
    id: str
    part: int
    customer: CustomerKey | None
    orders: tuple[str, ...]

    @property
    def name(self) -> str:
        """What its file is called, and what an operator calls it by."""
        return f"{self.id}-{self.part}"


def messages(shop: Shop, platform: str, request: PrivacyRequest, key: bytes) -> Iterator[dict[str, Any]]:
    """Write a request as messages of the rollup's queue; `key` names people (`identities`)."""
    who = None if request.email is None else customer_key(key, shop.id, request.email)
    for part, start in enumerate(range(0, max(1, len(request.orders)), _ORDERS_A_MESSAGE), start=1):
        told = {"kind": request.kind, "platform": platform, "id": request.id, "part": part, "customer": who}
        orders = request.orders[start : start + _ORDERS_A_MESSAGE]
        yield {"shop": shop.id, "privacy": told | {"orders": list(orders)}}


def read_message(told: Mapping[str, Any]) -> Passed:
    """Read what `messages` wrote under `privacy`."""
    who = CustomerKey(told["customer"]) if told["customer"] else None
    return Passed(privacy_kind(told["kind"]), told["platform"], told["id"], told["part"], who, tuple(told["orders"]))
