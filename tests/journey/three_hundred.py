"""Three hundred made-up customers, and what is true of their words, their money and their loyalty; nothing of ours counts here."""

import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

COUNTRIES = {"PL": (0.12, 0.2), "CZ": (0.3, 0.3), "FR": (0.05, 0.1)}
"""Of each country the share of detractors and of passives."""
BUCKETS = ("promoter", "passive", "detractor")
Z = 1.959963984540054


@dataclass(frozen=True)
class Customer:
    """What one customer will do."""

    number: int
    country: str
    score: int
    drivers: tuple[str, ...]
    comment: str

    @property
    def address(self) -> str:
        return f"customer{self.number}@example.com"

    @property
    def total(self) -> str:
        """The order's value: no two buckets have the same mean."""
        return f"{40 + self.number * 7 % 61}.{self.number % 10}0"

    @property
    def bucket(self) -> str:
        return "promoter" if self.score >= 9 else "passive" if self.score >= 7 else "detractor"


def made_up(numbers: Iterable[int], seed: int) -> list[Customer]:
    luck = random.Random(seed)  # noqa: S311 (a repeatable story)
    found = []
    for number in numbers:
        country = luck.choices(list(COUNTRIES), [60, 30, 10])[0]
        low, middle = COUNTRIES[country]
        fate = luck.random()
        score = luck.randint(0, 6) if fate < low else luck.randint(7, 8) if fate < low + middle else luck.randint(9, 10)
        drivers = ("delivery",) if score <= 6 and luck.random() < 0.6 else ("price", "quality") if score == 8 else ()
        found.append(Customer(number, country, score, drivers, f"Word {number}" if luck.random() < 0.2 else ""))
    return found


def words(week: Sequence[Customer], given_at: str) -> dict[str, Any]:
    """All answered at one moment, so that those who say the same stand by their numbers."""
    low = sorted((c for c in week if c.score <= 6), key=lambda c: (c.score, c.number))
    return {
        "call_back": [_comment(c, given_at) for c in low],
        "comments": [_comment(c, given_at) for c in week if c.comment],
    }


def _comment(customer: Customer, given_at: str) -> dict[str, Any]:
    return {
        "kind": "nps",
        "touchpoint": "order",
        "score": customer.score,
        "bucket": customer.bucket,
        "comment": customer.comment,
        "drivers": list(customer.drivers),
        "order": str(customer.number),
        "order_id": str(customer.number),
        "total": customer.total,
        "currency": "PLN",
        "given_at": given_at,
        "may_reply": False,
        "source": "survey",
    }


def no_cases(orders: int, orders_in_thirteen_weeks: int) -> dict[str, Any]:
    """Nobody wrote to the support: nothing has a length, and of the orders at most three in a hundred would have."""
    nothing = ("median_hours", "p90_hours", "median_first_reply_hours", "mean_hours", "p90_first_reply_hours")
    return {
        "resolution": {
            **dict.fromkeys(("opened", "solved", "still_open", "replied", "reopened"), 0),
            **dict.fromkeys((*nothing, "mean_first_reply_hours", "timed_by")),
        },
        "open_at_close": {"since": "2025-10-27", "n": 0, "median_days": None, "oldest_days": None},
        "contacts": {**_no_contacts(orders), "rolling": _no_contacts(orders_in_thirteen_weeks), "topics": []},
        "staff": [],
    }


def _no_contacts(orders: int) -> dict[str, Any]:
    """Byar's upper limit for a count of nought."""
    high = (1 - 1 / 9 + Z / 3) ** 3
    return {"opened": 0, "orders": orders, "per_hundred_orders": 0.0, "interval": [0.0, 100 * high / orders]}


def loyalty(everybody: Sequence[Customer]) -> dict[str, Any]:
    """Each ordered once, and nobody has had the time to come back or to be lost."""
    at_risk = [c for c in everybody if c.score <= 6]
    spent, risked = (sum(Decimal(c.total) for c in customers) for customers in (everybody, at_risk))
    return {
        "lost_after_days": 365.0,
        "questions": [{"kind": "nps", "touchpoint": "order", "buckets": [_deeds(name, everybody) for name in BUCKETS]}],
        "revenue_at_risk": [
            {
                "currency": "PLN",
                "customers": len(at_risk),
                "revenue": str(risked),
                "share": float(Fraction(risked) / Fraction(spent)),
            }
        ],
    }


def _deeds(bucket: str, everybody: Sequence[Customer]) -> dict[str, Any]:
    amounts = [Fraction(c.total) for c in everybody if c.bucket == bucket]
    too_early = {"n": 0, "share": None, "interval": None}
    return {
        "bucket": bucket,
        "bought_again": [{"days": days, **too_early} for days in (30, 90, 180)],
        "gone": too_early,
        "orders_last_year": {"n": len(amounts), "mean": 1.0, "interval": None},
        "revenue_last_year": [{"currency": "PLN", "n": len(amounts), **_mean(amounts)}],
    }


def _mean(amounts: Sequence[Fraction]) -> dict[str, Any]:
    n, mean = len(amounts), sum(amounts) / len(amounts)
    spread = math.sqrt(sum((amount - mean) ** 2 for amount in amounts) / (n - 1) / n)
    reach = _student(n - 1) * spread
    return {"mean": float(mean), "interval": [float(mean) - reach, float(mean) + reach]}


def _student(degrees: int) -> float:
    """Student's t beyond which one in forty lies: where the area under its density from nought is 0.475."""
    scale = math.exp(math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2)) / math.sqrt(degrees * math.pi)
    low, high = 0.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        area = _area(lambda t: scale * (1 + t * t / degrees) ** (-(degrees + 1) / 2), middle)
        low, high = (middle, high) if area < 0.475 else (low, middle)
    return low


def _area(density: Callable[[float], float], end: float, steps: int = 400) -> float:
    """By Simpson's rule."""
    inner = sum((4 if step % 2 else 2) * density(end * step / steps) for step in range(1, steps))
    return end / steps / 3 * (density(0.0) + inner + density(end))


def customer_base(everybody: Sequence[Customer]) -> dict[str, Any]:
    """All had ordered before the week began and none has since; who answered in it did so for the first time."""
    sizes = Counter(customer.country for customer in everybody)
    segments = [("country", country, n) for country, n in sorted(sizes.items(), key=lambda item: -item[1])]
    same = {"language": "en", "channel": "web", "category": "tents", "delivery": "courier"}
    segments += [(dimension, value, len(everybody)) for dimension, value in same.items()]
    return {
        "rhythm": {
            "sleeping_after_days": 180.0,
            "sleeping_from": "usual",
            "lost_after_days": 365.0,
            "lost_from": "usual",
            "gaps": 0,
        },
        "whole": _stayed(len(everybody)),
        "segments": [{"dimension": dimension, "value": value, **_stayed(n)} for dimension, value, n in segments],
        "opinions": [{"kind": "nps", "touchpoint": "order", "first_answers": 180, "whole": None, "segments": []}],
    }


def _stayed(n: int) -> dict[str, Any]:
    moves = [{"from": "active", "to": "active", "customers": n}]
    return {"customers": n, "start": {"active": n}, "end": {"active": n}, "moves": moves}
