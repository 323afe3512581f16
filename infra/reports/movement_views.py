"""How customers moved in the period, on the page: between standings and between opinions, whole and by segment."""

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

from cx_domain.findings import Report
from cx_domain.statistics import CHANCE
from infra.reports.phrases import Phrases
from infra.reports.support_views import Figure, SupportRow, SupportTable

STOOD = ("not-yet", "active", "sleeping", "lost")
STANDS = ("new", "active", "reactivated", "sleeping", "lost")
_BUCKETS = ("promoter", "passive", "detractor")
_WAYS = ("better", "same", "worse")
MOST_ROWS = 8
"""Of a dimension on the page; the workbook has all."""
_FEWEST_TO_COMPARE = 2


def base_tables(report: Report, say: Phrases) -> list[SupportTable]:
    """From where to where customers moved, and for each dimension how its segments stand now.

    None where all went the same way, as in a shop's first month: then there is nothing to compare.
    """
    told = (report.customers or {}).get("customer_base")
    if told is None or told["whole"] is None or len(told["whole"]["moves"]) < _FEWEST_TO_COMPARE:
        return []
    stood, stands = ({state: say.t(f"report.base.{state}") for state in states} for states in (STOOD, STANDS))
    moves = _matrix(say.t("report.base.moves"), told["whole"]["moves"], stood, stands, say)
    columns = (say.t("report.base.customers"), *stands.values())
    return [moves, *_by_dimension("", told["segments"], columns, lambda row: _standings(row, say), say)]


def opinion_tables(report: Report, say: Phrases) -> list[SupportTable]:
    """For each question from which opinion to which customers turned, and for each dimension how many of its segments think better."""
    opinions = ((report.customers or {}).get("customer_base") or {"opinions": []})["opinions"]
    return [table for question in opinions for table in _opinions(question, say)]


def _opinions(question: Mapping[str, Any], say: Phrases) -> Iterable[SupportTable]:
    kind = question["kind"]
    if question["whole"] is None or not question["whole"]["customers"]:
        return
    buckets = [bucket for bucket in _BUCKETS if kind != "yes-no" or bucket != "passive"]
    names = {bucket: say.bucket(kind, bucket) for bucket in buckets}
    about = f"{say.t(f'report.kind.{kind}')} · {say.touchpoint(question['touchpoint'])}"
    yield _matrix(f"{about}: {say.t('report.base.turns')}", question["whole"]["moves"], names, names, say)
    columns = (say.t("report.base.customers"), *(say.t(f"report.base.{way}") for way in _WAYS))
    yield from _by_dimension(f"{about}: ", question["segments"], columns, lambda row: _turns(row, say), say)


def _matrix(
    name: str, moves: Iterable[Mapping[str, Any]], before: Mapping[str, str], after: Mapping[str, str], say: Phrases
) -> SupportTable:
    """A row for each place to start from, a column for each to end; a way that nobody went is left empty."""
    counts = {(move["from"], move["to"]): say.number(move["customers"]) for move in moves}
    ends = [end for end in after if any((start, end) in counts for start in before)]
    rows = [
        SupportRow(before[start], "", tuple((counts.get((start, end), ""), "") for end in ends))
        for start in before
        if any((start, end) in counts for end in ends)
    ]
    return SupportTable(name, tuple(f"\N{RIGHTWARDS ARROW} {after[end]}" for end in ends), tuple(rows))


def _by_dimension(
    about: str,
    segments: Iterable[Mapping[str, Any]],
    columns: tuple[str, ...],
    cells: Callable[[Mapping[str, Any]], Iterable[Figure]],
    say: Phrases,
) -> Iterable[SupportTable]:
    for dimension, family in groupby(segments, itemgetter("dimension")):
        rows = list(family)
        if len(rows) < _FEWEST_TO_COMPARE:
            continue
        shown = [
            SupportRow(say.value(dimension, row["value"]), _note(row, say), tuple(cells(row)))
            for row in rows[:MOST_ROWS]
        ]
        yield SupportTable(f"{about}{say.dimension(dimension)}", columns, tuple(shown))


def _standings(row: Mapping[str, Any], say: Phrases) -> Iterable[Figure]:
    yield say.number(row["customers"]), ""
    for state in STANDS:
        yield _of(row["end"].get(state, 0), row["customers"], say)


def _turns(row: Mapping[str, Any], say: Phrases) -> Iterable[Figure]:
    yield say.number(row["customers"]), ""
    for way in _WAYS:
        yield _of(row[way], row["customers"], say)


def _of(part: int, whole: int, say: Phrases) -> Figure:
    return say.number(part), say.percent(say.share(part, whole)) if part else ""


def _note(row: Mapping[str, Any], say: Phrases) -> str:
    """Only what is more than chance is worth a word."""
    if row.get("p_value") is None or row["p_value"] >= CHANCE:
        return ""
    return say.t("report.base.more-better" if row["better"] > row["worse"] else "report.base.more-worse")
