"""Whether a step against an incident helped: the share of detractors before it and after it; and whether it is over."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from cx_domain.calendars import day_of
from cx_domain.exact_tests import chance_of_difference, chance_of_more
from cx_domain.excesses import MOVES, Count, Days, total
from cx_domain.incidents import Incident
from cx_domain.statistics import CHANCE

EffectVerdict = Literal["better", "worse", "no-difference-yet", "too-few"]

QUIET = timedelta(weeks=4)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """What was counted from `start` to `end`, both inclusive."""

    start: date
    end: date
    count: Count


@dataclass(frozen=True, slots=True)
class Effect:
    """Before the first step and after it. Without a step there is nothing after it, and no verdict.

    `difference` is of the shares, after less before (-1..1), None where there are no answers. The p-value is two-sided and exact,
    and allows for what shares move by themselves (`MOVES`): else every week of a large shop would differ.
    """

    before: Stretch | None
    after: Stretch | None = None
    difference: float | None = None
    p_value: float | None = None
    verdict: EffectVerdict | None = None


def before_after(incident: Incident, days: Days, as_of: date, zone: ZoneInfo) -> Effect:
    """Compare the days from the incident's first one to its first step's with the days since, up to `as_of`."""
    if not incident.steps:
        return Effect(_stretch(days, incident.start, as_of))
    step_on = day_of(min(step.at for step in incident.steps), zone)
    before = _stretch(days, incident.start, min(step_on, as_of))
    if as_of <= step_on:
        return Effect(before)
    after = _stretch(days, step_on + _DAY, as_of)
    was, is_now = before.count.rate, after.count.rate
    if was is None or is_now is None:
        return Effect(before, after, verdict="too-few")
    p_value = _chance(after.count, before.count)
    return Effect(before, after, is_now - was, p_value, _verdict(before.count, after.count, is_now - was, p_value))


def is_over(incident: Incident, days: Days, as_of: date) -> bool:
    """Say whether the incident may be closed: for four weeks nothing exceeded, nor are they together above the usual.

    A person closes it; this only proposes.
    """
    if incident.status == "closed" or incident.last_seen_on + QUIET > as_of:
        return False
    since = _stretch(days, as_of - QUIET + _DAY, as_of).count
    if since.answers == 0:
        return False
    usual = incident.usual
    return chance_of_more(since.detractors, since.answers, usual.detractors, usual.answers, MOVES) >= CHANCE


def _verdict(before: Count, after: Count, difference: float, p_value: float) -> EffectVerdict:
    if p_value < CHANCE:
        return "better" if difference < 0 else "worse"
    # With so few answers, not even none at all of detractors would tell.
    if _chance(Count(after.answers), before) >= CHANCE:
        return "too-few"
    return "no-difference-yet"


def _chance(one: Count, other: Count) -> float:
    return chance_of_difference(one.detractors, one.answers, other.detractors, other.answers, MOVES)


def _stretch(days: Days, start: date, end: date) -> Stretch:
    return Stretch(start, end, total(days, (day for day in days if start <= day <= end)))
