"""Whatever colour a shop has, its mails and pages can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_domain.contrast import DARK, EDGE, TEXT, WHITE, contrast, legible, palette, sturdy, text_on

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_contrast_is_that_of_the_wcag_formula() -> None:
    # #767676 is the lightest grey that WebAIM's checker passes on white: 4.54 to 1.
    assert contrast("#767676", WHITE) == pytest.approx(4.54, abs=0.005)


def test_a_dark_brand_colour_takes_white_text_and_a_pale_one_black() -> None:
    assert text_on("#0b6e4f") == "#ffffff"
    assert text_on("#ffe600") == "#000000"


def test_a_brand_colour_that_reads_well_is_left_as_it_is() -> None:
    assert legible("#0b6e4f", WHITE, TEXT) == "#0b6e4f"


@given(COLOURS)
def test_text_on_any_brand_colour_meets_aa(brand: str) -> None:
    assert contrast(text_on(brand), brand) >= TEXT


@given(COLOURS)
def test_ink_and_edge_of_any_brand_colour_meet_aa_in_light_and_dark(brand: str) -> None:
    colours = palette(brand)

    assert contrast(colours.ink, WHITE) >= TEXT
    assert contrast(colours.edge, WHITE) >= EDGE
    assert contrast(colours.dark_ink, DARK) >= TEXT
    assert contrast(colours.dark_edge, DARK) >= EDGE


@pytest.mark.parametrize(
    ("brand", "fill"),
    [
        ("#0b6e4f", "#0b6e4f"),  # dark, with white text
        ("#ffe600", "#ffe600"),  # bright, with black text
        ("#ffd60a", "#ffd91e"),  # nearly bright enough
        ("#ff7f2a", "#b85b1e"),  # in between, where forced darkness would put white text on it
    ],
)
def test_a_button_keeps_the_brand_colour_or_the_nearest_that_survives_forced_darkness(brand: str, fill: str) -> None:
    assert sturdy(brand) == fill


@given(COLOURS)
def test_text_on_a_button_meets_aa_and_is_darkened_with_it_or_not_at_all(brand: str) -> None:
    colours = palette(brand)

    assert contrast(colours.on_fill, colours.fill) >= TEXT
    red, green, blue = (int(colours.fill[at : at + 2], 16) for at in (1, 3, 5))
    becomes_dark = (299 * red + 587 * green + 114 * blue) // 1000 > 205
    assert becomes_dark == (colours.on_fill == "#000000")
