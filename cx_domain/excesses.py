"""Where detractors are more than chance explains: one reason, one segment value, or all answers, week by week.

The rule, its reasons and its measured alarms are told in docs/incidents.md.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from cx_domain.exact_tests import chance_of_more, least_chance
from cx_domain.shops import KindName
from cx_domain.statistics import holm

DRIVER = "driver"
"""The dimension of a reason: the detractors who name it, among all answers to its question."""
WHOLE = "all"
"""The dimension, and the value, of all answers to a question."""

LEVEL = 0.02
"""The chance that a quiet week alarms at all, however many things are watched: about once in 52 weeks."""
FEWEST = 3
"""Two detractors are bad luck, whatever the test says."""
MOVES = 1.15
"""Shares move a little from week to week for no one reason: only odds beyond so many times the usual are tested as an excess."""
RISE = (3, 2)
"""A share that is not at least three halves of the usual one is no incident, however many answers prove it."""
ENOUGH_ANSWERS = 100
MOST_WEEKS = 4
"""The window is the last week, and as many before it as it takes to have `ENOUGH_ANSWERS`, at most four in all."""
USUAL_WEEKS = 13
LEAST_USUAL = 50
"""With fewer answers before the window nobody knows what is usual."""
_WEEK = timedelta(days=7)


class Watched(NamedTuple):
    """What is watched: a driver (`driver`, `delivery`), a segment's value (`tag:store`, `wroclaw`) or `all`, of one question."""

    kind: KindName
    touchpoint: str
    dimension: str
    value: str


@dataclass(frozen=True, slots=True)
class Count:
    """Answers, and how many of them are detractors'; of a driver, the detractors who name it. Adding merges."""

    answers: int = 0
    detractors: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.answers + other.answers, self.detractors + other.detractors)

    def without(self, detractors: int) -> "Count":
        return Count(self.answers - detractors, self.detractors - detractors)

    @property
    def rate(self) -> float | None:
        return self.detractors / self.answers if self.answers else None


Days = Mapping[date, Count]
DailyCounts = Mapping[Watched, Days]
"""By what is watched and day of the shop. Every question that is watched has its `all`."""
Detractors = Mapping[Watched, Mapping[str, date]]
"""The surveys of the detractors that `DailyCounts` counts, with their days."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Which days say what is usual: none before `since`, none of the `spans` (first, last); or else what was `fixed` before."""

    since: date = date.min
    spans: tuple[tuple[date, date], ...] = ()
    fixed: Count | None = None

    def usual(self, days: Days, before: date) -> Count:
        """Add up the quarter before a day."""
        if self.fixed is not None:
            return self.fixed
        first = max(self.since, before - USUAL_WEEKS * _WEEK)
        ours = (day for day in days if first <= day < before)
        return total(days, (day for day in ours if not any(start <= day <= end for start, end in self.spans)))


EVERY_DAY = Ground()


@dataclass(frozen=True, slots=True)
class Excess:
    """More detractors than chance explains, from `start` to `end`; the p-value is corrected for all that is watched."""

    watched: Watched
    start: date
    end: date
    seen: Count
    usual: Count
    p_value: float
    surveys: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class _Candidate:
    watched: Watched
    start: date
    seen: Count
    usual: Count

    def chance(self, seen: Count) -> float:
        return chance_of_more(seen.detractors, seen.answers, self.usual.detractors, self.usual.answers, MOVES)

    @property
    def rank(self) -> tuple[float, int, int, Watched]:
        """The strongest first; of equals, a reason before a place, a small place before a large one, and the whole last."""
        breadth = {DRIVER: 0, WHOLE: 2}.get(self.watched.dimension, 1)
        return self.chance(self.seen), breadth, self.seen.answers, self.watched

    @property
    def least(self) -> float:
        """What the test could say at most, however the detractors had fallen."""
        in_all = self.seen.detractors + self.usual.detractors
        if min(in_all, self.seen.answers) < FEWEST:
            return 1.0
        return least_chance(self.seen.answers, in_all, self.usual.answers, MOVES)


def excesses(
    counts: DailyCounts,
    detractors: Detractors,
    until: date,
    grounds: Mapping[Watched, Ground],
    *,
    first: Collection[Watched] = (),
    least_answers: int = 0,
) -> tuple[Excess, ...]:
    """Find what exceeds the usual in the window that ends on `until`; `first` are told before the others.

    What has fewer than `least_answers` in the window is not looked at, because a report would not show it either.
    A detractor is told once: who is among those of an excess does not count for a weaker one, so that one late courier is not
    an incident of his driver, his city, his language and his channel.
    """
    candidates = [one for one in _candidates(counts, until, grounds) if one.seen.answers >= least_answers]
    family = _family(candidates)
    corrected = zip(family, holm([one.chance(one.seen) for one in family]), strict=True)
    alarming = [(one, p) for one, p in corrected if p < LEVEL and _is_rise(one.seen, one.usual)]
    alarming.sort(key=lambda found: (found[0].watched not in first, *found[0].rank))
    return tuple(_told_once(alarming, detractors, until, len(family)))


def window_start(whole: Days, until: date) -> date:
    """The first day of the window that ends on `until`: whole weeks, the fewest that have enough answers."""
    for weeks in range(1, MOST_WEEKS):
        start = until + timedelta(days=1) - weeks * _WEEK
        if total(whole, _days(start, until)).answers >= ENOUGH_ANSWERS:
            return start
    return until + timedelta(days=1) - MOST_WEEKS * _WEEK


def total(days: Days, of: Iterable[date]) -> Count:
    """Add up these days."""
    return sum((days[day] for day in of if day in days), Count())


def _candidates(counts: DailyCounts, until: date, grounds: Mapping[Watched, Ground]) -> Iterable[_Candidate]:
    for watched in sorted(counts):
        whole = counts[watched._replace(dimension=WHOLE, value=WHOLE)]
        start = window_start(whole, until)
        usual = grounds.get(watched, EVERY_DAY).usual(counts[watched], start)
        if usual.answers >= LEAST_USUAL:
            yield _Candidate(watched, start, total(counts[watched], _days(start, until)), usual)


def _family(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """The tests to correct for: not those that could alarm in no case (Tarone, Biometrics 46, 1990, 515-522).

    Which these are depends on the sums only, never on where the detractors fell, so leaving them out costs no error.
    """
    for size in range(1, len(candidates)):
        able = [one for one in candidates if one.least < LEVEL / size]
        if len(able) <= size:
            return able
    return list(candidates)


def _is_rise(seen: Count, usual: Count) -> bool:
    over, under = RISE
    return seen.detractors >= FEWEST and (
        seen.detractors * usual.answers * under >= usual.detractors * seen.answers * over
    )


def _told_once(
    alarming: Iterable[tuple[_Candidate, float]], detractors: Detractors, until: date, family: int
) -> Iterable[Excess]:
    told: set[str] = set()
    for one, p_value in alarming:
        days = detractors.get(one.watched, {})
        ours = {survey for survey, day in days.items() if one.start <= day <= until}
        rest = one.seen.without(len(ours & told))
        if ours & told and not (_is_rise(rest, one.usual) and family * one.chance(rest) < LEVEL):
            continue
        told |= ours
        newest_first = sorted(ours, key=lambda survey: (-days[survey].toordinal(), survey))
        yield Excess(one.watched, one.start, until, one.seen, one.usual, p_value, tuple(newest_first))


def _days(start: date, end: date) -> Iterable[date]:
    return (start + timedelta(days=number) for number in range((end - start).days + 1))
