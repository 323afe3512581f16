"""What became of a mail, in our words, and what it changes."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, assert_never

from cx_domain.lifecycle import Happening, next_stage
from cx_domain.surveys import Survey, SurveyId

MailEventKind = Literal["delivered", "bounced", "bounced-for-good", "complained"]
Suppression = Literal["bounced", "complained"]


@dataclass(frozen=True, slots=True)
class MailEvent:
    """One event of the mail service about one survey's mail; `sent_at` is when the service took the mail."""

    kind: MailEventKind
    survey_id: SurveyId
    message_id: str
    sent_at: datetime
    at: datetime


def note(survey: Survey, event: MailEvent) -> Survey:
    """Note the event; it also proves that the mail went out, which settles a survey whose outcome was unknown."""
    if survey.stage in {"waiting", "planned", "refused", "erased"}:
        return survey  # no mail went out, or nobody may remember it: the table says so
    survey = _settled(survey, event)
    match event.kind:
        case "delivered":
            return replace(survey, delivered_at=survey.delivered_at or event.at)
        case "bounced":
            # An out-of-office notice comes as a transient bounce of a mail that was delivered.
            return (
                survey if survey.delivered_at else _stopped(replace(survey, bounced_at=survey.bounced_at or event.at))
            )
        case "bounced-for-good":
            return _stopped(replace(survey, bounced_at=survey.bounced_at or event.at))
        case "complained":
            return _stopped(replace(survey, complained_at=survey.complained_at or event.at))
        case _:
            assert_never(event.kind)


def suppression(event: MailEvent) -> Suppression | None:
    """Say why the customer must never be asked again by this shop; None where the event is no reason."""
    match event.kind:
        case "bounced-for-good":
            return "bounced"
        case "complained":
            return "complained"
        case _:
            return None


_HAPPENING: dict[MailEventKind, Happening] = {
    "delivered": "is-accepted",
    "bounced": "bounces",
    "bounced-for-good": "bounces",
    "complained": "complains",
}


def _settled(survey: Survey, event: MailEvent) -> Survey:
    stage = next_stage(survey.stage, _HAPPENING[event.kind])
    if stage == survey.stage or event.message_id == survey.message_id:
        return survey  # nothing to settle; or a repeated event of the first mail, which says nothing of the reminder
    if stage == "reminded":
        return replace(survey, stage=stage, reason=None, claim=None, reminded_at=event.sent_at)
    return replace(
        survey,
        stage=stage,
        reason=None,
        claim=None,
        sent_at=event.sent_at,
        message_id=event.message_id,
    )


def _stopped(survey: Survey) -> Survey:
    return replace(survey, due_at=None)
