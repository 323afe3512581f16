"""Who is happier than the others: each segment against the rest of its dimension."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from cx_domain.histograms import ZERO, Histogram
from cx_domain.kinds import kind
from cx_domain.shops import KindName, Shop
from cx_domain.statistics import Headline, change, headline, holm
from cx_domain.totals import WHOLE, DayTotal, Question

MOST_VALUES = 50
OTHER = "other"

Family = tuple[Question, str]
"""A question and a dimension of its segments: the tests that are made together."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One value of one dimension. The p-value is that of its difference to all other answers, after Holm's correction
    over the values of the dimension; None where there are no other answers.
    """

    dimension: str
    value: str
    kind: KindName
    touchpoint: str
    series: str | None
    headline: Headline
    p_value: float | None


def segments(shop: Shop, total: DayTotal) -> tuple[Segment, ...]:
    """Every segment with at least `hide_below` answers that gives no smaller one away: at most fifty values of a dimension, the rest as
    "other".

    Of a question that was answered in old words and in new ones, only the newest series is told apart.
    """
    questions = {(cell.kind, cell.touchpoint) for cell in total.cells}
    newest = {asked: next(iter(total.series(*asked) or total.imported(*asked))) for asked in questions}
    groups: dict[Family, dict[str, Histogram]] = {}
    for cell, histogram in total.cells.items():
        if cell.dimension != WHOLE and cell.series == newest[cell.kind, cell.touchpoint]:
            groups.setdefault((cell.question, cell.dimension), {})[cell.value] = histogram
    wanted = {dimension: place for place, dimension in enumerate(shop.reports.segments)}
    # A question has one series here, so that no two keys are told apart by it.
    ordered = sorted(groups, key=lambda key: (wanted.get(key[1], len(wanted)), key[0][:2], key[1]))
    found = (_family(key, groups[key], total.whole(key[0]), shop.reports.hide_below) for key in ordered)
    return tuple(segment for family in found for segment in family)


def _family(key: Family, values: Mapping[str, Histogram], whole: Histogram, hide_below: int) -> list[Segment]:
    (name, touchpoint, series), dimension = key
    shown = _shown(_largest(values), whole.n, hide_below)
    return _corrected(
        [
            Segment(dimension, value, name, touchpoint, series, headline(kind(name), part), _p_value(name, part, whole))
            for value, part in shown.items()
        ]
    )


def _largest(values: Mapping[str, Histogram]) -> dict[str, Histogram]:
    """The largest first; what does not fit is added up under "other"."""
    ordered = sorted(values.items(), key=lambda item: (-item[1].n, item[0]))
    if len(ordered) <= MOST_VALUES:
        return dict(ordered)
    kept, rest = dict(ordered[: MOST_VALUES - 1]), [histogram for _, histogram in ordered[MOST_VALUES - 1 :]]
    kept[OTHER] = _together([*rest, kept.get(OTHER, ZERO)])
    return dict(sorted(kept.items(), key=lambda item: -item[1].n))


def _shown(ordered: Mapping[str, Histogram], everybody: int, hide_below: int) -> dict[str, Histogram]:
    """Leave out the cells that are too small, and as many of the smallest others as it takes to hide those.

    What is left of the whole when everything shown is taken away is known to each reader; it must be nobody, or enough of them.
    """
    shown = {value: part for value, part in ordered.items() if part.n >= hide_below}
    left = everybody - sum(part.n for part in shown.values())
    # An order with two categories is counted in both, which leaves less than nobody: then nothing can be worked out.
    while shown and 0 < left < hide_below:
        _, smallest = shown.popitem()
        left += smallest.n
    return shown


def _p_value(name: KindName, part: Histogram, whole: Histogram) -> float | None:
    against = change(kind(name), _without(whole, part), part)
    return None if against is None else against.p_value


def _corrected(family: Sequence[Segment]) -> list[Segment]:
    tested = [segment.p_value for segment in family if segment.p_value is not None]
    corrected = iter(holm(tested))
    return [segment if segment.p_value is None else replace(segment, p_value=next(corrected)) for segment in family]


def _without(whole: Histogram, part: Histogram) -> Histogram:
    # An order with two categories is counted in both, so the rest is what remains of the whole, not the sum of the others.
    # Counter's minus drops what falls below one, as "other" may with such orders.
    return Histogram(dict(Counter(whole.counts) - Counter(part.counts)))


def _together(parts: Iterable[Histogram]) -> Histogram:
    merged = ZERO
    for part in parts:
        merged = merged + part
    return merged
