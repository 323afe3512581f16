"""Managers' links: to the list of all reports of a shop, which stays the same as long as they read them, to one report, and to a guess."""

from collections.abc import Sequence
from dataclasses import dataclass

from cx_domain.errors import BadLink
from cx_domain.readers import FIRST_GENERATION, Reader
from cx_domain.shops import ShopId
from infra import links

ALL = "all"
"""What stands behind any link of a manager, as a file would, and leads on to their own: so a mail holds one token, and it says which report."""


@dataclass(frozen=True, slots=True)
class ReportLink:
    """Whose link it is, and to what: the report of `period`, or to all where it is None. `manager` is a keyed hash."""

    shop: ShopId
    manager: str
    generation: int
    period: str | None = None


def token(keys: Sequence[bytes], shop: ShopId, reader: Reader, period: str | None = None) -> str:
    """Seal the link of one manager to one report, or to the list of all."""
    whose = f"{reader.key}.{reader.record.generation}"
    if period is None:
        return links.seal(keys, "reports", f"{shop}.{whose}")
    return links.seal(keys, "report", f"{shop}.{period}.{whose}")


def read(keys: Sequence[bytes], token: str) -> ReportLink:
    """Read either; BadLink when it is neither."""
    try:
        shop, manager, generation = links.open_token(keys, "reports", token).split(".")
    except BadLink:
        # Mails of earlier releases have links without a generation: those are of the first.
        shop, period, manager, *later = links.open_token(keys, "report", token).split(".")
        return ReportLink(ShopId(shop), manager, int(later[0]) if later else FIRST_GENERATION, period)
    return ReportLink(ShopId(shop), manager, int(generation))


def guess_token(keys: Sequence[bytes], shop: ShopId, reader: Reader, period: str) -> str:
    """Seal the link by which one manager guesses one period."""
    return links.seal(keys, "guess", f"{shop}.{period}.{reader.key}.{reader.record.generation}")


def read_guess(keys: Sequence[bytes], token: str) -> ReportLink:
    """Read it; BadLink when it is none."""
    shop, period, manager, generation = links.open_token(keys, "guess", token).split(".")
    return ReportLink(ShopId(shop), manager, int(generation), period)
