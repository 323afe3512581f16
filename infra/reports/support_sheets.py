"""The workbook's tables of support cases and of the journey, from the parts of report.json that tell of them."""

from collections.abc import Mapping
from typing import Any

from cx_domain.findings import Report
from infra.reports.phrases import Phrases
from infra.reports.sheets import Cell, Sheet, in_hours, question_name

_WIDE, _MIDDLE, _NARROW = 30, 18, 12


def support_sheets(report: Report, say: Phrases) -> tuple[Sheet, ...]:
    return (_topics(report, say), _staff(report, say), _journey(report, say))


def _topics(report: Report, say: Phrases) -> Sheet:
    rows = [
        (
            say.value("topic", topic["topic"]),
            topic["n"],
            topic["share"],
            None if topic["change"] is None else topic["change"]["difference"],
            None if topic["change"] is None else topic["change"]["p_value"],
            *_cases(topic),
        )
        for topic in report.support["contacts"]["topics"]
    ]
    columns = ["sheet.topic", "report.cases", "report.cases.share", "sheet.change", "sheet.p-value"]
    return Sheet(say.t("sheet.topics"), _titles([*columns, *_CASES], say), rows)


def _staff(report: Report, say: Phrases) -> Sheet:
    """A row for each agent's cases, and one for each question that their customers were asked."""
    rows: list[tuple[Cell, ...]] = []
    for agent in report.support["staff"]:
        name = say.value("agent", agent["agent"])
        rows.append((name, agent["n"], *_cases(agent), *[None] * len(_ANSWERS)))
        rows += [(name, *[None] * (1 + len(_CASES)), *_answers(score, say)) for score in agent["scores"]]
    return Sheet(say.t("sheet.staff"), _titles(["sheet.agent", "report.cases", *_CASES, *_ANSWERS], say), rows)


def _journey(report: Report, say: Phrases) -> Sheet:
    rows = [
        (say.t(f"report.stage.{stage['stage'] or 'unknown'}"), *_answers(each, say))
        for stage in report.support["journey"]
        for each in stage["touchpoints"]
    ]
    return Sheet(say.t("sheet.journey"), _titles(["sheet.stage", *_ANSWERS], say), rows)


_CASES = (
    "report.resolution.solved",
    "report.cases.replied-in",
    "report.cases.solved-in",
    "report.resolution.p90",
)


def _cases(group: Mapping[str, Any]) -> tuple[Cell, ...]:
    return group["solved"], group["median_first_reply_hours"], group["median_hours"], group["p90_hours"]


_ANSWERS = (
    "sheet.kind",
    "sheet.touchpoint",
    "report.n",
    "report.score",
    "sheet.low-end",
    "sheet.high-end",
    "sheet.series",
)


def _answers(score: Mapping[str, Any], say: Phrases) -> tuple[Cell, ...]:
    low, high = score["interval"] or (None, None)
    name, touchpoint = question_name(score["kind"], say), say.touchpoint(score["touchpoint"])
    return name, touchpoint, score["n"], score["score"], low, high, score["series"]


def _titles(columns: list[str], say: Phrases) -> list[tuple[str, int]]:
    widths = {"sheet.kind": _WIDE, "sheet.stage": _WIDE, "sheet.topic": _WIDE, "sheet.agent": _MIDDLE}
    hours = {"report.cases.replied-in", "report.cases.solved-in", "report.resolution.p90"}
    return [(in_hours(name, say) if name in hours else say.t(name), widths.get(name, _NARROW)) for name in columns]
