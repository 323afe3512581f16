"""Charts as inline SVG. Places along the line are in per cent, so that a chart fills a telephone and a sheet of paper alike;
colours are classes of the page's style, so that they follow its light, dark and printed form.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from cx_domain.kinds import Kind
from cx_domain.statistics import Interval

MINUS = "\N{MINUS SIGN}"
DETRACTOR, PASSIVE = "#4a535f", "#b9c1cb"
"""The page's colours beside the brand's own, for charts that know no style sheet."""

_BARS_HIGH = 96
_ABOVE = 20
_BELOW = 24
_LEAST_BAR = 3
_NEAR_AN_END = 12


@dataclass(frozen=True, slots=True)
class Axis:
    """A line from `low` to `high`, with ticks that have labels."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]

    def place(self, value: float) -> float:
        """How far along the line, in per cent."""
        return 100 * (value - self.low) / (self.high - self.low)


@dataclass(frozen=True, slots=True)
class Target:
    """Where the shop wants to be, and how to say it."""

    value: float
    label: str


def axis(kind: Kind, hundred: str) -> Axis:
    """The line on which a kind's scores lie; `hundred` is how a language writes 100%."""
    if kind.headline == "nps":
        return Axis(-100, 100, ((-100, f"{MINUS}100"), (-50, f"{MINUS}50"), (0, "0"), (50, "50"), (100, "100")))
    if kind.headline == "mean":
        return Axis(kind.scale[0], kind.scale[-1], tuple((score, str(score)) for score in kind.scale))
    return Axis(0, 100, ((0, "0"), (25, "25"), (50, "50"), (75, "75"), (100, hundred)))


def score_line(line: Axis, score: float, interval: Interval | None, target: Target | None, label: str) -> Markup:
    """A score as a dot on its line, the interval as a bar, the target as a tick with its words above."""
    parts = [
        _svg_line(0, 100, 34, "track"),
        *(_tick(line, value, text) for value, text in line.ticks),
        _interval(line, interval, 34, "interval"),
        _target(line, target),
        _dot(line, score, 34, 8),
    ]
    return _svg("line", 66, label, parts)


def bars(kind: Kind, counts: Mapping[int, int], names: Mapping[int, str], label: str) -> Markup:
    """One bar for each score of the scale, under its name, coloured by its bucket."""
    tallest = max(counts.values(), default=1)
    slot = 100 / len(kind.scale)
    parts: list[Markup] = [_svg_line(0, 100, _ABOVE + _BARS_HIGH, "track thin")]
    for index, score in enumerate(kind.scale):
        count = counts.get(score, 0)
        height = max(_LEAST_BAR, _BARS_HIGH * count / tallest) if count else 0
        middle, top = (index + 0.5) * slot, _ABOVE + _BARS_HIGH - height
        if count:
            parts.append(
                Markup('<rect x="{:.2f}%" y="{:.1f}" width="{:.2f}%" height="{:.1f}" class="{}"/>').format(
                    index * slot + slot * 0.14, top, slot * 0.72, height, kind.bucket(score)
                )
            )
            parts.append(_text(middle, top - 6, str(count), "count"))
        parts.append(_text(middle, _ABOVE + _BARS_HIGH + 18, names[score], "label"))
    return _svg("bars", _ABOVE + _BARS_HIGH + _BELOW, label, parts)


def segment_line(line: Axis, score: float, interval: Interval | None, whole: float | None) -> Markup:
    """One row of the segments: the dot with its interval, and a thin line where everybody's score lies."""
    everybody = "" if whole is None else _upright(line.place(whole), 0, 28, "everybody")
    parts = [
        _svg_line(0, 100, 14, "track thin"),
        everybody,
        _interval(line, interval, 14, "interval"),
        _dot(line, score, 14, 5),
    ]
    return _svg("row", 28, None, parts)


def segment_axis(line: Axis) -> Markup:
    """The ends of the segments' line, above its rows."""
    ends = (line.ticks[0], line.ticks[-1])
    middle = [tick for tick in line.ticks if line.place(tick[0]) == 50]  # noqa: PLR2004 (the middle of the line)
    return _svg(
        "row", 16, None, [_text(line.place(value), 12, text, _anchor(line, value)) for value, text in (*ends, *middle)]
    )


def share_bar(part: int, whole: int, style: str) -> Markup:
    """A plain bar, as long as the part is of the whole."""
    width = 100 * part / whole if whole else 0
    body = Markup('<rect x="0" y="3" width="{:.2f}%" height="10" rx="2" class="{}"/>').format(width, style)
    return _svg("bar", 16, None, [body] if part else [])


def _svg(style: str, height: int, label: str | None, parts: Sequence[Markup | str]) -> Markup:
    body = Markup("").join(parts)
    if label is None:
        return Markup('<svg class="{}" width="100%" height="{}" aria-hidden="true">{}</svg>').format(
            style, height, body
        )
    return Markup('<svg class="{}" width="100%" height="{}" role="img" aria-label="{}">{}</svg>').format(
        style, height, label, body
    )


def _svg_line(start: float, end: float, y: float, style: str) -> Markup:
    return Markup('<line x1="{:.2f}%" x2="{:.2f}%" y1="{}" y2="{}" class="{}"/>').format(start, end, y, y, style)


def _upright(place: float, top: float, bottom: float, style: str) -> Markup:
    return Markup('<line x1="{:.2f}%" x2="{:.2f}%" y1="{}" y2="{}" class="{}"/>').format(
        place, place, top, bottom, style
    )


def _interval(line: Axis, interval: Interval | None, y: float, style: str) -> Markup:
    if interval is None:
        return Markup("")
    return _svg_line(line.place(interval[0]), line.place(interval[1]), y, style)


def _dot(line: Axis, score: float, y: float, radius: int) -> Markup:
    return Markup('<circle cx="{:.2f}%" cy="{}" r="{}" class="dot"/>').format(line.place(score), y, radius)


def _tick(line: Axis, value: float, text: str) -> Markup:
    place = line.place(value)
    return _upright(place, 42, 47, "tick") + _text(place, 62, text, _anchor(line, value))


def _target(line: Axis, target: Target | None) -> Markup:
    if target is None:
        return Markup("")
    place = line.place(target.value)
    anchor = "label start" if place < _NEAR_AN_END else "label end" if place > 100 - _NEAR_AN_END else "label"
    return _upright(place, 17, 51, "target") + _text(place, 11, target.label, anchor)


def _anchor(line: Axis, value: float) -> str:
    if value == line.low:
        return "label start"
    return "label end" if value == line.high else "label"


def _text(place: float, y: float, text: str, style: str) -> Markup:
    return Markup('<text x="{:.2f}%" y="{:.1f}" class="{}">{}</text>').format(place, y, style, text)
