"""The report's page: it says what the figures say, in words, harmlessly, and takes nothing from elsewhere."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from cx_domain.backgrounds import Background
from cx_domain.calendars import parse_period
from cx_domain.day_lines import Line
from cx_domain.excesses import Count
from cx_domain.findings import Report, Since
from cx_domain.incident_effects import Effect, Stretch
from cx_domain.reports import build
from cx_domain.shops import Protection, Shop
from cx_domain.totals import day_total
from infra.reports.html import MOST_COMMENTS, render_html

VOID = {"meta", "link", "br", "img", "hr", "input"}


class Page(HTMLParser):
    """Collects a page's elements, its text, and whatever does not close as it opened."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.mistakes: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.mistakes.append(tag)

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def tags(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag == name]


def test_the_headline_is_said_in_words(week: Report, acme: Shop) -> None:
    page = Page(render_html(week, acme))

    assert "51 answers; between 29 and 67 with 95% confidence." in page.text
    assert "Target 55: not reached." in page.text
    assert "detractors 6 (12%)" in page.text


def test_thirteen_weeks_stand_large_and_the_week_beside_them(week: Report, acme: Shop) -> None:
    page = Page(render_html(week, acme))

    assert "11 Jan 2026 48 580 answers; between 42 and 53 with 95% confidence." in page.text
    assert "Thirteen weeks, 13 Oct 2025" in page.text
    assert "The week itself 51 51 answers; between 29 and 67 with 95% confidence." in page.text
    assert "Up 4 points on the same week a year ago, which can be chance." in page.text
    assert "to 5 points either way takes about 738 answers" in page.text


def test_a_quarter_is_its_own_headline(week: Report, acme: Shop) -> None:
    quarter = replace(week.measures[0], rolling=None)

    page = Page(render_html(replace(week, period=parse_period("2026-Q1"), measures=(quarter,), segments=()), acme))

    assert "The quarter 51 51 answers" in page.text
    assert "Thirteen weeks" not in page.text


def test_sections_stand_in_the_order_in_which_a_manager_thinks(week: Report, acme: Shop) -> None:
    text = Page(render_html(week, acme)).text

    headings = [
        "Whom to call back",
        "What is going wrong for many",
        "Thirteen weeks",
        "What the dissatisfied name",
        "Who is happier, and who is not",
        "From question to answer",
        "In their words",
    ]
    assert sorted(headings, key=text.index) == headings


def test_the_page_can_be_seen_at_a_glance(week: Report, acme: Shop) -> None:
    page = Page(render_html(week, acme))

    assert "7 to call back Nothing new going wrong for many Net Promoter Score 48 Ease 5.7" in page.text
    targets = {str(link["href"]).removeprefix("#") for link in page.tags("a")}
    assert targets <= {attributes.get("id") for _, attributes in page.elements}


def test_whom_to_call_back_is_told_with_order_and_value(week: Report, acme: Shop) -> None:
    text = Page(render_html(week, acme)).text.replace("\N{NO-BREAK SPACE}", " ")

    assert "The courier left it at the wrong door. delivery order 1049 99.80 PLN 11 Jan 2026" in text


def test_low_taps_that_nobody_confirmed_are_counted_only(week: Report, acme: Shop) -> None:
    page = Page(render_html(replace(week, unconfirmed=2), acme))

    assert "2 more low answers count but were not confirmed; they are not listed." in page.text


@pytest.mark.parametrize(
    ("revision", "sentence"),
    [
        (1, "Revised 1 time since it was first published: answers changed."),
        (None, "This period is not over yet: the figures will change."),
    ],
)
def test_a_report_that_is_not_the_last_word_says_so(
    week: Report, acme: Shop, revision: int | None, sentence: str
) -> None:
    assert sentence in Page(render_html(replace(week, revision=revision), acme)).text
    assert sentence not in Page(render_html(week, acme)).text


def test_the_trend_leaves_a_gap_where_nobody_answered(week: Report, acme: Shop) -> None:
    page = Page(render_html(week, acme))

    courses = [shape for shape in page.tags("polyline") if shape["class"] == "course"]
    assert [len(str(course["points"]).split()) for course in courses] == [4, 8]
    (chart,) = [each for each in page.tags("svg") if each.get("class") == "trend"]
    assert str(chart["aria-label"]).startswith("Week by week: 13 Oct 36, 20 Oct 43,")


def test_old_words_are_drawn_behind_the_new_ones(reworded_week: Report, acme: Shop) -> None:
    (new, old, _) = reworded_week.measures
    line = reworded_week.trend[0]
    before = replace(line.points[0], period=parse_period("2026-W01"))
    empty = replace(before, headline=replace(before.headline, n=0, score=None, interval=None))
    trend = (
        replace(line, series=new.series, points=(empty, line.points[-1])),
        replace(line, series=old.series, points=(before, replace(empty, period=line.points[-1].period))),
    )

    page = Page(render_html(replace(reworded_week, trend=trend), acme))

    dots = [dot["class"] for dot in page.tags("circle") if str(dot["class"]).startswith("dot")]
    assert "dot older" in dots


def test_a_reason_named_by_more_of_the_dissatisfied_than_before_is_marked(week: Report, acme: Shop) -> None:
    risen = replace(week.drivers[0], change=Since("2026-W01", 32.0, 0.004))

    page = Page(render_html(replace(week, drivers=(risen,)), acme))

    assert "delivery Up 32 points on the week before 57% 4 0 4" in page.text


def test_a_long_report_says_from_when_it_lists_words(week: Report, acme: Shop) -> None:
    page = Page(render_html(replace(week, listed_from=date(2026, 1, 8)), acme))

    assert "Words are listed from 8 January 2026 on; earlier ones are in the reports of their months." in page.text


def test_what_goes_wrong_for_many_is_told_with_what_was_done(eventful_week: Report, acme: Shop) -> None:
    text = Page(render_html(eventful_week, acme)).text

    assert "2 things going wrong for many" in text
    assert "Delivery · order 9 low of 51 answers, 29 Dec 2025" in text
    assert "about 2 would be usual." in text
    assert "Owner Ewa, logistics Root cause One van for two towns Steps 5 Jan 2026: Called the courier" in text
    assert "Nobody has noted a step against it yet. As usual for four weeks: it may be closed." in text


def test_the_page_says_whether_what_was_changed_helped(eventful_week: Report, acme: Shop) -> None:
    text = Page(render_html(eventful_week, acme)).text

    assert (
        "Did what we changed help Delivery · order 17% of the answers were low before the first step, 2% since." in text
    )
    assert "That is more than chance: it helped." in text


def test_without_answers_since_the_step_there_is_no_share_to_tell(eventful_week: Report, acme: Shop) -> None:
    (first, *others) = eventful_week.incidents
    before = first.effect.before
    assert before is not None
    nobody = Effect(before, Stretch(date(2026, 1, 12), date(2026, 1, 11), Count()), verdict="too-few")

    text = Page(render_html(replace(eventful_week, incidents=(replace(first, effect=nobody), *others)), acme)).text

    assert "Delivery · order There are too few answers since to tell." in text


def test_what_loyalty_does_is_told_with_its_interval(eventful_week: Report, acme: Shop) -> None:
    text = Page(render_html(eventful_week, acme)).text

    assert "promoters 38% 14" in text
    assert "560.00 PLN of the last year" in text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_customer_base_is_told_by_state(eventful_week: Report, acme: Shop) -> None:
    text = Page(render_html(eventful_week, acme)).text

    assert "A customer sleeps after 90 days without an order, and is lost after 180 days." in text
    assert "Active 16 Came back" in text
    assert "customers who had answered before: better 8, the same 0, worse 0, which is more than chance." in text


def test_the_page_says_from_where_to_where_customers_moved(eventful_week: Report, acme: Shop) -> None:
    text = Page(render_html(eventful_week, acme)).text

    assert "where they stand now \u2192 Active \u2192 Sleeping \u2192 Lost Active 16 8 Lost 16 " in text


def test_where_all_customers_are_new_there_is_no_table_of_moves(eventful_week: Report, acme: Shop) -> None:
    assert eventful_week.customers is not None
    base = eventful_week.customers["customer_base"]
    new = {"customers": 9, "start": {"not-yet": 9}, "end": {"new": 9}}
    moves = [{"from": "not-yet", "to": "new", "customers": 9}]
    told = {**eventful_week.customers, "customer_base": {**base, "whole": {**new, "moves": moves}}}

    text = Page(render_html(replace(eventful_week, customers=told), acme)).text

    assert "New 9 Active 0" in text
    assert "where they stand now" not in text


def test_the_customer_base_is_told_by_segment(eventful_week: Report, acme: Shop) -> None:
    text = Page(render_html(eventful_week, acme)).text

    assert "Germany 16 0 8 50% 0 8 50% 0 Poland 16 0 0 0 0 16 100%" in text


def test_a_country_of_two_customers_cannot_be_found_on_the_page(eventful_week: Report, acme: Shop) -> None:
    text = Page(render_html(eventful_week, acme)).text

    assert "all others 8" in text
    assert "France" not in text
    assert "Czechia" not in text


def test_the_page_says_who_turned_to_which_opinion(eventful_week: Report, acme: Shop) -> None:
    text = Page(render_html(eventful_week, acme)).text

    assert "from the answer before to the newest \u2192 promoters detractors 8 " in text


def test_a_small_change_is_told_as_one_that_can_be_chance(week: Report, acme: Shop) -> None:
    page = Page(render_html(week, acme))

    assert "Up 7 points on the week before, which can be chance." in page.text


@pytest.mark.parametrize(
    ("difference", "p_value", "sentence"),
    [
        (-9.6, 0.01, "Down 10 points on the week before, which is more than chance."),
        (0.4, 0.9, "The same as the week before."),
        (3.0, None, "Up 3 points on the week before, which can be chance."),
    ],
)
def test_each_way_a_score_can_move_has_its_sentence(
    week: Report, acme: Shop, difference: float, p_value: float | None, sentence: str
) -> None:
    moved = replace(week.measures[0], since=Since("2026-W01", difference, p_value))

    page = Page(render_html(replace(week, measures=(moved,), segments=()), acme))

    assert sentence in page.text


def test_a_manager_reads_polish_where_the_shop_speaks_it_first(week: Report, acme: Shop) -> None:
    page = Page(render_html(week, replace(acme, languages=("pl", "en"))))

    assert page.tags("html")[0]["lang"] == "pl"
    assert "51 odpowiedzi; między 29 a 67 z ufnością 95%." in page.text
    assert "Tydzień 2, 2026" in page.text
    assert "czas oczekiwania" in page.text


def test_a_language_without_report_words_is_served_in_english(week: Report, acme: Shop) -> None:
    page = Page(render_html(week, replace(acme, languages=("sv",))))

    assert page.tags("html")[0]["lang"] == "en"


def test_what_customers_wrote_cannot_become_markup(week: Report, acme: Shop) -> None:
    html = render_html(week, acme)

    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_a_hostile_shop_name_or_driver_cannot_become_markup(acme: Shop, answers: list[Line]) -> None:
    hostile = '"><script>alert(1)</script>'
    lines = [{**answers[-20], "drivers": [hostile], "order": hostile, "segments": {"country": [hostile]}}] * 6
    shop = replace(acme, name=hostile)
    report = build(
        shop,
        parse_period("2026-W02"),
        day_total(lines, [], shop),
        Background(),
        lines,
        now=datetime(2026, 1, 12, tzinfo=UTC),
    )

    html = render_html(report, shop)

    assert "<script" not in html


def test_the_page_takes_nothing_from_elsewhere(week: Report, acme: Shop) -> None:
    html = render_html(week, acme)

    page = Page(html)
    fetched = [
        each.get("src") or each.get("href") for tag in ("script", "img", "iframe", "link") for each in page.tags(tag)
    ]
    assert fetched == ["data:,"]
    assert not re.search(r"@import|url\(|//fonts", html)


def test_every_element_is_closed_as_it_was_opened(week: Report, acme: Shop) -> None:
    page = Page(render_html(week, acme))

    assert (page.mistakes, page.open) == ([], [])


def test_charts_are_described_to_those_who_cannot_see_them(week: Report, acme: Shop) -> None:
    charts = Page(render_html(week, acme)).tags("svg")

    labels = [chart["aria-label"] for chart in charts if chart.get("role") == "img"]
    assert "Net Promoter Score: 48 on a line from −100 to 100" in labels  # noqa: RUF001 (a true minus)
    assert all(chart.get("role") == "img" or chart.get("aria-hidden") == "true" for chart in charts)


def test_headings_go_down_one_step_at_a_time(week: Report, acme: Shop) -> None:
    levels = [int(tag[1]) for tag, _ in Page(render_html(week, acme)).elements if re.fullmatch("h[1-6]", tag)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_row_of_a_table_has_a_header_cell(week: Report, acme: Shop) -> None:
    page = Page(render_html(week, acme))

    assert all(cell.get("scope") in {"row", "col"} for cell in page.tags("th"))


def test_every_reason_not_to_send_is_said_in_words(week: Report, acme: Shop) -> None:
    page = Page(render_html(week, acme))

    assert "asked already, not long ago" in page.text
    assert "asked-recently" not in page.text


def test_what_was_excluded_is_told_with_the_score_it_would_have_made(week: Report, acme: Shop) -> None:
    page = Page(render_html(week, acme))

    assert "12 links were opened by mail scanners, not by people." in page.text
    assert "With everything counted, Net Promoter Score would be 22 and not 51." in page.text


def test_new_words_and_old_ones_stand_under_headings_of_their_own(reworded_week: Report, acme: Shop) -> None:
    page = Page(render_html(reworded_week, acme))

    assert "Net Promoter Score in new words since 7 January" in page.text
    assert "Net Promoter Score in the words before 7 January" in page.text
    assert "Asked in new words since 7 January: not compared with before." in page.text
    assert page.text.count("Target 55:") == 1


def test_words_of_another_year_are_told_with_their_year(reworded_week: Report, acme: Shop) -> None:
    (new, _, _) = reworded_week.measures
    late = replace(new, series="2025-12-22-2")

    page = Page(render_html(replace(reworded_week, measures=(late,), segments=()), acme))

    assert "Asked in new words since 22 December 2025 (2): not compared with before." in page.text


def test_segments_say_in_which_words_they_were_asked(reworded_week: Report, acme: Shop) -> None:
    page = Page(render_html(reworded_week, acme))

    assert "Country Net Promoter Score (in new words since 7 January)" in page.text


def test_old_words_that_nobody_answered_before_are_compared_with_nothing(reworded_week: Report, acme: Shop) -> None:
    (new, old, _) = reworded_week.measures
    lone = replace(old, since=None, reworded=True)

    page = Page(render_html(replace(reworded_week, measures=(new, lone)), acme))

    assert "Nothing to compare it with: no answers to these words the week before." in page.text


@pytest.mark.parametrize(
    ("protection", "sentence"),
    [
        ("strict", "Protection is strict: only answers that a person confirmed are counted."),
        ("balanced", "Protection is balanced: confirmed answers are counted, and lone taps that nothing contradicts."),
        ("off", "Protection is off: whatever was tapped or sent last is counted, also where a machine did it."),
    ],
)
def test_the_page_says_by_which_protection_it_counts(
    week: Report, acme: Shop, protection: Protection, sentence: str
) -> None:
    page = Page(render_html(replace(week, protection=protection), acme))

    assert sentence in page.text


def test_the_page_says_that_the_protection_was_changed(week: Report, acme: Shop) -> None:
    page = Page(render_html(replace(week, protection="mixed"), acme))

    assert "Protection was changed: some of these answers were judged by the one before." in page.text


def test_strictly_an_opened_link_is_not_blamed_on_a_scanner(week: Report, acme: Shop) -> None:
    page = Page(render_html(replace(week, protection="strict"), acme))

    assert "12 links were opened, by mail scanners or people, and nothing was confirmed." in page.text


def test_what_an_operator_left_out_is_told(week: Report, acme: Shop) -> None:
    page = Page(render_html(replace(week, verdicts={**week.verdicts, "excluded": 1}), acme))

    assert "1 answer was left out by hand." in page.text


def test_the_managers_guess_stands_beside_the_customers_answer(week: Report, acme: Shop) -> None:
    page = Page(render_html(week, acme))

    assert "Our guess 60 Customers 51 Customers are 9 points below our guess." in page.text


def test_a_week_without_anything_still_has_a_page(silent_week: Report, acme: Shop) -> None:
    page = Page(render_html(silent_week, acme))

    assert page.text.count("No answers yet.") == 2
    assert "No mail went out in this period." in page.text
    assert "None" not in page.text


def test_very_many_comments_are_cut_off_with_a_word_about_it(week: Report, acme: Shop) -> None:
    many = (week.comments[0],) * (MOST_COMMENTS + 3)

    page = Page(render_html(replace(week, comments=many, call_back=()), acme))

    assert "3 more are in the spreadsheet." in page.text


@pytest.mark.parametrize(
    ("name", "title"),
    [("2026-01-05", "Monday, 5 January 2026"), ("2026-01", "January 2026"), ("2026-Q1", "Quarter 1, 2026")],
)
def test_a_period_is_called_as_people_call_it(week: Report, acme: Shop, name: str, title: str) -> None:
    period = parse_period(name)

    page = Page(render_html(replace(week, period=period, listed_from=period.start), acme))

    assert page.text.count(title) == 2  # the heading, and the title of the tab


def test_equal_reports_make_equal_pages(week: Report, acme: Shop) -> None:
    assert render_html(week, acme) == render_html(week, acme)


def test_an_orders_number_leads_to_the_shops_own_page_of_it(week: Report, acme: Shop) -> None:
    with_link = replace(acme, order_link="https://acme.example/admin/{id}?number={number}")

    page = Page(render_html(week, with_link))

    (order, *_) = (each.order for each in week.call_back)
    assert f"https://acme.example/admin/id-{order}?number={order}" in [link.get("href") for link in page.tags("a")]
    assert "/admin/" not in render_html(week, acme)
