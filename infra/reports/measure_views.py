"""A question's headline in sentences and charts: how many, how sure, how it moved."""

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from cx_domain.digests import places
from cx_domain.findings import Measure, Report, Since, TrendLine
from cx_domain.kinds import Bucket, kind
from cx_domain.series import imported_from
from cx_domain.shops import KindName
from cx_domain.statistics import CHANCE, Headline, rounded
from infra.reports.charts import Target, axis, bars, score_line
from infra.reports.phrases import Phrases
from infra.reports.trends import Plotted, scale_of, trend_chart

_BUCKETS: tuple[Bucket, ...] = ("detractor", "passive", "promoter")
_FEWEST_TO_FOLLOW = 2


@dataclass(frozen=True, slots=True)
class LegendEntry:
    bucket: Bucket
    name: str
    share: str


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure with what it is of, how sure it is and what else there is to say; `figure` is None without answers."""

    of: str
    figure: str | None
    sentence: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MeasureView:
    """One question. `main` is the headline; `own` is the period's figure where thirteen weeks with answers are the headline,
    else None.
    `words` tells its series apart where there are several.
    """

    name: str
    words: str
    newest: bool
    unit: str
    main: FigureView
    own: FigureView | None
    small_print: str
    line: Markup | None
    bars: Markup | None
    legend: tuple[LegendEntry, ...]
    trend: Markup | None
    trend_name: str
    trend_legend: str


def name_of(measure: Measure, report: Report, say: Phrases) -> str:
    """The kind's name, with the touchpoint where one kind is asked at several."""
    several = len({other.touchpoint for other in report.measures if other.kind == measure.kind}) > 1
    name = say.t(f"report.kind.{measure.kind}")
    return f"{name} · {say.touchpoint(measure.touchpoint)}" if several else name


def words_of(measure: Measure, report: Report, say: Phrases) -> str:
    """In which words it was asked, where the report has answers to several; which other service asked; else nothing."""
    if (service := imported_from(measure.series)) is not None:
        return say.imported(service, measure.until)
    if measure.newer is not None:
        return say.t("report.series.before", day=say.series(measure.newer, report.period))
    several = (
        sum(_question(other) == _question(measure) and imported_from(other.series) is None for other in report.measures)
        > 1
    )
    if not several or measure.series is None:
        return ""
    return say.t("report.series.since", day=say.series(measure.series, report.period))


def whole_name(measure: Measure, report: Report, say: Phrases) -> str:
    """The name, with the words in brackets."""
    name, words = name_of(measure, report, say), words_of(measure, report, say)
    return f"{name} ({words})" if words else name


def main_headline(measure: Measure) -> Headline:
    """What stands large: thirteen weeks, or the period itself where it is as long."""
    return measure.headline if measure.rolling is None else measure.rolling.headline


def measure_view(measure: Measure, report: Report, say: Phrases) -> MeasureView:
    rolling = measure.rolling
    beside, moves = tuple(_beside(measure, say)), tuple(_moves(measure, report, say))
    period = say.t(f"report.own.{report.period.kind}")
    of = period if rolling is None else say.t("report.rolling", dates=say.between(rolling.first, rolling.last))
    return MeasureView(
        name=name_of(measure, report, say),
        words=words_of(measure, report, say),
        newest=measure.newer is None,
        unit=say.t(f"report.unit.{measure.kind}"),
        main=_figure(of, main_headline(measure), measure, (*beside, *moves) if rolling is None else beside, say),
        own=None
        if rolling is None or not rolling.headline.n
        else _figure(period, measure.headline, measure, moves, say),
        small_print=_small_print(measure, say),
        line=_line(measure, whole_name(measure, report, say), say),
        bars=_bars(measure, say),
        legend=tuple(_legend(measure, say)),
        trend=_trend(measure, report, say) if measure.newer is None else None,
        trend_name=say.t(f"report.trend.{report.period.kind}"),
        trend_legend=_trend_legend(measure, report, say),
    )


def change_sentence(measure: Measure, report: Report, say: Phrases) -> str:
    before = say.t(f"report.before.{report.period.kind}")
    if measure.since is None:
        return _nothing_to_compare(measure, before, report, say)
    return moved(measure.kind, measure.since, before, say)


def moved(kind: KindName, since: Since, before: str, say: Phrases) -> str:
    """Say how far a score moved, and whether that can be chance."""
    difference = rounded(since.difference, places(kind))
    direction = "same" if difference == 0 else "up" if difference > 0 else "down"
    change = say.t(f"report.change.{direction}", difference=say.difference(kind, difference), before=before)
    if direction == "same":
        return say.t("report.change.plain", change=change)
    return say.t("report.change.chance" if can_be_chance(since) else "report.change.real", change=change)


def can_be_chance(since: Since) -> bool:
    return since.p_value is None or since.p_value >= CHANCE


def _figure(of: str, figures: Headline, measure: Measure, notes: tuple[str, ...], say: Phrases) -> FigureView:
    if figures.score is None:
        return FigureView(of, None, say.t("report.no-answers"), notes)
    sentence = f"{say.n('report.answers', figures.n)}; {_interval_words(measure.kind, figures, say)}."
    return FigureView(of, say.score(measure.kind, figures.score), sentence, notes)


def _nothing_to_compare(measure: Measure, before: str, report: Report, say: Phrases) -> str:
    if not measure.reworded:
        return say.t("report.change.none", before=before)
    if measure.newer is None and measure.series is not None:
        return say.t("report.change.reworded", day=say.series(measure.series, report.period))
    return say.t("report.change.other-words", before=before)


def _question(measure: Measure) -> tuple[KindName, str]:
    return measure.kind, measure.touchpoint


def _moves(measure: Measure, report: Report, say: Phrases) -> Iterable[str]:
    if measure.headline.score is not None:
        yield change_sentence(measure, report, say)
    if measure.year_ago is not None and report.period.kind != "year":
        yield moved(measure.kind, measure.year_ago, say.t(f"report.year-ago.{report.period.kind}"), say)


def _beside(measure: Measure, say: Phrases) -> Iterable[str]:
    main = main_headline(measure)
    if measure.target is not None and main.score is not None:
        shown = places(measure.kind)
        reached = rounded(main.score, shown) >= rounded(measure.target, shown)
        message = "report.target.reached" if reached else "report.target.below"
        yield say.t(message, target=say.score(measure.kind, measure.target))
    if main.top is not None:
        yield say.t("report.top", share=say.number(rounded(main.top)))


def _small_print(measure: Measure, say: Phrases) -> str:
    needed = measure.needed
    if needed is None:
        return ""
    return say.t("report.five", interval=say.number(needed.interval), change=say.number(needed.change))


def _interval_words(kind: KindName, figures: Headline, say: Phrases) -> str:
    if figures.interval is None:
        return say.t("report.no-interval")
    low, high = (say.score(kind, end) for end in figures.interval)
    return say.t("report.interval", low=low, high=high)


def _line(measure: Measure, name: str, say: Phrases) -> Markup | None:
    figures, line = main_headline(measure), axis(kind(measure.kind), say.percent("100"))
    if figures.score is None:
        return None
    low, high = line.ticks[0][1], line.ticks[-1][1]
    label = say.t("report.axis", name=name, score=say.score(measure.kind, figures.score), low=low, high=high)
    target = None
    if measure.target is not None:
        target = Target(measure.target, say.t("report.target", target=say.score(measure.kind, measure.target)))
    return score_line(line, figures.score, figures.interval, target, label)


def _trend(measure: Measure, report: Report, say: Phrases) -> Markup | None:
    """Nothing to draw before there are two periods with answers."""
    lines = _lines(measure, report)
    plotted = [Plotted(line.points, newest=line.series == measure.series) for line in lines]
    periods = lines[0].points if lines else ()
    told = sum(any(line.points[place].headline.n for line in lines) for place in range(len(periods)))
    if told < _FEWEST_TO_FOLLOW:
        return None
    line = axis(kind(measure.kind), say.percent("100"))
    scale = scale_of(plotted, [] if measure.target is None else [measure.target], (line.low, line.high))
    decimals = 0 if all(tick == int(tick) for tick in scale.ticks) else 2
    return trend_chart(
        plotted,
        scale,
        [say.short_title(point.period) for point in periods],
        [say.number(rounded(tick, decimals)) for tick in scale.ticks],
        target=measure.target,
        label=f"{say.t(f'report.trend.{report.period.kind}')}: {_told(lines, measure, say)}",
    )


def _lines(measure: Measure, report: Report) -> list[TrendLine]:
    """Our own question with all that came before it; another service's answers by themselves."""
    lines = [line for line in report.trend if (line.kind, line.touchpoint) == _question(measure)]
    is_imported = imported_from(measure.series) is not None
    return [line for line in lines if line.series == measure.series] if is_imported else lines


def _trend_legend(measure: Measure, report: Report, say: Phrases) -> str:
    """What the band and the lines are."""
    legend = say.t("report.trend.legend.plain" if measure.target is None else "report.trend.legend")
    others = [line.series for line in _lines(measure, report) if line.series != measure.series]
    services = ", ".join(service for series in others if (service := imported_from(series)) is not None)
    return f"{legend} {say.t('report.trend.imported', services=services)}" if services else legend


def _told(lines: Iterable[TrendLine], measure: Measure, say: Phrases) -> str:
    """The chart for those who cannot see it: each period's score in the words of today."""
    newest = next((line for line in lines if line.series == measure.series), None)
    points = [] if newest is None else [point for point in newest.points if point.headline.score is not None]
    return ", ".join(
        f"{say.short_title(point.period)} {say.score(measure.kind, point.headline.score or 0)}" for point in points
    )


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
