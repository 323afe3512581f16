"""How a figure went, period by period: a line with the band of its intervals, as inline SVG.

Band and line are drawn in a part of their own that is stretched to the page's width; what must keep its shape (dots, words) is not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil, floor

from markupsafe import Markup

from cx_domain.findings import TrendPoint
from cx_domain.statistics import Interval

_HIGH = 150
_ABOVE = 10
_BELOW = 26
_LABEL_EVERY = 4
_INSET = 4.0
"""Per cent of the width left and right, so that the first and last dots are whole."""
_STEPS = (0.25, 0.5, 1, 2, 5, 10, 20, 25, 50)
_MOST_LINES = 5


@dataclass(frozen=True, slots=True)
class Scale:
    """What the chart shows of a kind's line, and where it has thin lines."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def y(self, value: float) -> float:
        inside = min(max(value, self.low), self.high)
        return _ABOVE + _HIGH * (self.high - inside) / (self.high - self.low)


@dataclass(frozen=True, slots=True)
class Plotted:
    """One series: its points, and whether its words are asked now."""

    points: Sequence[TrendPoint]
    newest: bool


def scale_of(plotted: Iterable[Plotted], also: Iterable[float], ends: Interval) -> Scale:
    """Show from the lowest interval to the highest, in round steps, and never beyond the kind's own line."""
    values = [*also]
    for point in (point for line in plotted for point in line.points):
        figures = point.headline
        values += [] if figures.score is None else [figures.score, *(figures.interval or ())]
    low, high = min(values), max(values)
    span = max(high - low, (ends[1] - ends[0]) / 10)
    step = next((step for step in _STEPS if span / step <= _MOST_LINES - 1), _STEPS[-1])
    bottom, top = max(ends[0], step * floor(low / step)), min(ends[1], step * ceil(high / step))
    if top == bottom:
        bottom, top = max(ends[0], bottom - step), min(ends[1], top + step)
    count = round((top - bottom) / step)
    return Scale(bottom, top, tuple(bottom + step * number for number in range(count + 1)))


def trend_chart(
    lines: Sequence[Plotted],
    scale: Scale,
    names: Sequence[str],
    values: Sequence[str],
    *,
    target: float | None,
    label: str,
) -> Markup:
    """Draw the series over each other, the newest on top; `names` are the periods', `values` those of the scale's ticks."""
    ordered = sorted(lines, key=lambda line: line.newest)
    stretched = [shape for line in ordered for shape in _shapes(line, scale)]
    parts = [
        *(_grid(scale.y(tick), text) for tick, text in zip(scale.ticks, values, strict=True)),
        _inner(stretched),
        *([] if target is None else [_target(scale.y(target))]),
        *(dot for line in ordered for dot in _dots(line, scale)),
        *_names(names),
    ]
    return Markup('<svg class="trend" width="100%" height="{}" role="img" aria-label="{}">{}</svg>').format(
        _ABOVE + _HIGH + _BELOW, label, Markup("").join(parts)
    )


def _x(place: int, number: int) -> float:
    return _INSET + (100 - 2 * _INSET) * (place / (number - 1) if number > 1 else 0.5)


def _shapes(line: Plotted, scale: Scale) -> Iterable[Markup]:
    """A band and a line for each stretch without a period that nobody answered in."""
    style = "" if line.newest else " older"
    numbered = list(enumerate(line.points))
    for told, run in groupby(numbered, key=lambda each: each[1].headline.score is not None):
        stretch = list(run)
        if not told:
            continue
        for known, part in groupby(stretch, key=lambda each: each[1].headline.interval is not None):
            if known and len(between := list(part)) > 1:
                yield _band(between, len(numbered), scale, style)
        middle = [(_x(place, len(numbered)), scale.y(point.headline.score or 0)) for place, point in stretch]
        if len(middle) > 1:
            yield Markup('<polyline class="course{}" points="{}"/>').format(style, _pairs(middle))


def _band(run: Sequence[tuple[int, TrendPoint]], number: int, scale: Scale, style: str) -> Markup:
    ends = [(_x(place, number), point.headline.interval or (0.0, 0.0)) for place, point in run]
    upper = [(x, scale.y(interval[1])) for x, interval in ends]
    lower = [(x, scale.y(interval[0])) for x, interval in reversed(ends)]
    return Markup('<polygon class="band{}" points="{}"/>').format(style, _pairs([*upper, *lower]))


def _pairs(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:.2f},{y:.1f}" for x, y in points)


def _inner(shapes: Iterable[Markup]) -> Markup:
    height = _ABOVE + _HIGH + _BELOW
    return Markup(
        '<svg x="0" y="0" width="100%" height="{}" viewBox="0 0 100 {}" preserveAspectRatio="none" aria-hidden="true">{}</svg>'
    ).format(height, height, Markup("").join(shapes))


def _dots(line: Plotted, scale: Scale) -> Iterable[Markup]:
    """A dot for each period; a lone one has its interval as a bar, where there is no band to show it."""
    number, style = len(line.points), "" if line.newest else " older"
    scores = [point.headline.score for point in line.points]
    for place, point in enumerate(line.points):
        figures = point.headline
        if figures.score is None:
            continue
        last = place == number - 1 and line.newest
        neighbours = [scores[other] for other in (place - 1, place + 1) if 0 <= other < number]
        if figures.interval is not None and all(score is None for score in neighbours):
            low, high = figures.interval
            yield Markup('<line x1="{0:.2f}%" x2="{0:.2f}%" y1="{1:.1f}" y2="{2:.1f}" class="alone{3}"/>').format(
                _x(place, number), scale.y(low), scale.y(high), style
            )
        yield Markup('<circle cx="{:.2f}%" cy="{:.1f}" r="{}" class="dot{}"/>').format(
            _x(place, number), scale.y(figures.score), 6 if last else 3.5, style
        )


def _grid(y: float, text: str) -> Markup:
    return Markup(
        '<line x1="0" x2="100%" y1="{0:.1f}" y2="{0:.1f}" class="grid"/>'
        '<text x="0" y="{1:.1f}" class="value start">{2}</text>'
    ).format(y, y - 3, text)


def _target(y: float) -> Markup:
    return Markup('<line x1="0" x2="100%" y1="{0:.1f}" y2="{0:.1f}" class="aim"/>').format(y)


def _names(names: Sequence[str]) -> Iterable[Markup]:
    """The last period's name, and every fourth before it: more do not fit a telephone."""
    number = len(names)
    for place in range(number - 1, -1, -_LABEL_EVERY):
        x = _x(place, number)
        anchor = "end" if place == number - 1 and number > 1 else "start" if place == 0 and number > 1 else ""
        yield Markup('<text x="{:.2f}%" y="{}" class="label {}">{}</text>').format(
            100 if anchor == "end" else 0 if anchor == "start" else x, _ABOVE + _HIGH + 20, anchor, names[place]
        )
