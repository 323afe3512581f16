"""Make a period's report from totals, and write its four files."""

import json
from collections.abc import Mapping
from datetime import date

from cx_domain import reports
from cx_domain.calendars import Period, closes_at, days, previous
from cx_domain.day_lines import Line
from cx_domain.shops import Shop
from cx_domain.totals import DayTotal
from infra.aws import keys
from infra.aws.files import Files
from infra.aws.keys import ReportFile
from infra.reports.csv import render_csv
from infra.reports.html import render_html
from infra.reports.xlsx import render_xlsx
from infra.rollups.fold import day_lines, redo, totals

CONTENT_TYPES: Mapping[ReportFile, str] = {
    "report.json": "application/json",
    "report.html": "text/html; charset=utf-8",
    "report.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "answers.csv": "text/csv; charset=utf-8",
}


def publish(files: Files, shop: Shop, period: Period) -> list[str]:
    """Write the period's report; returns its keys. A report that says the same already is left as it is."""
    return redo(lambda: _publish(files, shop, period))


def is_empty(files: Files, shop: Shop, period: Period) -> bool:
    """Say whether nothing was asked or answered in the period: then there is nothing to report."""
    return totals(files, shop, days(period)) == DayTotal()


def _publish(files: Files, shop: Shop, period: Period) -> list[str]:
    # What is there is read before the figures are: if another rollup writes in between, our condition fails, and we redo.
    stored = {name: files.read(keys.report_file(shop.id, period.name, name)) for name in CONTENT_TYPES}
    for name, body in _rendered(files, shop, period).items():
        known = stored[name]
        if known is None or known.body != body:
            key, etag = keys.report_file(shop.id, period.name, name), known.etag if known else None
            files.write(key, body, if_match=etag, content_type=CONTENT_TYPES[name])
    return [keys.report_file(shop.id, period.name, name) for name in CONTENT_TYPES]


def _rendered(files: Files, shop: Shop, period: Period) -> dict[ReportFile, bytes]:
    total = totals(files, shop, days(period))
    before = totals(files, shop, days(previous(period)))
    answers = [line for day in days(period) for line in _answers(files, shop, day)]
    # As of the period's close, not of now: the same facts always make the same bytes.
    report = reports.build(shop, period, total, before, answers, now=closes_at(period, shop.zone))
    figures = reports.report_json(report)
    return {
        "report.json": (json.dumps(figures, ensure_ascii=False, indent=1) + "\n").encode(),
        "report.html": render_html(report, shop).encode(),
        "report.xlsx": render_xlsx(report, shop),
        "answers.csv": render_csv(answers, shop),
    }


def _answers(files: Files, shop: Shop, day: date) -> list[Line]:
    lines, _ = day_lines(files, shop.id, "answers", day)
    return [lines[id_] for id_ in sorted(lines)]
