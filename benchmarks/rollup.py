"""How fast a day of answers is folded, how much memory that takes, and how fast a year's report is made; writes docs/rollup.md's tables.

    python -m benchmarks.rollup [--write]

Files lie in memory: what is measured is the work of one core, not S3. Each row has a process of its own, so that its memory is its own.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.marked_pages import MarkedPage
from cx_domain import reports
from cx_domain.backgrounds import months_needed, summed_up
from cx_domain.calendars import days, parse_period
from cx_domain.day_counts import counted
from cx_domain.day_files import changed, encode, packed, row, rows
from cx_domain.day_lines import Line
from cx_domain.report_files import report_json
from cx_domain.shops import Legal, ReportRule, Shop, ShopId, SurveyRule
from cx_domain.total_files import DayEntry, decode_month, encode_month
from cx_domain.totals import DayTotal, day_total
from infra.reports.html import render_html

PAGE = MarkedPage("rollup.md", "rollup")
SIZES = (1_000, 100_000, 1_000_000)
"""Answers of one day."""
CHANGED = 100
"""Of so many answers one is new or another than before, and at most a thousand of a day."""
ANSWERS_A_YEAR = 10_000_000

NPS = SurveyRule("nps", "order", "fulfilled", timedelta(days=7), timedelta(days=30))
LEGAL = Legal("Acme sp. z o.o.", "Teczowa 7, Wroclaw")
ZONE = ZoneInfo("Europe/Warsaw")
SEGMENTS = ("country", "language", "customer", "channel", "category", "delivery", "tag:store")
RULE = ReportRule(segments=SEGMENTS)
SHOP = Shop(ShopId("acme"), "Acme Outdoor", ZONE, ("pl",), "hello@acme.example", (), (NPS,), LEGAL, reports=RULE)
CATEGORIES = tuple(f"category-{number}" for number in range(50))
STORES = tuple(f"store-{number}" for number in range(50))
WORDS = (
    "the",
    "tent",
    "came",
    "late",
    "but",
    "dry",
    "nobody",
    "told",
    "me",
    "where",
    "it",
    "was",
    "so",
    "I",
    "called",
    "kind",
)
DRIVERS = ("delivery", "waiting", "price", "quality", "assortment", "courtesy", "competence", "honesty", "website")
SCORES = (10, 10, 10, 10, 9, 9, 9, 8, 8, 7, 7, 6, 5, 3, 2, 0)


def answer(chance: Random, id_: str) -> Line:
    """An answer as `answer_line` makes it; a third have words, a third name reasons."""
    score = chance.choice(SCORES)
    at = f"2026-01-05T{chance.randrange(24):02}:{chance.randrange(60):02}:{chance.randrange(60):02}Z"
    country = chance.choice(("PL", "PL", "PL", "DE", "DE", "CZ", "SK", "UA"))
    return {
        "id": id_,
        "kind": "nps",
        "touchpoint": "order",
        "journey_stage": "after",
        "order": str(chance.randrange(10**7)),
        "order_id": str(chance.randrange(10**7)),
        "currency": "PLN",
        "total": f"{chance.randrange(1000, 90000) / 100:.2f}",
        "score": score,
        "score_if_all_counted": score,
        "verdict": chance.choice(("person", "person", "person", "unsure")),
        "reasons": ["confirmed"],
        "protection": "balanced",
        "given_at": at,
        "confirmed_at": at,
        "comment": " ".join(chance.choices(WORDS, k=chance.randrange(5, 40))) if chance.random() < 1 / 3 else "",
        "drivers": sorted(chance.sample(DRIVERS, chance.randrange(1, 4))) if chance.random() < 1 / 3 else [],
        "may_reply": chance.random() < 0.2,
        "question": None,
        "segments": {
            "category": sorted(chance.sample(CATEGORIES, chance.randrange(1, 3))),
            "channel": [chance.choice(("app", "shop", "web"))],
            "country": [country],
            "customer": [chance.choice(("new", "returning"))],
            "delivery": [chance.choice(("courier", "locker", "pick-up", "post"))],
            "language": [chance.choice((country.lower(), "en"))],
            "source": ["survey"],
            "tag:store": [chance.choice(STORES)],
        },
        "source": "survey",
    }


def answers(number: int) -> Iterator[Line]:
    """So many answers, sorted by id as a file's are."""
    chance = Random(number)
    return (answer(chance, an_id(place)) for place in range(number))


def an_id(place: int) -> str:
    """As hard to pack as a keyed hash, and in order."""
    return f"{place:08x}{Random(place).getrandbits(96):024x}"


def seconds(step: Callable[[], Any]) -> tuple[float, float, Any]:
    """Processor time, time by the clock, and what came of it."""
    cpu, wall = time.process_time(), time.perf_counter()
    made = step()
    return time.process_time() - cpu, time.perf_counter() - wall, made


def day_row(number: int) -> str:
    """A day's file is changed and counted, as in the nights after its own; then every answer of it is written anew."""
    body = packed(map(row, answers(number)))
    every = max(CHANGED, number // 1000)
    changes = {an_id(place): answer(Random(place), an_id(place)) for place in range(0, number, every)}
    changing, changing_wall, body = seconds(lambda: changed(body, changes))
    counting, counting_wall, _ = seconds(lambda: counted(rows(body), (), (), SHOP))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    some = {line["id"]: line for line in answers(min(number, 20_000))}
    writing, _, _ = seconds(lambda: encode(some))
    cells = (
        *(number, len(changes), f"{number / changing:,.0f}", f"{number / counting:,.0f}"),
        *(f"{number / (changing + counting):,.0f}", f"{number / (changing_wall + counting_wall):,.0f}"),
        *(f"{len(some) / writing:,.0f}", f"{peak} MB", f"{len(body) / number:.0f}"),
    )
    return f"| {' | '.join(map(str, cells))} |"


def year_row() -> str:
    """A year's report and the year before it, which it is compared with, both from their months' files."""
    year = parse_period("2025")
    needed = months_needed(year, date(2024, 1, 1))
    files = {month: encode_month(dict(_month(month))) for month in needed}
    reading, _, months = seconds(lambda: [decode_month(files[month]) for month in needed])
    adding, _, (total, background) = seconds(
        lambda: summed_up(year, ({day: entry.total for day, entry in (month or {}).items()} for month in months))
    )
    now = datetime(2026, 1, 1, tzinfo=UTC)
    making, _, report = seconds(lambda: reports.build(SHOP, year, total, background, (), now=now, listed_from=year.end))
    writing, _, _ = seconds(lambda: (json.dumps(report_json(report)), render_html(report, SHOP)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    cells = (
        *(f"{report.measures[0].headline.n:,}", len(needed), f"{sum(map(len, files.values())) / 1e6:.1f} MB"),
        *(len(total.cells), f"{reading:.2f} s", f"{adding:.2f} s", f"{making:.2f} s", f"{writing:.2f} s"),
        *(f"{reading + adding + making + writing:.2f} s", f"{peak} MB"),
    )
    return f"| {' | '.join(map(str, cells))} |"


def _month(name: str) -> Iterator[tuple[date, DayEntry]]:
    """Each day is another thousand answers, each counted as often as makes ten million a year."""
    chance = Random(name)
    for day in days(parse_period(name)):
        thousand = day_total([answer(chance, str(place)) for place in range(1000)], (), SHOP)
        yield day, DayEntry(_times(thousand, round(ANSWERS_A_YEAR / 365 / 1000)), "an etag", None, None)


def _times(total: DayTotal, times: int) -> DayTotal:
    return sum([total] * times, DayTotal())


def tables() -> str:
    """Make all rows, each in a process of its own; some minutes."""
    lines = [
        "| answers of the day | of them changed | changed /s | counted /s | folded /s | by the clock | written anew /s | peak memory | bytes each |",
        "|---|---|---|---|---|---|---|---|---|",
        *(_in_a_process(str(size)) for size in SIZES),
        "",
        "| answers of the year | months read | their files | cells | reading | adding | figures | JSON and page | together | peak memory |",
        "|---|---|---|---|---|---|---|---|---|---|",
        _in_a_process("year"),
    ]
    return "\n".join(lines)


def _in_a_process(what: str) -> str:
    told = [sys.executable, "-m", "benchmarks.rollup", what]
    return subprocess.run(told, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603 - it is this file


def main() -> None:
    match sys.argv[1:]:
        case ["year"]:
            sys.stdout.write(year_row() + "\n")
        case [number] if number.isdigit():
            sys.stdout.write(day_row(int(number)) + "\n")
        case arguments:
            PAGE.say(tables, arguments)


if __name__ == "__main__":
    main()
