"""The few figures of the digest mail, taken from a report's JSON and rounded as people read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from cx_domain.calendars import parse_period
from cx_domain.guesses import GuessSubject
from cx_domain.kinds import kind as kind_named
from cx_domain.series import imported_from
from cx_domain.shops import KindName
from cx_domain.statistics import CHANCE, rounded

Direction = Literal["up", "down", "same"]


MOST_COMMENTS = 3


@dataclass(frozen=True, slots=True)
class DigestChange:
    """Against the period before: `difference` is rounded and never negative, `direction` says which way."""

    since: str
    direction: Direction
    difference: Decimal
    may_be_chance: bool


@dataclass(frozen=True, slots=True)
class DigestRolling:
    """The headline of thirteen weeks, rounded."""

    n: int
    score: Decimal
    interval: tuple[Decimal, Decimal] | None


@dataclass(frozen=True, slots=True)
class DigestScore:
    """One headline. NPS is in points, CSAT and yes-no in per cent, CES a mean; `score` and `interval` are None without answers.

    A question that was answered in the words of several series has one for each, and `several_series` is true of all of them;
    `newer` names the series that followed this one. `reworded`: there is no change to tell, because the words are new.
    `rolling` is the figure on top where there is one: that of the thirteen weeks that end with the period.
    """

    kind: KindName
    touchpoint: str
    n: int
    score: Decimal | None
    interval: tuple[Decimal, Decimal] | None
    change: DigestChange | None
    target: Decimal | None
    series: str | None = None
    newer: str | None = None
    several_series: bool = False
    reworded: bool = False
    rolling: DigestRolling | None = None


@dataclass(frozen=True, slots=True)
class DigestComment:
    """One customer's words, with the order they are about."""

    kind: KindName
    score: int | None
    comment: str
    order: str | None


@dataclass(frozen=True, slots=True)
class DigestIncident:
    """What goes wrong for many and is not closed: a reason (`driver`, `delivery`), a segment's value, or `all` low answers."""

    dimension: str
    value: str


@dataclass(frozen=True, slots=True)
class DigestGap:
    """The managers' guess beside the customers' answer, both rounded; `excellent` is a percentage, the rest is in the kind's unit."""

    about: KindName | GuessSubject
    managers: Decimal
    customers: Decimal


@dataclass(frozen=True, slots=True)
class Digest:
    """What the digest mail says. `rate` is the answered in per cent of `arrived`; `worst_driver` what detractors named most.

    `gap` is told of a month only.
    """

    period: str
    start: date
    end: date
    scores: tuple[DigestScore, ...]
    arrived: int
    answered: int
    rate: Decimal | None
    worst_driver: str | None
    worst_driver_named_by: int
    incidents: tuple[DigestIncident, ...]
    to_call_back: int
    gap: DigestGap | None
    comments: tuple[DigestComment, ...]


def digest(report: Mapping[str, Any]) -> Digest:
    """Take the digest from `report.json`; the first of `scores` is the one for the subject line."""
    asked = report["asked"]
    worst = _worst_driver(report["drivers"])
    return Digest(
        period=report["period"]["name"],
        start=date.fromisoformat(report["period"]["start"]),
        end=date.fromisoformat(report["period"]["end"]),
        scores=_scores(report["headlines"]),
        arrived=asked["sent"] - asked["bounced"],
        answered=asked["answered"],
        rate=None if asked["response_rate"] is None else rounded(100 * asked["response_rate"]),
        worst_driver=None if worst is None else worst["driver"],
        worst_driver_named_by=0 if worst is None else worst["detractors"],
        incidents=tuple(
            DigestIncident(each["dimension"], each["value"])
            for each in report.get("incidents", ())
            if each["status"] == "open"
        ),
        to_call_back=sum(1 for comment in report["call_back"] if comment["may_reply"]),
        gap=_gap(report),
        comments=_comments(report["comments"]),
    )


def headline_scores(report: Mapping[str, Any]) -> tuple[DigestScore, ...]:
    """Take from `report.json` the period's own figures alone, the newest series of each question first."""
    return tuple(replace(score, rolling=None) for score in _scores(report["headlines"]))


def places(kind: KindName) -> int:
    """How many decimals people are shown: one for a mean, none for points and per cent."""
    return 1 if kind_named(kind).headline == "mean" else 0


def _scores(headlines: Sequence[Mapping[str, Any]]) -> tuple[DigestScore, ...]:
    """Of one question the newest series comes first, as in the report. A report by an older release knows of none.

    What was imported from another service is history, and no news.
    """
    found: dict[tuple[KindName, str], list[DigestScore]] = {}
    for each in headlines:
        if imported_from(each.get("series")) is not None:
            continue
        known = found.setdefault((each["kind"], each["touchpoint"]), [])
        newer = known[-1].series if known else None
        known.append(replace(_score(each), newer=newer))
    return tuple(replace(score, several_series=len(question) > 1) for question in found.values() for score in question)


def _score(headline: Mapping[str, Any]) -> DigestScore:
    shown = places(headline["kind"])
    interval = headline["interval"]
    return DigestScore(
        kind=headline["kind"],
        touchpoint=headline["touchpoint"],
        n=headline["n"],
        score=None if headline["score"] is None else rounded(headline["score"], shown),
        interval=None if interval is None else (rounded(interval[0], shown), rounded(interval[1], shown)),
        change=_change(headline["change"], shown),
        target=None if headline["target"] is None else rounded(headline["target"], shown),
        series=headline.get("series"),
        reworded=headline.get("reworded", False),
        rolling=_rolling(headline.get("rolling"), shown),
    )


def _rolling(rolling: Mapping[str, Any] | None, shown: int) -> DigestRolling | None:
    """None without answers in thirteen weeks, for a quarter or a year, and in a report by an older release."""
    if rolling is None or rolling["score"] is None:
        return None
    interval = rolling["interval"]
    ends = None if interval is None else (rounded(interval[0], shown), rounded(interval[1], shown))
    return DigestRolling(rolling["n"], rounded(rolling["score"], shown), ends)


def _change(change: Mapping[str, Any] | None, shown: int) -> DigestChange | None:
    if change is None:
        return None
    difference = rounded(change["difference"], shown)
    direction: Direction = "same" if difference == 0 else "up" if difference > 0 else "down"
    return DigestChange(
        since=change["from"],
        direction=direction,
        difference=abs(difference),
        may_be_chance=change["p_value"] is None or change["p_value"] >= CHANCE,
    )


def _gap(report: Mapping[str, Any]) -> DigestGap | None:
    """Of what is asked first; None where nobody guessed, nobody answered, or the period is no month."""
    if parse_period(report["period"]["name"]).kind != "month":
        return None
    # The first of a kind is the one asked first; what is excellent is told of it too.
    for about in (*(each["kind"] for each in report["headlines"]), "excellent"):
        found = report.get("perception_gap", {}).get(about)
        if found is not None and found["customers"] is not None:
            shown = 0 if about == "excellent" else places(about)
            return DigestGap(about, rounded(found["managers"], shown), rounded(found["customers"], shown))
    return None


def _worst_driver(drivers: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    named = [driver for driver in drivers if driver["detractors"]]
    return max(named, key=lambda driver: driver["detractors"], default=None)


def _comments(comments: Sequence[Mapping[str, Any]]) -> tuple[DigestComment, ...]:
    """The three to read first: low answers before others, newest first among them (`comments` is newest first)."""
    ordered = sorted(comments, key=lambda comment: comment["bucket"] != "detractor")
    return tuple(
        DigestComment(comment["kind"], comment["score"], comment["comment"], comment["order"])
        for comment in ordered[:MOST_COMMENTS]
    )
