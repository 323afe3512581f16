"""What a day's support cases add up to: how many, how long they took, by topic and by agent, and when they were over.

A case is counted in the day on which it was opened, however late it is solved. `SupportTotal` is a commutative monoid as `DayTotal`
is, of which it is a part.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple, TypeVar

from cx_domain.calendars import day_of
from cx_domain.day_lines import Line
from cx_domain.shops import Shop

K = TypeVar("K")
CaseCount = Literal["opened", "replied", "solved", "reopened"]
CaseDimension = Literal["all", "topic", "agent"]
TimedBy = Literal["business-hours", "around-the-clock"]
Minutes = Mapping[int, int]
"""How many cases took how many whole minutes."""

_MINUTE = timedelta(minutes=1)


class CaseCell(NamedTuple):
    """Where a case is counted: with all, by its topic or by its agent."""

    dimension: CaseDimension
    value: str = "all"


class CaseDays(NamedTuple):
    """The shop's days on which a case was opened and was solved at last; None while it is open."""

    opened_on: date
    solved_on: date | None


ALL_CASES = CaseCell("all")


@dataclass(frozen=True, slots=True)
class Cases:
    """How many cases there were, and how many took how long. No entry is zero."""

    counts: Mapping[CaseCount, int] = field(default_factory=dict)
    reply_minutes: Minutes = field(default_factory=dict)
    solve_minutes: Minutes = field(default_factory=dict)

    @property
    def opened(self) -> int:
        return self.counts.get("opened", 0)


@dataclass(frozen=True, slots=True)
class SupportTotal:
    """What was counted in some days' cases. No entry is zero."""

    cases: Mapping[CaseCell, Cases] = field(default_factory=dict)
    days: Mapping[CaseDays, int] = field(default_factory=dict)
    timed_by: Mapping[TimedBy, int] = field(default_factory=dict)

    @property
    def whole(self) -> Cases:
        return self.cases.get(ALL_CASES, Cases())

    def by(self, dimension: CaseDimension) -> dict[str, Cases]:
        """The cases of each topic, or of each agent."""
        return {cell.value: cases for cell, cases in self.cases.items() if cell.dimension == dimension}


def support_total(lines: Iterable[Line], shop: Shop) -> SupportTotal:
    """Count one day's cases; by agent only if the shop's file does not forbid it."""
    lines = tuple(lines)
    groups: dict[CaseCell, list[Line]] = {}
    for line in lines:
        for cell in _cells(line, shop):
            groups.setdefault(cell, []).append(line)
    return SupportTotal(
        cases={cell: _counted(group) for cell, group in groups.items()},
        days=dict(Counter(_days(line, shop) for line in lines if line["opened_at"] is not None)),
        timed_by=dict(Counter(line.get("timed_by", "around-the-clock") for line in lines)),
    )


def support_together(parts: Iterable[SupportTotal]) -> SupportTotal:
    """Add up any number of totals in one go."""
    parts = tuple(parts)
    groups: dict[CaseCell, list[Cases]] = {}
    for part in parts:
        for cell, cases in part.cases.items():
            groups.setdefault(cell, []).append(cases)
    return SupportTotal(
        cases={cell: cases_together(group) for cell, group in groups.items()},
        days=summed(part.days for part in parts),
        timed_by=summed(part.timed_by for part in parts),
    )


def cases_together(parts: Iterable[Cases]) -> Cases:
    """Add up the cases of several groups that have none in common."""
    parts = tuple(parts)
    return Cases(
        summed(part.counts for part in parts),
        summed(part.reply_minutes for part in parts),
        summed(part.solve_minutes for part in parts),
    )


def summed(parts: Iterable[Mapping[K, int]]) -> dict[K, int]:
    """Add up counts, key by key."""
    whole: dict[K, int] = {}
    for part in parts:
        for key, count in part.items():
            whole[key] = whole.get(key, 0) + count
    return whole


def support_to_json(total: SupportTotal) -> dict[str, Any]:
    """The JSON form; equal totals give equal text once the keys are sorted."""
    return {
        "cases": [
            [*cell, dict(cases.counts), _to_json(cases.reply_minutes), _to_json(cases.solve_minutes)]
            for cell, cases in sorted(total.cases.items(), key=lambda item: item[0])
        ],
        "days": sorted(
            [
                [days.opened_on.isoformat(), days.solved_on.isoformat() if days.solved_on else "", count]
                for days, count in total.days.items()
            ]
        ),
        "timed_by": dict(total.timed_by),
    }


def support_from_json(data: Mapping[str, Any]) -> SupportTotal:
    """Read back what `support_to_json` wrote."""
    return SupportTotal(
        cases={
            CaseCell(dimension, value): Cases(counts, _from_json(replies), _from_json(solvings))
            for dimension, value, counts, replies, solvings in data["cases"]
        },
        days={
            CaseDays(date.fromisoformat(opened), date.fromisoformat(solved) if solved else None): count
            for opened, solved, count in data["days"]
        },
        timed_by=data["timed_by"],
    )


def _cells(line: Line, shop: Shop) -> Iterable[CaseCell]:
    yield ALL_CASES
    if line.get("topic"):
        yield CaseCell("topic", line["topic"])
    if line.get("agent") and shop.support.staff:
        yield CaseCell("agent", line["agent"])


def _counted(lines: Iterable[Line]) -> Cases:
    lines = tuple(lines)
    return Cases(
        counts=dict(Counter(count for line in lines for count in _counts(line))),
        reply_minutes=_minutes(lines, "reply_minutes", "first_reply_at"),
        solve_minutes=_minutes(lines, "solve_minutes", "solved_at"),
    )


def _counts(line: Line) -> Iterable[CaseCount]:
    yield "opened"
    if line["first_reply_at"] is not None:
        yield "replied"
    if line["solved_at"] is not None:
        yield "solved"
    if line.get("reopened"):
        yield "reopened"


def _minutes(lines: Iterable[Line], taken: str, until: str) -> dict[int, int]:
    counted = (line[taken] if taken in line else _by_the_clock(line["opened_at"], line[until]) for line in lines)
    return dict(Counter(minutes for minutes in counted if minutes is not None))


def _by_the_clock(begin: str | None, end: str | None) -> int | None:
    """Lines of an older release do not say how many minutes it took."""
    if begin is None or end is None:
        return None
    return max(0, (datetime.fromisoformat(end) - datetime.fromisoformat(begin)) // _MINUTE)


def _days(line: Line, shop: Shop) -> CaseDays:
    solved_at = line["solved_at"]
    return CaseDays(
        day_of(datetime.fromisoformat(line["opened_at"]), shop.zone),
        None if solved_at is None else day_of(datetime.fromisoformat(solved_at), shop.zone),
    )


def _to_json(minutes: Minutes) -> dict[str, int]:
    return {str(taken): count for taken, count in minutes.items()}


def _from_json(minutes: Mapping[str, int]) -> dict[int, int]:
    return {int(taken): count for taken, count in minutes.items()}
