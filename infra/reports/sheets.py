"""The workbook's tables, before they are written: one for each thing that a manager sorts or sums."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cx_domain.findings import Comment, Measure, Report
from cx_domain.kinds import kind
from cx_domain.shops import KindName, Shop
from infra.reports.measure_views import words_of
from infra.reports.phrases import Phrases

Cell = str | int | float | date | datetime | None

_WIDE, _MIDDLE, _NARROW, _WORDS = 30, 18, 12, 80


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its tab's name, its columns with their widths, its rows."""

    name: str
    columns: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[Cell]]


def sheets(report: Report, shop: Shop, say: Phrases) -> tuple[Sheet, ...]:
    return (
        _summary(report, shop, say),
        _distribution(report, say),
        _segments(report, say),
        _drivers(report, say),
        _not_sent(report, say),
        _comments(report, shop, say),
    )


def _summary(report: Report, shop: Shop, say: Phrases) -> Sheet:
    """One figure a row, so that weeks can be put under each other."""
    asked, cases = report.asked, report.resolution
    rows: list[Sequence[Cell]] = [
        (say.t("sheet.shop"), shop.name),
        (say.t("sheet.period"), report.period.name),
        (say.t("sheet.from"), report.period.start),
        (say.t("sheet.to"), report.period.end),
    ]
    for measure in report.measures:
        rows += _measure_rows(measure, report, say)
    rows += [
        (say.t("report.asked.sent"), asked.sent),
        (say.t("report.asked.delivered"), asked.delivered),
        (say.t("report.asked.bounced"), asked.bounced),
        (say.t("report.asked.complained"), asked.complained),
        (say.t("report.asked.unsubscribed"), asked.unsubscribed),
        (say.t("report.asked.answered"), asked.answered),
        (say.t("sheet.rate"), asked.response_rate),
        (say.t("sheet.protection"), report.protection),
        *((say.t(f"sheet.verdict.{verdict}"), number) for verdict, number in report.verdicts.items()),
        (say.t("report.resolution.opened"), cases.opened),
        (say.t("report.resolution.solved"), cases.solved),
        (f"{say.t('report.resolution.median')} (h)", cases.median_hours),
        (f"{say.t('report.resolution.p90')} (h)", cases.p90_hours),
    ]
    return Sheet(say.t("sheet.summary"), [(say.t("sheet.measure"), 64), (say.t("sheet.value"), _MIDDLE)], rows)


def _measure_rows(measure: Measure, report: Report, say: Phrases) -> list[Sequence[Cell]]:
    figures, since = measure.headline, measure.since
    low, high = figures.interval or (None, None)
    cells: list[tuple[str, Cell]] = [
        ("report.n", figures.n),
        ("report.score", figures.score),
        ("sheet.low-end", low),
        ("sheet.high-end", high),
        ("sheet.difference", since.difference if since else None),
        ("sheet.p-value", since.p_value if since else None),
        ("sheet.target", measure.target),
        ("sheet.if-all-counted", measure.if_all_counted.score),
    ]
    return [(f"{measure_name(measure, report, say)}: {say.t(name)}", cell) for name, cell in cells]


def _distribution(report: Report, say: Phrases) -> Sheet:
    rows = [
        (
            question_name(measure.kind, say),
            say.touchpoint(measure.touchpoint),
            score,
            measure.histogram.counts.get(score, 0),
            group,
            measure.series,
        )
        for measure in report.measures
        for score in kind(measure.kind).scale
        for group in [say.bucket(measure.kind, kind(measure.kind).bucket(score))]
    ]
    columns = [("sheet.kind", _WIDE), ("sheet.touchpoint", _MIDDLE), ("sheet.rating", _NARROW), ("report.n", _NARROW)]
    return Sheet(
        say.t("sheet.distribution"), _titles([*columns, ("sheet.group", _MIDDLE), ("sheet.series", _MIDDLE)], say), rows
    )


def _segments(report: Report, say: Phrases) -> Sheet:
    rows = [
        (
            say.dimension(segment.dimension),
            say.value(segment.dimension, segment.value),
            question_name(segment.kind, say),
            say.touchpoint(segment.touchpoint),
            segment.headline.n,
            segment.headline.score,
            *(segment.headline.interval or (None, None)),
            segment.p_value,
            segment.series,
        )
        for segment in report.segments
    ]
    columns = [
        ("sheet.dimension", _MIDDLE),
        ("report.segment", _MIDDLE),
        ("sheet.kind", _WIDE),
        ("sheet.touchpoint", _MIDDLE),
        ("report.n", _NARROW),
        ("report.score", _NARROW),
        ("sheet.low-end", _NARROW),
        ("sheet.high-end", _NARROW),
        ("sheet.p-value", _NARROW),
        ("sheet.series", _MIDDLE),
    ]
    return Sheet(say.t("sheet.segments"), _titles(columns, say), rows)


def _drivers(report: Report, say: Phrases) -> Sheet:
    rows = [(say.driver(row.driver), row.detractors, row.passives, row.promoters) for row in report.drivers]
    columns = [("report.driver", _WIDE), ("report.low", _NARROW), ("report.middle", _NARROW), ("report.high", _NARROW)]
    return Sheet(say.t("sheet.drivers"), _titles(columns, say), rows)


def _not_sent(report: Report, say: Phrases) -> Sheet:
    rows = [(say.reason(reason), number, reason) for reason, number in report.asked.not_sent.items()]
    columns = [("report.reason", _WORDS), ("report.number", _NARROW), ("sheet.key", _MIDDLE)]
    return Sheet(say.t("sheet.not-sent"), _titles(columns, say), rows)


def _comments(report: Report, shop: Shop, say: Phrases) -> Sheet:
    """Comments, and the low answers that have a reason but no words."""
    wordless = [comment for comment in report.call_back if not comment.comment]
    rows = [_comment_row(comment, shop, say) for comment in (*report.comments, *wordless)]
    columns = [
        ("report.date", _MIDDLE),
        ("sheet.kind", _WIDE),
        ("sheet.touchpoint", _MIDDLE),
        ("sheet.rating", _NARROW),
        ("report.words", _WORDS),
        ("report.reasons", _WIDE),
        ("report.order", _MIDDLE),
        ("sheet.may-reply", _MIDDLE),
        ("sheet.source", _MIDDLE),
    ]
    return Sheet(say.t("sheet.comments"), _titles(columns, say), rows)


def _comment_row(comment: Comment, shop: Shop, say: Phrases) -> Sequence[Cell]:
    return (
        comment.given_at.astimezone(shop.zone).replace(tzinfo=None),  # a workbook's times have no zone: the shop's own
        question_name(comment.kind, say),
        say.touchpoint(comment.touchpoint),
        comment.score,
        comment.comment,
        ", ".join(say.driver(driver) for driver in comment.drivers),
        comment.order,
        say.t("sheet.yes" if comment.may_reply else "sheet.no"),
        say.source(comment.source),
    )


def measure_name(measure: Measure, report: Report, say: Phrases) -> str:
    """The question, where it was asked, and in which words if the report has several."""
    name = f"{question_name(measure.kind, say)} · {say.touchpoint(measure.touchpoint)}"
    words = words_of(measure, report, say)
    return f"{name} ({words})" if words else name


def question_name(name: KindName, say: Phrases) -> str:
    return say.t(f"report.kind.{name}")


def _titles(columns: Iterable[tuple[str, int]], say: Phrases) -> list[tuple[str, int]]:
    return [(say.t(message), width) for message, width in columns]
