"""Close the surveys that have expired, so that addresses leave when their purpose is over."""

from collections.abc import Iterable
from datetime import date, datetime

from cx_domain import sending
from cx_domain.errors import Conflict
from cx_domain.shops import Shop
from cx_domain.surveys import SurveyId
from infra.aws.files import Files
from infra.aws.survey_table import SurveyTable
from infra.rollups.fold import day_lines


def close_expired(surveys: SurveyTable, files: Files, shop: Shop, days: Iterable[date], now: datetime) -> int:
    """Close what was sent on these days and has expired, or forget whom nobody wrote back to; returns how many changed.

    Whoever is visited just now is closed next time.
    """
    closed = 0
    for day in days:
        asked, _ = day_lines(files, shop.id, "asked", day)
        for survey in surveys.get_many(SurveyId(survey_id) for survey_id in sorted(asked)):
            after = sending.closed(survey, shop.protection, now)
            if after == survey:
                continue
            try:
                surveys.save(survey, after, now)
            except Conflict:
                continue
            closed += 1
    return closed
