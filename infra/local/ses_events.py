"""What SES says about a mail it took, in the JSON that a configuration set's event destination publishes.

Source: "Examples of event data that Amazon SES publishes to Amazon SNS", SES developer guide.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.parser import BytesHeaderParser
from email.policy import default
from email.utils import parseaddr
from typing import Any, Literal, get_args

from infra.local.mailbox import MailRecord

MailEvent = Literal["Bounce", "Complaint", "Delivery"]
MAIL_EVENTS: tuple[MailEvent, ...] = get_args(MailEvent)

DELIVERY_TAKES = timedelta(seconds=2)

BOUNCES: Mapping[str, tuple[str, str]] = {
    "General": ("Permanent", "General"),
    "NoEmail": ("Permanent", "NoEmail"),
    "Suppressed": ("Permanent", "Suppressed"),
    "OnAccountSuppressionList": ("Permanent", "OnAccountSuppressionList"),
    "MailboxFull": ("Transient", "MailboxFull"),
    "MessageTooLarge": ("Transient", "MessageTooLarge"),
    "ContentRejected": ("Transient", "ContentRejected"),
    "AttachmentRejected": ("Transient", "AttachmentRejected"),
    "Permanent": ("Permanent", "General"),
    "Transient": ("Transient", "General"),
    "Undetermined": ("Undetermined", "Undetermined"),
}
"""Subtypes of a bounce, and its bounceType and bounceSubType. `General` is SES's word in two types; here it is final."""

COMPLAINTS = ("abuse", "auth-failure", "fraud", "not-spam", "other", "virus")

SUBTYPES: Mapping[MailEvent, tuple[str, ...]] = {"Bounce": tuple(BOUNCES), "Complaint": COMPLAINTS, "Delivery": ()}


def mail_event(record: MailRecord, kind: MailEvent, subtype: str | None, at: datetime) -> dict[str, Any]:
    """Make the event; `subtype` is one of SUBTYPES[kind], None meaning the first."""
    return {"eventType": kind, "mail": _mail(record), kind.lower(): _detail(record, kind, subtype, at)}


def suppresses(event: Mapping[str, Any]) -> tuple[Sequence[str], str] | None:
    """Say which addresses an event puts onto the account's list, and SES's reason; None where it puts none there."""
    match event:
        case {"bounce": {"bounceType": "Permanent", "bounceSubType": subtype, "bouncedRecipients": recipients}}:
            # Those two say that it was on a list already.
            reason = None if subtype in {"Suppressed", "OnAccountSuppressionList"} else "BOUNCE"
        case {"complaint": {"complaintFeedbackType": subtype, "complainedRecipients": recipients}}:
            reason = None if subtype == "not-spam" else "COMPLAINT"
        case _:
            return None
    return ([each["emailAddress"] for each in recipients], reason) if reason is not None else None


def _detail(record: MailRecord, kind: MailEvent, subtype: str | None, at: datetime) -> dict[str, Any]:
    match kind:
        case "Bounce":
            return _bounce(record, subtype or "General", at)
        case "Complaint":
            return _complaint(record, subtype or "abuse", at)
        case "Delivery":
            return _delivery(record, at)


def _bounce(record: MailRecord, subtype: str, at: datetime) -> dict[str, Any]:
    bounce_type, bounce_subtype = BOUNCES[subtype]
    status = "5.1.1" if bounce_type == "Permanent" else "4.2.2"
    recipients = [
        {"emailAddress": address, "action": "failed", "status": status, "diagnosticCode": f"smtp; {status} refused"}
        for address in _addresses(record)
    ]
    return {
        "feedbackId": _feedback_id(record, at),
        "bounceType": bounce_type,
        "bounceSubType": bounce_subtype,
        "bouncedRecipients": recipients,
        "timestamp": _stamp(at),
        "reportingMTA": "dns; mail.local.test",
    }


def _complaint(record: MailRecord, subtype: str, at: datetime) -> dict[str, Any]:
    return {
        "feedbackId": _feedback_id(record, at),
        "complaintSubType": None,
        "complainedRecipients": [{"emailAddress": address} for address in _addresses(record)],
        "timestamp": _stamp(at),
        "userAgent": "afterorder-local",
        "complaintFeedbackType": subtype,
        "arrivalDate": _stamp(at),
    }


def _delivery(record: MailRecord, at: datetime) -> dict[str, Any]:
    return {
        "timestamp": _stamp(at),
        "processingTimeMillis": int((at - record.sent_at) / timedelta(milliseconds=1)),
        "recipients": _addresses(record),
        "smtpResponse": "250 2.0.0 OK",
        "reportingMTA": "mail.local.test",
    }


def _mail(record: MailRecord) -> dict[str, Any]:
    message = BytesHeaderParser(policy=default).parsebytes(record.raw)
    headers = [{"name": name, "value": str(value)} for name, value in message.items()]
    tags = {
        "ses:configuration-set": record.configuration_set,
        "ses:source-ip": "127.0.0.1",
        "ses:from-domain": parseaddr(record.sender)[1].rpartition("@")[2],
        **record.tags,
    }
    return {
        "timestamp": _stamp(record.sent_at),
        "source": record.sender,
        "sendingAccountId": "123456789012",
        "messageId": record.id,
        "destination": list(record.to),
        "headersTruncated": False,
        "headers": headers,
        "commonHeaders": {"from": [record.sender], "to": list(record.to), "subject": record.subject},
        "tags": {name: [value] for name, value in tags.items() if value},
    }


def _addresses(record: MailRecord) -> list[str]:
    return [parseaddr(address)[1] for address in record.to]


def _feedback_id(record: MailRecord, at: datetime) -> str:
    return hashlib.sha256(f"{record.id} {at.isoformat()}".encode()).hexdigest()[:32]


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
