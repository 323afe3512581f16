"""A question's headline in sentences: how many, how sure, how it moved."""

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from cx_domain.digests import places
from cx_domain.findings import Measure, Report
from cx_domain.kinds import Bucket, kind
from cx_domain.shops import KindName
from cx_domain.statistics import CHANCE, rounded
from infra.reports.charts import Target, axis, bars, score_line
from infra.reports.phrases import Phrases

_BUCKETS: tuple[Bucket, ...] = ("detractor", "passive", "promoter")


@dataclass(frozen=True, slots=True)
class LegendEntry:
    bucket: Bucket
    name: str
    share: str


@dataclass(frozen=True, slots=True)
class MeasureView:
    """One headline: its figure, its sentences, its charts; `words` tells its series apart where there are several."""

    name: str
    words: str
    newest: bool
    unit: str
    figure: str | None
    sentences: tuple[str, ...]
    line: Markup | None
    bars: Markup | None
    legend: tuple[LegendEntry, ...]


def name_of(measure: Measure, report: Report, say: Phrases) -> str:
    """The kind's name, with the touchpoint where one kind is asked at several."""
    several = len({other.touchpoint for other in report.measures if other.kind == measure.kind}) > 1
    name = say.t(f"report.kind.{measure.kind}")
    return f"{name} · {say.touchpoint(measure.touchpoint)}" if several else name


def words_of(measure: Measure, report: Report, say: Phrases) -> str:
    """In which words it was asked, where the report has answers to several; else nothing."""
    if measure.newer is not None:
        return say.t("report.series.before", day=say.series(measure.newer, report.period))
    several = sum(_question(other) == _question(measure) for other in report.measures) > 1
    if not several or measure.series is None:
        return ""
    return say.t("report.series.since", day=say.series(measure.series, report.period))


def whole_name(measure: Measure, report: Report, say: Phrases) -> str:
    """The name, with the words in brackets."""
    name, words = name_of(measure, report, say), words_of(measure, report, say)
    return f"{name} ({words})" if words else name


def measure_view(measure: Measure, report: Report, say: Phrases) -> MeasureView:
    figures = measure.headline
    figure = None if figures.score is None else say.score(measure.kind, figures.score)
    return MeasureView(
        name=name_of(measure, report, say),
        words=words_of(measure, report, say),
        newest=measure.newer is None,
        unit=say.t(f"report.unit.{measure.kind}"),
        figure=figure,
        sentences=tuple(_sentences(measure, report, say)),
        line=_line(measure, whole_name(measure, report, say), say),
        bars=_bars(measure, say),
        legend=tuple(_legend(measure, say)),
    )


def change_sentence(measure: Measure, report: Report, say: Phrases) -> str:
    before = say.t(f"report.before.{report.period.kind}")
    since = measure.since
    if since is None:
        return _nothing_to_compare(measure, before, report, say)
    difference = rounded(since.difference, places(measure.kind))
    direction = "same" if difference == 0 else "up" if difference > 0 else "down"
    change = say.t(f"report.change.{direction}", difference=say.difference(measure.kind, difference), before=before)
    if direction == "same":
        return say.t("report.change.plain", change=change)
    by_chance = since.p_value is None or since.p_value >= CHANCE
    return say.t("report.change.chance" if by_chance else "report.change.real", change=change)


def _nothing_to_compare(measure: Measure, before: str, report: Report, say: Phrases) -> str:
    if not measure.reworded:
        return say.t("report.change.none", before=before)
    if measure.newer is None and measure.series is not None:
        return say.t("report.change.reworded", day=say.series(measure.series, report.period))
    return say.t("report.change.other-words", before=before)


def _question(measure: Measure) -> tuple[KindName, str]:
    return measure.kind, measure.touchpoint


def _sentences(measure: Measure, report: Report, say: Phrases) -> Iterable[str]:
    figures = measure.headline
    if figures.score is None:
        yield say.t("report.no-answers")
        return
    yield f"{say.n('report.answers', figures.n)}; {_interval_words(measure, say)}."
    yield change_sentence(measure, report, say)
    if measure.target is not None:
        shown = places(measure.kind)
        reached = rounded(figures.score, shown) >= rounded(measure.target, shown)
        message = "report.target.reached" if reached else "report.target.below"
        yield say.t(message, target=say.score(measure.kind, measure.target))
    if figures.top is not None:
        yield say.t("report.top", share=say.number(rounded(figures.top)))


def _interval_words(measure: Measure, say: Phrases) -> str:
    interval = measure.headline.interval
    if interval is None:
        return say.t("report.no-interval")
    low, high = (say.score(measure.kind, end) for end in interval)
    return say.t("report.interval", low=low, high=high)


def _line(measure: Measure, name: str, say: Phrases) -> Markup | None:
    figures, line = measure.headline, axis(kind(measure.kind))
    if figures.score is None:
        return None
    low, high = line.ticks[0][1], line.ticks[-1][1]
    label = say.t("report.axis", name=name, score=say.score(measure.kind, figures.score), low=low, high=high)
    target = None
    if measure.target is not None:
        target = Target(measure.target, say.t("report.target", target=say.score(measure.kind, measure.target)))
    return score_line(line, figures.score, figures.interval, target, label)


def _bars(measure: Measure, say: Phrases) -> Markup | None:
    counts = measure.histogram.counts
    if not counts:
        return None
    names = {score: say.rating(measure.kind, score) for score in kind(measure.kind).scale}
    spread = ", ".join(say.t("report.bar", score=names[score], count=count) for score, count in counts.items())
    return bars(kind(measure.kind), counts, names, f"{say.t('report.distribution')}: {spread}")


def _legend(measure: Measure, say: Phrases) -> Iterable[LegendEntry]:
    ranges = {
        "detractor": kind(measure.kind).detractors,
        "passive": kind(measure.kind).passives,
        "promoter": kind(measure.kind).promoters,
    }
    for bucket in _BUCKETS:
        if ranges[bucket] and measure.headline.n:
            count = measure.histogram.within(ranges[bucket])
            share = say.t("report.legend", count=say.number(count), share=say.share(count, measure.headline.n))
            yield LegendEntry(bucket, say.bucket(measure.kind, bucket), share)
