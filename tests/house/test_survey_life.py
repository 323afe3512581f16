"""What docs/performance.md says of a survey's life is counted again here, and keeps its promises."""

from collections.abc import Mapping

import pytest

from benchmarks import prices, survey_life
from benchmarks.account import Step
from benchmarks.survey_steps import lived

pytestmark = pytest.mark.filterwarnings("ignore:No application metrics to publish")


@pytest.fixture(scope="module")
def steps() -> Mapping[str, Step]:
    return lived()


def test_a_tap_is_one_write_and_no_read(steps: Mapping[str, Step]) -> None:
    assert (dict(steps["tap"].counts), steps["tap"].read_units) == ({"UpdateItem": 1}, 0)


def test_a_form_is_one_read_and_one_write(steps: Mapping[str, Step]) -> None:
    assert dict(steps["form"].counts) == {"GetItem": 1, "UpdateItem": 1}


@pytest.mark.parametrize("name", ["webhook", "webhook, repeated"])
def test_a_webhook_is_at_most_two_calls(steps: Mapping[str, Step], name: str) -> None:
    assert steps[name].calls <= 2


def test_a_life_is_at_most_eleven_write_units(steps: Mapping[str, Step]) -> None:
    *_, written = survey_life.in_a_life(steps)

    assert written <= 11


def test_the_page_says_what_is_counted_and_what_that_costs(steps: Mapping[str, Step]) -> None:
    nights = survey_life.nights_of(survey_life.PAGE.text)

    assert survey_life.PAGE.with_tables(survey_life.tables(steps, nights)) == survey_life.PAGE.text


def test_the_bill_is_the_sum_of_its_lines(steps: Mapping[str, Step]) -> None:
    charges = prices.bill(steps, survey_life.nights_of(survey_life.PAGE.text))

    lines = [f"{charge.dollars:.2f}" for charge in charges]
    assert lines == sorted(lines, key=float, reverse=True)
    assert f"| **{sum(charge.dollars for charge in charges):.2f}** |" in survey_life.PAGE.text
