"""What one customer bought and said: an entry for each of their surveys, and the history that the entries add up to.

An entry is JSON-ready and says the same whenever it is made again. It holds no address, no name and no words; the customer is a
keyed hash, and so is the order. An order that was cancelled, refunded or a test is not in it: nobody bought anything.
"""

import json
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple

from cx_domain import day_lines
from cx_domain.calendars import day_of, starts_at
from cx_domain.identities import order_hash
from cx_domain.kinds import Bucket, kind
from cx_domain.orders import OrderFacts
from cx_domain.shops import KindName, Shop
from cx_domain.surveys import CustomerKey, Survey
from cx_domain.verdicts import judged

Entry = Mapping[str, Any]
_NOT_THE_ORDERS = ("customer", "source")
"""Segments that the survey has and the order has not: who is new is told here by the orders themselves."""


class Question(NamedTuple):
    """What customers are asked: a kind, at a touchpoint."""

    kind: KindName
    touchpoint: str


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order that stands. `total` and `currency` are None where the shop did not tell them."""

    id: str
    placed_at: datetime
    currency: str | None
    total: Decimal | None
    segments: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Given:
    """A counted answer; `series` names the words in which it was asked."""

    survey: str
    question: Question
    series: str | None
    given_at: datetime
    bucket: Bucket


@dataclass(frozen=True, slots=True)
class History:
    """A customer's orders and answers, each the oldest first."""

    customer: CustomerKey
    orders: tuple[Purchase, ...]
    answers: tuple[Given, ...]


def entry(survey: Survey, shop: Shop, key: bytes) -> Entry | None:
    """Say what a survey tells of its customer; None when it tells nothing, or of nobody. `key` names orders (`identities`)."""
    if survey.customer is None or survey.stage == "erased":
        return None
    judgement = judged(survey, shop.protection)
    given_at = judgement.given_at if judgement.score is not None else None
    placed_at = _placed_at(survey.order) if survey.subject_type == "order" else None
    if placed_at is None and given_at is None:
        return None
    details = survey.order.details if placed_at is not None else None
    known = day_lines.segments(survey)
    return {
        "id": survey.id,
        "kind": survey.kind,
        "touchpoint": survey.touchpoint,
        "question": survey.question,
        "given_at": _iso(given_at),
        "score": judgement.score,
        "order": order_hash(key, shop.id, survey.subject_id) if placed_at is not None else None,
        "placed_at": _iso(placed_at),
        "currency": details.currency if details else None,
        "total": None if details is None or details.total is None else str(details.total),
        "segments": {name: values for name, values in known.items() if name not in _NOT_THE_ORDERS},
    }


def kept_since(shop: Shop, at: datetime) -> datetime:
    """The first instant of the oldest day of which the shop keeps anything at that moment."""
    return starts_at(day_of(at - shop.reports.retention, shop.zone), shop.zone)


def newest(told: Entry) -> datetime:
    """The latest thing that an entry tells of; it is kept as long as that is."""
    return max(datetime.fromisoformat(at) for at in (told["given_at"], told["placed_at"]) if at is not None)


def read_history(line: str) -> History:
    """Add up a customer's line. Two surveys about one order tell of one order: the one with the smaller id is believed."""
    data = json.loads(line)
    orders: dict[str, Purchase] = {}
    answers: list[Given] = []
    for told in data["entries"]:
        if told["order"] is not None and told["order"] not in orders:
            orders[told["order"]] = _purchase(told)
        if told["score"] is not None:
            answers.append(_given(told))
    return History(
        data["customer"],
        tuple(sorted(orders.values(), key=attrgetter("placed_at", "id"))),
        tuple(sorted(answers, key=attrgetter("given_at", "survey"))),
    )


def known_between(history: History, since: datetime, until: datetime) -> History:
    """What had happened by `until`, and is not older than `since`: a report on a closed period sees nothing else."""
    return History(
        history.customer,
        _between(history.orders, "placed_at", since, until),
        _between(history.answers, "given_at", since, until),
    )


def _between(sorted_by_time: tuple[Any, ...], name: str, since: datetime, until: datetime) -> tuple[Any, ...]:
    if not sorted_by_time or (getattr(sorted_by_time[0], name) >= since and getattr(sorted_by_time[-1], name) < until):
        return sorted_by_time
    at = attrgetter(name)
    return sorted_by_time[bisect_left(sorted_by_time, since, key=at) : bisect_left(sorted_by_time, until, key=at)]


def _placed_at(order: OrderFacts) -> datetime | None:
    """When the order was placed, or the first that is known of it; None for one that is no purchase."""
    if order.standing in {"refunded", "cancelled"} or (order.details is not None and order.details.test):
        return None
    return order.happened.get("placed") or min(order.happened.values(), default=None)


def _purchase(told: Entry) -> Purchase:
    total = told["total"]
    return Purchase(
        told["order"],
        datetime.fromisoformat(told["placed_at"]),
        told["currency"],
        None if total is None else Decimal(total),
        told["segments"],
    )


def _given(told: Entry) -> Given:
    return Given(
        told["id"],
        Question(told["kind"], told["touchpoint"]),
        told["question"],
        datetime.fromisoformat(told["given_at"]),
        kind(told["kind"]).bucket(told["score"]),
    )


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")
