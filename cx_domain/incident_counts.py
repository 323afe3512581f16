"""What incidents are watched in, counted from answer lines: each driver, each segment value and the whole of each question."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from cx_domain.day_lines import Line
from cx_domain.excesses import DRIVER, WHOLE, Count, DailyCounts, Detractors, Watched
from cx_domain.kinds import kind
from cx_domain.series import age_order, imported_from
from cx_domain.shops import KindName, Shop

_Asked = tuple[KindName, str]


@dataclass(slots=True)
class _Tally:
    """Of one question's newest words so far: the answers of each day, and the detractors' surveys."""

    series: str | None
    answers: Counter[tuple[Watched, date]] = field(default_factory=Counter)
    named: dict[Watched, dict[str, date]] = field(default_factory=dict)


def counted(days: Iterable[tuple[date, Iterable[Line]]], shop: Shop) -> tuple[DailyCounts, Detractors]:
    """Count the answers of some days that count, and name the detractors' surveys. Of each question, in its newest words only.

    Each line is looked at once, so that no more than a day's need be in memory.
    """
    tallies: dict[_Asked, _Tally] = {}
    for day, lines in days:
        for line in lines:
            if line["score"] is not None and _is_ours(line):
                _count(tallies, day, line, shop)
    answers = Counter[tuple[Watched, date]]()
    named: dict[Watched, dict[str, date]] = {}
    for tally in tallies.values():
        answers.update(tally.answers)
        named.update(tally.named)
    return _daily(answers, named), named


def _count(tallies: dict[_Asked, _Tally], day: date, line: Line, shop: Shop) -> None:
    asked, series = _asked(line), line.get("question")
    tally = tallies.get(asked)
    if tally is None or age_order(series) > age_order(tally.series):
        tally = tallies[asked] = _Tally(series)
    if series != tally.series:
        return
    where = list(_where(line, shop))
    tally.answers.update((watched, day) for watched in where)
    if kind(line["kind"]).bucket(line["score"]) == "detractor":
        for watched in (*where, *(Watched(*asked, DRIVER, name) for name in line["drivers"])):
            tally.named.setdefault(watched, {})[line["id"]] = day


def _where(line: Line, shop: Shop) -> Iterable[Watched]:
    yield Watched(*_asked(line), WHOLE, WHOLE)
    for dimension in dict.fromkeys(shop.reports.segments):
        for value in line["segments"].get(dimension, ()):
            yield Watched(*_asked(line), dimension, value)


def _daily(answers: Mapping[tuple[Watched, date], int], named: Detractors) -> DailyCounts:
    detractors = Counter((watched, day) for watched, surveys in named.items() for day in surveys.values())
    counts: dict[Watched, dict[date, Count]] = {}
    for (watched, day), n in answers.items():
        counts.setdefault(watched, {})[day] = Count(n, detractors[watched, day])
    for watched in named:
        if watched.dimension == DRIVER:
            whole = counts[watched._replace(dimension=WHOLE, value=WHOLE)]
            counts[watched] = {day: Count(count.answers, detractors[watched, day]) for day, count in whole.items()}
    return counts


def _is_ours(line: Line) -> bool:
    """What another service asked is over: nothing can be done about it any more."""
    return imported_from(line.get("question")) is None


def _asked(line: Line) -> _Asked:
    return line["kind"], line["touchpoint"]
