"""Close the surveys that have expired, so that addresses leave when their purpose is over.

A day with very many is closed in parts, each by a message of its own on the rollup's queue: a survey is closed by a write of its own, and a
night has only so much time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cx_domain import sending
from cx_domain.shops import Shop
from cx_domain.surveys import Survey, SurveyId
from infra import adapters
from infra.aws.files import Files
from infra.aws.survey_table import SurveyTable
from infra.logs import logger
from infra.rollups.fold import day_ids

AT_ONCE = 10_000
"""Surveys that one message closes: a minute's work."""


@dataclass(frozen=True, slots=True)
class Part:
    """The surveys that were sent on a day, whose ids begin so."""

    day: date
    begins: str = ""

    def message(self, shop: Shop) -> dict[str, Any]:
        return {"shop": shop.id, "closing": {"day": self.day.isoformat(), "begins": self.begins}}


def close_told(shop: Shop, told: Mapping[str, Any], now: datetime) -> None:
    """Close what a message of `Part.message` names."""
    part = Part(date.fromisoformat(told["day"]), told["begins"])
    closed = _close_part(adapters.surveys(), adapters.files(), shop, part, now)
    logger.info("surveys closed", shop=shop.id, day=part.day.isoformat(), closed=closed)


def close_expired(surveys: SurveyTable, files: Files, shop: Shop, days: Iterable[date], now: datetime) -> int:
    """Close what was sent on these days and has expired, or forget whom nobody wrote back to; returns how many changed."""
    return sum(_close_part(surveys, files, shop, Part(day), now) for day in days)


def _close_part(surveys: SurveyTable, files: Files, shop: Shop, part: Part, now: datetime) -> int:
    """Close a part, or put smaller ones on the queue. Safe to repeat."""
    asked = [SurveyId(id_) for id_ in day_ids(files, shop.id, "asked", part.day) if id_.startswith(part.begins)]
    if len(asked) <= AT_ONCE:
        return _close(surveys, shop, asked, now)
    smaller = sorted({id_[: len(part.begins) + 1] for id_ in asked})
    adapters.rollup_queue().send_batch((Part(part.day, begins).message(shop), 0) for begins in smaller)
    return 0


def _close(surveys: SurveyTable, shop: Shop, asked: Sequence[SurveyId], now: datetime) -> int:
    def close(survey: Survey) -> Survey:
        return sending.closed(survey, shop.protection, now)

    closed = 0
    # What was changed a moment ago may be read as it was before: then it is read again when it is written.
    for survey in surveys.get_many(asked, consistent=False):
        if close(survey) != survey:
            surveys.change(survey, close, now)
            closed += 1
    return closed
