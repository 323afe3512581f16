"""A support ticket: what is kept of it, and what it is to surveys. What an order is to a shop, a solved case is to its support."""

from dataclasses import dataclass
from datetime import datetime

from cx_domain.order_fields import TicketEvent
from cx_domain.orders import Happening, OrderDetails, OrderEvent


@dataclass(frozen=True, slots=True)
class Ticket:
    """All that is kept of a support ticket: no address and no name of the customer. Times are None where nobody told."""

    id: str
    updated_at: datetime
    opened_at: datetime | None = None
    first_reply_at: datetime | None = None
    solved_at: datetime | None = None
    agent: str | None = None
    topic: str | None = None
    order: str | None = None
    test: bool = False


def as_order_event(ticket: TicketEvent) -> OrderEvent:
    """Tell a ticket's news as surveys hear them: it "happened" when it was solved."""
    details = OrderDetails(
        number=ticket.ticket_id,
        email=ticket.email,
        first_name=ticket.first_name,
        language=ticket.language,
        country=ticket.country,
        consent=ticket.consent,
        test=ticket.test,
        tags=tuple((name, value) for name, value in (("agent", ticket.agent), ("topic", ticket.topic)) if value),
    )
    happened: dict[Happening, datetime] = {"solved": ticket.solved_at} if ticket.solved_at is not None else {}
    return OrderEvent(ticket.ticket_id, ticket.updated_at, happened, "live", details)
