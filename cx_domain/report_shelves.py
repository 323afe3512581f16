"""A shop's reports in the order in which they are shown: by kind of period, the newest first, old ones out of the way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cx_domain.calendars import Period, parse_period
from cx_domain.errors import BadField
from cx_domain.shops import PeriodKind

IN_SIGHT: Mapping[PeriodKind, int] = {"week": 6, "month": 6, "quarter": 4, "year": 3, "day": 7}
"""How many of each kind stand in sight, the kinds in their order; of those alone the score is looked up."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The reports of one kind, newest first: a few in sight, and the older ones."""

    kind: PeriodKind
    in_sight: tuple[Period, ...]
    older: tuple[Period, ...]


def shelves(names: Iterable[str]) -> tuple[Shelf, ...]:
    """Order periods by their names; a name that is no period's is left out, and so is a kind without any."""
    periods = sorted(_known(set(names)), key=lambda period: period.start, reverse=True)
    found = []
    for kind, number in IN_SIGHT.items():
        of_kind = tuple(period for period in periods if period.kind == kind)
        if of_kind:
            found.append(Shelf(kind, of_kind[:number], of_kind[number:]))
    return tuple(found)


def _known(names: Iterable[str]) -> Iterable[Period]:
    for name in names:
        try:
            yield parse_period(name)
        except BadField:
            continue
