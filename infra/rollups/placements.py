"""Where the lines of changed items belong: for each day file, the lines that must stand in it, and those that must not."""

from collections.abc import Iterable, Mapping
from datetime import date

from cx_domain.business_hours import BusinessHours
from cx_domain.day_lines import (
    Line,
    Placed,
    answer_line,
    asked_line,
    candidate_days,
    feedback_line,
    place,
    ticket_days,
    ticket_line,
)
from cx_domain.order_fields import FeedbackEvent
from cx_domain.shops import Shop
from cx_domain.surveys import Survey
from cx_domain.tickets import Ticket
from infra.aws.keys import Folder
from infra.holiday_calendars import holidays_of

DayFile = tuple[Folder, date]
Placements = dict[DayFile, dict[str, Line | None]]


def of_surveys(surveys: Iterable[Survey], shop: Shop) -> Placements:
    """Place each survey's lines; a day that once could have held one, and does not now, is told to drop it."""
    placements: Placements = {}
    for survey in surveys:
        days = candidate_days(survey, shop.zone)
        _add(placements, "asked", survey.id, asked_line(survey, shop), days)
        _add(placements, "answers", survey.id, answer_line(survey, shop), days)
    return placements


def of_tickets(tickets: Iterable[Ticket], shop: Shop) -> Placements:
    """Place each support case on the day it was opened."""
    placements: Placements = {}
    for ticket in tickets:
        if ticket.test:
            continue
        days = ticket_days(ticket, shop.zone)
        line = ticket_line(ticket, shop, _business_hours(shop, {day.year for day in days}))
        _add(placements, "tickets", ticket.id, line, days)
    return placements


def of_feedback(feedback: Iterable[FeedbackEvent], shop: Shop) -> Placements:
    """Place each rating from elsewhere among the answers of its day."""
    placements: Placements = {}
    for one in feedback:
        _add(placements, "answers", one.id, feedback_line(one, shop), ())
    return placements


def of_erased(ids: Iterable[str], days: Iterable[date]) -> Placements:
    """Tell every day file of these days to drop the lines of these surveys."""
    gone = dict.fromkeys(ids)
    return {(folder, day): dict(gone) for day in days for folder in ("answers", "asked")}


def since(oldest: date, placements: Placements) -> Placements:
    """Leave out what is too old to be kept: news of a survey must not write again what was deleted."""
    return {(folder, day): lines for (folder, day), lines in placements.items() if day >= oldest}


def together(*parts: Mapping[DayFile, Mapping[str, Line | None]]) -> Placements:
    """Put several placements into one."""
    whole: Placements = {}
    for part in parts:
        for file, lines in part.items():
            whole.setdefault(file, {}).update(lines)
    return whole


def _business_hours(shop: Shop, years: Iterable[int]) -> BusinessHours | None:
    """When the shop's support worked from the first of these years to the last; None for around the clock."""
    rule = shop.support
    if rule.hours is None:
        return None
    known = sorted(years) if rule.holidays else []
    spanned = range(known[0], known[-1] + 1) if known else ()
    holidays = (holidays_of(rule.holidays or "", year) for year in spanned)
    return BusinessHours(shop.zone, rule.hours, frozenset(rule.closed).union(*holidays))


def _add(placements: Placements, folder: Folder, id_: str, placed: Placed | None, days: Iterable[date]) -> None:
    for day, lines in place(id_, placed, days).items():
        placements.setdefault((folder, day), {}).update(lines)
