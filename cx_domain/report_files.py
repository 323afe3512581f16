"""`report.json`: the report as a contract with others (docs/report.schema.json)."""

from dataclasses import asdict
from typing import Any

from cx_domain.findings import Comment, Measure, Report
from cx_domain.segments import Segment
from cx_domain.statistics import Headline


def report_json(report: Report) -> dict[str, Any]:
    """Scores are unrounded; `score` and `interval` are None without answers, `change` without something to compare.

    Answers to different words of a question have headlines of their own, the newest first.
    """
    return {
        "shop": report.shop,
        "period": {
            "name": report.period.name,
            "start": report.period.start.isoformat(),
            "end": report.period.end.isoformat(),
            "timezone": report.timezone,
        },
        "headlines": [_measure(measure) for measure in report.measures],
        "asked": {**asdict(report.asked), "response_rate": report.asked.response_rate},
        "verdicts": {
            "protection": report.protection,
            **report.verdicts,
            "scores_if_all_counted": {name: figure.score for name, figure in report.if_all_counted.items()},
        },
        "segments": [_segment(segment) for segment in report.segments],
        "drivers": [asdict(driver) for driver in report.drivers],
        "incidents": [asdict(incident) for incident in report.incidents],
        "call_back": [_comment(comment) for comment in report.call_back],
        "comments": [_comment(comment) for comment in report.comments],
        "resolution": asdict(report.resolution),
        "perception_gap": perception_gap(report),
    }


def perception_gap(report: Report) -> dict[str, dict[str, float | None]]:
    """The managers' own guess beside the customers' answer to the first question of that kind, in its newest words."""
    customers = {measure.kind: measure.headline.score for measure in reversed(report.measures)}
    return {
        name: {"managers": guess, "customers": customers.get(name)} for name, guess in report.self_assessment.items()
    }


def _measure(measure: Measure) -> dict[str, Any]:
    since = measure.since
    return {
        "kind": measure.kind,
        "touchpoint": measure.touchpoint,
        "series": measure.series,
        **_figures(measure.headline),
        "distribution": measure.histogram.to_json(),
        "change": None
        if since is None
        else {"from": since.period, "difference": since.difference, "p_value": since.p_value},
        "reworded": measure.reworded,
        "target": measure.target,
        "top": measure.headline.top,
    }


def _segment(segment: Segment) -> dict[str, Any]:
    return {
        "dimension": segment.dimension,
        "value": segment.value,
        "kind": segment.kind,
        "touchpoint": segment.touchpoint,
        "series": segment.series,
        **_figures(segment.headline),
        "p_value": segment.p_value,
    }


def _figures(headline: Headline) -> dict[str, Any]:
    interval = None if headline.interval is None else list(headline.interval)
    return {"n": headline.n, "score": headline.score, "interval": interval}


def _comment(comment: Comment) -> dict[str, Any]:
    # Not by asdict: it copies deeply, and a quarter can have ten thousand comments.
    return {
        "kind": comment.kind,
        "touchpoint": comment.touchpoint,
        "score": comment.score,
        "bucket": comment.bucket,
        "comment": comment.comment,
        "drivers": list(comment.drivers),
        "order": comment.order,
        "given_at": comment.given_at.isoformat().replace("+00:00", "Z"),
        "may_reply": comment.may_reply,
        "source": comment.source,
    }
