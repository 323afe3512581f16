"""From a shop's file to the line of a case: its hours, its country's holidays, its own closed days."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from cx_domain.shops import SupportRule
from cx_domain.tickets import Ticket
from infra.rollups.placements import of_tickets
from tests.builders import ACME

NINE_TO_FIVE = ((timedelta(hours=9), timedelta(hours=17)),)
WEEKDAYS = SupportRule(hours=(*[NINE_TO_FIVE] * 5, (), ()))
NEW_YEARS_EVE = datetime(2025, 12, 31, 14, 0, tzinfo=UTC)
BACK_AT_WORK = datetime(2026, 1, 2, 9, 0, tzinfo=UTC)
CASE = Ticket("T-77", BACK_AT_WORK, opened_at=NEW_YEARS_EVE, solved_at=BACK_AT_WORK)


@pytest.mark.parametrize(
    ("support", "hours"),
    [
        (SupportRule(), 43),
        (WEEKDAYS, 2 + 8 + 1),
        (replace(WEEKDAYS, holidays="PL"), 2 + 1),
        (replace(WEEKDAYS, holidays="PL", closed=(date(2025, 12, 31),)), 1),
    ],
)
def test_a_case_over_new_year_took_as_long_as_the_support_worked(support: SupportRule, hours: int) -> None:
    placed = of_tickets([CASE], replace(ACME, support=support))

    line = placed["tickets", date(2025, 12, 31)]["T-77"]

    assert line is not None
    assert line["solve_minutes"] == 60 * hours
