"""The months' files of totals: JSON that reads back as it was written, equal bytes for equal figures."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cx_domain.histograms import Histogram
from cx_domain.support_totals import support_from_json, support_to_json
from cx_domain.totals import AtStage, Cell, DayTotal, DriverBucket, Question

_VERSION = 4
"""Of the months' files. The first does not tell series apart, the second not where a reason was named, the third nothing of stages, topics or agents."""


@dataclass(frozen=True, slots=True)
class DayEntry:
    """One day of a month's file: its total, and the ETags of the day files it was made from (None where there is no file)."""

    total: DayTotal
    answers_etag: str | None = None
    asked_etag: str | None = None
    tickets_etag: str | None = None


MonthTotals = Mapping[date, DayEntry]


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
        "judged_by": dict(total.judged_by),
        "orders": dict(total.orders),
        "stages": [
            [at.stage, *at.question, total.stages[at].to_json()]
            for at in sorted(total.stages, key=lambda at: _nones_first((at.stage, *at.question)))
        ],
        "mentions": [[stage, total.mentions[stage]] for stage in sorted(total.mentions, key=lambda stage: stage or "")],
        "support": support_to_json(total.support),
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
        judged_by=data["judged_by"],
        orders=data["orders"],
        stages={AtStage(stage, Question(*asked)): _bars(bars) for stage, *asked, bars in data["stages"]},
        mentions=dict(data["mentions"]),
        support=support_from_json(data["support"]),
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


def _nones_first(key: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(part or "" for part in key)


def _bars(bars: Mapping[str, int]) -> Histogram:
    return Histogram({int(score): count for score, count in bars.items()})
