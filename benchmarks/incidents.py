"""How often the rule for incidents alarms in quiet shops, and how soon it finds true ones; writes the tables of docs/incidents.md.

    python -m benchmarks.incidents [--write]

Each row is seeded by itself, so that a row made again is the same.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from benchmarks.marked_pages import MarkedPage
from cx_domain.excesses import DRIVER, WHOLE, Count, Watched
from cx_domain.incident_effects import before_after, is_over
from cx_domain.incidents import Incident, closed, noted, watch

PAGE = MarkedPage("incidents.md", "incidents")

ZONE = ZoneInfo("Europe/Warsaw")
FIRST_SUNDAY = date(2024, 1, 7)
WEEK = timedelta(days=7)
USUAL_WEEKS, YEAR, INCIDENT_WEEKS = 13, 52, 3
QUIET_SHOPS = {10: 200, 50: 200, 300: 150, 2000: 40}
"""How many shop-years, by answers a week."""
RESTLESS_SHOPS = {50: 100, 300: 60, 2000: 20}
"""The same, of shops that move twice as much."""
TROUBLED_SHOPS = {10: 100, 50: 100, 300: 100, 2000: 30}
TIMES = (2, 3, 5)

DETRACTORS = 0.15
MOVES = 0.10
"""The share of detractors moves from week to week by a tenth of itself (standard deviation), in all segments alike."""
NAMES_NONE = 0.2
DRIVERS = {
    "delivery": 0.25,
    "waiting": 0.12,
    "price": 0.18,
    "quality": 0.16,
    "assortment": 0.08,
    "courtesy": 0.05,
    "competence": 0.04,
    "honesty": 0.03,
    "clear-information": 0.05,
    "website": 0.04,
}
"""Which one a detractor who names any names first."""
GO_TOGETHER = {"delivery": ("waiting", 0.5), "waiting": ("delivery", 0.4), "courtesy": ("competence", 0.4)}
"""Which second one comes with the first, and how often."""
SEGMENTS = {
    "country": {"PL": 0.7, "CZ": 0.12, "DE": 0.1, "SK": 0.05, "LT": 0.03},
    "delivery": {"courier": 0.5, "locker": 0.3, "pick-up": 0.15, "post": 0.05},
    "category": {"tents": 0.3, "boots": 0.25, "packs": 0.2, "stoves": 0.12, "ropes": 0.08, "maps": 0.05},
    "tag:store": {"wroclaw": 0.35, "krakow": 0.25, "gdansk": 0.2, "lodz": 0.12, "lublin": 0.08},
}
UNHAPPIER = {"DE": 1.5, "post": 1.6, "lodz": 1.3, "maps": 0.7}
"""Segments in which the share of detractors is always another."""

DELIVERY = Watched("nps", "order", DRIVER, "delivery")
KRAKOW = Watched("nps", "order", "tag:store", "krakow")
ALL = Watched("nps", "order", WHOLE, WHOLE)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What goes wrong: so many times the usual detractors of one driver or one store."""

    watched: Watched
    times: int


class Year:
    """One shop's weeks, one after the other, and the incidents that the rule opens in them."""

    def __init__(self, rng: Random, answers: int, moves: float = MOVES) -> None:
        self._rng = rng
        self._moves = moves
        self._answers = answers
        self._week = 0
        self.counts: dict[Watched, dict[date, Count]] = {
            watched: {} for watched in (ALL, *_drivers(), *_segments_watched())
        }
        self._surveys: dict[Watched, dict[str, date]] = {watched: {} for watched in self.counts}
        self.incidents: dict[str, Incident] = {}

    @property
    def today(self) -> date:
        return FIRST_SUNDAY + self._week * WEEK

    def now(self) -> datetime:
        return datetime(self.today.year, self.today.month, self.today.day, 23, 0, tzinfo=UTC)

    def pass_week(self, trouble: Trouble | None = None) -> None:
        """Let a week's answers come."""
        self._week += 1
        answers, found = Counter[Watched](), Counter[Watched]()
        level = DETRACTORS * max(0.5, self._rng.gauss(1, self._moves))
        for number, where in enumerate(self._places()):
            answers.update(where)
            reasons = self._reasons(level, where, trouble)
            if reasons is None:
                continue
            for watched in (ALL, *where, *(_driver(name) for name in reasons)):
                found[watched] += 1
                self._surveys[watched][f"{self._week}-{number}"] = self.today
        for watched, days in self.counts.items():
            n = self._answers if watched.dimension in {DRIVER, WHOLE} else answers[watched]
            days[self.today] = Count(n, found[watched])

    def look(self) -> list[Incident]:
        """Watch the week, close what is over, and return what was opened."""
        known = list(self.incidents.values())
        seen = watch(self.counts, self._surveys, self.today, known, opened_at=self.now(), zone=ZONE)
        opened = [incident for incident in seen if incident.id not in self.incidents]
        self.incidents |= {incident.id: incident for incident in seen}
        for incident in self.incidents.values():
            if is_over(incident, self.counts[incident.watched], self.today):
                self.incidents[incident.id] = closed(incident, "quiet for four weeks", self.now())
        return opened

    def _places(self) -> Iterator[Sequence[Watched]]:
        chosen = [
            self._rng.choices(_watched(dimension), list(values.values()), k=self._answers)
            for dimension, values in SEGMENTS.items()
        ]
        yield from zip(*chosen, strict=True)

    def _reasons(self, level: float, where: Sequence[Watched], trouble: Trouble | None) -> set[str] | None:
        """Return what a detractor names; None for who is none."""
        chance = level
        for watched in where:
            chance *= UNHAPPIER.get(watched.value, 1)
        if trouble is not None and trouble.watched in where:
            chance *= trouble.times
        if self._rng.random() < chance:
            return self._named()
        if trouble is not None and trouble.watched.dimension == DRIVER:
            more = (trouble.times - 1) * usual_share(trouble.watched.value) * level / (1 - level)
            if self._rng.random() < more:
                return self._with_second(trouble.watched.value)
        return None

    def _named(self) -> set[str]:
        if self._rng.random() < NAMES_NONE:
            return set()
        return self._with_second(self._rng.choices(list(DRIVERS), list(DRIVERS.values()))[0])

    def _with_second(self, name: str) -> set[str]:
        second, often = GO_TOGETHER.get(name, (name, 0))
        return {name, second} if self._rng.random() < often else {name}


def usual_share(driver: str) -> float:
    """Of the detractors, who name a driver, as first or as second."""
    second = sum(DRIVERS[name] * often for name, (other, often) in GO_TOGETHER.items() if other == driver)
    return (1 - NAMES_NONE) * (DRIVERS[driver] + second)


def quiet_row(answers: int, shops: int, moves: float) -> str:
    """False alarms in shops in which nothing happens."""
    alarms, shops_with = 0, 0
    for number in range(shops):
        year = Year(Random(f"quiet {answers} {number}"), answers, moves)
        for _ in range(USUAL_WEEKS):
            year.pass_week()
        opened = 0
        for _ in range(YEAR):
            year.pass_week()
            opened += len(year.look())
        alarms += opened
        shops_with += opened > 0
    return f"| {answers} | {100 * moves:.0f} % | {shops} | {alarms / shops:.2f} | {100 * shops_with / shops:.0f} % |"


def troubled_row(watched: Watched, times: int, answers: int) -> str:
    """How soon the true thing is found and named, when one thing goes wrong for three weeks."""
    shops, found, others = TROUBLED_SHOPS[answers], Counter[int](), 0
    for number in range(shops):
        year = Year(Random(f"{watched.value} {times} {answers} {number}"), answers)
        for _ in range(USUAL_WEEKS):
            year.pass_week()
        for week in range(1, INCIDENT_WEEKS + 1):
            year.pass_week(Trouble(watched, times))
            opened = [incident.watched for incident in year.look()]
            found[week] += watched in opened
            others += len([other for other in opened if other != watched])
    by_week = [sum(found[week] for week in range(1, last + 1)) / shops for last in range(1, INCIDENT_WEEKS + 1)]
    shares = " | ".join(f"{100 * share:.0f} %" for share in by_week)
    return f"| {watched.value} | {times}-fold | {answers} | {shares} | {others / shops:.2f} |"


def idle_step_row(answers: int, times: int = 3) -> str:
    """How often a step that changes nothing is called better, four weeks after it."""
    shops, verdicts = TROUBLED_SHOPS[answers], Counter[str | None]()
    for number in range(shops):
        year = Year(Random(f"idle {times} {answers} {number}"), answers)
        for _ in range(USUAL_WEEKS):
            year.pass_week()
        ours = None
        for _ in range(8):
            year.pass_week(Trouble(DELIVERY, times))
            year.look()
            ours = next((each for each in year.incidents.values() if each.watched == DELIVERY), None)
            if ours is not None:
                break
        if ours is None:
            continue
        stepped = noted(ours, year.now(), step="Called the courier")
        for _ in range(4):
            year.pass_week(Trouble(DELIVERY, times))
        verdicts[before_after(stepped, year.counts[DELIVERY], year.today, ZONE).verdict] += 1
    n = max(1, verdicts.total())
    names = ("better", "worse", "no-difference-yet", "too-few")
    return (
        f"| {answers} | {verdicts.total()} | "
        + " | ".join(f"{100 * verdicts[name] / n:.0f} %" for name in names)
        + " |"
    )


def tables() -> str:
    """Make all rows; some minutes."""
    lines = ["| answers a week | weeks move by | shop-years | false alarms a year | shops with any in a year |"]
    lines += ["|---|---|---|---|---|"]
    lines += [quiet_row(answers, shops, MOVES) for answers, shops in QUIET_SHOPS.items()]
    lines += [quiet_row(answers, shops, 2 * MOVES) for answers, shops in RESTLESS_SHOPS.items()]
    lines += [
        "",
        "| what | rate | answers a week | found after 1 week | 2 weeks | 3 weeks | other incidents beside it |",
    ]
    lines += ["|---|---|---|---|---|---|---|"]
    lines += [
        troubled_row(watched, times, answers)
        for watched in (DELIVERY, KRAKOW)
        for times in TIMES
        for answers in TROUBLED_SHOPS
    ]
    lines += [
        "",
        "| answers a week | incidents | better | worse | no-difference-yet | too-few |",
        "|---|---|---|---|---|---|",
    ]
    lines += [idle_step_row(answers) for answers in TROUBLED_SHOPS]
    return "\n".join(lines)


def _driver(name: str) -> Watched:
    return Watched("nps", "order", DRIVER, name)


def _drivers() -> list[Watched]:
    return [_driver(name) for name in DRIVERS]


def _watched(dimension: str) -> list[Watched]:
    return [Watched("nps", "order", dimension, value) for value in SEGMENTS[dimension]]


def _segments_watched() -> list[Watched]:
    return [watched for dimension in SEGMENTS for watched in _watched(dimension)]


if __name__ == "__main__":
    PAGE.say(tables, sys.argv[1:])
