"""What customers write to the support about: topics, and cases for each hundred orders.

The orders of a period are those whose turn to be asked came in it, sent or not: they are known when it closes, while of the orders
*placed* in it most still wait for their survey. So a week's cases stand beside the orders that left about as long ago as the shop waits
before it asks. Orders that are tests, or that came too old, are left out; cancelled and refunded ones are not, because people write about
them too.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from cx_domain.backgrounds import Background
from cx_domain.calendars import Period, previous
from cx_domain.findings import Since
from cx_domain.histograms import Histogram
from cx_domain.kinds import kind
from cx_domain.resolutions import durations
from cx_domain.small_groups import shown_groups
from cx_domain.statistics import Interval, change, holm
from cx_domain.support_totals import Cases, cases_together
from cx_domain.totals import DayTotal

_ABOUT_IT = kind("yes-no")
_Z = 1.959963985


@dataclass(frozen=True, slots=True)
class ContactRate:
    """Cases for each hundred orders; None without orders."""

    opened: int
    orders: int
    per_hundred: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic's cases. `share` is per cent of all; `change` is in percentage points, its p-value corrected after Holm over the topics."""

    topic: str
    cases: Cases
    share: float
    change: Since | None


def contact_rate(total: DayTotal) -> ContactRate:
    """Each order has one survey of each kind, so the kind that was asked most tells how many orders there were."""
    opened, orders = total.support.whole.opened, max(total.orders.values(), default=0)
    if not orders:
        return ContactRate(opened, 0, None, None)
    low, high = poisson_interval(opened)
    return ContactRate(opened, orders, 100 * opened / orders, (100 * low / orders, 100 * high / orders))


def poisson_interval(count: int) -> Interval:
    """95 % for the mean of a count: Byar's approximation to the exact limits (Breslow and Day 1987, Statistical methods in cancer
    research II, p. 69). It is within one per cent of them from ten on, and for fewer within a twentieth of a case.
    """
    more = count + 1
    low = count * (1 - 1 / (9 * count) - _Z / (3 * math.sqrt(count))) ** 3 if count else 0.0
    return max(0.0, low), more * (1 - 1 / (9 * more) + _Z / (3 * math.sqrt(more))) ** 3


def topics(period: Period, total: DayTotal, before: DayTotal) -> tuple[Topic, ...]:
    """The most frequent first; beyond fifty the rarest together as "other"."""
    now, then = total.support.by("topic"), before.support.by("topic")
    groups = shown_groups({name: cases.opened for name, cases in now.items()}, 1)
    everything, earlier = total.support.whole.opened, before.support.whole.opened
    found = []
    for name, members in groups.items():
        cases = cases_together(now[member] for member in members)
        known = sum(then[member].opened for member in members if member in then)
        moved = change(_ABOUT_IT, _share(known, earlier), _share(cases.opened, everything))
        since = None if moved is None else Since(previous(period).name, moved.difference, moved.p_value)
        found.append(Topic(name, cases, 100 * cases.opened / everything, since))
    return tuple(_corrected(found))


def contacts_json(period: Period, total: DayTotal, background: Background, hide_below: int) -> dict[str, Any]:
    """`contacts` of report.json. Durations of fewer than `hide_below` cases are null: they tell of single customers."""
    return {
        **_rate(contact_rate(total)),
        "rolling": None if background.rolling is None else _rate(contact_rate(background.rolling)),
        "topics": [_topic(topic, hide_below) for topic in topics(period, total, background.before)],
    }


def _share(about: int, of: int) -> Histogram:
    return Histogram({1: about, 0: of - about})


def _corrected(rows: list[Topic]) -> Iterable[Topic]:
    corrected = iter(holm([row.change.p_value for row in rows if row.change and row.change.p_value is not None]))
    for row in rows:
        if row.change is None or row.change.p_value is None:
            yield row
        else:
            yield replace(row, change=replace(row.change, p_value=next(corrected)))


def _rate(rate: ContactRate) -> dict[str, Any]:
    return {
        "opened": rate.opened,
        "orders": rate.orders,
        "per_hundred_orders": rate.per_hundred,
        "interval": None if rate.interval is None else list(rate.interval),
    }


def _topic(topic: Topic, hide_below: int) -> dict[str, Any]:
    moved = topic.change
    return {
        "topic": topic.topic,
        "n": topic.cases.opened,
        "share": topic.share,
        "change": None
        if moved is None
        else {"from": moved.period, "difference": moved.difference, "p_value": moved.p_value},
        **case_figures(topic.cases, hide_below),
    }


def case_figures(cases: Cases, hide_below: int) -> dict[str, Any]:
    """How many of a group's cases were solved and came back, and how long they took in the middle."""
    solving, reply = durations(cases.solve_minutes), durations(cases.reply_minutes)
    solved, replied = sum(cases.solve_minutes.values()), sum(cases.reply_minutes.values())
    return {
        "solved": cases.counts.get("solved", 0),
        "reopened": cases.counts.get("reopened", 0),
        "median_hours": solving.median_hours if solved >= hide_below else None,
        "p90_hours": solving.p90_hours if solved >= hide_below else None,
        "median_first_reply_hours": reply.median_hours if replied >= hide_below else None,
    }
