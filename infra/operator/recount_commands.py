"""`afterorder recount`: make a shop's day files, totals and reports again from the table."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Annotated

import typer

from cx_domain.calendars import day_of, parse_period
from cx_domain.day_lines import candidate_days, ticket_days
from cx_domain.errors import BadField
from cx_domain.shops import Shop, ShopId
from cx_domain.surveys import SurveyId
from infra.operator import screen
from infra.operator.session import Stack, open_stack
from infra.operator.shop_commands import ShopArgument
from infra.rollups.recounting import Recount

MOST_ITEMS = 2_000
"""In one call of the function, unless a single day has more."""
MOST_DAYS = 31
MOST_REPORTS = 10

_Found = dict[date, tuple[set[str], set[str], set[str]]]
"""For each day the surveys, tickets and feedback that may have lines there."""


def recount(
    shop: ShopArgument,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="The first day; else the oldest known.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DAY", help="The last day; else today.")] = None,
) -> None:
    """Count a shop's days anew from the table, a month or 2 000 surveys at a time. It reads the whole table once."""
    stack = open_stack()
    for key in recounted(stack, stack.shop(ShopId(shop)), _day("from", first), _day("to", last)):
        screen.say(key)


def recounted(stack: Stack, shop: Shop, first: date | None = None, last: date | None = None) -> Iterator[str]:
    """Count the days anew, and then make the reports that show them; the keys of those."""
    now = stack.now()
    oldest, today = day_of(now - shop.reports.retention, shop.zone), day_of(now, shop.zone)
    since, until = max(first or oldest, oldest), min(last or today, today)
    found = {day: ids for day, ids in _items(stack, shop).items() if since <= day <= until}
    periods: set[str] = set()
    for part in chunks(found, since if first else min(found, default=until), until):
        periods |= set(stack.rollup({"shop": shop.id, "recount": part.message()})["periods"])
        screen.note(f"{part.days[0]} to {part.days[-1]}: {len(part.surveys)} surveys")
    ordered = sorted(periods, key=lambda name: (parse_period(name).end, name))
    for names in (ordered[start : start + MOST_REPORTS] for start in range(0, len(ordered), MOST_REPORTS)):
        yield from stack.rollup({"shop": shop.id, "recount": {"periods": names}})["keys"]


def chunks(found: _Found, first: date, last: date) -> Iterator[Recount]:
    """Every day from the first to the last, in order, so many at once that no call of the function takes too long."""
    days: list[date] = []
    items: tuple[set[str], set[str], set[str]] = (set(), set(), set())
    day = first
    while day <= last:
        more = found.get(day, (set(), set(), set()))
        full = len(days) == MOST_DAYS or sum(map(len, items)) + sum(map(len, more)) > MOST_ITEMS
        if days and full:
            yield _recount(days, items)
            days, items = [], (set(), set(), set())
        days.append(day)
        items = (items[0] | more[0], items[1] | more[1], items[2] | more[2])
        day += timedelta(days=1)
    if days:
        yield _recount(days, items)


def _recount(days: list[date], items: tuple[set[str], set[str], set[str]]) -> Recount:
    surveys, tickets, feedback = map(sorted, items)
    return Recount(tuple(days), tuple(map(SurveyId, surveys)), tuple(tickets), tuple(feedback))


def _items(stack: Stack, shop: Shop) -> _Found:
    found: _Found = {}

    def add(place: int, id_: str, days: Iterable[date]) -> None:
        for day in days:
            found.setdefault(day, (set(), set(), set()))[place].add(id_)

    for survey in stack.surveys.scan(shop.id):
        add(0, survey.id, candidate_days(survey, shop.zone))
    for ticket in stack.tickets.scan(shop.id):
        add(1, ticket.id, ticket_days(ticket, shop.zone))
    for feedback in stack.feedback.scan(shop.id):
        add(2, feedback.id, [day_of(feedback.recorded_at, shop.zone)])
    return found


def _day(field: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadField(field, f"write a day such as 2026-01-05, not {text!r}") from error
