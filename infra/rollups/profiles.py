"""A person taken out of every group, or put back: their answers stay, without what tells them apart."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cx_domain.calendars import day_of
from cx_domain.day_lines import candidate_days
from cx_domain.objections import respected, respected_elsewhere
from cx_domain.rollup_times import oldest_kept
from cx_domain.shops import Shop
from cx_domain.surveys import CustomerKey, Survey, SurveyId
from infra.aws.customer_table import CustomerTable
from infra.aws.files import Files
from infra.rollups import histories, placements
from infra.rollups.fold import Folded, fold
from infra.rollups.tables import Tables


@dataclass(frozen=True, slots=True)
class Objector:
    """Whose lines are to be made again, and their surveys."""

    customer: CustomerKey
    surveys: tuple[SurveyId, ...]

    def message(self) -> dict[str, Any]:
        return {"customer": self.customer, "surveys": list(self.surveys)}


def read_objector(told: Mapping[str, Any]) -> Objector:
    """Read what `message` wrote."""
    return Objector(CustomerKey(told["customer"]), tuple(map(SurveyId, told["surveys"])))


def fold_again(  # noqa: PLR0917  every place where a person may be told apart, and who they are
    tables: Tables, files: Files, shop: Shop, who: Objector, key: bytes, now: datetime
) -> tuple[Folded, tuple[date, ...]]:
    """Make a person's lines and history anew, as their objection or its end now says; with every day they may stand on."""
    found = list(tables.surveys.get_many(who.surveys))
    imported = list(tables.feedback.get_many(shop.id, tables.feedback.of_customer(shop.id, who.customer)))

    def as_they_wish(objected: AbstractSet[CustomerKey]) -> Folded:
        if who.customer in objected:
            histories.forget(files, shop.id, who.customer, who.surveys)
        told = kept(files, shop, found, objected, key, now)
        rated = placements.of_feedback(respected_elsewhere(imported, objected), shop)
        whole = placements.together(placements.of_surveys(told, shop), rated)
        return fold(files, shop, placements.since(oldest_kept(shop, now), whole))

    folded = as_long_as_they_change(tables.customers, shop, {who.customer}, as_they_wish)
    days = {day for survey in found for day in candidate_days(survey, shop.zone)}
    return folded, tuple(sorted(days.union(day_of(one.recorded_at, shop.zone) for one in imported)))


def kept(  # noqa: PLR0917  whose surveys, what of them may be told, and where it is kept
    files: Files, shop: Shop, read: Sequence[Survey], objected: AbstractSet[CustomerKey], key: bytes, now: datetime
) -> list[Survey]:
    """Keep the customers' histories of these surveys, and return what may be told of them.

    To be called before their day files are written, which still say whose a survey was.
    """
    barred = [survey.id for survey in read if survey.customer in objected]
    if barred:
        # Who read them before they objected may have kept them, and may have been killed before it looked again.
        histories.forget(files, shop.id, None, barred)
    told = list(respected(read, objected))
    histories.keep(files, shop, told, key, now)
    return told


def as_long_as_they_change(
    customers: CustomerTable,
    shop: Shop,
    theirs: AbstractSet[CustomerKey | None],
    step: Callable[[AbstractSet[CustomerKey]], Folded],
) -> Folded:
    """Do a step by who objects now; and again, as long as one of those whose surveys it holds changed their mind meanwhile.

    Whoever does so later than the last look finds the step's writes done, and is folded after them.
    """
    objected = customers.objections(shop.id)
    folded = step(objected)
    while theirs and (changed := customers.objections(shop.id)) != objected:
        if not theirs.isdisjoint(changed ^ objected):
            folded |= step(changed)
        objected = changed
    return folded
