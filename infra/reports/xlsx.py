"""The report as a workbook: figures to go on with. Dates are dates and scores unrounded numbers; a text is never a formula."""

import io
from datetime import date, datetime
from typing import Any

import xlsxwriter

from cx_domain.findings import Report
from cx_domain.kinds import kind
from cx_domain.series import imported_from
from cx_domain.shops import KindName, Shop
from infra.reports.charts import DETRACTOR, PASSIVE
from infra.reports.customer_sheets import customer_sheets
from infra.reports.phrases import Phrases, phrases
from infra.reports.sheets import Cell, Sheet, measure_name, sheets
from infra.reports.support_sheets import support_sheets

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_CHART_ROWS = 18
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def render_xlsx(report: Report, shop: Shop) -> bytes:
    """The workbook, in the language of the page. Equal reports give equal bytes."""
    say = phrases(shop)
    body = io.BytesIO()
    book = xlsxwriter.Workbook(body, _OPTIONS)
    book.set_properties(
        {
            "title": f"{shop.name}, {say.title(report.period)}",
            "author": shop.name,
            "created": report.made_at.replace(tzinfo=None),
        }
    )
    styles = _Styles(book, shop.brand.colour)
    *tables, comments = sheets(report, shop, say)
    for sheet in (*tables, *support_sheets(report, say), *customer_sheets(report, say), comments):
        _write(book, sheet, styles)
    _add_charts(book, report, shop, say)
    book.close()
    return body.getvalue()


class _Styles:
    """The workbook's formats. A text that looks like a formula carries Excel's own mark for "this is text"."""

    def __init__(self, book: Any, colour: str) -> None:
        self.head = book.add_format(
            {"bold": True, "bottom": 2, "bottom_color": colour, "valign": "top", "text_wrap": True}
        )
        self.text = book.add_format({"valign": "top", "text_wrap": True})
        self.guarded = book.add_format({"valign": "top", "text_wrap": True, "quote_prefix": True})
        self.whole = book.add_format({"valign": "top", "num_format": "#,##0"})
        self.fraction = book.add_format({"valign": "top", "num_format": "0.00"})
        self.day = book.add_format({"valign": "top", "num_format": "yyyy-mm-dd", "align": "left"})
        self.moment = book.add_format({"valign": "top", "num_format": "yyyy-mm-dd hh:mm", "align": "left"})


def _write(book: Any, sheet: Sheet, styles: _Styles) -> None:
    page = book.add_worksheet(sheet.name)
    for column, (title, width) in enumerate(sheet.columns):
        page.set_column(column, column, width)
        page.write_string(0, column, title, styles.head)
    for number, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row):
            _write_cell(page, number, column, cell, styles)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _write_cell(page: Any, row: int, column: int, cell: Cell, styles: _Styles) -> None:
    match cell:
        case None | "":
            return
        case str():
            style = styles.guarded if cell.startswith(_FORMULA_STARTS) else styles.text
            page.write_string(row, column, cell, style)
        case datetime():
            page.write_datetime(row, column, cell, styles.moment)
        case date():
            page.write_datetime(row, column, cell, styles.day)
        case int():
            page.write_number(row, column, cell, styles.whole)
        case float():
            page.write_number(row, column, cell, styles.fraction)


def _add_charts(book: Any, report: Report, shop: Shop, say: Phrases) -> None:
    """Native charts beside the rows that they draw, coloured as on the page."""
    _draw_distributions(book, report, shop, say)
    _draw_trends(book, report, shop, say)


def _draw_trends(book: Any, report: Report, shop: Shop, say: Phrases) -> None:
    """A line for each series, with the ends of its interval drawn thinly."""
    name = say.t("sheet.trend")
    page, row = book.get_worksheet_by_name(name), 1
    for number, line in enumerate(report.trend):
        last = row + len(line.points) - 1
        chart = book.add_chart({"type": "line"})
        for column, width, colour in ((5, 2.25, shop.brand.colour), (6, 0.75, PASSIVE), (7, 0.75, PASSIVE)):
            chart.add_series(
                {
                    "name": [name, 0, column],
                    "categories": [name, row, 2, last, 2],
                    "values": [name, row, column, last, column],
                    "line": {"color": colour, "width": width},
                }
            )
        title = f"{say.t(f'report.kind.{line.kind}')} · {say.touchpoint(line.touchpoint)}"
        chart.set_title(
            {
                "name": title if line.series is None else f"{title} ({_words(line.series, say)})",
                "name_font": {"size": 12},
            }
        )
        chart.set_legend({"position": "bottom"})
        chart.show_blanks_as("gap")
        page.insert_chart(1 + number * _CHART_ROWS, 10, chart)
        row = last + 1


def _words(series: str, say: Phrases) -> str:
    service = imported_from(series)
    return series if service is None else say.imported(service, None)


def _draw_distributions(book: Any, report: Report, shop: Shop, say: Phrases) -> None:
    name = say.t("sheet.distribution")
    page, row = book.get_worksheet_by_name(name), 1
    for number, measure in enumerate(report.measures):
        scale = kind(measure.kind).scale
        last = row + len(scale) - 1
        chart = book.add_chart({"type": "column"})
        chart.add_series(
            {
                "categories": [name, row, 2, last, 2],
                "values": [name, row, 3, last, 3],
                "points": [{"fill": {"color": _colour(measure.kind, score, shop)}} for score in scale],
                "data_labels": {"value": True},
                "gap": 40,
            }
        )
        chart.set_title(
            {
                "name": measure_name(measure, report, say),
                "name_font": {"size": 12},
            }
        )
        chart.set_legend({"none": True})
        chart.set_y_axis({"visible": False, "major_gridlines": {"visible": False}})
        page.insert_chart(1 + number * _CHART_ROWS, 7, chart)
        row = last + 1


def _colour(name: KindName, score: int, shop: Shop) -> str:
    return {"promoter": shop.brand.colour, "passive": PASSIVE, "detractor": DETRACTOR}[kind(name).bucket(score)]
