"""One person's data in one shop, found by their address: gathered, or erased by the rollup so that nothing but keyed hashes is left."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cx_domain.errors import BadField
from cx_domain.identities import customer_key
from cx_domain.shops import ShopId
from cx_domain.surveys import CustomerKey, Survey
from infra.operator import survey_views
from infra.operator.session import Stack
from infra.rollups.erasing import Erasure
from infra.rollups.profiles import Objector
from infra.survey_records import customer as customer_record
from infra.survey_records import iso


@dataclass(frozen=True, slots=True)
class Erased:
    """What was done: how many surveys, which files were made again, and whether the address must still not be written to."""

    surveys: int
    keys: tuple[str, ...]
    do_not_mail: bool


def export(stack: Stack, shop: ShopId, address: str) -> dict[str, Any]:
    """Gather all that is kept of a person, JSON-ready."""
    decided, key, now = stack.shop(shop), _key(stack, shop, address), stack.now()
    customer = stack.customers.get(shop, key)
    return {
        "shop": shop,
        "address": address,
        "customer": None if customer is None else customer_record(customer),
        "objected_at": iso(stack.customers.objected_at(shop, key)),
        "surveys": [survey_views.story(survey, decided, now) for survey in _surveys(stack, shop, key)],
    }


def erase(stack: Stack, shop: ShopId, address: str) -> Erased:
    """Erase a person; safe to repeat, also after it broke off."""
    stack.shop(shop)
    key = _key(stack, shop, address)
    gone = Erasure(key, tuple(survey.id for survey in _surveys(stack, shop, key)))
    told = stack.rollup({"shop": shop, "erase": gone.message()})
    return Erased(told["surveys"], tuple(told["keys"]), stack.customers.get(shop, key) is not None)


def object_to_profiling(stack: Stack, shop: ShopId, address: str, *, withdrawn: bool) -> tuple[int, tuple[str, ...]]:
    """Take a person out of every group, or let them in again; how many surveys they have, and which reports were made again.

    Safe to repeat.
    """
    stack.shop(shop)
    key = _key(stack, shop, address)
    # Noted first: what a rollup folds from now on goes by it.
    if withdrawn:
        stack.customers.withdraw_objection(shop, key)
    else:
        stack.customers.object(shop, key, stack.now())
    who = Objector(key, tuple(survey.id for survey in _surveys(stack, shop, key)))
    told = stack.rollup({"shop": shop, "profile": who.message()})
    return len(who.surveys), tuple(told["keys"])


def _key(stack: Stack, shop: ShopId, address: str) -> CustomerKey:
    if "@" not in address:
        raise BadField("ADDRESS", f"{address!r} is no e-mail address")
    return customer_key(stack.secrets.key_ring().identity, shop, address)


def _surveys(stack: Stack, shop: ShopId, key: CustomerKey) -> Iterator[Survey]:
    """Find a person's surveys: by the key that they carry, or by the address where they carry none yet."""
    identity = stack.secrets.key_ring().identity
    for survey in stack.surveys.scan(shop):
        email = survey.order.details.email if survey.order.details is not None else None
        if survey.customer == key or (email is not None and customer_key(identity, shop, email) == key):
            yield survey
