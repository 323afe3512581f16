"""How often a shop's customers buy, and from it when one who does not come is called sleeping, and when lost.

Without a contract nobody says that they leave; what there is to go by is the time since the last order against the times between
orders (Novo's "latency"; Buckinx and Van den Poel, European Journal of Operational Research 164, 2005).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from cx_domain.histories import History, Purchase
from cx_domain.shops import CustomerRule

Standing = Literal["active", "sleeping", "lost"]
Origin = Literal["shop-file", "own-gaps", "usual"]
Gaps = Mapping[int, int]
"""How many customers' waits between two purchases took how many days, a begun day as a whole one."""

ENOUGH_GAPS = 100
"""Of fewer the 95th percentile rests on less than five."""
SLEEPING_FROM = Fraction(80, 100)
LOST_FROM = Fraction(95, 100)
"""Our judgement. Of customers who came back, four in five had come by the first, and all but one in twenty by the second; products
that do this take 80 to 95. One who will never come back is in no gap, so the true waits are not shorter than these."""
USUALLY_SLEEPING = timedelta(days=180)
USUALLY_LOST = timedelta(days=365)

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """After how long without an order a customer sleeps, and after how long they are lost; where each figure is from."""

    sleeping_after: timedelta
    lost_after: timedelta
    sleeping_from: Origin
    lost_from: Origin
    gaps: int


def gaps(histories: Iterable[History]) -> Counter[int]:
    """Count the waits. Orders less than a day apart are one purchase: somebody forgot the pegs."""
    found: Counter[int] = Counter()
    for history in histories:
        for before, after in pairwise(history.orders):
            wait = after.placed_at - before.placed_at
            if wait >= _DAY:
                found[-(-wait // _DAY)] += 1
    return found


def rhythm(rule: CustomerRule, waits: Gaps) -> Rhythm:
    """What the shop's file says, else what its customers' own waits say, else what is usual. Nobody is lost before they sleep."""
    n = sum(waits.values())
    own: Origin = "own-gaps" if n >= ENOUGH_GAPS else "usual"
    sleeping = _DAY * quantile(waits, SLEEPING_FROM) if own == "own-gaps" else USUALLY_SLEEPING
    lost = _DAY * quantile(waits, LOST_FROM) if own == "own-gaps" else USUALLY_LOST
    if rule.lost_after is not None:
        sleeping, lost = min(sleeping, rule.lost_after / 2), rule.lost_after
    if rule.sleeping_after is not None:
        sleeping = rule.sleeping_after
    if rule.lost_after is None:
        lost = max(lost, sleeping + _DAY)
    return Rhythm(
        sleeping,
        lost,
        own if rule.sleeping_after is None else "shop-file",
        own if rule.lost_after is None else "shop-file",
        n,
    )


def quantile(waits: Gaps, share: Fraction) -> int:
    """The number of days within which at least that share of the waits was over."""
    wanted, so_far = share * sum(waits.values()), 0
    for days in sorted(waits):
        so_far += waits[days]
        if so_far >= wanted:
            return days
    raise ValueError("there are no waits")


def standing(orders: Sequence[Purchase], at: datetime, known: Rhythm) -> Standing | None:
    """Where a customer stands who had placed these orders, all before `at`; None for one who is none."""
    if not orders:
        return None
    silent = at - orders[-1].placed_at
    if silent > known.lost_after:
        return "lost"
    return "sleeping" if silent > known.sleeping_after else "active"
