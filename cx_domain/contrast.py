"""Colours that people can read: whatever a shop's brand colour is, its text and edges meet WCAG 2.2 AA.

Relative luminance and contrast ratio are those of https://www.w3.org/TR/WCAG22/#dfn-relative-luminance; colours are `#rrggbb`.
"""

from dataclasses import dataclass
from functools import lru_cache

WHITE = "#ffffff"
BLACK = "#000000"
DARK = "#1b2027"
"""The card of mails and pages in dark mode."""

TEXT = 4.5
"""Least contrast of text (success criterion 1.4.3)."""
EDGE = 3.0
"""Least contrast of a control's edge (success criterion 1.4.11)."""

DARKENED_ABOVE = 205
"""The brightness (0 to 255) from which Chromium's dark mode by force, Android WebView's too, turns a background dark.

It turns text light that is darker than 150, whatever stands behind it: blink's `dark_mode_settings_builder.cc` and
`dark_mode_color_classifier.cc`.
"""

_STEPS = 50


@dataclass(frozen=True, slots=True)
class Palette:
    """A brand colour and what goes with it: `ink` is text and `edge` a border in nearly that colour, on white and on dark.

    `fill` is nearly that colour too: a background whose text `on_fill` can be read even where a mail program darkens by force.
    """

    brand: str
    on_brand: str
    fill: str
    on_fill: str
    ink: str
    edge: str
    dark_ink: str
    dark_edge: str


@lru_cache
def palette(brand: str) -> Palette:
    """Find what goes with a shop's colour; kept, for each of its pages and mails asks."""
    fill = sturdy(brand)
    return Palette(
        brand=brand,
        on_brand=text_on(brand),
        fill=fill,
        on_fill=text_on(fill),
        ink=legible(brand, WHITE, TEXT),
        edge=legible(brand, WHITE, EDGE),
        dark_ink=legible(brand, DARK, TEXT),
        dark_edge=legible(brand, DARK, EDGE),
    )


def text_on(background: str) -> str:
    """Black or white, whichever reads better; the better one always has a contrast of at least 4.58."""
    return max(WHITE, BLACK, key=lambda text: contrast(text, background))


def legible(colour: str, background: str, ratio: float) -> str:
    """Move the colour towards black or white, no further than its contrast with the background needs."""
    goal = text_on(background)
    shades = (_mixed(colour, goal, step / _STEPS) for step in range(_STEPS + 1))
    return next((shade for shade in shades if contrast(shade, background) >= ratio), goal)


def sturdy(colour: str) -> str:
    """The nearest colour that keeps its text: so dark that white reads best on it, or so bright that it turns dark when black text turns white."""
    if _keeps_its_text(colour):
        return colour
    pairs = ((_mixed(colour, goal, step / _STEPS) for goal in (WHITE, BLACK)) for step in range(1, _STEPS + 1))
    return next(shade for pair in pairs for shade in pair if _keeps_its_text(shade))


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _keeps_its_text(fill: str) -> bool:
    return text_on(fill) == WHITE or _brightness(fill) > DARKENED_ABOVE


def _brightness(colour: str) -> int:
    red, green, blue = _channels(colour)
    return (299 * red + 587 * green + 114 * blue) // 1000


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 (sRGB's own knee)


def _mixed(colour: str, goal: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(goal), strict=True)
    return "#" + "".join(f"{round(start + (end - start) * share):02x}" for start, end in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
