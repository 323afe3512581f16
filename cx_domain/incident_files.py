"""An incident as `report.json` and the command line give it to programs."""

from datetime import datetime
from typing import Any

from cx_domain.incident_effects import Effect, Stretch
from cx_domain.incidents import Incident


def incident_json(incident: Incident, effect: Effect | None = None, *, is_over: bool = False) -> dict[str, Any]:
    """`expected` is how many detractors the usual share would have given; `effect` and `is_over` are as of a report's end."""
    closing, usual = incident.closing, incident.usual
    return {
        "id": incident.id,
        "status": incident.status,
        "may_be_closed": is_over,
        "kind": incident.watched.kind,
        "touchpoint": incident.watched.touchpoint,
        "dimension": incident.watched.dimension,
        "value": incident.watched.value,
        "opened_at": _iso(incident.opened_at),
        "start": incident.start.isoformat(),
        "end": incident.end.isoformat(),
        "answers": incident.seen.answers,
        "detractors": incident.seen.detractors,
        "expected": incident.seen.answers * (usual.rate or 0.0),
        "usual": {"answers": usual.answers, "detractors": usual.detractors},
        "p_value": incident.p_value,
        "last_seen_on": incident.last_seen_on.isoformat(),
        "surveys": list(incident.surveys),
        "owner": incident.owner,
        "root_cause": incident.root_cause,
        "changed": incident.changed,
        "steps": [{"at": _iso(step.at), "what": step.what} for step in incident.steps],
        "closed_at": None if closing is None else _iso(closing.at),
        "closed_why": None if closing is None else closing.why,
        **_effect(effect or Effect(None)),
    }


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "before": _stretch(effect.before),
        "after": _stretch(effect.after),
        "difference": effect.difference,
        "difference_p_value": effect.p_value,
        "verdict": effect.verdict,
    }


def _stretch(stretch: Stretch | None) -> dict[str, Any] | None:
    if stretch is None:
        return None
    count = stretch.count
    return {
        "start": stretch.start.isoformat(),
        "end": stretch.end.isoformat(),
        "answers": count.answers,
        "detractors": count.detractors,
        "rate": count.rate,
    }


def _iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
