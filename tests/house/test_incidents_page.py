"""docs/incidents.md says what the rule is and how often it is wrong; rows that are quick are made again here."""

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import incidents
from benchmarks.incidents import DELIVERY, KRAKOW
from cx_domain import excesses
from tests.house.sources import ROOT

PAGE: Path = ROOT / "docs" / "incidents.md"


def text() -> str:
    return PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "row",
    [
        lambda: incidents.troubled_row(DELIVERY, 5, 50),
        lambda: incidents.troubled_row(KRAKOW, 5, 10),
        lambda: incidents.idle_step_row(10),
    ],
    ids=["a driver", "a store", "a step"],
)
def test_a_row_made_again_is_the_same(row: Callable[[], str]) -> None:
    assert row() in text().splitlines()


@pytest.mark.parametrize("answers", list(incidents.QUIET_SHOPS))
def test_a_quiet_shop_is_alarmed_once_a_year_at_most(answers: int) -> None:
    (row,) = [line for line in text().splitlines() if line.startswith(f"| {answers} | 10 % | ")]

    assert float(row.split("|")[4]) <= 1


@pytest.mark.parametrize(
    "said",
    [
        f"fewer than {excesses.ENOUGH_ANSWERS} answers a week",
        f"the {excesses.USUAL_WEEKS} weeks before",
        f"more than {excesses.MOVES} times the usual ones",
        f"must stay below {excesses.LEVEL}",
        f"With fewer than {excesses.LEAST_USUAL} answers before the window",
    ],
)
def test_the_page_says_the_rules_own_figures(said: str) -> None:
    assert said in text()
