"""Support on the page: how long cases took, what they were about, who saw to them; and touchpoints by stage of the journey."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cx_domain.findings import Report
from cx_domain.statistics import CHANCE, rounded
from infra.reports.phrases import Phrases

Figure = tuple[str, str]
"""A figure, and what stands smaller below it."""
_FEWEST_TO_COMPARE = 2


@dataclass(frozen=True, slots=True)
class SupportRow:
    name: str
    note: str
    cells: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class SupportTable:
    name: str
    columns: tuple[str, ...]
    rows: tuple[SupportRow, ...]


@dataclass(frozen=True, slots=True)
class SupportView:
    """The facts in large print, what is to be said of them, and a table of topics and one of agents."""

    facts: tuple[tuple[str, str], ...]
    sentences: tuple[str, ...]
    tables: tuple[SupportTable, ...]


def support_view(report: Report, say: Phrases) -> SupportView | None:
    """None without a case, new or left open."""
    if not report.resolution.opened and not report.support["open_at_close"]["n"]:
        return None
    tables = (_topics(report, say), _staff(report, say))
    return SupportView(
        tuple(_facts(report, say)), tuple(_sentences(report, say)), tuple(table for table in tables if table.rows)
    )


def journey_tables(report: Report, say: Phrases) -> list[SupportTable]:
    """A table for each stage; none where there are not two touchpoints to set beside one another."""
    tables = [
        SupportTable(
            say.t(f"report.stage.{stage['stage'] or 'unknown'}"),
            (say.t("report.n"), say.t("report.score")),
            tuple(_touchpoint(each, report, say) for each in stage["touchpoints"]),
        )
        for stage in report.support["journey"]
        if stage["touchpoints"]
    ]
    return tables if sum(len(table.rows) for table in tables) >= _FEWEST_TO_COMPARE else []


def _facts(report: Report, say: Phrases) -> Iterable[tuple[str, str]]:
    cases, worked = report.resolution, _worked(report)
    yield say.t("report.resolution.median"), say.hours(cases.median_hours, worked=worked)
    yield say.t("report.resolution.p90"), say.hours(cases.p90_hours, worked=worked)
    yield say.t("report.resolution.first-reply"), say.hours(cases.median_first_reply_hours, worked=worked)
    yield say.t("report.resolution.opened"), say.number(cases.opened)
    yield say.t("report.resolution.solved"), say.number(cases.solved)
    yield say.t("report.resolution.still-open"), say.number(cases.still_open)


def _sentences(report: Report, say: Phrases) -> Iterable[str]:
    contacts, still = report.support["contacts"], report.support["open_at_close"]
    if contacts["per_hundred_orders"] is not None and contacts["opened"]:
        low, high = (_number(end, 1, say) for end in contacts["interval"])
        yield say.t("report.contacts", rate=_number(contacts["per_hundred_orders"], 1, say), low=low, high=high)
    if report.resolution.reopened:
        yield say.t("report.cases.reopened", n=say.number(report.resolution.reopened))
    if still["n"]:
        ages = {name: say.n_days(still[f"{name}_days"]) for name in ("median", "oldest")}
        yield say.t("report.cases.open", n=say.number(still["n"]), **ages)
    if report.resolution.timed_by is not None:
        yield say.t(f"report.cases.{report.resolution.timed_by}")


def _topics(report: Report, say: Phrases) -> SupportTable:
    columns = ("report.cases", "report.cases.share", "report.cases.replied-in", "report.cases.solved-in")
    rows = [
        SupportRow(
            say.value("topic", topic["topic"]),
            _moved(topic["change"], say),
            (
                (say.number(topic["n"]), ""),
                (say.percent(_number(topic["share"], 0, say)), ""),
                *_durations(topic, report, say),
            ),
        )
        for topic in report.support["contacts"]["topics"]
    ]
    return SupportTable(say.t("report.dimension.topic"), tuple(map(say.t, columns)), tuple(rows))


def _staff(report: Report, say: Phrases) -> SupportTable:
    staff = report.support["staff"]
    kinds = list(dict.fromkeys(score["kind"] for agent in staff for score in agent["scores"]))
    columns = ("report.cases", "report.cases.replied-in", "report.cases.solved-in")
    rows = [
        SupportRow(
            say.value("agent", agent["agent"]),
            "",
            (
                (say.number(agent["n"]), ""),
                *_durations(agent, report, say),
                *(_score(next((s for s in agent["scores"] if s["kind"] == kind), None), say) for kind in kinds),
            ),
        )
        for agent in staff
    ]
    names = (*map(say.t, columns), *(say.t(f"report.kind.{kind}") for kind in kinds))
    return SupportTable(say.t("report.dimension.agent"), names, tuple(rows))


def _durations(group: Mapping[str, Any], report: Report, say: Phrases) -> Iterable[Figure]:
    for name in ("median_first_reply_hours", "median_hours"):
        yield say.hours(group[name], worked=_worked(report)), ""


def _touchpoint(each: Mapping[str, Any], report: Report, say: Phrases) -> SupportRow:
    kind = say.t(f"report.kind.{each['kind']}")
    name = f"{say.touchpoint(each['touchpoint'])} · {kind}"
    words = say.t("report.series.since", day=say.series(each["series"], report.period)) if each["series"] else ""
    return SupportRow(name, words, ((say.number(each["n"]), ""), _score(each, say)))


def _score(score: Mapping[str, Any] | None, say: Phrases) -> Figure:
    if score is None or score["score"] is None:
        return say.t("report.none"), ""
    low, high = (say.figure(score["kind"], end) for end in score["interval"] or (score["score"], score["score"]))
    return say.score(score["kind"], score["score"]), f"{low}\N{EN DASH}{high}"


def _moved(change: Mapping[str, Any] | None, say: Phrases) -> str:
    if change is None or change["p_value"] is None or change["p_value"] >= CHANCE:
        return ""
    return say.t("report.cases.more" if change["difference"] > 0 else "report.cases.fewer")


def _worked(report: Report) -> bool:
    return report.resolution.timed_by != "around-the-clock"


def _number(value: float, places: int, say: Phrases) -> str:
    return say.number(rounded(Fraction(value).limit_denominator(10**6), places))
