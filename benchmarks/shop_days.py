"""A day of many shops: how many orders, mails and taps each minute has, and how long what falls due at once waits.

Shops are as large as Zipf's law has it: the second is half the first, the third a third of it. All live in one time zone, so that their
peaks meet. Every third shop, the largest among them, asks at ten o'clock; the others when the delay is over, outside the quiet hours.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate

from cx_domain.asking import Start, due_at, on_the_wall
from cx_domain.shops import ShopId
from tests.builders import ACME, NPS

DAY = 24 * 60
"""Minutes."""
TEN = time(10)
EVERY = 3
"""Of so many shops one asks at ten."""
ANSWERED, LATER = 0.2, ((60, 0.5), (360, 0.3), (1440, 0.2))
"""The share of mails that are answered; half of the answers come within the hour, and so on, in minutes."""
SCANNED, LINKS = 0.16, 11
"""The share of mails whose every number is opened by a machine: as many visits as in the mix of docs/scanners.md."""
NEWS = 3
"""Webhooks of an order: placed, paid, fulfilled."""
TODAY = date(2026, 1, 12)

_PLACED = (12, 7, 5, 4, 4, 6, 12, 22, 35, 48, 56, 58, 58, 56, 55, 55, 55, 56, 58, 64, 76, 80, 66, 52)
_FULFILLED = (5, 5, 5, 5, 5, 5, 5, 5, 40, 70, 90, 100, 90, 100, 120, 140, 100, 50, 20, 8, 8, 8, 8, 8)
"""Of a thousand and a few, in each hour of the shop's clock."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many surveys a day, of how many shops, and how many mails a second SES takes from the account."""

    name: str
    surveys: int
    shops: int
    rate: int


SMALL = Size("100 a day", 100, 1, 14)
MIDDLE = Size("1 million a month", 33_333, 1_000, 14)
LARGE = Size("10 million a day", 10_000_000, 5_000, 400)
SIZES = (SMALL, MIDDLE, LARGE)


@dataclass(slots=True)
class Minutes:
    """How many of each thing happen in each minute of a day, and of which shops the mails are: how many ask at ten."""

    placed: list[float]
    fulfilled: list[float]
    due: list[float]
    sent: list[float] = field(default_factory=lambda: [0.0] * DAY)
    sent_at_ten: list[float] = field(default_factory=lambda: [0.0] * DAY)
    waiting: list[float] = field(default_factory=lambda: [0.0] * DAY)
    latest: list[int] = field(default_factory=lambda: [0] * DAY)
    """For how many minutes those had waited that were mailed in that minute."""

    def tapped(self, minute: int) -> float:
        """How many answer in a minute: some of those mailed within the last hour, the last six, and the last day."""
        found, begin = 0.0, 0
        for end, share in LATER:
            found += share * sum(self.sent[minute - back] for back in range(begin, end)) / (end - begin)
            begin = end
        return ANSWERED * found


def shares(shops: int) -> list[float]:
    """The part of all surveys that is each shop's, the largest first."""
    weights = [1 / (place + 1) for place in range(shops)]
    whole = sum(weights)
    return [weight / whole for weight in weights]


def shop_id(place: int) -> ShopId:
    return ShopId(f"shop-{place + 1}")


def asks_at_ten(place: int) -> bool:
    return place % EVERY == 0


@lru_cache(maxsize=len(SIZES))
def minutes(size: Size) -> Minutes:
    """The second of two days alike, so that what is left of yesterday is there."""
    at_ten = sum(share for place, share in enumerate(shares(size.shops)) if asks_at_ten(place))
    placed, fulfilled = (_spread(hours, size.surveys) for hours in (_PLACED, _FULFILLED))
    due_then, due_at_ten = [0.0] * DAY, [0.0] * DAY
    for minute, number in enumerate(fulfilled):
        due_then[_due_minute(minute, None)] += number * (1 - at_ten)
        due_at_ten[_due_minute(minute, TEN)] += number * at_ten
    day = Minutes(placed, fulfilled, [sum(both) for both in zip(due_then, due_at_ten, strict=True)])
    _drain(day, due_then, due_at_ten, size.rate * 60)
    return day


def _drain(day: Minutes, due_then: Sequence[float], due_at_ten: Sequence[float], most: float) -> None:
    """Mail what is due, the longest due first, at most so many a minute; of what fell due in one minute, a fair part of both."""
    waiting: deque[list[float]] = deque()
    for now in range(2 * DAY):
        minute, room = now % DAY, most
        if due_then[minute] or due_at_ten[minute]:
            waiting.append([now, due_then[minute], due_at_ten[minute]])
        day.sent[minute] = day.sent_at_ten[minute] = day.latest[minute] = 0
        while waiting and room > 0:
            since, then, ten = waiting[0]
            part = min(1.0, room / (then + ten))
            room = room - (then + ten) if part == 1 else 0.0
            day.sent[minute] += (then + ten) * part
            day.sent_at_ten[minute] += ten * part
            day.latest[minute] = max(day.latest[minute], now - int(since))
            waiting[0] = [since, then * (1 - part), ten * (1 - part)]
            if part == 1:
                waiting.popleft()
        day.waiting[minute] = sum(then + ten for _, then, ten in waiting)


@lru_cache(maxsize=2 * DAY)
def _due_minute(minute: int, at: time | None) -> int:
    """In which minute of its day a survey falls due whose order was fulfilled in this minute, by the domain's own rule."""
    start = Start("fulfilled", moment(minute), NPS.delay)
    due = due_at(start, replace(NPS, at=at), ACME).astimezone(ACME.zone)
    return due.hour * 60 + due.minute


_MIDNIGHT = on_the_wall(TODAY, time(), ACME.zone).astimezone(UTC)


def moment(minute: float) -> datetime:
    """When a minute of the shops' day is, in UTC."""
    return _MIDNIGHT + timedelta(minutes=minute)


def _spread(hours: Sequence[int], whole: int) -> list[float]:
    """Each hour's part, evenly over its minutes."""
    return [whole * hours[minute // 60] / sum(hours) / 60 for minute in range(DAY)]


class Draw:
    """Which shops' surveys something happens to: of all, of those that ask at ten, of the others."""

    def __init__(self, shops: int) -> None:
        self._shares = shares(shops)

    @lru_cache(maxsize=9)  # noqa: B019 - three objects, three lists each
    def weights(self, at_ten: bool | None) -> tuple[list[int], list[float]]:
        """The shops by place, and their shares added up."""
        asked = [place for place in range(len(self._shares)) if at_ten is None or asks_at_ten(place) == at_ten]
        return asked, list(accumulate(self._shares[place] for place in asked))
