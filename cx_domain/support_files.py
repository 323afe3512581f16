"""`[support]` of a shop's file: when the support works, and on which days it does not."""

import re
from datetime import date, timedelta
from itertools import pairwise

from cx_domain.shops import SupportRule, WeekHours
from cx_domain.toml_checks import Check, Table
from cx_domain.value_checks import any_text, flag, matching

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPANS = tuple(
    first if first == last else f"{first}-{last}" for place, first in enumerate(WEEKDAYS) for last in WEEKDAYS[place:]
)
"""A day, or days from one to another: `mon`, `mon-fri`."""

_PLACE = "[A-Z]{2}(-[A-Za-z0-9]{1,20})?"
_SPAN = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")
_WHOLE_DAY = timedelta(days=1)

Span = tuple[timedelta, timedelta]


def support(table: Table, holidays: Check[str] | None) -> SupportRule:
    """Read the table; `holidays` says whether the days of a country or a part of it are known, None takes any for known."""
    rule = SupportRule(
        hours=_hours(table),
        holidays=table.take("holidays", holidays or place, None),
        closed=table.take_each("closed", _day, ()),
        staff=table.take("staff", flag, stand_in=True),
    )
    if rule.hours is None and "hours" not in table:
        for key in ("holidays", "closed"):
            if key in table:
                table.wrong(key, "needs hours: without them every case is timed around the clock, each day alike")
    table.finish()
    return rule


def place(raw: object) -> str:
    """A country by its two letters, or a part of it: `PL`, `DE-BY`."""
    return matching(_PLACE, 'a country such as "PL", or a part of one such as "DE-BY"')(raw)


def _hours(table: Table) -> WeekHours | None:
    before = len(table.mistakes)
    found = table.entries("hours", SPANS, lambda _, raw: _spans(raw))
    if found is None or len(table.mistakes) > before:
        return None
    named = [day for name in found for day in _days(name)]
    twice = next((day for day in WEEKDAYS if named.count(day) > 1), None)
    if twice is not None:
        table.wrong("hours", f"says twice when {twice} is worked")
    if not named:
        table.wrong("hours", 'must name a day at least, such as mon-fri = "09:00-17:00"')
    by_day = {day: spans for name, spans in found.items() for day in _days(name)}
    return tuple(by_day.get(day, ()) for day in WEEKDAYS)


def _days(name: str) -> tuple[str, ...]:
    first, _, last = name.partition("-")
    return WEEKDAYS[WEEKDAYS.index(first) : WEEKDAYS.index(last or first) + 1]


def _spans(raw: object) -> tuple[Span, ...]:
    """One span as text, or a list of them, the earlier first."""
    spans = tuple(_span(each) for each in (raw if isinstance(raw, list) else [raw]))
    if not spans:
        raise ValueError("must not be empty; leave out the days on which nobody works")
    for (_, ends), (begins, _) in pairwise(spans):
        if begins < ends:
            raise ValueError("must be in order, each beginning when the one before is over")
    return spans


def _span(raw: object) -> Span:
    text = any_text(raw)
    found = _SPAN.fullmatch(text)
    if found is None:
        raise ValueError(f'must be from and to, such as "09:00-17:00", not "{text[:40]}"')
    first_hour, first_minute, last_hour, last_minute = map(int, found.groups())
    begins = timedelta(hours=first_hour, minutes=first_minute)
    ends = timedelta(hours=last_hour, minutes=last_minute)
    if ends > _WHOLE_DAY:
        raise ValueError(f'ends after "24:00": "{text}"')
    if ends <= begins:
        raise ValueError(
            f'must end later than it begins, not "{text}"; work past midnight is two spans, each in its day'
        )
    return begins, ends


def _day(raw: object) -> date:
    text = raw.isoformat() if isinstance(raw, date) else any_text(raw)
    try:
        return date.fromisoformat(matching(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", 'a day such as "2026-12-24"')(text))
    except ValueError as why:
        said = str(why)
        raise ValueError(said if said.startswith("must") else f'must be a day of the calendar, not "{text}"') from None
