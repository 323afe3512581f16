"""Segments as tables with a plot in each row."""

from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from cx_domain.findings import Measure, Report
from cx_domain.kinds import kind
from cx_domain.segments import Segment
from cx_domain.shops import KindName
from cx_domain.statistics import CHANCE
from infra.reports.charts import axis, segment_axis, segment_line
from infra.reports.measure_views import whole_name
from infra.reports.phrases import Phrases

_FEWEST_TO_COMPARE = 2


@dataclass(frozen=True, slots=True)
class SegmentRow:
    name: str
    n: str
    plot: Markup
    figure: str
    note: str


@dataclass(frozen=True, slots=True)
class SegmentTable:
    """One dimension of one question."""

    name: str
    about: str
    axis: Markup
    rows: tuple[SegmentRow, ...]


def segment_tables(report: Report, say: Phrases) -> list[SegmentTable]:
    """One table for each dimension that tells at least two values apart; the happiest first."""
    wholes = {(measure.kind, measure.touchpoint, measure.series): measure for measure in report.measures}
    tables = []
    for (name, touchpoint, series, dimension), family in groupby(report.segments, _family):
        rows = sorted(family, key=_happiest_first)
        whole = wholes[name, touchpoint, series]
        if len(rows) >= _FEWEST_TO_COMPARE:
            about = whole_name(whole, report, say) if len(report.measures) > 1 else ""
            plots = tuple(_segment_row(row, whole, say) for row in rows)
            tables.append(SegmentTable(say.dimension(dimension), about, segment_axis(axis(kind(name), "100")), plots))
    return tables


def _family(segment: Segment) -> tuple[KindName, str, str | None, str]:
    return segment.kind, segment.touchpoint, segment.series, segment.dimension


def _happiest_first(segment: Segment) -> tuple[float, str]:
    return (-(segment.headline.score or 0), segment.value)


def _segment_row(segment: Segment, whole: Measure, say: Phrases) -> SegmentRow:
    figures = segment.headline
    score = figures.score or 0
    plot = segment_line(axis(kind(segment.kind), "100"), score, figures.interval, whole.headline.score)
    name = say.value(segment.dimension, segment.value)
    return SegmentRow(
        name, say.number(figures.n), plot, say.score(segment.kind, score), _segment_note(segment, whole, say)
    )


def _segment_note(segment: Segment, whole: Measure, say: Phrases) -> str:
    if segment.p_value is None or segment.p_value >= CHANCE:
        return ""
    higher = (segment.headline.score or 0) > (whole.headline.score or 0)
    return say.t("report.higher" if higher else "report.lower")
