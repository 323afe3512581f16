"""The managers' report in a browser: on a telephone, on a screen, and to axe-core."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page

from cx_domain.findings import Report
from cx_domain.shops import Shop
from infra.reports.html import render_html
from tests.browser.conftest import NewPage
from tests.reports.conftest import acme, answers, eventful_week, reworded_week, silent_week, week

__all__ = ["acme", "answers", "eventful_week", "reworded_week", "silent_week", "week"]

Axe = Callable[[Page], list[str]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_with_a_report(
    sheet: NewPage, axe: Axe, eventful_week: Report, acme: Shop, scheme: str
) -> None:
    page = sheet(viewport={"width": 1200, "height": 900}, color_scheme=scheme)

    page.set_content(render_html(replace(eventful_week, revision=1), acme))

    assert axe(page) == []


def test_axe_finds_nothing_wrong_where_a_question_has_new_words_or_no_answers(
    sheet: NewPage, axe: Axe, reworded_week: Report, silent_week: Report, acme: Shop
) -> None:
    page = sheet()

    for report in (reworded_week, silent_week):
        page.set_content(render_html(report, replace(acme, languages=("pl",))))
        assert axe(page) == []


@pytest.mark.parametrize("width", [320, 390, 1200])
def test_nothing_sticks_out_of_the_page(sheet: NewPage, eventful_week: Report, acme: Shop, width: int) -> None:
    page = sheet(viewport={"width": width, "height": 844})

    page.set_content(render_html(eventful_week, acme))

    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [320, 1200])
def test_very_long_words_do_not_stick_out_either(sheet: NewPage, eventful_week: Report, acme: Shop, width: int) -> None:
    longest = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    voices = tuple(
        replace(each, comment=longest, drivers=(longest,), order=longest, source=longest, total="9" * 20)
        for each in eventful_week.call_back
    )
    (first, *others) = eventful_week.drivers
    told = replace(
        eventful_week,
        call_back=voices,
        comments=voices,
        drivers=(replace(first, driver=longest), *others),
        segments=tuple(replace(each, value=longest) for each in eventful_week.segments),
    )
    page = sheet(viewport={"width": width, "height": 844})

    page.set_content(render_html(told, replace(acme, name=longest)))

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_report_needs_no_script_and_fetches_nothing(new_page: NewPage, week: Report, acme: Shop) -> None:
    page = new_page(java_script_enabled=False)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.set_content(render_html(week, acme))

    assert page.get_by_role("heading", name="Whom to call back").is_visible()
    assert [url for url in asked if not url.startswith("data:")] == []


def test_a_report_is_printed_on_a_few_sheets(sheet: NewPage, eventful_week: Report, acme: Shop) -> None:
    page = sheet()
    page.set_content(render_html(eventful_week, acme))

    printed = page.pdf(prefer_css_page_size=True)

    assert printed.count(b"/Type /Page\n") <= 10
