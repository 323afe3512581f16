"""A support ticket: what is kept of it, and what it is to surveys. What an order is to a shop, a solved case is to its support."""

from dataclasses import dataclass
from datetime import datetime

from cx_domain.order_fields import TicketEvent
from cx_domain.orders import Happening, OrderDetails, OrderEvent


@dataclass(frozen=True, slots=True)
class Ticket:
    """All that is kept of a support ticket: no address and no name of the customer. Times are None where nobody told.

    It was opened when it first was, replied to when it first was, and solved when it last was; `solved_at` is None while it is open
    again. `reopened` is how often it came back; `other_times` are all else that was told of it.
    """

    id: str
    updated_at: datetime
    opened_at: datetime | None = None
    first_reply_at: datetime | None = None
    solved_at: datetime | None = None
    agent: str | None = None
    topic: str | None = None
    order: str | None = None
    test: bool = False
    reopened: int = 0
    other_times: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Course:
    """When a case was opened, replied to and solved, as often as that was told: in any order, each time once."""

    openings: frozenset[datetime] = frozenset()
    replies: frozenset[datetime] = frozenset()
    solvings: frozenset[datetime] = frozenset()

    @property
    def opened_at(self) -> datetime | None:
        return min(self.openings, default=None)

    @property
    def first_reply_at(self) -> datetime | None:
        return min(self.replies, default=None)

    @property
    def solved_at(self) -> datetime | None:
        """When it was last solved, which Zendesk calls full resolution; None while it is open again."""
        solved_at = max(self.solvings, default=None)
        return None if solved_at is None or max(self.openings, default=solved_at) > solved_at else solved_at

    @property
    def reopened(self) -> int:
        """How often it was opened again. Who solves a case twice opened it in between, also if nobody told when."""
        return len(self.solvings) - (self.solved_at is not None) if self.solvings else 0

    def others(self) -> tuple[datetime, ...]:
        """All times but the three, the earliest first."""
        told = self.openings | self.replies | self.solvings
        return tuple(sorted(told - {self.opened_at, self.first_reply_at, self.solved_at}))


def as_order_event(ticket: TicketEvent) -> OrderEvent:
    """Tell a ticket's news as surveys hear them: it "happened" when it was solved."""
    details = OrderDetails(
        number=ticket.ticket_id,
        email=ticket.email,
        first_name=ticket.first_name,
        language=ticket.language,
        country=ticket.country,
        consent=ticket.consent,
        consent_at=ticket.consent_at,
        consent_source=ticket.consent_source,
        consent_wording=ticket.consent_wording,
        test=ticket.test,
        tags=tuple((name, value) for name, value in (("agent", ticket.agent), ("topic", ticket.topic)) if value),
    )
    happened: dict[Happening, datetime] = {"solved": ticket.solved_at} if ticket.solved_at is not None else {}
    return OrderEvent(ticket.ticket_id, ticket.updated_at, happened, "live", details)
