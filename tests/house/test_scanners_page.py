"""docs/scanners.md says what the rules are and how well they do, and both are made again here."""

from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks import scanners
from cx_domain import thresholds
from tests.house.sources import ROOT

PAGE: Path = ROOT / "docs" / "scanners.md"
THRESHOLDS = {name: value for name, value in vars(thresholds).items() if name.isupper()}


def in_words(value: timedelta | int) -> str:
    if isinstance(value, int):
        return str(value)
    for name, size in (("h", 3600), ("min", 60)):
        if value.seconds % size == 0:
            return f"{value.seconds // size} {name}"
    return f"{value.seconds} s"


def row_of(table: str, head: str) -> list[str]:
    (row,) = [line for line in table.splitlines() if line.startswith(f"| {head}")]
    return [cell.strip() for cell in row.strip("|").split("|")]


def percent(cell: str) -> float:
    return float(cell.removesuffix(" %"))


@pytest.mark.parametrize("name", THRESHOLDS)
def test_every_threshold_is_told_with_its_value_and_its_source(name: str) -> None:
    _, value, source = row_of(PAGE.read_text(encoding="utf-8"), f"`{name}`")

    assert value == in_words(THRESHOLDS[name])
    assert len(source.split()) > 1


def test_the_page_says_what_the_benchmark_finds() -> None:
    assert scanners.PAGE.with_tables(scanners.tables()) == scanners.PAGE.text


def test_where_the_rule_is_balanced_machines_are_left_out_and_people_are_kept() -> None:
    page = PAGE.read_text(encoding="utf-8")

    machines, people = row_of(page, "machines' visits left out"), row_of(page, "people whose answer is kept")

    assert percent(machines[2]) >= 99
    assert percent(people[2]) >= 99.5
