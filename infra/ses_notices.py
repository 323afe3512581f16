"""SES's events, as SNS hands them to our queue, read into our words.

https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from cx_domain.errors import BadInput
from cx_domain.mail_events import MailEvent, MailEventKind
from cx_domain.surveys import SurveyId


@dataclass(frozen=True, slots=True)
class Ignored:
    """An event that changes nothing, and why."""

    reason: Literal["no-survey", "not-spam", "event-unknown", "sns-handshake"]


def read(body: str) -> MailEvent | Ignored:
    """Read one queue message: an SNS envelope around an SES event. BadInput when it is neither."""
    try:
        envelope = json.loads(body)
        if envelope.get("Type") in {"SubscriptionConfirmation", "UnsubscribeConfirmation"}:
            return Ignored("sns-handshake")
        # With raw delivery, SNS leaves its envelope out.
        return _event(json.loads(envelope["Message"]) if "Message" in envelope else envelope)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise BadInput(f"not an event of SES: {type(error).__name__}") from error


def _event(event: dict[str, Any]) -> MailEvent | Ignored:
    mail = event["mail"]
    surveys = mail.get("tags", {}).get("survey_id", [])
    if not surveys:
        return Ignored("no-survey")  # a digest, or a mail that is not ours
    kind = _kind(event)
    if not isinstance(kind, str):
        return kind
    # The old "notification" path says notificationType; events say eventType.
    details = event.get(str(event.get("eventType") or event.get("notificationType")).lower(), {})
    sent_at = _time(mail["timestamp"])
    at = _time(details["timestamp"]) if "timestamp" in details else sent_at
    return MailEvent(kind, SurveyId(surveys[0]), mail["messageId"], sent_at, at)


def _kind(event: dict[str, Any]) -> MailEventKind | Ignored:
    match event.get("eventType") or event.get("notificationType"):
        case "Delivery":
            return "delivered"
        case "Bounce":
            # "Undetermined" is no proof that the address is dead.
            return "bounced-for-good" if event["bounce"]["bounceType"] == "Permanent" else "bounced"
        case "Complaint":
            # A reader who takes a mail out of the spam folder also sends a "complaint".
            is_praise = event["complaint"].get("complaintFeedbackType") == "not-spam"
            return Ignored("not-spam") if is_praise else "complained"
        case "Reject":
            return "bounced"
        case _:
            return Ignored("event-unknown")


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
