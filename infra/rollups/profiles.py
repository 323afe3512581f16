"""A person taken out of every group, or put back: their answers stay, without what tells them apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cx_domain.day_lines import candidate_days
from cx_domain.objections import respected
from cx_domain.shops import Shop
from cx_domain.surveys import CustomerKey, SurveyId
from infra.aws.customer_table import CustomerTable
from infra.aws.files import Files
from infra.aws.survey_table import SurveyTable
from infra.rollups import histories, placements
from infra.rollups.fold import Folded, fold


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
    surveys: SurveyTable, customers: CustomerTable, files: Files, shop: Shop, who: Objector, key: bytes, now: datetime
) -> tuple[Folded, tuple[date, ...]]:
    """Make a person's lines and history anew, as their objection or its end now says; with every day they may stand on."""
    found = list(surveys.get_many(who.surveys))
    objected = customers.objections(shop.id)
    if who.customer in objected:
        histories.forget(files, shop.id, who.customer, who.surveys)
    told = list(respected(found, objected))
    histories.keep(files, shop, told, key, now)
    days = sorted({day for survey in found for day in candidate_days(survey, shop.zone)})
    return fold(files, shop, placements.of_surveys(told, shop)), tuple(days)
