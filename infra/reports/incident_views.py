"""Incidents on the page: what went wrong for many, what was done, and whether it helped."""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from cx_domain.excesses import DRIVER, WHOLE, Count, Watched
from cx_domain.findings import Report, ShownIncident
from cx_domain.statistics import rounded
from infra.reports.phrases import Phrases, capital


@dataclass(frozen=True, slots=True)
class IncidentView:
    """One incident: its name, what was seen, what people noted, each with its label; `effect` once there is a verdict."""

    name: str
    is_open: bool
    sentences: tuple[str, ...]
    noted: tuple[tuple[str, str], ...]
    steps: tuple[tuple[str, str], ...]
    effect: str | None


def incident_views(report: Report, zone: ZoneInfo, say: Phrases) -> list[IncidentView]:
    return [_view(shown, report, zone, say) for shown in report.incidents]


def incident_name(watched: Watched, report: Report, say: Phrases) -> str:
    """What it is about, with the question where the report has several."""
    name = capital(thing_name(watched.dimension, watched.value, say))
    several = len({(measure.kind, measure.touchpoint) for measure in report.measures}) > 1
    return f"{name} · {say.touchpoint(watched.touchpoint)}" if several else name


def thing_name(dimension: str, value: str, say: Phrases) -> str:
    """A reason, a segment's value, or all low answers, as people call it."""
    if dimension == DRIVER:
        return say.driver(value)
    if dimension == WHOLE:
        return say.t("report.incident.whole")
    return f"{say.dimension(dimension)}: {say.value(dimension, value)}"


def _view(shown: ShownIncident, report: Report, zone: ZoneInfo, say: Phrases) -> IncidentView:
    incident = shown.incident
    noted = (("owner", incident.owner), ("cause", incident.root_cause), ("changed", incident.changed))
    return IncidentView(
        name=incident_name(incident.watched, report, say),
        is_open=incident.status == "open",
        sentences=tuple(_sentences(shown, zone, say)),
        noted=tuple((say.t(f"report.incident.{name}"), text) for name, text in noted if text),
        steps=tuple((say.day(step.at, zone), step.what) for step in incident.steps),
        effect=_effect(shown, say),
    )


def _sentences(shown: ShownIncident, zone: ZoneInfo, say: Phrases) -> Iterable[str]:
    incident = shown.incident
    expected = incident.seen.answers * (incident.usual.rate or 0.0)
    yield say.t(
        "report.incident.seen",
        detractors=say.number(incident.seen.detractors),
        answers=say.number(incident.seen.answers),
        expected=say.number(rounded(expected)),
        dates=say.between(incident.start, incident.end),
    )
    if incident.closing is not None:
        yield say.t("report.incident.closed", day=say.day(incident.closing.at, zone), why=incident.closing.why)
    elif not incident.steps:
        yield say.t("report.incident.nobody")
    if shown.is_over:
        yield say.t("report.incident.over")


def _effect(shown: ShownIncident, say: Phrases) -> str | None:
    effect = shown.effect
    if effect.verdict is None or effect.before is None or effect.after is None:
        return None
    verdict = say.t(f"report.helped.{effect.verdict}")
    before, after = effect.before.count, effect.after.count
    if not before.answers or not after.answers:
        return verdict
    return f"{say.t('report.helped.shares', before=_share(before, say), after=_share(after, say))} {verdict}"


def _share(count: Count, say: Phrases) -> str:
    return say.percent(say.share(count.detractors, count.answers))
