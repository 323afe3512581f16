"""A period's report, made from totals: each figure with its n, its interval and what it was before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from cx_domain.calendars import Period, previous
from cx_domain.day_lines import Line
from cx_domain.findings import Asked, Comment, Driver, Incident, JudgedBy, Measure, Report, Since
from cx_domain.histograms import ZERO, Histogram
from cx_domain.kinds import kind
from cx_domain.report_files import report_json
from cx_domain.resolutions import resolution
from cx_domain.segments import segments
from cx_domain.series import begins_on
from cx_domain.shops import KindName, Protection, Shop
from cx_domain.statistics import CHANCE, Headline, change, headline, holm
from cx_domain.totals import DayTotal, DriverBucket, Question
from cx_domain.verdicts import Verdict

__all__ = ["Report", "build", "report_json"]

INCIDENT_FROM = 3
"""Fewer detractors with one reason are bad luck, whatever the test says."""
_NAMED = kind("yes-no")


def build(
    shop: Shop, period: Period, total: DayTotal, before: DayTotal, answers: Sequence[Line], *, now: datetime
) -> Report:
    """Make the report of a period from its total, the total of the period before, and the period's answer lines."""
    words = sorted((_comment(line) for line in answers if line["verdict"] in {"person", "unsure"}), key=_newest_first)
    return Report(
        shop=shop.id,
        period=period,
        timezone=shop.zone.key,
        made_at=now,
        measures=tuple(
            _measure(shop, period, asked, total, before)
            for series in _asked_in(shop, period, total)
            for asked in series
        ),
        asked=_asked(total),
        protection=_judged_by(shop, answers),
        verdicts={name: total.verdicts.get(name, 0) for name in get_args(Verdict)},
        if_all_counted=_if_all_counted(shop, total),
        segments=segments(shop, total),
        hide_below=shop.reports.hide_below,
        drivers=_drivers(total),
        incidents=_incidents(total, before),
        call_back=tuple(word for word in words if word.bucket == "detractor" and _gives_a_handle(word)),
        comments=tuple(word for word in words if word.comment),
        resolution=resolution(total),
        self_assessment={kind(name).name: guess for name, guess in (shop.self_assessment or {}).items()},
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question in the words of one series, and the series that followed it in the same period."""

    question: Question
    newer: str | None


def _asked_in(shop: Shop, period: Period, total: DayTotal) -> Iterable[list[_Asked]]:
    """What the shop asks, in its file's order, and then whatever else was answered; of each its series, the newest first."""
    now = {(rule.kind, rule.touchpoint): rule.series for rule in shop.surveys}
    answered = sorted({(cell.kind, cell.touchpoint) for cell in total.cells})
    for name, touchpoint in dict.fromkeys([*now, *answered]):
        known = total.series(name, touchpoint) or [_as_of(period, now[name, touchpoint])]
        newer = [None, *known]
        yield [_Asked(Question(name, touchpoint, series), after) for series, after in zip(known, newer, strict=False)]


def _as_of(period: Period, series: str | None) -> str | None:
    """What the shop asks today; of a period before that, nobody answered, and nobody knows the words."""
    return series if series is None or begins_on(series) <= period.end else None


def _measure(shop: Shop, period: Period, asked: _Asked, total: DayTotal, before: DayTotal) -> Measure:
    question = asked.question
    name, now = question.kind, total.whole(question)
    since = _since(period, name, before.whole(question), now)
    return Measure(
        kind=name,
        touchpoint=question.touchpoint,
        histogram=now,
        headline=headline(kind(name), now),
        since=since,
        target=(shop.targets or {}).get(name) if asked.newer is None else None,
        series=question.series,
        newer=asked.newer,
        reworded=since is None and now.n > 0 and _was_answered(before, name, question.touchpoint),
        if_all_counted=headline(kind(name), total.if_all_counted.get(question, ZERO)),
    )


def _was_answered(total: DayTotal, name: KindName, touchpoint: str) -> bool:
    """Tell whether anybody answered, in whatever words."""
    return any(cell[:2] == (name, touchpoint) for cell in total.cells)


def _since(period: Period, name: KindName, then: Histogram, now: Histogram) -> Since | None:
    found = change(kind(name), then, now)
    return None if found is None else Since(previous(period).name, found.difference, found.p_value)


def _asked(total: DayTotal) -> Asked:
    counts = total.asked
    return Asked(
        sent=counts.get("sent", 0),
        delivered=counts.get("delivered", 0),
        bounced=counts.get("bounced", 0),
        complained=counts.get("complained", 0),
        unsubscribed=counts.get("unsubscribed", 0),
        answered=counts.get("answered", 0),
        not_sent=dict(sorted(total.not_sent.items(), key=lambda reason: (-reason[1], reason[0]))),
    )


def _if_all_counted(shop: Shop, total: DayTotal) -> dict[KindName, Headline]:
    """Of each kind, over its touchpoints, in the words in which each is asked last."""
    names = dict.fromkeys(
        [*(rule.kind for rule in shop.surveys), *sorted({asked.kind for asked in total.if_all_counted})]
    )
    everything = dict.fromkeys(names, ZERO)
    for asked, histogram in total.if_all_counted.items():
        if asked.series == total.series(asked.kind, asked.touchpoint)[0]:
            everything[asked.kind] += histogram
    return {name: headline(kind(name), histogram) for name, histogram in everything.items()}


def _judged_by(shop: Shop, answers: Iterable[Line]) -> JudgedBy:
    """The protection of the answers themselves, which can be older than the shop's of today."""
    # Ratings from elsewhere are judged by none, and lines of an older release do not tell.
    found: set[Protection] = {protection for line in answers if (protection := line.get("protection")) is not None}
    return "mixed" if len(found) > 1 else found.pop() if found else shop.protection


def _drivers(total: DayTotal) -> tuple[Driver, ...]:
    """Most named by detractors first."""
    names = {driver.driver for driver in total.drivers}
    found = [
        Driver(
            driver=name,
            promoters=total.drivers.get(DriverBucket(name, "promoter"), 0),
            passives=total.drivers.get(DriverBucket(name, "passive"), 0),
            detractors=total.drivers.get(DriverBucket(name, "detractor"), 0),
        )
        for name in names
    ]
    return tuple(sorted(found, key=lambda row: (-row.detractors, -row.passives, -row.promoters, row.driver)))


def _incidents(total: DayTotal, before: DayTotal) -> tuple[Incident, ...]:
    """The reasons that detractors name more often than chance explains, against the period before; none without one."""
    found = [
        (Incident(row.driver, row.detractors, then), rise)
        for row in _drivers(total)
        if row.detractors >= INCIDENT_FROM
        for then in [before.drivers.get(DriverBucket(row.driver, "detractor"), 0)]
        if (rise := change(_NAMED, _named(then, _answers(before)), _named(row.detractors, _answers(total)))) is not None
    ]
    corrected = holm([1.0 if rise.p_value is None else rise.p_value for _, rise in found])
    return tuple(
        incident for (incident, rise), p in zip(found, corrected, strict=True) if rise.difference > 0 and p < CHANCE
    )


def _named(by: int, of: int) -> Histogram:
    """Who named a reason (1) and who did not (0), as the answers of a yes-or-no question."""
    return Histogram({1: by, 0: of - by})


def _answers(total: DayTotal) -> int:
    return total.verdicts.get("person", 0) + total.verdicts.get("unsure", 0)


def _comment(line: Line) -> Comment:
    score = line["score"]
    return Comment(
        kind=line["kind"],
        touchpoint=line["touchpoint"],
        score=score,
        bucket=None if score is None else kind(line["kind"]).bucket(score),
        comment=line["comment"],
        drivers=tuple(line["drivers"]),
        order=line["order"],
        given_at=datetime.fromisoformat(line["given_at"]),
        may_reply=line["may_reply"],
        source=line["source"],
    )


def _newest_first(comment: Comment) -> tuple[float, str]:
    return (-comment.given_at.timestamp(), comment.order or "")


def _gives_a_handle(comment: Comment) -> bool:
    """Tell an answer that somebody can act on from a bare low score."""
    return bool(comment.comment or comment.drivers or comment.may_reply)
