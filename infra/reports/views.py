"""Everything else that the page says: reasons, the way to the answer, what was excluded, customers' words, the gap."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from markupsafe import Markup

from cx_domain.digests import places
from cx_domain.findings import Comment, Measure, Report
from cx_domain.kinds import Bucket, kind
from cx_domain.report_files import perception_gap
from cx_domain.shops import KindName
from cx_domain.statistics import rounded
from infra.reports.charts import share_bar
from infra.reports.measure_views import whole_name
from infra.reports.phrases import Phrases


@dataclass(frozen=True, slots=True)
class DriverRow:
    name: str
    detractors: int
    passives: int
    promoters: int
    bar: Markup


@dataclass(frozen=True, slots=True)
class FunnelRow:
    name: str
    number: str
    bar: Markup


@dataclass(frozen=True, slots=True)
class CommentView:
    """One customer's words, with what they are about."""

    score: str | None
    scale: str | None
    bucket: Bucket | None
    text: str
    drivers: tuple[str, ...]
    order: str | None
    day: str
    may_reply: bool
    source: str | None


@dataclass(frozen=True, slots=True)
class GapView:
    name: str
    managers: str
    customers: str
    sentence: str


def driver_rows(report: Report, say: Phrases) -> list[DriverRow]:
    most = max((row.detractors for row in report.drivers), default=0)
    return [
        DriverRow(
            say.driver(row.driver),
            row.detractors,
            row.passives,
            row.promoters,
            share_bar(row.detractors, most, "detractor"),
        )
        for row in report.drivers
    ]


def funnel_rows(report: Report, say: Phrases) -> list[FunnelRow]:
    asked = report.asked
    steps = {"sent": asked.sent, "delivered": asked.delivered, "answered": asked.answered}
    losses = {"bounced": asked.bounced, "complained": asked.complained, "unsubscribed": asked.unsubscribed}
    return [
        *(_funnel_row(name, number, asked.sent, "promoter", say) for name, number in steps.items()),
        *(_funnel_row(name, number, asked.sent, "passive", say) for name, number in losses.items() if number),
    ]


def excluded_sentences(report: Report, say: Phrases) -> list[str]:
    """By which protection it was judged, how much does not count and why, and what the scores would be if everything did."""
    # Strictly, a person's own tap does not count either, as long as nothing confirms it.
    opened = "unconfirmed" if report.protection in {"strict", "mixed"} else "scanner"
    messages = {"scanner": opened, "contradicted": "contradicted", "excluded": "excluded"}
    found = [
        say.n(f"report.excluded.{message}", report.verdicts[verdict])
        for verdict, message in messages.items()
        if report.verdicts[verdict]
    ]
    if found:
        found.extend(_scores_if_all_counted(report, say))
    else:
        found.append(say.t("report.excluded.none"))
    if report.verdicts["unsure"]:
        found.append(say.n("report.excluded.unsure", report.verdicts["unsure"]))
    return [say.t(f"report.protection.{report.protection}"), *found]


def comment_view(comment: Comment, zone: ZoneInfo, say: Phrases) -> CommentView:
    return CommentView(
        score=None if comment.score is None else say.rating(comment.kind, comment.score),
        scale=_scale_words(comment, say),
        bucket=comment.bucket,
        text=comment.comment,
        drivers=tuple(say.driver(driver) for driver in comment.drivers),
        order=comment.order,
        day=say.day(comment.given_at, zone),
        may_reply=comment.may_reply,
        source=None if comment.source == "survey" else say.source(comment.source),
    )


def gap_views(report: Report, say: Phrases) -> list[GapView]:
    """Only kinds that customers have answered: a guess beside nothing is no gap."""
    found = []
    for measure in _first_of_each_kind(report.measures):
        guess, score = perception_gap(report).get(measure.kind, {}).get("managers"), measure.headline.score
        if guess is not None and score is not None:
            found.append(_gap_view(measure.kind, guess, score, say))
    return found


def _funnel_row(name: str, number: int, whole: int, style: str, say: Phrases) -> FunnelRow:
    return FunnelRow(say.t(f"report.asked.{name}"), say.number(number), share_bar(number, whole, style))


def _scores_if_all_counted(report: Report, say: Phrases) -> Iterable[str]:
    for measure in report.measures:
        everything, counted = measure.if_all_counted, measure.headline.score
        if everything.score is None or everything.n == measure.headline.n:
            continue
        yield say.t(
            "report.excluded.score",
            name=whole_name(measure, report, say),
            all=say.score(measure.kind, everything.score),
            counted=say.t("report.none") if counted is None else say.score(measure.kind, counted),
        )


def _first_of_each_kind(measures: Sequence[Measure]) -> list[Measure]:
    return list({measure.kind: measure for measure in reversed(measures)}.values())[::-1]


def _scale_words(comment: Comment, say: Phrases) -> str | None:
    if comment.score is None:
        return None
    return say.t("report.score-of", score=comment.score, high=kind(comment.kind).scale[-1])


def _gap_view(name: KindName, guess: float, score: float, say: Phrases) -> GapView:
    gap = rounded(guess, places(name)) - rounded(score, places(name))
    message = "report.gap.same" if gap == 0 else "report.gap.above" if gap > 0 else "report.gap.below"
    return GapView(
        name=say.t(f"report.kind.{name}"),
        managers=say.score(name, guess),
        customers=say.score(name, score),
        sentence=say.t(message, gap=say.difference(name, gap)),
    )
