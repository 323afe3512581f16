"""Whom another service would not have asked, or has just asked: rows of its export, read strictly, and what each is news of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Literal, assert_never
from zoneinfo import ZoneInfo

from cx_domain.addresses import address
from cx_domain.errors import BadField
from cx_domain.import_dates import DayOrder, NoDate, moment
from cx_domain.import_words import NO, SEVERAL, STATUSES, STOPS, SUPPRESSION_COLUMNS, YES, Stop
from cx_domain.imports import Columns, Row, Table, WrongRow, columns, normalised

Meaning = Stop | Literal["active"]
Outcome = Literal["complained", "bounced", "unsubscribed", "asked", "known", "nothing", "too-old", "erased"]
_END_OF_DAY = time(23, 59, 59)
_IN_THE_FUTURE = timedelta(days=1)
"""Clocks and zones differ; what lies further ahead is no date on which anybody was asked."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is read: the shop's zone, which of two numbers is the day, words of the service's own, what all its rows are."""

    zone: ZoneInfo
    now: datetime
    order: DayOrder | None = None
    words: Mapping[str, Meaning] = field(default_factory=dict)
    everyone_is: Stop | None = None


@dataclass(frozen=True, slots=True)
class Suppression:
    """One row: who, since when they are never to be asked again and why (the gravest), and when they were asked last."""

    line: int
    email: str
    stop: Stop | None = None
    stopped_at: datetime | None = None
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept of somebody already."""

    unsubscribed: bool = False
    suppressed: bool = False
    asked_at: datetime | None = None
    erased_at: datetime | None = None


def recognised(
    header: Sequence[str],
    everyone_is: Stop | None,
    *,
    given: Mapping[str, str] | None = None,
    ignored: Sequence[str] = (),
) -> Columns:
    """Find the columns; BadField where there is none of the address, or none that says anything of whom to ask."""
    found = columns(header, SUPPRESSION_COLUMNS, several=SEVERAL, given=given, ignored=ignored)
    if not found.has("email"):
        raise BadField("FILE", "has no column of addresses; name it by --column email=NAME")
    if everyone_is is None and not found.has("status", "unsubscribed", "bounced", "complained", "asked_at"):
        raise BadField(
            "FILE", "has no column that says who must not be asked; say --everyone-is unsubscribed if all in it have"
        )
    return found


def suppressions(table: Table, found: Columns, reading: Reading) -> Iterator[Suppression | WrongRow]:
    """Read every row, or say what is wrong with it."""
    for row in table.rows:
        if isinstance(row, WrongRow):
            yield row
            continue
        try:
            yield _suppression(row, found, reading)
        except BadField as error:
            yield WrongRow(row.line, str(error))


def news(told: Suppression, known: Known, oldest: datetime) -> Outcome:
    """What a row adds to what is known: never less than stood there. That somebody was asked before `oldest`, or
    before they had themselves erased, is not kept.
    """
    match told.stop:
        case "complained" | "bounced":
            return "known" if known.suppressed else told.stop
        case "unsubscribed":
            return "known" if known.unsubscribed else told.stop
        case None:
            pass
        case unknown:
            assert_never(unknown)
    if told.asked_at is None:
        return "nothing"
    if told.asked_at <= oldest:
        return "too-old"
    if known.erased_at is not None and told.asked_at <= known.erased_at:
        return "erased"
    return "known" if known.asked_at is not None and known.asked_at >= told.asked_at else "asked"


def _suppression(row: Row, found: Columns, reading: Reading) -> Suppression:
    email = address(found.text(row, "email"))
    if email is None:
        raise BadField("email", "is no address that a mail can reach")
    stops: dict[Stop, datetime | None] = {} if reading.everyone_is is None else {reading.everyone_is: None}
    for text in found.texts(row, "status"):
        meaning = _meaning(text, reading)
        if meaning != "active":
            stops.setdefault(meaning, None)
    for name in STOPS:
        for text in found.texts(row, name):
            is_so, at = _flag(name, text, reading)
            if is_so:
                stops[name] = stops.get(name) or at
    asked = [_moment("asked_at", text, reading) for text in found.texts(row, "asked_at") if normalised(text) not in NO]
    gravest = next((name for name in STOPS if name in stops), None)
    return Suppression(row.line, email, gravest, stops[gravest] if gravest else None, max(asked, default=None))


def _meaning(text: str, reading: Reading) -> Meaning:
    word = normalised(text)
    meaning = reading.words.get(word) or STATUSES.get(word)
    if meaning is None:
        means = "unsubscribed, bounced, complained or active"
        raise BadField("status", f"is a word that is not known; say what it means: --word WORD={means}")
    return meaning


def _flag(name: Stop, text: str, reading: Reading) -> tuple[bool, datetime | None]:
    word = normalised(text)
    if word in YES:
        return True, None
    if word in NO or STATUSES.get(word) == "active":
        return False, None
    try:
        return True, _moment(name, text, reading)
    except BadField as error:
        why = error.why if "told apart" in error.why else "says neither yes nor no, nor since when"
        raise BadField(name, why) from error


def _moment(name: str, text: str, reading: Reading) -> datetime:
    """A day without an hour is over: who was asked at noon must not be asked too early. Nothing lies after now."""
    try:
        at = moment(text, reading.zone, reading.order, at=_END_OF_DAY)
    except NoDate as error:
        raise BadField(name, str(error)) from error
    if at > reading.now + _IN_THE_FUTURE:
        raise BadField(name, "lies in the future")
    # In whole seconds, as it is kept: else the same row would be news each time.
    return min(at, reading.now).replace(microsecond=0)
