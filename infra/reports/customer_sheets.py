"""The workbook's tables of customers: what they did after their answer, how they moved, and what managers had guessed."""

from collections.abc import Iterable, Mapping
from typing import Any

from cx_domain.findings import Report
from cx_domain.report_files import perception_gap
from infra.reports.phrases import Phrases
from infra.reports.sheets import Cell, Sheet, question_name

_WIDE, _MIDDLE, _NARROW = 30, 18, 12
_PER_CENT = 100


def customer_sheets(report: Report, say: Phrases) -> tuple[Sheet, ...]:
    return (_loyalty(report, say), _base(report, say), _gap(report, say))


def _loyalty(report: Report, say: Phrases) -> Sheet:
    """One figure a row, each with how many customers it is of; a figure of too few of them is empty."""
    told = (report.customers or {}).get("loyalty") or {"questions": [], "revenue_at_risk": []}
    rows = [
        (question_name(question["kind"], say), say.touchpoint(question["touchpoint"]), name, *figure)
        for question in told["questions"]
        for bucket in question["buckets"]
        for name in [say.bucket(question["kind"], bucket["bucket"])]
        for figure in _deeds(bucket, say)
    ]
    rows += [
        (None, None, None, say.t("sheet.at-risk"), *figure, None, None, risk["currency"])
        for risk in told["revenue_at_risk"]
        for figure in [(risk["customers"], None if risk["revenue"] is None else float(risk["revenue"]))]
    ]
    columns = [
        ("sheet.kind", _WIDE),
        ("sheet.touchpoint", _MIDDLE),
        ("sheet.group", _MIDDLE),
        ("sheet.measure", _WIDE),
        ("report.base.customers", _NARROW),
        ("sheet.value", _NARROW),
        ("sheet.low-end", _NARROW),
        ("sheet.high-end", _NARROW),
        ("sheet.currency", _NARROW),
    ]
    return Sheet(say.t("sheet.loyalty"), [(say.t(name), width) for name, width in columns], rows)


def _deeds(bucket: Mapping[str, Any], say: Phrases) -> Iterable[tuple[Cell, ...]]:
    shares = [(say.t("report.loyalty.again", days=again["days"]), again) for again in bucket["bought_again"]]
    for title, share in (*shares, (say.t("report.loyalty.gone"), bucket["gone"])):
        low, high = share["interval"] or (None, None)
        yield (f"{title} (%)", share["n"], *map(_per_cent, (share["share"], low, high)), None)
    yield (say.t("report.loyalty.orders"), *_mean(bucket["orders_last_year"]), None)
    for revenue in bucket["revenue_last_year"]:
        yield (say.t("report.loyalty.revenue"), *_mean(revenue), revenue["currency"])


def _mean(figure: Mapping[str, Any]) -> tuple[Cell, ...]:
    low, high = figure["interval"] or (None, None)
    return figure["n"], figure["mean"], low, high


def _per_cent(share: float | None) -> float | None:
    return None if share is None else _PER_CENT * share


def _base(report: Report, say: Phrases) -> Sheet:
    """One way from where to where a row: between standings, and, of each question, between opinions."""
    told = (report.customers or {}).get("customer_base") or {"whole": None, "segments": [], "opinions": []}
    rows: list[tuple[Cell, ...]] = [
        (
            None,
            None,
            *place,
            say.t(f"report.base.{move['from']}"),
            say.t(f"report.base.{move['to']}"),
            move["customers"],
        )
        for place, moves in _groups(told, say)
        for move in moves
    ]
    for question in told["opinions"]:
        kind = question["kind"]
        rows += [
            (
                question_name(kind, say),
                say.touchpoint(question["touchpoint"]),
                *place,
                say.bucket(kind, move["from"]),
                say.bucket(kind, move["to"]),
                move["customers"],
            )
            for place, moves in _groups(question, say)
            for move in moves
        ]
    columns = [
        ("sheet.kind", _WIDE),
        ("sheet.touchpoint", _MIDDLE),
        ("sheet.dimension", _MIDDLE),
        ("report.segment", _MIDDLE),
        ("sheet.moved-from", _MIDDLE),
        ("sheet.moved-to", _MIDDLE),
        ("report.base.customers", _NARROW),
    ]
    return Sheet(say.t("sheet.base"), [(say.t(name), width) for name, width in columns], rows)


def _groups(told: Mapping[str, Any], say: Phrases) -> Iterable[tuple[tuple[Cell, Cell], Any]]:
    """All customers first, then each segment, with its moves."""
    if told["whole"] is not None:
        yield (None, say.t("report.base.whole")), told["whole"]["moves"]
    for segment in told["segments"]:
        dimension = segment["dimension"]
        yield (say.dimension(dimension), say.value(dimension, segment["value"])), segment["moves"]


def _gap(report: Report, say: Phrases) -> Sheet:
    rows = [
        (
            say.t("report.gap.excellent" if about == "excellent" else f"report.kind.{about}"),
            float(gap["managers"]),
            gap["customers"],
            gap.get("n"),
            gap.get("lowest"),
            gap.get("highest"),
        )
        for about, gap in perception_gap(report).items()
    ]
    columns = [
        ("sheet.measure", _WIDE),
        ("report.gap.managers", _MIDDLE),
        ("report.gap.customers", _MIDDLE),
        ("sheet.guesses", _NARROW),
        ("sheet.lowest", _NARROW),
        ("sheet.highest", _NARROW),
    ]
    return Sheet(say.t("sheet.gap"), [(say.t(name), width) for name, width in columns], rows)
