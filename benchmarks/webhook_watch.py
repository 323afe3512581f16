"""How often the watch over webhooks calls a healthy shop silent, and how soon it notices one that is; writes the table of docs/webhooks/deliveries.md.

    python -m benchmarks.webhook_watch [--write]

Orders come by a Poisson process with the hours and weekdays of a shop. Each row is seeded by itself, so that a row made again
is the same.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from statistics import median
from zoneinfo import ZoneInfo

from benchmarks.marked_pages import MarkedPage
from cx_domain.deliveries import DeliveryDay
from cx_domain.webhook_watch import WINDOW, Silence, silence

PAGE = MarkedPage("webhooks/deliveries.md", "webhook_watch")

ZONE = ZoneInfo("UTC")
FIRST_MONDAY = date(2024, 1, 1)
DAY = timedelta(days=1)
YEARS, YEAR, SILENT_SHOPS, LONGEST_WAIT = 20, 365, 100, 60
NIGHTLY = timedelta(minutes=15)

HOURS = (1, 1, 0.5, 0.5, 0.5, 0.5, 1, 3, 5, 6, 7, 7, 7, 6, 6, 6, 6, 6, 7, 8, 8, 6, 4, 2)
WEEKS: Mapping[str, Sequence[float]] = {
    "all week alike": (1.0,) * 7,
    "quieter weekends": (1.2, 1.1, 1.1, 1.1, 1.1, 0.7, 0.7),
    "closed weekends": (1.4, 1.4, 1.4, 1.4, 1.4, 0.0, 0.0),
}
ORDERS = (1, 3, 10, 100)


@dataclass(frozen=True, slots=True)
class Business:
    """How many orders a day, on average over the week, and how they are spread over its weekdays."""

    orders: int
    week: str

    def days(self, rng: Random, number: int) -> Iterator[DeliveryDay]:
        """Days with orders, from a Monday on; each order tells of itself at once, and again when it is sent a day later."""
        late: list[datetime] = []
        for day in (FIRST_MONDAY + place * DAY for place in range(number)):
            placed = sorted(self._orders(rng, day))
            sent, late = late, [at + DAY for at in placed if WEEKS[self.week][(day + DAY).weekday()]]
            times = sorted((*placed, *sent))
            if times:
                yield DeliveryDay(day, "woocommerce", {"taken": len(times)}, times[0], times[-1])

    def _orders(self, rng: Random, day: date) -> Iterator[datetime]:
        rate = self.orders * WEEKS[self.week][day.weekday()]
        passed = rng.expovariate(rate) if rate else 2.0
        marks: list[float] = []
        while passed < 1:
            marks.append(passed)
            passed += rng.expovariate(rate)
        for hour in rng.choices(range(24), HOURS, k=len(marks)):
            yield datetime(day.year, day.month, day.day, hour, rng.randrange(60), tzinfo=UTC)


def false_alarms(business: Business) -> int:
    """Count the silences that are told of in so many years of a shop that never stops."""
    rng = Random(f"{business} healthy")
    told = 0
    for _ in range(YEARS):
        days = list(business.days(rng, 28 + YEAR))
        told += len({found.since for night in range(28, 28 + YEAR) for found in [_on(days, night)] if found})
    return told


def waits(business: Business) -> list[float]:
    """In how many days the end of a shop's deliveries is noticed, for so many shops; LONGEST_WAIT where it is not."""
    rng = Random(f"{business} silent")
    return sorted(_wait(business, rng) for _ in range(SILENT_SHOPS))


def _wait(business: Business, rng: Random) -> float:
    ends_on = 56 + rng.randrange(7)
    days = list(business.days(rng, ends_on))
    for night in range(ends_on, ends_on + LONGEST_WAIT):
        found = _on(days, night)
        if found is not None:
            return (_night(night) - _night(ends_on)) / DAY
    return LONGEST_WAIT


def _on(days: Sequence[DeliveryDay], night: int) -> Silence | None:
    now = _night(night)
    known = [day for day in days if now.date() - 2 * WINDOW - DAY < day.day < now.date()]
    return silence(known, ZONE, now)


def _night(number: int) -> datetime:
    start = FIRST_MONDAY + number * DAY
    return datetime(start.year, start.month, start.day, tzinfo=UTC) + NIGHTLY


def row(business: Business) -> str:
    waited = waits(business)
    alarms = false_alarms(business) / YEARS
    late = waited[round(0.9 * len(waited)) - 1]
    return f"| {business.orders} | {business.week} | {alarms:.2f} | {median(waited):.0f} | {late:.0f} |"


def tables() -> str:
    head = [
        "| orders a day | week | false alarms a year | days until noticed: median | 90 % by |",
        "|---|---|---|---|---|",
    ]
    return "\n".join(head + [row(Business(orders, week)) for orders in ORDERS for week in WEEKS])


if __name__ == "__main__":
    PAGE.say(tables, sys.argv[1:])
