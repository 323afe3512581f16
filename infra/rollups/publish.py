"""Make a period's report from totals, and write its four files."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from cx_domain import reports
from cx_domain.backgrounds import LONG_KINDS
from cx_domain.calendars import Period, closes_at, days
from cx_domain.customer_reports import customers, customers_json
from cx_domain.day_lines import Line
from cx_domain.findings import Report
from cx_domain.guesses import Guess
from cx_domain.incidents import Incident
from cx_domain.report_files import report_json, revision
from cx_domain.shops import Shop
from cx_domain.totals import NOTHING
from infra.aws import keys
from infra.aws.files import Files
from infra.aws.keys import ReportFile
from infra.reports.csv import render_csv
from infra.reports.html import render_html
from infra.reports.xlsx import render_xlsx
from infra.rollups import histories
from infra.rollups.fold import day_lines, redo, total, totals
from infra.rollups.watching import shown

CONTENT_TYPES: Mapping[ReportFile, str] = {
    "report.json": "application/json",
    "report.html": "text/html; charset=utf-8",
    "report.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "answers.csv": "text/csv; charset=utf-8",
}


def publish(
    files: Files,
    shop: Shop,
    period: Period,
    now: datetime,
    known: Sequence[Incident] = (),
    *,
    guesses: Sequence[Guess] = (),
) -> list[str]:
    """Write the period's report, with those of the known incidents that it shows; returns its keys. A report that says the same already is left as it is.

    What managers guessed stays unsaid until the period is over.
    """
    told = guesses if closes_at(period, shop.zone) <= now else ()
    return redo(lambda: _publish(files, shop, period, now, known, guesses=told))


def is_empty(files: Files, shop: Shop, period: Period) -> bool:
    """Say whether nothing was asked or answered in the period: then there is nothing to report."""
    return total(files, shop, period) == NOTHING


def is_published(files: Files, shop: Shop, period: Period) -> bool:
    """Say whether the period has a report, also if everything that it showed was erased."""
    return files.read(keys.report_file(shop.id, period.name, "report.json")) is not None


def _publish(
    files: Files, shop: Shop, period: Period, now: datetime, known: Sequence[Incident], *, guesses: Sequence[Guess]
) -> list[str]:
    # What is there is read before the figures are: if another rollup writes in between, our condition fails, and we redo.
    stored = {name: files.read(keys.report_file(shop.id, period.name, name)) for name in CONTENT_TYPES}
    published = stored["report.json"]
    report, answers = _made(files, shop, period, known, guesses=guesses)
    before = json.loads(published.body) if published else None
    closed = closes_at(period, shop.zone) <= now
    report = replace(report, revision=revision(report_json(report), before) if closed else None)
    for name, body in _rendered(report, shop, answers).items():
        there = stored[name]
        if there is None or there.body != body:
            key, etag = keys.report_file(shop.id, period.name, name), there.etag if there else None
            files.write(key, body, if_match=etag, content_type=CONTENT_TYPES[name])
    return [keys.report_file(shop.id, period.name, name) for name in CONTENT_TYPES]


def _made(
    files: Files, shop: Shop, period: Period, known: Sequence[Incident], *, guesses: Sequence[Guess]
) -> tuple[Report, list[Line]]:
    own, background = totals(files, shop, period)
    answers, listed_from = _listed(files, shop, period)
    found = customers(shop, period, lambda: histories.read(files, shop.id))
    report = reports.build(
        shop,
        period,
        own,
        background,
        answers,
        # As of the period's close, not of now: the same facts always make the same bytes.
        now=closes_at(period, shop.zone),
        listed_from=listed_from,
        incidents=shown(files, shop, period, known),
        customers=customers_json(found, shop.reports.hide_below),
        guesses=guesses,
    )
    return report, answers


def _rendered(report: Report, shop: Shop, answers: list[Line]) -> dict[ReportFile, bytes]:
    return {
        "report.json": (json.dumps(report_json(report), ensure_ascii=False, indent=1) + "\n").encode(),
        "report.html": render_html(report, shop).encode(),
        "report.xlsx": render_xlsx(report, shop),
        "answers.csv": render_csv(answers, shop),
    }


def _listed(files: Files, shop: Shop, period: Period) -> tuple[list[Line], date | None]:
    """The period's newest answers, in most shops all of them: a report's figures cost days and cells, its lists cost answers."""
    most = reports.MOST_LISTED if period.kind in LONG_KINDS else reports.MOST_OF_A_MONTH
    newest_first = ((day, _answers(files, shop, day)) for day in reversed(days(period)))
    return reports.newest(newest_first, most)


def _answers(files: Files, shop: Shop, day: date) -> list[Line]:
    lines, _ = day_lines(files, shop.id, "answers", day)
    return [lines[id_] for id_ in sorted(lines)]
