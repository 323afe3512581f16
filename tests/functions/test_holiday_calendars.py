"""Public holidays: known for a country and its parts, and refused by name where they are not."""

import subprocess
import sys
from datetime import date

import pytest

from infra.holiday_calendars import holidays_of, known_place


def test_poland_rests_on_independence_day_and_on_christmas_eve() -> None:
    days = holidays_of("PL", 2026)

    assert {date(2026, 11, 11), date(2026, 12, 24)} <= days
    assert date(2026, 11, 12) not in days


def test_bavaria_has_a_holiday_more_than_germany() -> None:
    assert holidays_of("DE-BY", 2026) - holidays_of("DE", 2026) > {date(2026, 1, 6)}


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("XX", 'names no country whose holidays are known: "XX"'),
        ("PL-BY", 'names no part of PL whose holidays are known: "BY"'),
        ("Poland", 'must be a country such as "PL", or a part of one such as "DE-BY", not "Poland"'),
    ],
)
def test_a_place_of_which_no_holidays_are_known_is_refused(name: str, why: str) -> None:
    with pytest.raises(ValueError, match=f"^{why}"):
        known_place(name)


def test_a_place_of_which_holidays_are_known_is_taken_as_it_is() -> None:
    assert [known_place(name) for name in ("PL", "DE-BY")] == ["PL", "DE-BY"]


def test_whoever_names_no_country_does_not_pay_for_the_library() -> None:
    program = "import sys, functions.rollup; sys.exit('holidays' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
