"""The workbook's tables, before they are written: one for each thing that a manager sorts or sums."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cx_domain.findings import Comment, Measure, Report
from cx_domain.kinds import kind
from cx_domain.shops import KindName, Shop
from infra.reports.incident_views import incident_name
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
        _trend(report, say),
        _distribution(report, say),
        _segments(report, say),
        _drivers(report, say),
        _incidents(report, say),
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
        (say.t("sheet.revision"), report.revision),
        (say.t("sheet.call-back"), len(report.call_back)),
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
        (say.t("sheet.commented"), asked.commented),
        (say.t("sheet.rate"), asked.response_rate),
        (say.t("sheet.comment-rate"), asked.comment_rate),
        (say.t("sheet.protection"), say.t(f"sheet.protection.{report.protection}")),
        *((say.t(f"sheet.verdict.{verdict}"), number) for verdict, number in report.verdicts.items()),
        (say.t("report.resolution.opened"), cases.opened),
        (say.t("report.resolution.solved"), cases.solved),
        (in_hours("report.resolution.median", say), cases.median_hours),
        (in_hours("report.resolution.p90", say), cases.p90_hours),
        (in_hours("report.resolution.first-reply", say), cases.median_first_reply_hours),
        (say.t("sheet.open-at-close"), report.support["open_at_close"]["n"]),
        (say.t("sheet.contacts"), report.support["contacts"]["per_hundred_orders"]),
    ]
    return Sheet(say.t("sheet.summary"), [(say.t("sheet.measure"), 64), (say.t("sheet.value"), _MIDDLE)], rows)


def _measure_rows(measure: Measure, report: Report, say: Phrases) -> list[Sequence[Cell]]:
    figures, since, year_ago, needed = measure.headline, measure.since, measure.year_ago, measure.needed
    low, high = figures.interval or (None, None)
    name = measure_name(measure, report, say)
    cells: list[tuple[str, Cell]] = [
        ("report.n", figures.n),
        ("report.score", figures.score),
        ("sheet.low-end", low),
        ("sheet.high-end", high),
        ("sheet.difference", since.difference if since else None),
        ("sheet.p-value", since.p_value if since else None),
        ("sheet.year-ago", year_ago.difference if year_ago else None),
        ("sheet.year-ago-p", year_ago.p_value if year_ago else None),
        ("sheet.five-interval", needed.interval if needed else None),
        ("sheet.five-change", needed.change if needed else None),
        ("sheet.target", measure.target),
        ("sheet.if-all-counted", measure.if_all_counted.score),
    ]
    return [*_rolling_rows(measure, name, say), *((f"{name}: {say.t(title)}", cell) for title, cell in cells)]


def _rolling_rows(measure: Measure, name: str, say: Phrases) -> list[Sequence[Cell]]:
    """The headline: thirteen weeks, where the period is not as long itself."""
    if measure.rolling is None:
        return []
    figures = measure.rolling.headline
    low, high = figures.interval or (None, None)
    cells: list[tuple[str, Cell]] = [
        ("report.n", figures.n),
        ("report.score", figures.score),
        ("sheet.low-end", low),
        ("sheet.high-end", high),
    ]
    return [(f"{name}, {say.t('sheet.rolling')}: {say.t(title)}", cell) for title, cell in cells]


def _trend(report: Report, say: Phrases) -> Sheet:
    rows = [
        (
            question_name(line.kind, say),
            say.touchpoint(line.touchpoint),
            point.period.name,
            point.period.start,
            point.headline.n,
            point.headline.score,
            *(point.headline.interval or (None, None)),
            line.series,
        )
        for line in report.trend
        for point in line.points
    ]
    columns = [
        ("sheet.kind", _WIDE),
        ("sheet.touchpoint", _MIDDLE),
        ("sheet.period", _NARROW),
        ("sheet.from", _NARROW),
        ("report.n", _NARROW),
        ("report.score", _NARROW),
        ("sheet.low-end", _NARROW),
        ("sheet.high-end", _NARROW),
        ("sheet.series", _MIDDLE),
    ]
    return Sheet(say.t("sheet.trend"), _titles(columns, say), rows)


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
    """All answers to a reason first, then those at each touchpoint."""
    rows: list[Sequence[Cell]] = []
    for row in report.drivers:
        change = (row.change.difference, row.change.p_value) if row.change else (None, None)
        rows.append((say.driver(row.driver), None, row.detractors, row.passives, row.promoters, row.share, *change))
        for at in row.touchpoints:
            counts = (at.detractors, at.passives, at.promoters)
            rows.append((say.driver(row.driver), say.touchpoint(at.touchpoint), *counts, None, None, None))
    columns = [
        ("report.driver", _WIDE),
        ("sheet.touchpoint", _MIDDLE),
        ("report.low", _NARROW),
        ("report.middle", _NARROW),
        ("report.high", _NARROW),
        ("sheet.share", _NARROW),
        ("sheet.difference", _NARROW),
        ("sheet.p-value", _NARROW),
    ]
    return Sheet(say.t("sheet.drivers"), _titles(columns, say), rows)


def _incidents(report: Report, say: Phrases) -> Sheet:
    rows = [
        (
            shown.incident.id,
            incident_name(shown.incident.watched, report, say),
            say.t(f"sheet.status.{shown.incident.status}"),
            shown.incident.start,
            shown.incident.seen.answers,
            shown.incident.seen.detractors,
            shown.incident.seen.answers * (shown.incident.usual.rate or 0.0),
            shown.incident.owner,
            shown.incident.root_cause,
            shown.incident.changed,
            None if shown.effect.verdict is None else say.t(f"report.helped.{shown.effect.verdict}"),
        )
        for shown in report.incidents
    ]
    columns = [
        ("sheet.key", _WIDE),
        ("sheet.incident", _WIDE),
        ("sheet.status", _NARROW),
        ("sheet.from", _NARROW),
        ("report.n", _NARROW),
        ("sheet.low-answers", _NARROW),
        ("sheet.usual", _NARROW),
        ("report.incident.owner", _MIDDLE),
        ("report.incident.cause", _WIDE),
        ("report.incident.changed", _WIDE),
        ("sheet.verdict", _WIDE),
    ]
    return Sheet(say.t("sheet.incidents"), _titles(columns, say), rows)


def _not_sent(report: Report, say: Phrases) -> Sheet:
    rows = [(say.reason(reason), number, reason) for reason, number in report.asked.not_sent.items()]
    columns = [("report.reason", _WORDS), ("report.number", _NARROW), ("sheet.key", _MIDDLE)]
    return Sheet(say.t("sheet.not-sent"), _titles(columns, say), rows)


def _comments(report: Report, shop: Shop, say: Phrases) -> Sheet:
    """Comments, and the low answers without words."""
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
        ("sheet.order-value", _NARROW),
        ("sheet.currency", _NARROW),
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
        None if comment.total is None else float(comment.total),
        comment.currency,
    )


def measure_name(measure: Measure, report: Report, say: Phrases) -> str:
    """The question, where it was asked, and in which words if the report has several."""
    name = f"{question_name(measure.kind, say)} · {say.touchpoint(measure.touchpoint)}"
    words = words_of(measure, report, say)
    return f"{name} ({words})" if words else name


def question_name(name: KindName, say: Phrases) -> str:
    return say.t(f"report.kind.{name}")


def in_hours(message: str, say: Phrases) -> str:
    """A column's or row's title with its unit."""
    return say.t("sheet.in-hours", title=say.t(message))


def _titles(columns: Iterable[tuple[str, int]], say: Phrases) -> list[tuple[str, int]]:
    return [(say.t(message), width) for message, width in columns]
