"""A day's figures, kept so that adding them is all it takes to make a week, a month or a year.

`DayTotal` is a commutative monoid: its zero is `DayTotal()`, and `+` adds what it counts. Nothing is averaged or cut off
here, so the sum over any split of the lines, in any order, is the total of the whole.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple, TypeVar

from cx_domain.day_lines import Line
from cx_domain.histograms import ZERO, Histogram
from cx_domain.kinds import Bucket, kind
from cx_domain.series import age_order
from cx_domain.shops import KindName, Protection, Shop
from cx_domain.verdicts import Verdict

K = TypeVar("K")
AskedCount = Literal["sent", "delivered", "bounced", "complained", "unsubscribed", "reminded", "answered", "commented"]
TicketCount = Literal["opened", "replied", "solved"]
Minutes = Mapping[int, int]
"""How many cases took how many whole minutes."""

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
    tickets: Mapping[TicketCount, int] = field(default_factory=dict)
    reply_minutes: Minutes = field(default_factory=dict)
    solve_minutes: Minutes = field(default_factory=dict)

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
        """In which words it was answered, the newest first; where nothing counts, in which it was tapped."""
        counted = {cell.series for cell in self.cells if cell[:2] == (kind_name, touchpoint)}
        tapped = {asked.series for asked in self.if_all_counted if asked[:2] == (kind_name, touchpoint)}
        return sorted(counted or tapped, key=age_order, reverse=True)


def together(totals: Iterable[DayTotal]) -> DayTotal:
    """Add up any number of totals in one go."""
    parts = [total for total in totals if total is not NOTHING]
    if not parts:
        return NOTHING
    return DayTotal(
        cells=_merged(part.cells for part in parts),
        if_all_counted=_merged(part.if_all_counted for part in parts),
        verdicts=_sum(part.verdicts for part in parts),
        asked=_sum(part.asked for part in parts),
        not_sent=_sum(part.not_sent for part in parts),
        drivers=_sum(part.drivers for part in parts),
        judged_by=_sum(part.judged_by for part in parts),
        tickets=_sum(part.tickets for part in parts),
        reply_minutes=_sum(part.reply_minutes for part in parts),
        solve_minutes=_sum(part.solve_minutes for part in parts),
    )


def wholes(total: DayTotal) -> DayTotal:
    """Keep only the cells that hold every answer to their question."""
    return DayTotal(cells={cell: answers for cell, answers in total.cells.items() if cell.dimension == WHOLE})


NOTHING = DayTotal()


def day_total(answers: Iterable[Line], asked: Iterable[Line], shop: Shop, tickets: Iterable[Line] = ()) -> DayTotal:
    """Count one day's lines, by the segments that the shop's file names."""
    answers, asked, tickets = tuple(answers), tuple(asked), tuple(tickets)
    counted = [line for line in answers if line["score"] is not None]
    return DayTotal(
        cells=_histograms((cell, line["score"]) for line in counted for cell in _cells(line, shop)),
        if_all_counted=_histograms(
            (_question(line), line["score_if_all_counted"])
            for line in answers
            if line["score_if_all_counted"] is not None
        ),
        verdicts=dict(Counter(line["verdict"] for line in answers if _is_an_answer(line))),
        asked=dict(Counter(count for line in asked for count in _asked_counts(line))),
        not_sent=dict(Counter(line["reason"] for line in asked if _was_not_sent(line))),
        drivers=dict(Counter(_driver_buckets(counted))),
        judged_by=dict(Counter(line["protection"] for line in answers if line.get("protection") is not None)),
        tickets=dict(Counter(count for line in tickets for count in _ticket_counts(line))),
        reply_minutes=_minutes(tickets, "first_reply_at"),
        solve_minutes=_minutes(tickets, "solved_at"),
    )


def _cells(line: Line, shop: Shop) -> Iterable[Cell]:
    kind_name, touchpoint, series = _question(line)
    yield Cell(kind_name, touchpoint, WHOLE, WHOLE, series)
    for dimension in dict.fromkeys(shop.reports.segments):
        for value in line["segments"].get(dimension, ()):
            yield Cell(kind_name, touchpoint, dimension, value, series)


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


def _ticket_counts(line: Line) -> Iterable[TicketCount]:
    yield "opened"
    if line["first_reply_at"] is not None:
        yield "replied"
    if line["solved_at"] is not None:
        yield "solved"


def _minutes(tickets: Iterable[Line], until: str) -> dict[int, int]:
    spans = ((line["opened_at"], line[until]) for line in tickets)
    taken = (_time(end) - _time(start) for start, end in spans if start is not None and end is not None)
    return dict(Counter(max(0, int(span.total_seconds() // 60)) for span in taken))


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


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


def _sum(parts: Iterable[Mapping[K, int]]) -> dict[K, int]:
    whole: dict[K, int] = {}
    for part in parts:
        for key, count in part.items():
            whole[key] = whole.get(key, 0) + count
    return whole
