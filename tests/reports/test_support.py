"""Support and the journey, as managers read them: on the page, and in the workbook."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest

from cx_domain.backgrounds import Background
from cx_domain.findings import Report
from cx_domain.reports import build
from cx_domain.shops import Shop
from cx_domain.totals import day_total
from infra.reports.html import render_html
from infra.reports.phrases import phrases
from infra.reports.support_views import journey_tables, support_view
from infra.reports.xlsx import render_xlsx
from tests.domain.support_cases import answer, case
from tests.reports.conftest import WEEK


@pytest.fixture
def busy(acme: Shop) -> Report:
    """Ewa's ten cases and Jan's five, one still open; and what their customers and others answered."""
    cases = [*[case("late", "Ewa", 60)] * 9, case("late", "Ewa", None), *[case("returns", "Jan", 3000)] * 5]
    lines = [
        *[answer(5, "Ewa")] * 6,
        *[answer(2, "Jan")] * 5,
        answer(9, None, "during", kind="nps", touchpoint="order"),
    ]
    asked: dict[str, Any] = dict.fromkeys(
        ("delivered", "bounced", "complained", "unsubscribed", "reminded", "answered"), False
    )
    asked |= {"kind": "nps", "subject": "order", "reason": None, "sent_at": "2026-01-05T09:00:00Z"}
    before = day_total([], [], acme, [*[case("late")] * 20, *[case("returns")] * 80])
    week = day_total(lines, [asked] * 300, acme, [{**cases[0], "reopened": 1}, *cases[1:]])
    now = datetime(2026, 1, 12, 1, 0, tzinfo=UTC)
    return build(acme, WEEK, week, Background(before, rolling=week), lines_of(lines), now=now)


def lines_of(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same as answer lines of a report's words: nobody wrote any."""
    quiet = {
        "comment": "",
        "order": None,
        "order_id": None,
        "total": None,
        "currency": None,
        "may_reply": False,
        "source": "survey",
    }
    return [{**line, **quiet, "given_at": "2026-01-06T09:00:00Z"} for line in lines]


def test_cases_are_told_with_the_hours_that_they_were_timed_by(busy: Report, acme: Shop) -> None:
    view = support_view(busy, phrases(acme))

    assert view is not None
    assert dict(view.facts)["Half were solved within"] == "1.0 h"
    assert "Hours are those in which the support works, without holidays." in view.sentences
    assert "Open when the period closed: 1. Half of them for 6 days or more, the oldest for 6 days." in view.sentences
    assert "Came back after they had been solved: 1." in view.sentences
    assert "For each hundred orders there were 5.0 cases (between 2.8 and 8.2)." in view.sentences


def test_working_hours_stay_hours_because_a_day_of_work_has_no_fixed_length(acme: Shop) -> None:
    assert phrases(acme).hours(50, worked=True) == "50 h"


def test_a_topic_that_comes_more_often_than_chance_explains_says_so(busy: Report, acme: Shop) -> None:
    view = support_view(busy, phrases(acme))

    assert view is not None
    assert [(row.name, row.note, row.cells[0][0]) for row in view.tables[0].rows] == [
        ("late", "more often than before", "10"),
        ("returns", "less often than before", "5"),
    ]


def test_agents_stand_with_their_scores(busy: Report, acme: Shop) -> None:
    view = support_view(busy, phrases(acme))

    assert view is not None
    staff = view.tables[1]
    assert [(row.name, row.cells[0][0], row.cells[-1][0]) for row in staff.rows] == [
        ("Ewa", "10", "100%"),
        ("Jan", "5", "0%"),
    ]


def test_touchpoints_stand_by_stage(busy: Report, acme: Shop) -> None:
    tables = journey_tables(busy, phrases(acme))

    assert [(table.name, len(table.rows)) for table in tables] == [
        ("From the order until they have it", 1),
        ("When they have it, support included", 1),
    ]


@pytest.mark.parametrize("language", ["en", "pl"])
def test_the_page_holds_all_of_it(busy: Report, acme: Shop, language: str) -> None:
    page = render_html(busy, replace(acme, languages=(language,)))

    assert 'id="journey"' in page
    assert ">Ewa<" in page


def test_a_week_without_cases_says_nothing_of_support(silent_week: Report, acme: Shop) -> None:
    assert support_view(silent_week, phrases(acme)) is None
    assert journey_tables(silent_week, phrases(acme)) == []


def test_the_workbook_lists_topics_agents_and_touchpoints(busy: Report, acme: Shop) -> None:
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx(busy, acme)))

    topics, staff, journey = (
        list(book[name].iter_rows(min_row=2, values_only=True)) for name in ("Topics", "Staff", "Journey")
    )
    assert [row[:2] for row in topics] == [("late", 10), ("returns", 5)]
    assert [row[:2] for row in staff] == [("Ewa", 10), ("Ewa", None), ("Jan", 5), ("Jan", None)]
    assert [row[3] for row in journey] == [1, 11]
