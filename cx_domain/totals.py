"""A day's figures, kept so that adding them is all it takes to make a week, a month or a quarter.

`DayTotal` is a commutative monoid: its zero is `DayTotal()`, and `+` adds what it counts. Nothing is averaged or cut off
here, so the sum over any split of the lines, in any order, is the total of the whole.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, NamedTuple, TypeVar

from cx_domain.day_lines import Line
from cx_domain.histograms import ZERO, Histogram
from cx_domain.kinds import Bucket, kind
from cx_domain.series import age_order
from cx_domain.shops import KindName, Shop
from cx_domain.verdicts import Verdict

K = TypeVar("K")
AskedCount = Literal["sent", "delivered", "bounced", "complained", "unsubscribed", "reminded", "answered"]
TicketCount = Literal["opened", "replied", "solved"]
Minutes = Mapping[int, int]
"""How many cases took how many whole minutes."""

WHOLE = "all"
"""The dimension, and the value, of the cell that holds every answer to its question."""

_VERSION = 2
"""Of the months' files. Those of the first version do not tell series apart."""


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
    """A reason that was ticked, and by whom."""

    driver: str
    bucket: Bucket


@dataclass(frozen=True, slots=True)
class DayTotal:
    """What was counted in some days. No entry is zero."""

    cells: Mapping[Cell, Histogram] = field(default_factory=dict)
    if_all_counted: Mapping[Question, Histogram] = field(default_factory=dict)
    verdicts: Mapping[Verdict, int] = field(default_factory=dict)
    asked: Mapping[AskedCount, int] = field(default_factory=dict)
    not_sent: Mapping[str, int] = field(default_factory=dict)
    drivers: Mapping[DriverBucket, int] = field(default_factory=dict)
    tickets: Mapping[TicketCount, int] = field(default_factory=dict)
    reply_minutes: Minutes = field(default_factory=dict)
    solve_minutes: Minutes = field(default_factory=dict)

    def __add__(self, other: "DayTotal") -> "DayTotal":
        return DayTotal(
            cells=_plus(self.cells, other.cells),
            if_all_counted=_plus(self.if_all_counted, other.if_all_counted),
            verdicts=_sum(self.verdicts, other.verdicts),
            asked=_sum(self.asked, other.asked),
            not_sent=_sum(self.not_sent, other.not_sent),
            drivers=_sum(self.drivers, other.drivers),
            tickets=_sum(self.tickets, other.tickets),
            reply_minutes=_sum(self.reply_minutes, other.reply_minutes),
            solve_minutes=_sum(self.solve_minutes, other.solve_minutes),
        )

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

    def series(self, kind_name: KindName, touchpoint: str) -> list[str | None]:
        """In which words it was answered, the newest first; where nothing counts, in which it was tapped."""
        counted = {cell.series for cell in self.cells if cell[:2] == (kind_name, touchpoint)}
        tapped = {asked.series for asked in self.if_all_counted if asked[:2] == (kind_name, touchpoint)}
        return sorted(counted or tapped, key=age_order, reverse=True)


@dataclass(frozen=True, slots=True)
class DayEntry:
    """One day of a month's file: its total, and the ETags of the day files it was made from (None where there is no file)."""

    total: DayTotal
    answers_etag: str | None = None
    asked_etag: str | None = None
    tickets_etag: str | None = None


MonthTotals = Mapping[date, DayEntry]


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
        tickets=dict(Counter(count for line in tickets for count in _ticket_counts(line))),
        reply_minutes=_minutes(tickets, "first_reply_at"),
        solve_minutes=_minutes(tickets, "solved_at"),
    )


def to_json(total: DayTotal) -> dict[str, Any]:
    """The JSON form; equal totals give equal text once the keys are sorted."""
    return {
        "cells": [[*cell, total.cells[cell].to_json()] for cell in sorted(total.cells, key=_nones_first)],
        "if_all_counted": [
            [*asked, total.if_all_counted[asked].to_json()] for asked in sorted(total.if_all_counted, key=_nones_first)
        ],
        "verdicts": dict(total.verdicts),
        "asked": dict(total.asked),
        "not_sent": dict(total.not_sent),
        "drivers": [[*driver, count] for driver, count in sorted(total.drivers.items())],
        "tickets": dict(total.tickets),
        "reply_minutes": {str(minutes): count for minutes, count in total.reply_minutes.items()},
        "solve_minutes": {str(minutes): count for minutes, count in total.solve_minutes.items()},
    }


def from_json(data: Mapping[str, Any]) -> DayTotal:
    """Read back what `to_json` wrote."""
    return DayTotal(
        cells={Cell(*cell): _bars(bars) for *cell, bars in data["cells"]},
        if_all_counted={Question(*asked): _bars(bars) for *asked, bars in data["if_all_counted"]},
        verdicts=data["verdicts"],
        asked=data["asked"],
        not_sent=data["not_sent"],
        drivers={DriverBucket(*driver): count for *driver, count in data["drivers"]},
        tickets=data["tickets"],
        reply_minutes={int(minutes): count for minutes, count in data["reply_minutes"].items()},
        solve_minutes={int(minutes): count for minutes, count in data["solve_minutes"].items()},
    )


def encode_month(month: MonthTotals) -> bytes:
    """A month's file: `{version, days: {day: {answers_etag, asked_etag, tickets_etag, total}}}`, the same bytes for equal months."""
    days = {
        day.isoformat(): {
            "answers_etag": entry.answers_etag,
            "asked_etag": entry.asked_etag,
            "tickets_etag": entry.tickets_etag,
            "total": to_json(entry.total),
        }
        for day, entry in month.items()
    }
    data = {"version": _VERSION, "days": days}
    return (json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()


def decode_month(body: bytes) -> dict[date, DayEntry] | None:
    """Read a month's file back. None for one that an older release wrote: its days must be counted anew."""
    data = json.loads(body)
    if data.get("version") != _VERSION:
        return None
    return {
        date.fromisoformat(day): DayEntry(
            total=from_json(entry["total"]),
            answers_etag=entry["answers_etag"],
            asked_etag=entry["asked_etag"],
            tickets_etag=entry["tickets_etag"],
        )
        for day, entry in data["days"].items()
    }


def _cells(line: Line, shop: Shop) -> Iterable[Cell]:
    kind_name, touchpoint, series = _question(line)
    yield Cell(kind_name, touchpoint, WHOLE, WHOLE, series)
    for dimension in dict.fromkeys(shop.reports.segments):
        for value in line["segments"].get(dimension, ()):
            yield Cell(kind_name, touchpoint, dimension, value, series)


def _question(line: Line) -> Question:
    return Question(line["kind"], line["touchpoint"], line.get("question"))


def _nones_first(key: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(part or "" for part in key)


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
        yield from (DriverBucket(driver, bucket) for driver in line["drivers"])


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


def _plus(one: Mapping[K, Histogram], other: Mapping[K, Histogram]) -> dict[K, Histogram]:
    merged = dict(one)
    for key, histogram in other.items():
        merged[key] = merged[key] + histogram if key in merged else histogram
    return merged


def _sum(one: Mapping[K, int], other: Mapping[K, int]) -> dict[K, int]:
    return dict(Counter(one) + Counter(other))


def _bars(bars: Mapping[str, int]) -> Histogram:
    return Histogram({int(score): count for score, count in bars.items()})
