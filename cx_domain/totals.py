"""A day's figures, kept so that adding them is all it takes to make a week, a month or a year.

`DayTotal` is a commutative monoid: its zero is `DayTotal()`, and `+` adds what it counts. Nothing is averaged or cut off
here, so the sum over any split of the lines, in any order, is the total of the whole.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeVar

from cx_domain.day_lines import Line
from cx_domain.histograms import ZERO, Histogram
from cx_domain.kinds import Bucket, kind
from cx_domain.series import age_order, imported_from
from cx_domain.shops import JourneyStage, KindName, Protection, Shop
from cx_domain.support_totals import SupportTotal, summed, support_together, support_total
from cx_domain.verdicts import Verdict

K = TypeVar("K")
AskedCount = Literal["sent", "delivered", "bounced", "complained", "unsubscribed", "reminded", "answered", "commented"]

_OF_CASES = ("topic", "agent")
_NEVER_ORDERED = frozenset({"test-order", "too-old"})
WHOLE = "all"
"""The dimension, and the value, of the cell that holds every answer to its question."""


class Question(NamedTuple):
    """What is never pooled: a kind, asked at a touchpoint, in the words of one series."""

    kind: KindName
    touchpoint: str
    series: str | None = None


class Cell(NamedTuple):
    """Where an answer is counted."""

    kind: KindName
    touchpoint: str
    dimension: str
    value: str
    series: str | None = None

    @property
    def question(self) -> Question:
        return Question(self.kind, self.touchpoint, self.series)


class AtStage(NamedTuple):
    """A question's answers at one stage of the customer's journey; None where nobody told which."""

    stage: JourneyStage | None
    question: Question


class DriverBucket(NamedTuple):
    """A reason that was ticked, by whom, and where."""

    driver: str
    bucket: Bucket
    touchpoint: str


@dataclass(frozen=True, slots=True)
class DayTotal:
    """What was counted in some days. No entry is zero."""

    cells: Mapping[Cell, Histogram] = field(default_factory=dict)
    if_all_counted: Mapping[Question, Histogram] = field(default_factory=dict)
    verdicts: Mapping[Verdict, int] = field(default_factory=dict)
    asked: Mapping[AskedCount, int] = field(default_factory=dict)
    not_sent: Mapping[str, int] = field(default_factory=dict)
    drivers: Mapping[DriverBucket, int] = field(default_factory=dict)
    judged_by: Mapping[Protection, int] = field(default_factory=dict)
    orders: Mapping[KindName, int] = field(default_factory=dict)
    """Orders whose turn to be asked came, sent or not, by the kind of survey: an order has one of each kind."""
    stages: Mapping[AtStage, Histogram] = field(default_factory=dict)
    mentions: Mapping[JourneyStage | None, int] = field(default_factory=dict)
    """Words without a score, by the stage that they are about."""
    support: SupportTotal = field(default_factory=SupportTotal)

    def __add__(self, other: "DayTotal") -> "DayTotal":
        return together((self, other))

    def histogram(
        self,
        kind_name: KindName,
        touchpoint: str,
        dimension: str = WHOLE,
        value: str = WHOLE,
        *,
        series: str | None = None,
    ) -> Histogram:
        """The answers of one cell; empty where there is none."""
        return self.cells.get(Cell(kind_name, touchpoint, dimension, value, series), ZERO)

    def whole(self, question: Question) -> Histogram:
        """Every answer to a question."""
        return self.histogram(question.kind, question.touchpoint, series=question.series)

    def by_question(self) -> dict[Question, Histogram]:
        """Every answer to each question."""
        return {cell.question: answers for cell, answers in self.cells.items() if cell.dimension == WHOLE}

    def series(self, kind_name: KindName, touchpoint: str) -> list[str | None]:
        """In which of our words it was answered, the newest first; where nothing counts, in which it was tapped."""
        counted = {cell.series for cell in self.cells if cell[:2] == (kind_name, touchpoint)}
        tapped = {asked.series for asked in self.if_all_counted if asked[:2] == (kind_name, touchpoint)}
        return sorted(_ours(counted) or _ours(tapped), key=age_order, reverse=True)

    def imported(self, kind_name: KindName, touchpoint: str) -> list[str]:
        """The series of other services' answers, which are never pooled with ours, nor with each other."""
        named = {cell.series for cell in self.cells if cell[:2] == (kind_name, touchpoint)}
        return sorted(name for name in named - _ours(named) if name is not None)


def _ours(series: Iterable[str | None]) -> set[str | None]:
    return {name for name in series if imported_from(name) is None}


def together(totals: Iterable[DayTotal]) -> DayTotal:
    """Add up any number of totals in one go."""
    parts = [total for total in totals if total is not NOTHING]
    if not parts:
        return NOTHING
    return DayTotal(
        cells=_merged(part.cells for part in parts),
        if_all_counted=_merged(part.if_all_counted for part in parts),
        verdicts=summed(part.verdicts for part in parts),
        asked=summed(part.asked for part in parts),
        not_sent=summed(part.not_sent for part in parts),
        drivers=summed(part.drivers for part in parts),
        judged_by=summed(part.judged_by for part in parts),
        orders=summed(part.orders for part in parts),
        stages=_merged(part.stages for part in parts),
        mentions=summed(part.mentions for part in parts),
        support=support_together(part.support for part in parts),
    )


def wholes(total: DayTotal) -> DayTotal:
    """Keep only the cells that hold every answer to their question."""
    return DayTotal(cells={cell: answers for cell, answers in total.cells.items() if cell.dimension == WHOLE})


NOTHING = DayTotal()


def day_total(answers: Iterable[Line], asked: Iterable[Line], shop: Shop, tickets: Iterable[Line] = ()) -> DayTotal:
    """Count one day's lines, by the segments that the shop's file names."""
    answers, asked = tuple(answers), tuple(asked)
    counted = [line for line in answers if line["score"] is not None]
    asked_here = [line for line in answers if imported_from(line.get("question")) is None]
    dimensions = told_apart_by(shop)
    return DayTotal(
        cells=_histograms((cell, line["score"]) for line in counted for cell in _cells(line, dimensions)),
        if_all_counted=_histograms(
            (_question(line), line["score_if_all_counted"])
            for line in answers
            if line["score_if_all_counted"] is not None
        ),
        verdicts=dict(Counter(line["verdict"] for line in asked_here if _is_an_answer(line))),
        asked=dict(Counter(count for line in asked for count in _asked_counts(line))),
        not_sent=dict(Counter(line["reason"] for line in asked if _was_not_sent(line))),
        drivers=dict(Counter(_driver_buckets(counted))),
        judged_by=dict(Counter(line["protection"] for line in answers if line.get("protection") is not None)),
        orders=dict(Counter(line["kind"] for line in asked if _is_an_order(line))),
        stages=_histograms(
            (AtStage(line.get("journey_stage"), _question(line)), line["score"])
            for line in asked_here
            if line["score"] is not None
        ),
        mentions=dict(Counter(line.get("journey_stage") for line in answers if not _is_an_answer(line))),
        support=support_total(tickets, shop),
    )


def _cells(line: Line, dimensions: Iterable[str]) -> Iterable[Cell]:
    kind_name, touchpoint, series = _question(line)
    yield Cell(kind_name, touchpoint, WHOLE, WHOLE, series)
    for dimension in dimensions:
        for value in line["segments"].get(dimension, ()):
            yield Cell(kind_name, touchpoint, dimension, value, series)


def told_apart_by(shop: Shop) -> tuple[str, ...]:
    """The dimensions of answers: those that the shop's file names; and of cases their topic, and who saw to them unless the file forbids it."""
    named = dict.fromkeys((*shop.reports.segments, *_OF_CASES))
    return tuple(name for name in named if name != "agent" or shop.support.staff)


def _question(line: Line) -> Question:
    return Question(line["kind"], line["touchpoint"], line.get("question"))


def _is_an_answer(line: Line) -> bool:
    """Tell a mention without a score, which is words only, from an answer and from one that was excluded."""
    return line["score"] is not None or line["verdict"] in {"scanner", "contradicted", "excluded"}


def _asked_counts(line: Line) -> Iterable[AskedCount]:
    if not _went_out(line):
        return
    yield "sent"
    for name in ("delivered", "bounced", "complained", "unsubscribed", "reminded", "answered"):
        if line[name]:
            yield name
    # Lines of an older release do not tell.
    if line.get("commented"):
        yield "commented"


def _went_out(line: Line) -> bool:
    # An answer proves that the mail came, also where nobody knows whether SES took it.
    return line["sent_at"] is not None or line["answered"]


def _was_not_sent(line: Line) -> bool:
    # A reminder of unknown outcome is counted too, beside its survey that was sent.
    unknown = line["reason"] == "outcome-unknown" and not line["answered"]
    return line["reason"] is not None and (unknown or not _went_out(line))


def _driver_buckets(counted: Iterable[Line]) -> Iterable[DriverBucket]:
    for line in counted:
        bucket = kind(line["kind"]).bucket(line["score"])
        yield from (DriverBucket(driver, bucket, line["touchpoint"]) for driver in line["drivers"])


def _is_an_order(line: Line) -> bool:
    # Orders that were cancelled or refunded were placed, and customers ask about them too; lines of an older release do not tell.
    return line.get("subject") == "order" and line["reason"] not in _NEVER_ORDERED


def _histograms(scores: Iterable[tuple[K, int]]) -> dict[K, Histogram]:
    counts: dict[K, Counter[int]] = {}
    for key, score in scores:
        counts.setdefault(key, Counter())[score] += 1
    return {key: Histogram(dict(counter)) for key, counter in counts.items()}


def _merged(parts: Iterable[Mapping[K, Histogram]]) -> dict[K, Histogram]:
    counts: dict[K, dict[int, int]] = {}
    for part in parts:
        for key, histogram in part.items():
            merged = counts.setdefault(key, {})
            for score, count in histogram.counts.items():
                merged[score] = merged.get(score, 0) + count
    return {key: Histogram(merged) for key, merged in counts.items()}
