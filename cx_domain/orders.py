"""An order as its shop tells it, event by event, and the facts that add up.

Events come late, twice and in any order. What they add up to must not depend on that: `merge` is commutative, associative
and idempotent. Happenings accumulate (the earliest time of each); standing and details belong to the newest `updated_at`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from cx_domain.address_kinds import AddressKind

Happening = Literal["placed", "paid", "fulfilled", "delivered", "solved"]
Standing = Literal["live", "partly-refunded", "refunded", "cancelled"]

CLOCK_TOLERANCE = timedelta(minutes=5)
# On a tie the worse end wins.
_WEIGHT: Mapping[Standing, int] = {"live": 0, "partly-refunded": 1, "refunded": 2, "cancelled": 3}


@dataclass(frozen=True, slots=True)
class Item:
    """One line of an order."""

    title: str
    sku: str = ""
    category: str = ""
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class OrderDetails:
    """What one event says of the order and its buyer; a newer event replaces all of it.

    `consent_at`, `consent_source` (which field said it) and `consent_wording` prove the consent, as far as the platform tells. What
    kind of address it is stays known when the address itself has left.
    """

    number: str
    email: str | None = None
    first_name: str | None = None
    language: str | None = None
    country: str | None = None
    currency: str | None = None
    total: Decimal | None = None
    items: tuple[Item, ...] = ()
    channel: str | None = None
    delivery: str | None = None
    customer_id: str | None = None
    consent: bool | None = None
    consent_at: datetime | None = None
    consent_source: str | None = None
    consent_wording: str | None = None
    gift_cards_only: bool = False
    test: bool = False
    tags: tuple[tuple[str, str], ...] = ()
    address_kind: AddressKind | None = None


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """One webhook's news of one order (or ticket). `standing` and `details` are None where the event does not tell."""

    subject_id: str
    updated_at: datetime
    happened: Mapping[Happening, datetime] = field(default_factory=dict)
    standing: Standing | None = None
    details: OrderDetails | None = None


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """All that is known of an order so far."""

    happened: Mapping[Happening, datetime] = field(default_factory=dict)
    standing: Standing = "live"
    standing_at: datetime | None = None
    details: OrderDetails | None = None
    details_at: datetime | None = None


def not_from_the_future(event: OrderEvent, now: datetime) -> OrderEvent:
    """Clamp the event's times to five minutes from now: a shop's wrong clock must not win every later merge."""
    latest = now + CLOCK_TOLERANCE
    happened = {happening: min(at, latest) for happening, at in event.happened.items()}
    return replace(event, updated_at=min(event.updated_at, latest), happened=happened)


def merge(facts: OrderFacts, event: OrderEvent) -> OrderFacts:
    """Add one event's news to what is known; the order in which events come does not matter."""
    happened = dict(facts.happened)
    for happening, at in event.happened.items():
        happened[happening] = min(at, happened.get(happening, at))
    merged = replace(facts, happened=happened)
    if event.standing is not None and _newer_standing(facts, event, event.standing):
        merged = replace(merged, standing=event.standing, standing_at=event.updated_at)
    if event.details is not None and _newer_details(facts, event, event.details):
        merged = replace(merged, details=event.details, details_at=event.updated_at)
    return merged


def _newer_standing(facts: OrderFacts, event: OrderEvent, standing: Standing) -> bool:
    if facts.standing_at is None:
        return True
    return (event.updated_at, _WEIGHT[standing]) > (facts.standing_at, _WEIGHT[facts.standing])


def _newer_details(facts: OrderFacts, event: OrderEvent, details: OrderDetails) -> bool:
    if facts.details is None or facts.details_at is None:
        return True
    return (event.updated_at, *_tie(details)) > (facts.details_at, *_tie(facts.details))


def _tie(details: OrderDetails) -> tuple[bool, bool, str, str, str]:
    """Choose between two payloads of one time, in every order of arrival the same: a test, and who did not agree, comes first.

    What a refused survey drops (the address and the name) comes last, so that dropping it changes no choice. What kind of address
    it was is noted then, and is no news.
    """
    rest = repr(replace(details, email=None, first_name=None, address_kind=None))
    return details.test, details.consent is not True, rest, details.email or "", details.first_name or ""
