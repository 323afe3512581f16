"""A period's report, made from totals: each figure with its n, its interval and what it was before."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, get_args

from cx_domain.backgrounds import Background
from cx_domain.calendars import Period
from cx_domain.day_lines import Line
from cx_domain.drivers import drivers
from cx_domain.findings import Asked, Comment, JudgedBy, Report, ShownIncident
from cx_domain.guesses import Guess, together
from cx_domain.kinds import kind
from cx_domain.measures import if_all_counted, measures, trend
from cx_domain.report_files import report_json
from cx_domain.resolutions import resolution
from cx_domain.segments import segments
from cx_domain.series import imported_from
from cx_domain.shops import Shop
from cx_domain.support_reports import support_json
from cx_domain.totals import DayTotal
from cx_domain.verdicts import Verdict

__all__ = ["Report", "build", "report_json"]

MOST_LISTED = 20_000
"""Answers whose words a quarter's or a year's report lists; of its figures it leaves out none."""
MOST_OF_A_MONTH = 100_000
"""The same of a day's, a week's or a month's: so many are held in half a gigabyte, and a rollup has one."""


def build(
    shop: Shop,
    period: Period,
    total: DayTotal,
    background: Background,
    answers: Sequence[Line],
    *,
    now: datetime,
    listed_from: date | None = None,
    incidents: Sequence[ShownIncident] = (),
    customers: Mapping[str, Any] | None = None,
    guesses: Sequence[Guess] = (),
) -> Report:
    """Make the report of a period from its total, what it is seen against, and its answer lines.

    The lines are all of the period's, or all since `listed_from`; no figure is taken from them, only words.
    """
    words = sorted((_comment(line) for line in answers if line["verdict"] in {"person", "unsure"}), key=_newest_first)
    # Whom another service asked, and when, nobody can call back any more.
    low = [word for word in words if word.bucket == "detractor" and imported_from(word.source) is None]
    measured = measures(shop, period, total, background)
    parts = segments(shop, total)
    return Report(
        shop=shop.id,
        period=period,
        timezone=shop.zone.key,
        made_at=now,
        measures=measured,
        trend=trend(period, measured, background),
        asked=_asked(total),
        protection=_judged_by(shop, total),
        verdicts={name: total.verdicts.get(name, 0) for name in get_args(Verdict)},
        if_all_counted=if_all_counted(shop, total),
        segments=parts,
        hide_below=shop.reports.hide_below,
        drivers=drivers(period, total, background.before),
        incidents=tuple(incidents),
        call_back=tuple(sorted((word for word in low if word.confirmed), key=_worst_first)),
        unconfirmed=sum(not word.confirmed for word in low),
        comments=tuple(word for word in words if word.comment),
        listed_from=listed_from or period.start,
        resolution=resolution(total),
        support=support_json(period, total, background, parts, shop.reports.hide_below),
        customers=customers,
        self_assessment={kind(name).name: guess for name, guess in (shop.self_assessment or {}).items()},
        guesses=together(guesses),
    )


def _asked(total: DayTotal) -> Asked:
    counts = total.asked
    return Asked(
        sent=counts.get("sent", 0),
        delivered=counts.get("delivered", 0),
        bounced=counts.get("bounced", 0),
        complained=counts.get("complained", 0),
        unsubscribed=counts.get("unsubscribed", 0),
        answered=counts.get("answered", 0),
        commented=counts.get("commented", 0),
        not_sent=dict(sorted(total.not_sent.items(), key=lambda reason: (-reason[1], reason[0]))),
    )


def _judged_by(shop: Shop, total: DayTotal) -> JudgedBy:
    """The protection of the answers themselves, which can be older than the shop's of today."""
    # Ratings from elsewhere are judged by none, and lines of an older release do not tell.
    found = set(total.judged_by)
    return "mixed" if len(found) > 1 else found.pop() if found else shop.protection


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
        order_id=line.get("order_id"),
        total=line["total"],
        currency=line["currency"],
        given_at=datetime.fromisoformat(line["given_at"]),
        may_reply=line["may_reply"],
        confirmed=line["verdict"] == "person",
        source=line["source"],
    )


def _newest_first(comment: Comment) -> tuple[float, str]:
    return (-comment.given_at.timestamp(), comment.order or "")


def _worst_first(comment: Comment) -> float:
    """By how low the answer lies on its own scale; sorting keeps what is newer before what is older."""
    scale = kind(comment.kind).scale
    return 0.0 if comment.score is None else (comment.score - scale[0]) / (scale[-1] - scale[0])


def newest(lines: Iterable[tuple[date, Sequence[Line]]], most: int) -> tuple[list[Line], date | None]:
    """Take whole days, given newest first, until they hold enough answers; with the first day taken, None where all were."""
    found: list[Line] = []
    days = iter(lines)
    for day, of_day in days:
        found = [*of_day, *found]
        if len(found) >= most:
            return found, day
    return found, None
