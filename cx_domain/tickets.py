"""A support ticket as a subject of surveys: what an order is to a shop, a solved case is to its support."""

from datetime import datetime

from cx_domain.order_fields import TicketEvent
from cx_domain.orders import Happening, OrderDetails, OrderEvent


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
