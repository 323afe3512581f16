"""The workbook: numbers to go on with, dates that sort, and nothing that runs."""

import io
import zipfile
from dataclasses import replace
from datetime import datetime

import openpyxl
from openpyxl.workbook import Workbook

from cx_domain.findings import Report
from cx_domain.shops import Shop
from infra.reports.xlsx import render_xlsx


def opened(body: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(body))


def rows(book: Workbook, sheet: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in book[sheet].iter_rows(values_only=True)]


def summary(book: Workbook) -> dict[object, object]:
    return {row[0]: row[1] for row in rows(book, "Summary")}


def test_the_workbook_has_a_sheet_for_each_thing_a_manager_sorts(week: Report, acme: Shop) -> None:
    book = opened(render_xlsx(week, acme))

    assert book.sheetnames == [
        "Summary",
        "Trend",
        "Distribution",
        "Segments",
        "Reasons",
        "Incidents",
        "Not sent",
        "Topics",
        "Staff",
        "Journey",
        "Loyalty",
        "Customer base",
        "Our guess",
        "Comments",
    ]


def test_the_sheets_speak_the_shops_language(week: Report, acme: Shop) -> None:
    book = opened(render_xlsx(week, replace(acme, languages=("pl",))))

    assert book.sheetnames == [
        "Podsumowanie",
        "Przebieg",
        "Rozkład",
        "Segmenty",
        "Powody",
        "Incydenty",
        "Nie wysłano",
        "Tematy",
        "Pracownicy",
        "Etapy",
        "Lojalność",
        "Baza klientów",
        "Nasza prognoza",
        "Komentarze",
    ]


def test_the_summary_holds_unrounded_numbers_and_real_dates(week: Report, acme: Shop) -> None:
    facts = summary(opened(render_xlsx(week, acme)))

    score = facts["Net Promoter Score · order: Score"]
    assert isinstance(score, float)
    assert abs(score - 50.98039) < 1e-4
    assert (facts["From"], facts["Sent"]) == (datetime(2026, 1, 5), 300)  # noqa: DTZ001 (a sheet's dates have no zone)


def test_the_distribution_lists_every_score_and_draws_it(week: Report, acme: Shop) -> None:
    body = render_xlsx(week, acme)

    listed = {row[2]: row[3] for row in rows(opened(body), "Distribution") if row[0] == "Net Promoter Score"}
    assert (listed[10], listed[1], len(listed)) == (20, 0, 11)
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert [name for name in archive.namelist() if "charts/chart" in name] == [
            "xl/charts/chart1.xml",
            "xl/charts/chart2.xml",
            "xl/charts/chart3.xml",
            "xl/charts/chart4.xml",
        ]


def test_the_summary_begins_with_thirteen_weeks(week: Report, acme: Shop) -> None:
    facts = summary(opened(render_xlsx(week, acme)))

    rolling = week.measures[0].rolling
    assert rolling is not None
    assert facts["Net Promoter Score · order, thirteen weeks: Answers"] == rolling.headline.n
    assert list(facts).index("Net Promoter Score · order, thirteen weeks: Score") < list(facts).index(
        "Net Promoter Score · order: Score"
    )


def test_the_trend_has_a_row_for_each_period_and_a_chart_for_each_question(week: Report, acme: Shop) -> None:
    listed = rows(opened(render_xlsx(week, acme)), "Trend")

    nps = [row for row in listed if row[0] == "Net Promoter Score"]
    assert [row[2] for row in nps][-2:] == ["2026-W01", "2026-W02"]
    assert (len(nps), nps[-1][4]) == (13, 51)
    assert nps[4][5] is None


def test_a_reason_is_listed_with_its_share_and_then_where_it_was_named(week: Report, acme: Shop) -> None:
    listed = rows(opened(render_xlsx(week, acme)), "Reasons")

    assert (listed[1][0], listed[1][1], listed[1][2]) == ("delivery", None, 4)
    assert (listed[2][0], listed[2][1], listed[2][2], listed[2][5]) == ("delivery", "order", 4, None)


def test_an_incident_is_a_row_with_what_people_noted(eventful_week: Report, acme: Shop) -> None:
    listed = rows(opened(render_xlsx(eventful_week, acme)), "Incidents")

    assert listed[1][:7] == (
        "delivery-2026-w01",
        "Delivery · order",
        "open",
        datetime(2025, 12, 29),  # noqa: DTZ001 (a sheet's dates have no zone)
        51,
        9,
        51 * 0.04,
    )
    assert (listed[1][7], listed[1][10]) == ("Ewa, logistics", "That is more than chance: it helped.")


def test_an_orders_value_is_a_number(week: Report, acme: Shop) -> None:
    first = rows(opened(render_xlsx(week, acme)), "Comments")[1]

    assert (first[9], first[10]) == (99.8, "PLN")


def test_the_workbook_keeps_new_words_and_old_ones_apart(reworded_week: Report, acme: Shop) -> None:
    book = opened(render_xlsx(reworded_week, acme))

    facts = summary(book)
    new, old = (
        f"Net Promoter Score · order ({words} 7 January)" for words in ("in new words since", "in the words before")
    )
    assert facts[f"{new}: Answers"] == reworded_week.measures[0].headline.n
    assert facts[f"{old}: Answers"] == reworded_week.measures[1].headline.n
    assert {row[5] for row in rows(book, "Distribution")} == {"In these words since", "2026-01-07", None}


def test_the_summary_says_by_which_protection_it_counts(week: Report, acme: Shop) -> None:
    facts = summary(opened(render_xlsx(replace(week, protection="strict"), acme)))

    assert (facts["Protection"], facts["Not counted: left out by hand"]) == ("strict", 0)


def test_a_hostile_comment_is_text_and_never_a_formula(week: Report, acme: Shop) -> None:
    book = opened(render_xlsx(week, acme))

    hostile = [cell for row in book["Comments"].iter_rows() for cell in row if str(cell.value).startswith("=HYPERLINK")]
    assert [(cell.data_type, cell.quotePrefix) for cell in hostile] == [("s", True)]


def test_no_sheet_holds_a_formula_or_a_link(week: Report, acme: Shop) -> None:
    with zipfile.ZipFile(io.BytesIO(render_xlsx(week, acme))) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]

    assert len(sheets) == 14
    assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)


def test_the_headers_stay_in_sight(week: Report, acme: Shop) -> None:
    book = opened(render_xlsx(week, acme))

    assert {book[name].freeze_panes for name in book.sheetnames} == {"A2"}


def test_a_comment_stands_with_its_order_and_the_shops_own_time(week: Report, acme: Shop) -> None:
    first = rows(opened(render_xlsx(week, acme)), "Comments")[1]

    assert isinstance(first[0], datetime)
    assert (first[3], first[5], first[6]) == (0, "delivery, waiting time", "1051")


def test_a_low_answer_without_words_is_listed_too(week: Report, acme: Shop) -> None:
    listed = rows(opened(render_xlsx(week, acme)), "Comments")

    assert [(row[3], row[6]) for row in listed if row[4] is None] == [(3, None), (4, "1048"), (5, "1047"), (6, "1046")]


def test_the_reasons_are_in_words_and_by_key(week: Report, acme: Shop) -> None:
    listed = rows(opened(render_xlsx(week, acme)), "Not sent")

    assert listed[1] == ("asked already, not long ago", 12, "asked-recently")


def test_equal_reports_make_equal_workbooks(week: Report, acme: Shop) -> None:
    assert render_xlsx(week, acme) == render_xlsx(week, acme)


def test_a_week_without_anything_still_has_a_workbook(silent_week: Report, acme: Shop) -> None:
    facts = summary(opened(render_xlsx(silent_week, acme)))

    assert (facts["Net Promoter Score · order: Answers"], facts["Net Promoter Score · order: Score"]) == (0, None)


def test_loyalty_is_listed_with_how_many_customers_it_is_of(eventful_week: Report, acme: Shop) -> None:
    listed = rows(opened(render_xlsx(eventful_week, acme)), "Loyalty")

    assert listed[0][3:8] == ("Figure", "Customers", "Value", "Interval from", "Interval to")
    (gone,) = [row for row in listed if row[2:4] == ("detractors", "Gone (%)")]
    assert gone[4:6] == (8, 100)
    assert tuple(listed[-1][3:6]) == ("Revenue at risk", 8, 560)


def test_too_few_customers_leave_their_figure_empty(eventful_week: Report, acme: Shop) -> None:
    assert eventful_week.customers is not None
    few = {**eventful_week.customers["loyalty"]["revenue_at_risk"][0], "revenue": None, "share": None}
    loyalty = {**eventful_week.customers["loyalty"], "revenue_at_risk": [few]}
    hidden = replace(eventful_week, customers={**eventful_week.customers, "loyalty": loyalty})

    listed = rows(opened(render_xlsx(hidden, acme)), "Loyalty")

    assert tuple(listed[-1][3:6]) == ("Revenue at risk", 8, None)


def test_every_move_of_the_customer_base_is_a_row(eventful_week: Report, acme: Shop) -> None:
    listed = rows(opened(render_xlsx(eventful_week, acme)), "Customer base")

    assert listed[1] == (None, None, None, "All customers", "Active", "Active", 16)
    assert (None, None, "Country", "Germany", "Active", "Sleeping", 8) in listed
    assert listed[-1][0] == "Net Promoter Score"


def test_the_guess_stands_beside_the_answer(week: Report, acme: Shop) -> None:
    (head, nps) = rows(opened(render_xlsx(week, acme)), "Our guess")

    assert head[:3] == ("Figure", "Our guess", "Customers")
    assert (nps[:2], round(float(str(nps[2])), 2), nps[3]) == (("Net Promoter Score", 60), 50.98, None)
