"""Fold changed lines into day files, and the days they touched into their months' totals.

Every write is conditional on what was read. Whoever loses reads again and redoes, so two rollups at once lose nothing, and
running the whole again changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TypeVar

from cx_domain.backgrounds import Background, months_needed, summed_up
from cx_domain.calendars import Period, closes_at, day_of, days, days_between, months, parse_period, period_of
from cx_domain.day_counts import counted
from cx_domain.day_files import changed, decode, ids, rows
from cx_domain.day_lines import Line
from cx_domain.errors import Conflict, NotConfigured
from cx_domain.shops import Shop, ShopId
from cx_domain.total_files import DayEntry, MonthTotals, decode_month, encode_month
from cx_domain.totals import NOTHING, DayTotal, together
from infra.aws import keys
from infra.aws.files import Files, Stored
from infra.aws.keys import Folder
from infra.logs import logger
from infra.rollups.placements import DayFile, Placements

T = TypeVar("T")
_MOST_TRIES = 20
_GZIP = "application/gzip"
_JSON = "application/json"
FOLDERS: tuple[Folder, ...] = ("answers", "asked", "tickets")


@dataclass(frozen=True, slots=True)
class Folded:
    """The days whose files were looked at, and those of them whose answers are counted otherwise than before."""

    touched: AbstractSet[date]
    recounted: AbstractSet[date]

    def __or__(self, other: "Folded") -> "Folded":
        return Folded(self.touched | other.touched, self.recounted | other.recounted)


NOTHING_FOLDED = Folded(frozenset(), frozenset())


def fold(files: Files, shop: Shop, placements: Placements) -> Folded:
    """Bring the day files and totals up to date."""
    for file, changes in sorted(placements.items()):
        redo(partial(_keep_lines, files, shop.id, file, changes))
    touched = {day for _, day in placements}
    recounted: set[date] = set()
    for month in sorted({period_of(day, "month").name for day in touched}):
        its_days = [day for day in sorted(touched) if period_of(day, "month").name == month]
        recounted |= redo(partial(_keep_totals, files, shop, month, its_days))[1]
    return Folded(touched, recounted)


def redo(step: Callable[[], T]) -> T:
    """Repeat a step that reads and writes conditionally until nobody came in between."""
    for _ in range(_MOST_TRIES):
        try:
            return step()
        except Conflict:
            continue
    raise Conflict("others keep writing the same file")


def day_lines(files: Files, shop: ShopId, folder: Folder, day: date) -> tuple[dict[str, Line], str | None]:
    """Read one day file's lines by id, and its ETag; empty and None where there is none."""
    stored = _day_file(files, shop, folder, day)
    with _naming(keys.day_file(folder, shop, day)):
        return (decode(stored.body), stored.etag) if stored else ({}, None)


def day_ids(files: Files, shop: ShopId, folder: Folder, day: date) -> list[str]:
    """Read the ids of one day file's lines; none where there is none."""
    stored = _day_file(files, shop, folder, day)
    with _naming(keys.day_file(folder, shop, day)):
        return list(ids(stored.body)) if stored else []


def answers_between(files: Files, shop: Shop, first: date, last: date) -> Iterator[tuple[date, list[Line]]]:
    """Read the answers from the first day to the last, day by day, only of the days that have any by their months' totals."""
    names = sorted({period_of(day, "month").name for day in days_between(first, last)})
    counted_days = [day for name in names for day, entry in _month(files, shop, name).items() if entry.answers_etag]
    for day in counted_days:
        if first <= day <= last:
            yield day, list(day_lines(files, shop.id, "answers", day)[0].values())


def totals(files: Files, shop: Shop, period: Period) -> tuple[DayTotal, Background]:
    """Add up a period's days and what they are seen against, as far back as the shop keeps anything, from the months' files."""
    since = day_of(closes_at(period, shop.zone) - shop.reports.retention, shop.zone)
    months = (_month(files, shop, month) for month in months_needed(period, since))
    return summed_up(period, ({day: entry.total for day, entry in entries.items()} for entries in months))


def total(files: Files, shop: Shop, period: Period) -> DayTotal:
    """Add up a period's own days."""
    entries = [entry for month in months(period) for entry in _month(files, shop, month.name).items()]
    return together(entry.total for day, entry in entries if period.start <= day <= period.end)


def _month(files: Files, shop: Shop, month: str) -> MonthTotals:
    """Read a month's totals; one that an older release counted is counted anew."""
    return redo(partial(_read_month, files, shop, month))


def _read_month(files: Files, shop: Shop, month: str) -> MonthTotals:
    stored = files.read(keys.totals_file(shop.id, month))
    known = decode_month(stored.body) if stored else {}
    return _keep_totals(files, shop, month, ())[0] if known is None else known


def _keep_lines(files: Files, shop: ShopId, file: DayFile, changes: dict[str, Line | None]) -> None:
    folder, day = file
    key = keys.day_file(folder, shop, day)
    stored = files.read(key)
    if stored or any(line is not None for line in changes.values()):
        with _naming(key):
            body = changed(stored.body if stored else None, changes)
        _write_if_new(files, key, body, stored, _GZIP)


def _keep_totals(files: Files, shop: Shop, month: str, touched: Iterable[date]) -> tuple[MonthTotals, set[date]]:
    key = keys.totals_file(shop.id, month)
    stored = files.read(key)
    known = decode_month(stored.body) if stored else {}
    entries = dict(known or {})
    for day in touched if known is not None else days(parse_period(month)):
        entry = _entry(files, shop, day)
        if not (entry.answers_etag or entry.asked_etag or entry.tickets_etag):
            # The day is older than the shop keeps anything: what it counted stays as long as its month's totals do.
            continue
        if entry.total == NOTHING:
            entries.pop(day, None)
        else:
            entries[day] = entry
    if entries or stored:
        _write_if_new(files, key, encode_month(entries), stored, _JSON)
    return entries, {day for day in {*entries, *(known or {})} if _answers(entries, day) != _answers(known or {}, day)}


def _answers(entries: MonthTotals, day: date) -> tuple[object, ...]:
    entry = entries.get(day)
    return (entry.total.cells, entry.total.drivers) if entry else ({}, {})


def _entry(files: Files, shop: Shop, day: date) -> DayEntry:
    answers, asked, tickets = (_day_file(files, shop.id, folder, day) for folder in FOLDERS)
    with _naming(f"a day file of {shop.id}'s {day}"):
        total = counted(_rows(answers), _rows(asked), _rows(tickets), shop)
    return DayEntry(total, _etag(answers), _etag(asked), _etag(tickets))


def _day_file(files: Files, shop: ShopId, folder: Folder, day: date) -> Stored | None:
    return files.read(keys.day_file(folder, shop, day))


@contextmanager
def _naming(file: str) -> Iterator[None]:
    """Say which file it is that cannot be read."""
    try:
        yield
    except NotConfigured as error:
        logger.error("file unreadable", file=file)
        raise NotConfigured(f"{file} is {error}") from error


def _rows(stored: Stored | None) -> Iterable[str]:
    return rows(stored.body) if stored else ()


def _etag(stored: Stored | None) -> str | None:
    return stored.etag if stored else None


def _write_if_new(files: Files, key: str, body: bytes, stored: Stored | None, content_type: str) -> None:
    if stored is None or stored.body != body:
        files.write(key, body, if_match=stored.etag if stored else None, content_type=content_type)
