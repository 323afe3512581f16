"""Everything else that the page says: reasons, the way to the answer, what was excluded, customers' words, the gap."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from cx_domain.digests import places
from cx_domain.findings import Comment, Driver, DriverAt, Measure, Report
from cx_domain.kinds import Bucket, kind
from cx_domain.report_files import perception_gap
from cx_domain.shops import KindName, Shop
from cx_domain.statistics import rounded
from infra.reports.charts import share_bar
from infra.reports.measure_views import can_be_chance, main_headline, name_of, whole_name
from infra.reports.phrases import Phrases, capital


@dataclass(frozen=True, slots=True)
class DriverRow:
    """A reason: how many detractors, passives and promoters named it, the share of detractors, and how that moved."""

    name: str
    detractors: int
    passives: int
    promoters: int
    share: str
    note: str
    bar: Markup


@dataclass(frozen=True, slots=True)
class DriverTable:
    """The reasons, all together or as they were named at one touchpoint."""

    touchpoint: str
    rows: tuple[DriverRow, ...]


@dataclass(frozen=True, slots=True)
class FunnelRow:
    name: str
    number: str
    share: str
    bar: Markup


@dataclass(frozen=True, slots=True)
class CommentGroup:
    name: str
    voices: tuple["CommentView", ...]


@dataclass(frozen=True, slots=True)
class CommentView:
    """One customer's words, with what they are about."""

    score: str | None
    scale: str | None
    bucket: Bucket | None
    text: str
    drivers: tuple[str, ...]
    order: str | None
    order_link: str | None
    value: str | None
    touchpoint: str | None
    day: str
    may_reply: bool
    source: str | None


@dataclass(frozen=True, slots=True)
class GapView:
    name: str
    managers: str
    customers: str
    sentence: str
    guesses: str | None


def driver_tables(report: Report, say: Phrases) -> list[DriverTable]:
    """All reasons; and, where several touchpoints are asked about, those of each."""
    tables = [DriverTable("", tuple(_driver_row(row, row, report, say) for row in report.drivers))]
    touchpoints = dict.fromkeys(measure.touchpoint for measure in report.measures)
    named = [
        name for name in touchpoints if any(at.touchpoint == name for row in report.drivers for at in row.touchpoints)
    ]
    if len(named) > 1:
        tables += [_table_at(name, report, say) for name in named]
    return tables if report.drivers else []


def _table_at(touchpoint: str, report: Report, say: Phrases) -> DriverTable:
    there = [(row, at) for row in report.drivers for at in row.touchpoints if at.touchpoint == touchpoint]
    ordered = sorted(there, key=lambda each: (-each[1].detractors, each[0].driver))
    return DriverTable(
        capital(say.touchpoint(touchpoint)), tuple(_driver_row(row, at, report, say) for row, at in ordered)
    )


def _driver_row(row: Driver, counts: Driver | DriverAt, report: Report, say: Phrases) -> DriverRow:
    most = max((each.detractors for each in report.drivers), default=0)
    whole = counts is row
    return DriverRow(
        name=say.driver(row.driver),
        detractors=counts.detractors,
        passives=counts.passives,
        promoters=counts.promoters,
        share="" if row.share is None or not whole else say.percent(say.number(rounded(row.share))),
        note=_driver_note(row, report, say) if whole else "",
        bar=share_bar(counts.detractors, most, "detractor"),
    )


def _driver_note(row: Driver, report: Report, say: Phrases) -> str:
    """Only a change that is more than chance is worth a word."""
    if row.change is None or can_be_chance(row.change):
        return ""
    difference = rounded(row.change.difference)
    return say.t(
        "report.change.up" if difference > 0 else "report.change.down",
        difference=say.n("report.points", int(abs(difference))),
        before=say.t(f"report.before.{report.period.kind}"),
    )


def glance(report: Report, say: Phrases) -> list[tuple[str, str]]:
    """The page in a line: pairs of a section's name and what it says."""
    back = say.n("report.glance.call-back", len(report.call_back)) if report.call_back else ""
    going_on = sum(shown.incident.status == "open" for shown in report.incidents)
    wrong = say.n("report.glance.incidents", going_on) if going_on else ""
    told = [
        ("call-back", back or say.t("report.glance.call-back.none")),
        ("incidents", wrong or say.t("report.glance.incidents.none")),
    ]
    for number, measure in enumerate(report.measures, start=1):
        score = main_headline(measure).score
        if measure.newer is None and score is not None:
            figure = say.score(measure.kind, score)
            told.append(
                (f"measure-{number}", say.t("report.glance.score", name=name_of(measure, report, say), score=figure))
            )
    return told


def comment_groups(report: Report, most: int, shop: Shop, say: Phrases) -> list[CommentGroup]:
    """The newest comments, the dissatisfied first."""
    shown = report.comments[:most]
    found = []
    for bucket in ("detractor", "passive", "promoter", None):
        voices = tuple(comment_view(each, report, shop, say) for each in shown if each.bucket == bucket)
        if voices:
            found.append(CommentGroup(say.t(f"report.comments.{bucket or 'none-scored'}"), voices))
    return found


def funnel_rows(report: Report, say: Phrases) -> list[FunnelRow]:
    asked = report.asked
    steps = {
        "sent": asked.sent,
        "delivered": asked.delivered,
        "answered": asked.answered,
        "commented": asked.commented,
    }
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


def comment_view(comment: Comment, report: Report, shop: Shop, say: Phrases) -> CommentView:
    several = len({measure.touchpoint for measure in report.measures}) > 1
    return CommentView(
        score=None if comment.score is None else say.rating(comment.kind, comment.score),
        scale=_scale_words(comment, say),
        bucket=comment.bucket,
        text=comment.comment,
        drivers=tuple(say.driver(driver) for driver in comment.drivers),
        order=comment.order,
        order_link=_order_link(comment, shop),
        value=None if comment.total is None else say.money(comment.total, comment.currency),
        # Beside an order's number the word "order" tells nothing.
        touchpoint=say.touchpoint(comment.touchpoint) if several and comment.touchpoint != "order" else None,
        day=say.day(comment.given_at, shop.zone),
        may_reply=comment.may_reply,
        source=None if comment.source == "survey" else say.source(comment.source),
    )


def _order_link(comment: Comment, shop: Shop) -> str | None:
    """Where the shop's own people see the order; None where the shop does not say, or the answer is about none."""
    if shop.order_link is None or comment.order_id is None or comment.order is None:
        return None
    places = {"{id}": comment.order_id, "{number}": comment.order.removeprefix("#")}
    return re.sub(r"\{(?:id|number)\}", lambda place: quote(places[place[0]], safe=""), shop.order_link)


def gap_views(report: Report, say: Phrases) -> list[GapView]:
    """Only kinds that customers have answered: a guess beside nothing is no gap."""
    gap = perception_gap(report)
    kinds = [measure.kind for measure in _first_of_each_kind(report.measures)]
    told: list[tuple[str, KindName, Mapping[str, Any]]] = [
        (say.t(f"report.kind.{name}"), name, gap[name]) for name in kinds if name in gap
    ]
    if "excellent" in gap:
        # A share of customers reads as that of those who said yes.
        told.append((say.t("report.gap.excellent"), "yes-no", gap["excellent"]))
    return [_gap_view(name, asked, found, say) for name, asked, found in told if found["customers"] is not None]


def _funnel_row(name: str, number: int, whole: int, style: str, say: Phrases) -> FunnelRow:
    share = say.percent(say.share(number, whole)) if whole else ""
    return FunnelRow(say.t(f"report.asked.{name}"), say.number(number), share, share_bar(number, whole, style))


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


def _gap_view(name: str, asked: KindName, found: Mapping[str, Any], say: Phrases) -> GapView:
    guess, score = found["managers"], found["customers"]
    gap = rounded(guess - score, places(asked))
    message = "report.gap.same" if gap == 0 else "report.gap.above" if gap > 0 else "report.gap.below"
    return GapView(
        name=name,
        managers=say.score(asked, guess),
        customers=say.score(asked, score),
        sentence=say.t(message, gap=say.difference(asked, gap)),
        guesses=_guesses(asked, found, say),
    )


def _guesses(asked: KindName, found: Mapping[str, Any], say: Phrases) -> str | None:
    """How many managers guessed, and how far apart they are; None where the shop's file did."""
    if "n" not in found:
        return None
    guesses = say.n("report.gap.guesses", found["n"])
    if found["lowest"] == found["highest"]:
        return guesses
    low, high = (say.score(asked, found[end]) for end in ("lowest", "highest"))
    return say.t("report.gap.spread", guesses=guesses, low=low, high=high)
