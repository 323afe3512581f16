"""Close the surveys that have expired, so that addresses leave when their purpose is over."""

from collections.abc import Iterable
from datetime import date, datetime

from cx_domain import sending
from cx_domain.shops import Shop
from cx_domain.surveys import Survey, SurveyId
from infra.aws.files import Files
from infra.aws.survey_table import SurveyTable
from infra.rollups.fold import day_lines


def close_expired(surveys: SurveyTable, files: Files, shop: Shop, days: Iterable[date], now: datetime) -> int:
    """Close what was sent on these days and has expired, or forget whom nobody wrote back to; returns how many changed."""

    def close(survey: Survey) -> Survey:
        return sending.closed(survey, shop.protection, now)

    closed = 0
    for day in days:
        asked, _ = day_lines(files, shop.id, "asked", day)
        # What was changed a moment ago may be read as it was before: then it is read again when it is written.
        found = surveys.get_many((SurveyId(survey_id) for survey_id in sorted(asked)), consistent=False)
        for survey in found:
            if close(survey) != survey:
                surveys.change(survey, close, now)
                closed += 1
    return closed
