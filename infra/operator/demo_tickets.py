"""The demo's support cases, and what a help desk tells about each by the standard webhook."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from infra.operator.demo_orders import Delivery
from infra.operator.demo_payloads import Order

PLATFORM = "standard"
_OF_ORDERS = 0.18
"""Of a hundred orders, how many lead to a case."""
_TOPICS = {"delivery": 9, "return": 4, "damaged": 4, "invoice": 2, "brewing": 3}
_AGENTS = {"Nora": 5, "Sam": 4}
_WRITTEN_HOURS = (7.5, 9, 10.5, 12, 14, 16, 18.5, 20)
_REPLY_HOURS = (0.5, 0.5, 1, 1.5, 2, 3, 5, 8)
_SOLVE_HOURS = (0, 1, 2, 4, 8, 24, 48, 96)
_SOLVED = 0.88
_COMES_BACK = 0.1
_OPENS, _CLOSES = 9, 17
_FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Ticket:
    """One case about an order; `solved_at` is None while it is open, and the last two are None unless it came back."""

    order: Order
    topic: str
    agent: str
    opened_at: datetime
    first_reply_at: datetime
    solved_at: datetime | None
    reopened_at: datetime | None = None
    solved_again_at: datetime | None = None


def tickets(orders: Sequence[Order], seed: int) -> tuple[Ticket, ...]:
    """Draw the cases about a shop's orders; the same seed gives the same ones."""
    chance = Random(f"{seed}/tickets")  # noqa: S311 - a story, not a secret
    return tuple(_ticket(order, chance) for order in orders if order.email and chance.random() < _OF_ORDERS)


def ticket_deliveries(ticket: Ticket) -> Iterator[Delivery]:
    """List the webhooks about a case."""
    yield _told(ticket, "ticket.opened", ticket.opened_at, opened_at=ticket.opened_at)
    yield _told(ticket, "ticket.replied", ticket.first_reply_at, first_reply_at=ticket.first_reply_at)
    if ticket.solved_at is not None:
        yield _told(ticket, "ticket.solved", ticket.solved_at, solved_at=ticket.solved_at)
    if ticket.reopened_at is not None and ticket.solved_again_at is not None:
        yield _told(ticket, "ticket.reopened", ticket.reopened_at, reopened_at=ticket.reopened_at)
        yield _told(ticket, "ticket.solved", ticket.solved_again_at, solved_at=ticket.solved_again_at)


def _ticket(order: Order, chance: Random) -> Ticket:
    topic, agent = (chance.choices(list(words), list(words.values()))[0] for words in (_TOPICS, _AGENTS))
    day = order.placed_at.replace(hour=0, minute=0) + timedelta(days=chance.choice((1, 2, 3, 5)))
    opened_at = day + timedelta(hours=chance.choice(_WRITTEN_HOURS))
    replied_at = _at_work(opened_at + timedelta(hours=chance.choice(_REPLY_HOURS)))
    solved_at = _at_work(replied_at + timedelta(hours=chance.choice(_SOLVE_HOURS)))
    solved, again = chance.random() < _SOLVED, chance.random() < _COMES_BACK
    back_at = solved_at + timedelta(days=1)
    return Ticket(
        order=order,
        topic=topic,
        agent=agent,
        opened_at=opened_at,
        first_reply_at=replied_at,
        solved_at=solved_at if solved else None,
        reopened_at=back_at if solved and again else None,
        solved_again_at=_at_work(back_at + timedelta(hours=5)) if solved and again else None,
    )


def _at_work(at: datetime) -> datetime:
    """Move to when somebody is there: half an hour after the support opens, on the next working day if need be."""
    if at.weekday() <= _FRIDAY and _OPENS <= at.hour < _CLOSES:
        return at
    morning = at.replace(hour=_OPENS, minute=30)
    if at >= morning:
        morning += timedelta(days=1)
    return morning + timedelta(days=max(0, 7 - morning.weekday()) if morning.weekday() > _FRIDAY else 0)


def _told(ticket: Ticket, topic: str, at: datetime, **times: datetime) -> Delivery:
    order = ticket.order
    data: dict[str, Any] = {
        "id": f"case-{order.number}",
        "email": order.email,
        "agent": ticket.agent,
        "topic": ticket.topic,
        "order": str(order.number),
        **{name: _iso(time) for name, time in times.items()},
    }
    body = json.dumps({"type": topic, "timestamp": _iso(at), "data": data}).encode()
    return Delivery(at, order.person.shop, PLATFORM, topic, order.number, body)


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
