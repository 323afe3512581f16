"""Loyalty in deeds: what promoters, passives and detractors did after they had answered.

Everything is told as of one moment, and counts customers, not answers, so that who answers often does not weigh more.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any, get_args

from cx_domain.buying_rhythm import Rhythm, standing
from cx_domain.histories import Given, History, Purchase, Question
from cx_domain.kinds import Bucket
from cx_domain.moments import Moments, plus
from cx_domain.statistics import wilson

HORIZONS = tuple(timedelta(days=days) for days in (30, 90, 180))
YEAR = timedelta(days=365)
_BUCKETS: tuple[Bucket, ...] = get_args(Bucket)
_NOTHING = Decimal(0)


@dataclass(slots=True)
class Share:
    """How many of those of whom it can be said already."""

    n: int = 0
    hits: int = 0

    def add(self, hit: bool) -> None:
        self.n += 1
        self.hits += hit


@dataclass(slots=True)
class Deeds:
    """What the customers of one bucket did. `bought_again` goes by HORIZONS; `revenue` by currency, never mixed."""

    bought_again: tuple[Share, ...] = field(default_factory=lambda: tuple(Share() for _ in HORIZONS))
    gone: Share = field(default_factory=Share)
    orders: Moments = field(default_factory=Moments)
    revenue: defaultdict[str, Moments] = field(default_factory=lambda: defaultdict(Moments))


Buckets = defaultdict[Bucket, Deeds]


@dataclass(slots=True)
class AtRisk:
    """One currency's revenue of the last year: of everybody, and of those who were unhappy last and are not lost yet."""

    customers: int = 0
    revenue: Decimal = _NOTHING
    everybody: int = 0
    of_everybody: Decimal = _NOTHING


@dataclass(slots=True)
class Loyalty:
    """Deeds by question and bucket, and revenue at risk by currency, as of one moment."""

    at: datetime
    rhythm: Rhythm
    deeds: defaultdict[Question, Buckets] = field(default_factory=lambda: defaultdict(_no_deeds))
    at_risk: defaultdict[str, AtRisk] = field(default_factory=lambda: defaultdict(AtRisk))

    def add(self, history: History) -> None:
        """Count a customer in; the history tells nothing of what came after the moment (`known_between`)."""
        placed = [order.placed_at for order in history.orders]
        last_year = history.orders[bisect_right(placed, self.at - YEAR) :]
        revenue = _by_currency(last_year)
        _count_at_risk(self, history, revenue)
        for question, answers in _by_question(history.answers):
            buckets = self.deeds[question]
            _count_what_followed(buckets, self, answers, placed)
            if placed:
                worth = buckets[answers[-1].bucket]
                worth.orders.add(Decimal(len(last_year)))
                for currency in _currencies(history.orders):
                    worth.revenue[currency].add(revenue.get(currency, _NOTHING))


def loyalty_json(found: Loyalty, hide_below: int) -> dict[str, Any]:
    """`loyalty` of report.json. A figure of fewer customers than `hide_below` is null; its n is told."""
    return {
        "lost_after_days": found.rhythm.lost_after / timedelta(days=1),
        "questions": [
            {
                "kind": question.kind,
                "touchpoint": question.touchpoint,
                "buckets": [_deeds(name, found.deeds[question][name], hide_below) for name in _BUCKETS],
            }
            for question in sorted(found.deeds)
        ],
        "revenue_at_risk": [_at_risk(name, found.at_risk[name], hide_below) for name in sorted(found.at_risk)],
    }


def _no_deeds() -> Buckets:
    return defaultdict(Deeds)


def _count_what_followed(
    buckets: Buckets, found: Loyalty, answers: Sequence[Given], placed: Sequence[datetime]
) -> None:
    """Judge only what has had its time: who answered last week has not "not bought within 30 days"."""
    for place, horizon in enumerate(HORIZONS):
        old_enough = [answer for answer in answers if answer.given_at + horizon <= found.at]
        if old_enough:
            newest = old_enough[-1]
            buckets[newest.bucket].bought_again[place].add(_bought(placed, newest.given_at, horizon))
    seen: set[Bucket] = set()
    for answer in answers:
        if answer.bucket not in seen and answer.given_at + found.rhythm.lost_after <= found.at:
            buckets[answer.bucket].gone.add(not _bought(placed, answer.given_at, found.rhythm.lost_after))
        seen.add(answer.bucket)


def _bought(placed: Sequence[datetime], after: datetime, within: timedelta) -> bool:
    following = bisect_right(placed, after)
    return following < len(placed) and placed[following] <= after + within


def _count_at_risk(found: Loyalty, history: History, revenue: dict[str, Decimal]) -> None:
    # Of the newest answer to whatever was asked: who was unhappy with the delivery is at risk, whatever they said before.
    unhappy = bool(history.answers) and history.answers[-1].bucket == "detractor"
    at_risk = unhappy and standing(history.orders, found.at, found.rhythm) in {"active", "sleeping"}
    for currency, amount in revenue.items():
        group = found.at_risk[currency]
        group.everybody += 1
        group.of_everybody = plus(group.of_everybody, amount)
        if at_risk:
            group.customers += 1
            group.revenue = plus(group.revenue, amount)


def _by_question(answers: Sequence[Given]) -> Iterator[tuple[Question, list[Given]]]:
    question = attrgetter("question")
    for asked, given in groupby(sorted(answers, key=question), question):
        yield asked, list(given)


def _currencies(orders: Sequence[Purchase]) -> set[str]:
    """In which the customer ever bought: in those, no order in the last year is nought, in others it is nothing."""
    return {order.currency for order in orders if order.currency and order.total is not None}


def _by_currency(orders: Sequence[Purchase]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for order in orders:
        if order.currency and order.total is not None:
            found[order.currency] = plus(found.get(order.currency, _NOTHING), order.total)
    return found


def _deeds(name: Bucket, deeds: Deeds, hide_below: int) -> dict[str, Any]:
    return {
        "bucket": name,
        "bought_again": [
            {"days": horizon.days, **_share(share, hide_below)}
            for horizon, share in zip(HORIZONS, deeds.bought_again, strict=True)
        ],
        "gone": _share(deeds.gone, hide_below),
        "orders_last_year": _mean(deeds.orders, hide_below),
        "revenue_last_year": [
            {"currency": currency, **_mean(deeds.revenue[currency], hide_below)} for currency in sorted(deeds.revenue)
        ],
    }


def _share(share: Share, hide_below: int) -> dict[str, Any]:
    interval = wilson(share.hits, share.n) if share.n >= hide_below else None
    return {
        "n": share.n,
        "share": None if interval is None else share.hits / share.n,
        "interval": None if interval is None else list(interval),
    }


def _mean(amounts: Moments, hide_below: int) -> dict[str, Any]:
    if amounts.n < hide_below:
        return {"n": amounts.n, "mean": None, "interval": None}
    interval = amounts.interval()
    return {"n": amounts.n, "mean": amounts.mean(), "interval": None if interval is None else list(interval)}


def _at_risk(currency: str, group: AtRisk, hide_below: int) -> dict[str, Any]:
    hidden = 0 < group.customers < hide_below
    # Who knows a sum and its share of the whole knows the rest.
    few_others = 0 < group.everybody - group.customers < hide_below
    everybody = float(group.of_everybody)
    return {
        "currency": currency,
        "customers": group.customers,
        "revenue": None if hidden else str(group.revenue),
        "share": None if hidden or few_others or not everybody else float(group.revenue) / everybody,
    }
