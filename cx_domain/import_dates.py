"""A moment as other services and spreadsheets write it: ISO, local forms, English months, seconds since 1970."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Literal, get_args
from zoneinfo import ZoneInfo

DayOrder = Literal["dmy", "mdy"]
DAY_ORDERS: tuple[DayOrder, ...] = get_args(DayOrder)

AMBIGUOUS = "its day and month cannot be told apart: say --dates dmy (3/4 is 3 April) or --dates mdy (3/4 is March 4)"
UNKNOWN = "is no date that can be read; 2026-01-05 can, and 2026-01-05T09:00:00Z"
OUT_OF_RANGE = "lies before the year 2000 or after 2199"

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"),
            ("feb", "february"),
            ("mar", "march"),
            ("apr", "april"),
            ("may",),
            ("jun", "june"),
            ("jul", "july"),
            ("aug", "august"),
            ("sep", "sept", "september"),
            ("oct", "october"),
            ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}
_YEARS = range(2000, 2200)
_SECONDS = re.compile(r"(?P<whole>1[0-9]{9})([0-9]{3})?")
"""Since 2001 they have ten digits, and thirteen in milliseconds."""
_ISO = re.compile(r"(?P<year>[0-9]{4})(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})")
_LOCAL = re.compile(r"(?P<first>[0-9]{1,2})(?P<mark>[./-])(?P<second>[0-9]{1,2})(?P=mark)(?P<year>[0-9]{4})")
_MONTH_FIRST = re.compile(r"(?P<month>[A-Za-z]{3,9})\.? (?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,? (?P<year>[0-9]{4})")
_DAY_FIRST = re.compile(r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?[ -](?P<month>[A-Za-z]{3,9})\.?[ ,-]+(?P<year>[0-9]{4})")
_CLOCK = re.compile(
    r"(?:[ T]|, | at )(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?"
    r"(?: ?(?P<zone>Z|UTC|GMT|(?:UTC|GMT)?(?P<sign>[+-])(?P<offset>[0-9]{2}:?[0-9]{2})))?"
)
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,? ", re.IGNORECASE)
_NOON = 12


class NoDate(ValueError):
    """The text is no moment, or could be two; says which."""


def moment(text: str, zone: ZoneInfo, order: DayOrder | None, *, at: time) -> datetime:
    """Return the moment in UTC. What names no zone is the shop's own time, what names no hour is that day `at`.

    Days between dots come first (5.1.2026 is 5 January). Between slashes and hyphens `order` tells; without it, only what can be read
    one way is read. Raises NoDate.
    """
    text = " ".join(text.split())
    seconds = _SECONDS.fullmatch(text)
    if seconds is not None:
        return datetime.fromtimestamp(int(seconds["whole"]), UTC)
    day, rest = _day(_WEEKDAY.sub("", text, count=1) if _WEEKDAY.match(text) else text, order)
    if day.year not in _YEARS:
        raise NoDate(OUT_OF_RANGE)
    clock = _CLOCK.fullmatch(rest)
    if clock is None and rest:
        raise NoDate(UNKNOWN)
    return _placed(day, at, zone) if clock is None else _timed(day, clock, zone)


def _day(text: str, order: DayOrder | None) -> tuple[date, str]:
    for pattern in (_ISO, _MONTH_FIRST, _DAY_FIRST):
        found = pattern.match(text)
        if found is not None:
            month = found["month"]
            return _date(found["year"], _month(month), found["day"]), text[found.end() :]
    found = _LOCAL.match(text)
    if found is None:
        raise NoDate(UNKNOWN)
    day, month = _in_order(int(found["first"]), int(found["second"]), "dmy" if found["mark"] == "." else order)
    return _date(found["year"], month, day), text[found.end() :]


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    number = _MONTHS.get(text.casefold())
    if number is None:
        raise NoDate(UNKNOWN)
    return number


def _in_order(first: int, second: int, order: DayOrder | None) -> tuple[int, int]:
    """Day and month."""
    match order:
        case "dmy":
            return first, second
        case "mdy":
            return second, first
    if first == second or second > _NOON:
        return second, first
    if first > _NOON:
        return first, second
    raise NoDate(AMBIGUOUS)


def _date(year: str | int, month: int, day: str | int) -> date:
    try:
        return date(int(year), month, int(day))
    except ValueError as error:
        raise NoDate(UNKNOWN) from error


def _timed(day: date, clock: re.Match[str], zone: ZoneInfo) -> datetime:
    hour, half = int(clock["hour"]), (clock["half"] or "").casefold()
    if half:
        if not 1 <= hour <= _NOON:
            raise NoDate(UNKNOWN)
        hour = hour % _NOON + (_NOON if half == "p" else 0)
    fraction = int((clock["fraction"] or "0").ljust(6, "0")[:6])
    try:
        told = time(hour, int(clock["minute"]), int(clock["second"] or 0), fraction)
        offset = _offset(clock)
    except ValueError as error:
        raise NoDate(UNKNOWN) from error
    return _placed(day, told, zone if offset is None else offset)


def _offset(clock: re.Match[str]) -> timezone | None:
    if clock["zone"] is None:
        return None
    if clock["offset"] is None:
        return UTC
    digits = clock["offset"].replace(":", "")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-ahead if clock["sign"] == "-" else ahead)


def _placed(day: date, told: time, zone: ZoneInfo | timezone) -> datetime:
    return datetime.combine(day, told, zone).astimezone(UTC)
