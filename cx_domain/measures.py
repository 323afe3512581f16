"""Each question's figures: the period's own, those of thirteen weeks, what they were before, and how they went."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cx_domain.backgrounds import Background, rolling_span
from cx_domain.calendars import Period, previous, year_before
from cx_domain.findings import Measure, Rolling, Since, TrendLine, TrendPoint
from cx_domain.histograms import ZERO, Histogram
from cx_domain.kinds import kind
from cx_domain.sample_sizes import answers_needed
from cx_domain.series import age_order, begins_on, imported_from
from cx_domain.shops import KindName, Shop
from cx_domain.statistics import Headline, change, headline
from cx_domain.totals import DayTotal, Question


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question in the words of one series, and the series that followed it in the same period."""

    question: Question
    newer: str | None


def measures(shop: Shop, period: Period, total: DayTotal, background: Background) -> tuple[Measure, ...]:
    """What the shop asks, in its file's order, and then whatever else was answered; of each its series, the newest first."""
    return tuple(
        _measure(shop, period, asked, total, background)
        for series in _asked_in(shop, period, total)
        for asked in series
    )


def trend(period: Period, measured: Iterable[Measure], background: Background) -> tuple[TrendLine, ...]:
    """The last periods of each question of the report, a line for each series that was answered in one of them, the newest first."""
    measured = tuple(measured)
    own = {Question(each.kind, each.touchpoint, each.series): each.histogram for each in measured}
    periods: list[tuple[Period, Mapping[Question, Histogram]]] = [*background.trend, (period, own)]
    answered = {question for _, answers in periods for question in answers}
    return tuple(
        TrendLine(
            *question,
            tuple(
                TrendPoint(each, headline(kind(question.kind), found.get(question, ZERO))) for each, found in periods
            ),
        )
        for name, touchpoint in dict.fromkeys((each.kind, each.touchpoint) for each in measured)
        for question in sorted(
            (each for each in answered if each[:2] == (name, touchpoint)),
            key=lambda each: age_order(each.series),
            reverse=True,
        )
    )


def if_all_counted(shop: Shop, total: DayTotal) -> dict[KindName, Headline]:
    """Of each kind, over its touchpoints, in the words in which each is asked last."""
    names = dict.fromkeys(
        [*(rule.kind for rule in shop.surveys), *sorted({asked.kind for asked in total.if_all_counted})]
    )
    everything = dict.fromkeys(names, ZERO)
    for asked, histogram in total.if_all_counted.items():
        if asked.series in total.series(asked.kind, asked.touchpoint)[:1]:
            everything[asked.kind] += histogram
    return {name: headline(kind(name), histogram) for name, histogram in everything.items()}


def _asked_in(shop: Shop, period: Period, total: DayTotal) -> Iterable[list[_Asked]]:
    now = {(rule.kind, rule.touchpoint): rule.series for rule in shop.surveys}
    answered = sorted({(cell.kind, cell.touchpoint) for cell in total.cells})
    for name, touchpoint in dict.fromkeys([*now, *answered]):
        known = total.series(name, touchpoint)
        if not known and (name, touchpoint) in now:
            known = [_as_of(period, now[name, touchpoint])]
        newer = [None, *known]
        yield [_Asked(Question(name, touchpoint, series), after) for series, after in zip(known, newer, strict=False)]
        # Another service's answers stand beside ours, and are followed by none of them.
        yield [_Asked(Question(name, touchpoint, series), None) for series in total.imported(name, touchpoint)]


def _as_of(period: Period, series: str | None) -> str | None:
    """What the shop asks today; of a period before that, nobody answered, and nobody knows the words."""
    return series if series is None or begins_on(series) <= period.end else None


def _measure(shop: Shop, period: Period, asked: _Asked, total: DayTotal, background: Background) -> Measure:
    question, before = asked.question, background.before
    name, now = question.kind, total.whole(question)
    since = _since(previous(period), name, before.whole(question), now)
    rolling = _rolling(period, question, background)
    return Measure(
        kind=name,
        touchpoint=question.touchpoint,
        histogram=now,
        headline=headline(kind(name), now),
        rolling=rolling,
        since=since,
        year_ago=_since(year_before(period), name, background.year_ago.whole(question), now),
        needed=answers_needed(kind(name), rolling.histogram if rolling else now),
        target=(shop.targets or {}).get(name) if asked.newer is None and not _is_imported(question) else None,
        series=question.series,
        newer=asked.newer,
        reworded=since is None
        and now.n > 0
        and not _is_imported(question)
        and _was_answered(before, name, question.touchpoint),
        if_all_counted=headline(kind(name), total.if_all_counted.get(question, ZERO)),
        until=(shop.imported_until or {}).get(question.series or ""),
    )


def _rolling(period: Period, question: Question, background: Background) -> Rolling | None:
    span = rolling_span(period)
    if span is None or background.rolling is None:
        return None
    answers = background.rolling.whole(question)
    return Rolling(*span, answers, headline(kind(question.kind), answers))


def _was_answered(total: DayTotal, name: KindName, touchpoint: str) -> bool:
    """Tell whether anybody answered us, in whatever words."""
    return bool(total.series(name, touchpoint))


def _is_imported(question: Question) -> bool:
    return imported_from(question.series) is not None


def _since(then: Period, name: KindName, was: Histogram, now: Histogram) -> Since | None:
    found = change(kind(name), was, now)
    return None if found is None else Since(then.name, found.difference, found.p_value)
