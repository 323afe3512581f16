"""`report.json`: the report as a contract with others (docs/report.schema.json)."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, get_args

from cx_domain.findings import Comment, Driver, Measure, Report, Rolling, Since, TrendLine
from cx_domain.guesses import Guessed, excellent_scores
from cx_domain.incident_files import incident_json
from cx_domain.kinds import kind
from cx_domain.segments import Segment
from cx_domain.series import imported_from
from cx_domain.statistics import Headline, wilson
from cx_domain.verdicts import Verdict


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
        "revision": report.revision,
        "headlines": [_measure(measure) for measure in report.measures],
        "trend": [_trend(line) for line in report.trend],
        "asked": {
            **asdict(report.asked),
            "response_rate": report.asked.response_rate,
            "comment_rate": report.asked.comment_rate,
        },
        "verdicts": {
            "protection": report.protection,
            **report.verdicts,
            "scores_if_all_counted": {name: figure.score for name, figure in report.if_all_counted.items()},
        },
        "segments": [_segment(segment) for segment in report.segments],
        "drivers": [_driver(driver) for driver in report.drivers],
        "incidents": [incident_json(shown.incident, shown.effect, is_over=shown.is_over) for shown in report.incidents],
        "call_back": [_comment(comment) for comment in report.call_back],
        "call_back_unconfirmed": report.unconfirmed,
        "comments": [_comment(comment) for comment in report.comments],
        "listed_from": report.listed_from.isoformat(),
        "resolution": asdict(report.resolution),
        **report.support,
        "perception_gap": perception_gap(report),
        **(report.customers or {"loyalty": None, "customer_base": None}),
    }


def revision(figures: Mapping[str, Any], published: Mapping[str, Any] | None) -> int:
    """Count how often the answers of a closed period changed since its report was first published.

    That some surveys were answered or unsubscribed later is no revision: they belong to the period in which they were answered, and
    the way from question to answer fills up until they expire. Nor is a new target or another period's figure beside this one's, nor
    what another service had been told, and was imported later.
    """
    if published is None or published.get("revision", 0) is None:
        return 0
    before: int = published.get("revision", 0)
    return before if _counted(published) == _counted(figures) else before + 1


def _counted(figures: Mapping[str, Any]) -> tuple[Any, ...]:
    answers = {
        (each["kind"], each["touchpoint"], each.get("series")): each["distribution"]
        for each in figures["headlines"]
        if each["n"] and imported_from(each.get("series")) is None
    }
    verdicts = {name: figures["verdicts"].get(name, 0) for name in get_args(Verdict)}
    named = {each["driver"]: (each["promoters"], each["passives"], each["detractors"]) for each in figures["drivers"]}
    return answers, verdicts, named


def perception_gap(report: Report) -> dict[str, dict[str, Any]]:
    """The managers' own guess beside the customers' answer to the first question of that kind, in its newest words.

    What each of them guessed before the period closed outweighs the shop's file, and says of how many guesses it is the mean.
    """
    ours = [measure for measure in report.measures if imported_from(measure.series) is None]
    first = {measure.kind: measure for measure in reversed(ours)}
    scores = {name: measure.headline.score for name, measure in first.items()}
    gap: dict[str, dict[str, Any]] = {
        name: {"managers": guess, "customers": scores.get(name)} for name, guess in report.self_assessment.items()
    }
    if (nps := report.guesses.get("nps")) is not None:
        gap["nps"] = {"managers": nps.mean, "customers": scores.get("nps"), **_spread(nps)}
    if (excellent := report.guesses.get("excellent")) is not None:
        asked = first.get("nps") or next(iter(ours), None)
        gap["excellent"] = {"managers": excellent.mean, **_excellent(asked), **_spread(excellent)}
    return gap


def _excellent(asked: Measure | None) -> dict[str, Any]:
    """The percentage of customers who gave the highest marks, with Wilson's interval."""
    if asked is None or not asked.histogram.n:
        return {"customers": None, "interval": None, "answers": 0}
    answers = asked.histogram.n
    best = asked.histogram.within(excellent_scores(kind(asked.kind)))
    interval = wilson(best, answers)
    return {
        "customers": 100 * best / answers,
        "interval": None if interval is None else [100 * end for end in interval],
        "answers": answers,
    }


def _spread(guessed: Guessed) -> dict[str, int]:
    return {"n": guessed.n, "lowest": guessed.lowest, "highest": guessed.highest}


def _measure(measure: Measure) -> dict[str, Any]:
    return {
        "kind": measure.kind,
        "touchpoint": measure.touchpoint,
        "series": measure.series,
        "imported": _imported(measure),
        **_figures(measure.headline),
        "distribution": measure.histogram.to_json(),
        "rolling": None if measure.rolling is None else _rolling(measure.rolling),
        "change": _since(measure.since),
        "year_ago": _since(measure.year_ago),
        "reworded": measure.reworded,
        "target": measure.target,
        "top": measure.headline.top,
        "answers_for_5": None if measure.needed is None else asdict(measure.needed),
    }


def _imported(measure: Measure) -> dict[str, str | None] | None:
    service = imported_from(measure.series)
    if service is None:
        return None
    return {"from": service, "until": None if measure.until is None else measure.until.isoformat()}


def _rolling(rolling: Rolling) -> dict[str, Any]:
    return {"from": rolling.first.isoformat(), "to": rolling.last.isoformat(), **_figures(rolling.headline)}


def _since(since: Since | None) -> dict[str, Any] | None:
    if since is None:
        return None
    return {"from": since.period, "difference": since.difference, "p_value": since.p_value}


def _trend(line: TrendLine) -> dict[str, Any]:
    points = [{"period": point.period.name, **_figures(point.headline)} for point in line.points]
    return {"kind": line.kind, "touchpoint": line.touchpoint, "series": line.series, "points": points}


def _driver(driver: Driver) -> dict[str, Any]:
    return {
        "driver": driver.driver,
        "promoters": driver.promoters,
        "passives": driver.passives,
        "detractors": driver.detractors,
        "share": driver.share,
        "change": _since(driver.change),
        "touchpoints": [asdict(each) for each in driver.touchpoints],
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
        "order_id": comment.order_id,
        "total": comment.total,
        "currency": comment.currency,
        "given_at": comment.given_at.isoformat().replace("+00:00", "Z"),
        "may_reply": comment.may_reply,
        "source": comment.source,
    }
