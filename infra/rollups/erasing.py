"""A person taken out of everything, in steps that can each be repeated.

The surveys lose all that was told, and keep whose they were and on which days; the days' files and reports are made again
without them; and only then is that forgotten too. After a break, the same order finds them again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from cx_domain.calendars import Period, day_of, parse_period
from cx_domain.day_lines import candidate_days
from cx_domain.erasure import emptied, tombstone
from cx_domain.errors import Conflict
from cx_domain.shops import Shop
from cx_domain.surveys import CustomerKey, Survey, SurveyId
from infra.aws import keys
from infra.aws.erasure_table import Erased, ErasureTable
from infra.aws.event_tables import TicketTable
from infra.aws.files import Files
from infra.aws.survey_table import SurveyTable
from infra.rollups import histories, placements
from infra.rollups.fold import Folded, fold
from infra.rollups.tables import Tables

_TRIES = 8


@dataclass(frozen=True, slots=True)
class Erasure:
    """Whose what is erased: a customer, where the key is known, their surveys, and support cases that name an order of theirs."""

    customer: CustomerKey | None
    surveys: tuple[SurveyId, ...]
    tickets: tuple[str, ...] = ()

    def message(self) -> dict[str, Any]:
        return {"customer": self.customer, "surveys": list(self.surveys), "tickets": list(self.tickets)}


def read_erasure(told: Mapping[str, Any]) -> Erasure:
    """Read what `message` wrote."""
    customer = told.get("customer")
    surveys, tickets = tuple(map(SurveyId, told["surveys"])), tuple(told.get("tickets", ()))
    return Erasure(CustomerKey(customer) if customer else None, surveys, tickets)


@dataclass(frozen=True, slots=True)
class Emptied:
    """Surveys that lost what was told, imported answers that are gone, and what the day files were made into without them."""

    surveys: tuple[Survey, ...]
    folded: Folded
    days: tuple[date, ...]
    imported: tuple[str, ...] = ()


def empty(  # noqa: PLR0917  every place where a person may be, and who they are
    tables: Tables, noted: ErasureTable, files: Files, shop: Shop, gone: Erasure, now: datetime
) -> Emptied:
    """Take what was told out of surveys, tickets, imported answers, the customer's item, exports, histories and day files. Reports are the caller's."""
    # First, for an order that breaks off finds tickets by their surveys.
    ticket_days = _cut_off(tables.tickets, files, shop, gone.tickets, now)
    empty_one = partial(emptied, owner=gone.customer)
    found = tuple(
        _replaced(tables.surveys, survey, empty_one, shop, now) for survey in tables.surveys.get_many(gone.surveys)
    )
    imported: dict[str, datetime] = {}
    if gone.customer is not None:
        noted.mark(shop.id, gone.customer, now, purge_at=now + shop.reports.retention)
        imported = tables.feedback.of_customer(shop.id, gone.customer)
        tables.customers.forget(shop.id, gone.customer)
    for id_ in imported:
        tables.feedback.erase(shop.id, id_, now, purge_at=now + shop.reports.retention)
    days = {day for one in found for day in candidate_days(one, shop.zone)}
    days |= {day_of(at, shop.zone) for at in imported.values()}
    erased = Erased(gone.customer, gone.surveys, tuple(sorted(days)), tuple(imported))
    noted.note(shop.id, erased, now)
    _forget_exports(files, shop, erased)
    folded = take_out(files, shop, erased)
    return Emptied(found, folded, tuple(sorted({*erased.days, *ticket_days})), erased.imported)


def take_out(files: Files, shop: Shop, erased: Erased) -> Folded:
    """Take somebody's lines out of histories and day files. To do so again is harmless."""
    # Histories also where no survey is left: an entry may be.
    histories.forget(files, shop.id, erased.customer, erased.surveys)
    return fold(files, shop, placements.of_erased((*erased.surveys, *erased.imported), erased.days))


def take_out_again(noted: ErasureTable, files: Files, shop: Shop) -> Folded:
    """Take out whoever was erased lately: a rollup may have read them before, and written what it read after. Says which days changed."""
    changed = {day for erased in noted.list(shop.id) for day in take_out(files, shop, erased).recounted}
    return Folded(changed, changed)


def _forget_exports(files: Files, shop: Shop, erased: Erased) -> None:
    """Delete what was gathered for somebody who asked what is kept of them, if it tells of the erased one."""
    names = [name.encode() for name in (erased.customer, *erased.surveys, *erased.imported) if name]
    for key in list(files.list(keys.exports_folder(shop.id))):
        stored = files.read(key)
        if stored is not None and any(name in stored.body for name in names):
            files.delete(key)


def _cut_off(tickets: TicketTable, files: Files, shop: Shop, ids: Sequence[str], now: datetime) -> AbstractSet[date]:
    """Leave support cases without the order that they are about; they count on as they did."""
    for ticket_id in ids:
        tickets.cut_off(shop.id, ticket_id, now)
    return fold(files, shop, placements.of_tickets(tickets.get_many(shop.id, ids), shop)).touched


def forget_days(tables: Tables, shop: Shop, customer: CustomerKey | None, left: Emptied, now: datetime) -> None:
    """Leave the tombstones alone behind, when nothing shows the surveys and the imported answers any more."""
    for survey in left.surveys:
        _replaced(tables.surveys, survey, tombstone, shop, now)
    if customer is not None:
        for id_ in left.imported:
            tables.feedback.forget_whose(shop.id, customer, id_)


def reported(files: Files, shop: Shop, days: Sequence[date]) -> Iterator[Period]:
    """Name the periods with these days that have a report: an operator may have had some built that the calendar would not."""
    for key in files.list(keys.reports_folder(shop.id)):
        path = PurePosixPath(key)
        if path.name == "report.json":
            period = parse_period(path.parent.name)
            if any(period.start <= day <= period.end for day in days):
                yield period


def _replaced(
    surveys: SurveyTable, survey: Survey, by: Callable[[Survey], Survey], shop: Shop, now: datetime
) -> Survey:
    """Put another survey in this one's place, also against somebody who writes at the same time.

    What is left is kept for as long as an answer would have been: by then no platform repeats the order's webhooks.
    """
    purge_at = now + shop.reports.retention
    for _ in range(_TRIES):
        current = surveys.get(survey.id)
        if current is None:
            return survey
        if current == tombstone(current):
            return current
        try:
            return surveys.overwrite(current, by(current), now, purge_at=purge_at)
        except Conflict:
            continue
    raise Conflict(f"survey {survey.id} changes faster than it can be erased; say it again")
