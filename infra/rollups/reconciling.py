"""What SES suppresses, our customers' items say too: once a night its list is read, a page for each message on the rollup's queue.

SES tells of a bounce or a complaint at once (`functions/mail_events`), but best effort; and another program of the same account may have
mailed the same people. A mail to a suppressed address is counted and billed, and never arrives.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from cx_domain import identities
from cx_domain.shops import ShopId
from infra.aws.attribute_values import to_seconds, to_time
from infra.aws.customer_table import CustomerTable
from infra.aws.reconciling_table import ReconcilingTable
from infra.aws.suppression_list import Listed

OVERLAP = timedelta(days=1)
"""An address may come onto the list later than its own time says."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A part of a night's reading: addresses that came onto the list between these times, from this page on."""

    since: datetime | None
    until: datetime
    token: str | None = None

    def message(self) -> dict[str, Any]:
        since = to_seconds(self.since) if self.since is not None else None
        return {"reconcile": {"since": since, "until": to_seconds(self.until), "token": self.token}}

    def following(self, token: str) -> "Reading":
        return replace(self, token=token)


def read_message(body: Mapping[str, Any]) -> Reading:
    """Read what `Reading.message` wrote."""
    told = body["reconcile"]
    return Reading(to_time(told["since"]) if told["since"] else None, to_time(told["until"]), told["token"])


def begin(state: ReconcilingTable, now: datetime) -> Reading | None:
    """Begin the night's reading where the last whole one ended; None if it was begun already on this UTC day."""
    if not state.begin(now):
        return None
    known = state.read_until()
    return Reading(known - OVERLAP if known is not None else None, now)


def suppress(
    customers: CustomerTable, shops: Iterable[ShopId], key: bytes, listed: Sequence[Listed], now: datetime
) -> int:
    """Suppress those who are customers of a shop; whoever is not, is not kept. Returns how many were not suppressed before."""
    return sum(
        customers.suppress_known(
            shop, {identities.customer_key(key, shop, each.address): each.reason for each in listed}, now
        )
        for shop in shops
    )
