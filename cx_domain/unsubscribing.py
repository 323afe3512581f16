"""What a survey keeps of "do not ask me again": the customer's own item says it for good, this counts it once."""

from dataclasses import replace
from datetime import datetime

from cx_domain.lifecycle import next_stage
from cx_domain.surveys import Survey


def note(survey: Survey, now: datetime) -> Survey:
    """Note the first time, and ask no second time. Whoever unsubscribes by a mail's link has got that mail."""
    if survey.stage in {"waiting", "planned", "refused", "erased"}:
        return survey  # no mail of this survey has a link to unsubscribe by
    stage = next_stage(survey.stage, "unsubscribes")
    settled = replace(survey, stage=stage, unsubscribed_at=survey.unsubscribed_at or now, due_at=None)
    if stage == survey.stage:
        return settled
    # When it was sent is not known; that its outcome was lost is noted with its time.
    return replace(settled, reason=None, claim=None, sent_at=survey.refused_at or now)
