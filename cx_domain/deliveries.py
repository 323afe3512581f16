"""What came of a shop's webhooks: how many of each day were taken, passed over or refused, and the last refusals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, get_args

from cx_domain.names import one_line

RefusalReason = Literal["bad-signature", "bad-input", "too-large"]

TAKEN = "taken"
REFUSALS: tuple[RefusalReason, ...] = get_args(RefusalReason)
KEPT_DAYS = 90
MOST_REFUSED = 10
LONGEST_SAID = 200


@dataclass(frozen=True, slots=True)
class Refused:
    """One webhook that was refused: `said` is what its sender was answered, which names a field and never what it held."""

    at: datetime
    why: RefusalReason
    said: str


@dataclass(frozen=True, slots=True)
class DeliveryDay:
    """One platform's deliveries on one of the shop's days; `title` is the platform's name for people. `first_at` and `last_at` are of those that were signed as they must be.

    `outcomes` counts by `taken`, by the reason for passing over, and by RefusalReason. `unsigned` counts the bad signatures
    since the last good one; both counts can be a little low, for a process may end with some in its memory.
    """

    day: date
    platform: str
    outcomes: Mapping[str, int] = field(default_factory=dict)
    first_at: datetime | None = None
    last_at: datetime | None = None
    unsigned: int = 0
    refused: tuple[Refused, ...] = ()
    title: str = ""

    @property
    def delivered(self) -> int:
        """How many were signed as they must be, whatever came of them."""
        return sum(number for outcome, number in self.outcomes.items() if outcome not in REFUSALS)


def refused(at: datetime, why: RefusalReason, said: str) -> Refused:
    """Note a refusal, in one line that is not too long."""
    return Refused(at, why, one_line(said, longest=LONGEST_SAID))


def last_refused(days: Sequence[DeliveryDay]) -> tuple[Refused, ...]:
    """The last refusals of some days, the newest first."""
    found = sorted((one for day in days for one in day.refused), key=lambda one: one.at, reverse=True)
    return tuple(found[:MOST_REFUSED])


def last_delivered_at(days: Sequence[DeliveryDay]) -> datetime | None:
    """When the last well signed delivery came; None where none did."""
    return max((day.last_at for day in days if day.last_at is not None), default=None)
