"""A report over any split of days and shards says what the report over all lines at once says."""

import json
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cx_domain.backgrounds import Background
from cx_domain.calendars import parse_period
from cx_domain.reports import build, report_json
from cx_domain.totals import DayTotal, day_total, together
from tests.domain.test_totals import ACME, ANSWERS, ASKED, TICKETS

WEEK = parse_period("2026-W02")
DAYS, SHARDS = 7, 3


def told(total: DayTotal, before: DayTotal) -> str:
    background = Background(before, rolling=total + before)
    report = build(ACME, WEEK, total, background, [], now=datetime(2026, 1, 12, tzinfo=UTC))
    return json.dumps(report_json(report))


@settings(max_examples=40)
@given(
    st.lists(ANSWERS, min_size=12, max_size=30),
    st.lists(ASKED, max_size=10),
    st.lists(TICKETS, max_size=10),
    st.lists(st.integers(0, DAYS * SHARDS - 1), min_size=20, max_size=20),
)
def test_a_report_over_any_split_says_what_the_report_over_the_whole_says(
    answers: list[dict[str, Any]], asked: list[dict[str, Any]], tickets: list[dict[str, Any]], places: list[int]
) -> None:
    parts: dict[int, tuple[list[dict[str, Any]], ...]] = defaultdict(lambda: ([], [], []))
    for kind, lines in enumerate((answers, asked, tickets)):
        for number, line in enumerate(lines):
            parts[places[number % len(places)]][kind].append(line)
    whole = day_total(answers, asked, ACME, tickets)

    split = together(day_total(some, others, ACME, cases) for some, others, cases in parts.values())

    assert told(split, split) == told(whole, whole)
