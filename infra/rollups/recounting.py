"""Make day files and totals again from the table: what an operator asks for when they are in doubt, or lost.

The operator's scan says which items may belong to some days; here those days' files are made to hold exactly the items' lines. What the
files name beside those is looked up too, so that a line which a rollup wrote in the meantime is not lost.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from cx_domain.calendars import day_of
from cx_domain.objections import respected_elsewhere
from cx_domain.shops import Shop
from cx_domain.surveys import CustomerKey, Survey, SurveyId
from infra.aws.files import Files
from infra.aws.keys import Folder
from infra.rollups import placements, profiles
from infra.rollups.fold import Folded, day_lines, fold
from infra.rollups.tables import Tables

FOLDERS: tuple[Folder, ...] = ("answers", "asked", "tickets")
_MAY_BE_PURGED = timedelta(days=90)
"""An item is purged by the age of its order, its lines by that of their days; between the two lie a delay and an expiry."""


@dataclass(frozen=True, slots=True)
class Recount:
    """Days to be made again, and the items that the operator's scan found to belong there."""

    days: tuple[date, ...]
    surveys: tuple[SurveyId, ...] = ()
    tickets: tuple[str, ...] = ()
    feedback: tuple[str, ...] = ()

    def message(self) -> dict[str, list[str]]:
        return {
            "days": [day.isoformat() for day in self.days],
            "surveys": list(self.surveys),
            "tickets": list(self.tickets),
            "feedback": list(self.feedback),
        }


def read_recount(told: dict[str, Any]) -> Recount:
    """Read what `Recount.message` wrote."""
    return Recount(
        tuple(map(date.fromisoformat, told["days"])),
        tuple(map(SurveyId, told["surveys"])),
        tuple(told["tickets"]),
        tuple(told["feedback"]),
    )


def again(  # noqa: PLR0917  where everything is, which days, and by which key histories name orders
    files: Files, tables: Tables, shop: Shop, recount: Recount, key: bytes, now: datetime
) -> Folded:
    """Make the files of these days, and no others, hold what they must; the customers' histories too."""
    known = {(folder, day): day_lines(files, shop.id, folder, day)[0] for folder in FOLDERS for day in recount.days}
    given = [(id_, line) for (folder, _), lines in known.items() if folder == "answers" for id_, line in lines.items()]
    asked = {id_ for (folder, _), lines in known.items() if folder == "asked" for id_ in lines}
    rated = {id_ for id_, line in given if line["source"] == "survey"}
    elsewhere = {id_ for id_, line in given if line["source"] != "survey"}
    opened = {id_ for (folder, _), lines in known.items() if folder == "tickets" for id_ in lines}
    surveys = list(tables.surveys.get_many(map(SurveyId, sorted({*recount.surveys, *asked, *rated}))))
    feedback = list(tables.feedback.get_many(shop.id, sorted({*recount.feedback, *elsewhere})))
    cases = placements.of_tickets(tables.tickets.get_many(shop.id, sorted({*recount.tickets, *opened})), shop)

    def by_who_objects(objected: AbstractSet[CustomerKey]) -> Folded:
        told = profiles.kept(files, shop, surveys, objected, key, now)
        rated = placements.of_feedback(respected_elsewhere(feedback, objected), shop)
        fresh = placements.together(placements.of_surveys(told, shop), cases, rated)
        of_days = {
            file: {**dict.fromkeys(_gone(lines, surveys, file[1], shop, now)), **fresh.get(file, {})}
            for file, lines in known.items()
        }
        return fold(files, shop, of_days)

    theirs = {survey.customer for survey in surveys} | {one.customer for one in feedback}
    return profiles.as_long_as_they_change(tables.customers, shop, theirs, by_who_objects)


def _gone(lines: Iterable[str], surveys: Iterable[Survey], day: date, shop: Shop, now: datetime) -> list[str]:
    """The lines that have no place here any more: all that are not placed anew; of the oldest days, whose items may have been purged
    before their lines, only those whose surveys are known to lie elsewhere.
    """
    if day >= day_of(now - shop.reports.retention + _MAY_BE_PURGED, shop.zone):
        return list(lines)
    found = {survey.id for survey in surveys}
    return [id_ for id_ in lines if id_ in found]
