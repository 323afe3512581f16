"""docs/rollup.md: its figures are measured on answers like real ones, and its promises are kept in them."""

import re
from datetime import timedelta
from random import Random

import pytest

from benchmarks import rollup
from cx_domain.day_lines import answer_line
from tests.builders import ACME, SENT_AT, answered, sent

AT = SENT_AT + timedelta(days=1)


def rows_of(start: str) -> list[list[str]]:
    """The cells of the page's rows of numbers, from the table whose heading starts so."""
    table = rollup.PAGE.text.split(f"| {start}")[1].split("\n\n")[0]
    return [line.strip("| ").split(" | ") for line in table.splitlines() if re.match(r"\| \d", line)]


def number(cell: str) -> float:
    return float(re.sub(r"[^\d.]", "", cell))


def test_the_made_up_answers_are_shaped_like_real_ones() -> None:
    placed = answer_line(answered(sent(), 9, AT), ACME)
    assert placed is not None

    made = rollup.answer(Random("Anna"), "0001")  # noqa: S311 - an answer is drawn, a secret is not

    assert made.keys() == placed[1].keys()


def test_each_size_has_a_row_that_kept_within_its_memory() -> None:
    found = rows_of("answers of the day")

    assert [number(row[0]) for row in found] == list(rollup.SIZES)
    assert all(number(row[7]) < 512 for row in found)


def test_the_years_report_was_made_within_two_seconds() -> None:
    (row,) = rows_of("answers of the year")

    assert number(row[0]) == pytest.approx(rollup.ANSWERS_A_YEAR, rel=0.02)
    assert number(row[7]) < 2


def test_a_row_can_be_measured_again() -> None:
    measured = rollup.day_row(1000)

    assert measured.startswith("| 1000 | 10 | ")
