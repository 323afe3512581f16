"""The parts of report.json about support keep to their schema."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cx_domain.backgrounds import Background
from cx_domain.calendars import parse_period
from cx_domain.segments import segments
from cx_domain.support_reports import support_json
from cx_domain.totals import DayTotal, day_total
from tests.builders import ACME
from tests.domain.support_cases import answer, case

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "report-support.schema.json").read_text())
WEEK = parse_period("2026-W02")


def parts(total: DayTotal, background: Background) -> Any:
    told = support_json(WEEK, total, background, segments(ACME, total), ACME.reports.hide_below)
    return json.loads(json.dumps(told))


def test_a_week_with_cases_keeps_to_the_schema() -> None:
    lines = [*[answer(5)] * 6, answer(None, None, "before"), answer(2, None, None, touchpoint="till")]
    week = day_total(lines, [], ACME, [*[case()] * 6, case(minutes=None)])

    told = parts(week, Background(before=week, rolling=week))

    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(told, SCHEMA)
    assert set(told) == set(SCHEMA["properties"])
    assert told["open_at_close"] == {"since": "2025-10-13", "n": 1, "median_days": 6, "oldest_days": 6}


@pytest.mark.parametrize("background", [Background(), Background(rolling=DayTotal())])
def test_a_week_without_any_keeps_to_the_schema_too(background: Background) -> None:
    told = parts(DayTotal(), background)

    jsonschema.validate(told, SCHEMA)
    assert (told["contacts"]["opened"], told["staff"], told["journey"]) == (0, [], [])
