"""What a report says of customers rather than of answers: their loyalty in deeds, and the customer base."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from cx_domain.buying_rhythm import gaps, rhythm
from cx_domain.calendars import Period, closes_at, starts_at
from cx_domain.customer_movements import CustomerBase, customer_base_json
from cx_domain.histories import History, kept_since, known_between
from cx_domain.loyalty import Loyalty, loyalty_json
from cx_domain.shops import Shop


@dataclass(frozen=True, slots=True)
class Customers:
    """Both, as of the period's close."""

    loyalty: Loyalty
    base: CustomerBase


def customers(shop: Shop, period: Period, read: Callable[[], Iterable[History]]) -> Customers:
    """Count every customer; `read` gives all histories, and is called twice: first the rhythm is learnt, then who keeps to it.

    Nothing later than the close, and nothing older than the shop kept then, is looked at: the same facts give the same figures
    whenever they are counted.
    """
    end = closes_at(period, shop.zone)
    since = kept_since(shop, end)
    known = rhythm(shop.customers, gaps(known_between(history, since, end) for history in read()))
    # Not by being new or returning, which is what the movements themselves say.
    dimensions = tuple(name for name in dict.fromkeys(shop.reports.segments) if name != "customer")
    loyalty = Loyalty(end, known)
    base = CustomerBase(starts_at(period.start, shop.zone), end, known, dimensions)
    for history in read():
        told = known_between(history, since, end)
        loyalty.add(told)
        base.add(told)
    return Customers(loyalty, base)


def customers_json(found: Customers, hide_below: int) -> dict[str, Any]:
    """The parts `loyalty` and `customer_base` of report.json (docs/report-customers.schema.json)."""
    return {
        "loyalty": loyalty_json(found.loyalty, hide_below),
        "customer_base": customer_base_json(found.base, hide_below),
    }
