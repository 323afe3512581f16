"""The local SES: it takes mail as version 2 of the API does, keeps each message as it was given, and knows who is suppressed."""

import json
import re
import uuid
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import getaddresses
from typing import Any

from infra.local.aws_errors import Answer, error
from infra.local.calls import Call, sender_address
from infra.local.journal import Entry
from infra.local.stack import Stack
from infra.local.suppressed_addresses import SuppressedAddresses

MAX_24_HOURS = 50_000
MAX_RATE = 14
TAG = re.compile(r"[A-Za-z0-9_-]{1,256}")


@dataclass(frozen=True, slots=True)
class MailRecord:
    """One accepted mail; `raw` is the whole message, `tags` are SES's message tags (`survey_id` among them).

    A mail to a suppressed address is accepted as any other, and bounces.
    """

    id: str
    to: tuple[str, ...]
    sender: str
    subject: str
    sent_at: datetime
    raw: bytes
    tags: Mapping[str, str] = field(default_factory=dict)
    configuration_set: str | None = None
    suppressed: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What SES answers, what must be kept before it does, and the mail if it took one."""

    answer: Answer
    kept: tuple[Entry, ...] = ()
    mail: MailRecord | None = None


class Mailbox:
    """Whoever calls holds the stack's lock, and keeps an outcome's entries before the answer leaves."""

    def __init__(self, stack: Stack, now: Callable[[], datetime]) -> None:
        self._now = now
        self._records: dict[str, MailRecord] = {}
        self._suppressed = SuppressedAddresses(now)
        self._identities = frozenset(each.name.lower() for each in stack.of_type("AWS::SES::EmailIdentity"))
        self._configuration_sets = frozenset(each.name for each in stack.of_type("AWS::SES::ConfigurationSet"))

    def records(self) -> list[MailRecord]:
        return list(self._records.values())

    def record(self, mail_id: str) -> MailRecord | None:
        return self._records.get(mail_id)

    def restore(self, mails: Iterable[Entry], suppressed: Iterable[Entry]) -> None:
        for entry in mails:
            self._records[entry.key] = _from_entry(entry)
        self._suppressed.restore(suppressed)

    def suppress(self, addresses: Iterable[str], reason: str) -> tuple[Entry, ...]:
        """Put addresses onto the account's list, as SES does after a final bounce or a complaint; returns what must be kept."""
        return tuple(self._suppressed.put(address, reason) for address in addresses)

    def answer(self, call: Call) -> Outcome:
        given = call.parameters
        match call.operation:
            case "SendEmail":
                return self._send(given)
            case "GetAccount":
                return Outcome(_json(self._account()))
            case "ListEmailIdentities":
                listed = [{"IdentityName": each, "SendingEnabled": True} for each in sorted(self._identities)]
                return Outcome(_json({"EmailIdentities": listed}))
            case _:
                return self._suppression(call)

    def _suppression(self, call: Call) -> Outcome:
        given = call.parameters
        match call.operation:
            case "PutSuppressedDestination":
                return Outcome(_json({}), self.suppress([given["EmailAddress"]], given["Reason"]))
            case "DeleteSuppressedDestination":
                gone = self._suppressed.remove(given["EmailAddress"])
                return Outcome(_json({}), (gone,)) if gone else Outcome(_not_suppressed())
            case "GetSuppressedDestination":
                found = self._suppressed.get(given["EmailAddress"])
                return Outcome(_json({"SuppressedDestination": found})) if found else Outcome(_not_suppressed())
            case "ListSuppressedDestinations":
                return Outcome(_json(self._suppressed.page(given)))
            case other:
                return Outcome(error("ses", 501, "NotImplemented", f"The local stack does not know SES's {other}."))

    def _send(self, given: Mapping[str, Any]) -> Outcome:
        if refusal := next(self._refusals(given), None):
            return Outcome(refusal)
        raw = _raw(given)
        message = message_from_bytes(raw, policy=SMTP)
        recipients = tuple(_recipients(given, message))
        # SES's own ids look so: a time in hexadecimal, a UUID, and six zeros.
        record = MailRecord(
            id=f"0107{int(self._now().timestamp() * 1000):012x}-{uuid.uuid4()}-000000",
            to=recipients,
            sender=str(message["From"] or given.get("FromEmailAddress", "")),
            subject=str(message["Subject"] or ""),
            sent_at=self._now(),
            raw=raw,
            tags={each["Name"]: each["Value"] for each in given.get("EmailTags", [])},
            configuration_set=given.get("ConfigurationSetName"),
            suppressed=any(self._suppressed.get(address) for address in recipients),
        )
        self._records[record.id] = record
        return Outcome(_json({"MessageId": record.id}), (_to_entry(record),), record)

    def _refusals(self, given: Mapping[str, Any]) -> Iterator[Answer]:
        content = given.get("Content", {})
        if "Raw" not in content and "Simple" not in content:
            yield _bad_request("The local stack takes Raw and Simple content only.")
        address = sender_address(given).lower()
        if "@" not in address:
            yield _bad_request(f"Missing final '@domain' in {address!r}.")
        if self._identities and not self._identities & {address, address.partition("@")[2]}:
            text = f"Email address is not verified. The following identities failed the check: {address}"
            yield error("ses", 400, "MessageRejected", text)
        if (name := given.get("ConfigurationSetName")) and name not in self._configuration_sets:
            yield error("ses", 404, "NotFoundException", f"Configuration set <{name}> does not exist.")
        for tag in given.get("EmailTags", []):
            if not (TAG.fullmatch(tag["Name"]) and TAG.fullmatch(tag["Value"])):
                yield _bad_request(f"Invalid tag {tag['Name']!r}: letters, digits, hyphens and underscores only.")

    def _account(self) -> dict[str, Any]:
        since = self._now() - timedelta(days=1)
        sent = sum(len(each.to) for each in self._records.values() if each.sent_at > since)
        return {
            "ProductionAccessEnabled": True,
            "SendingEnabled": True,
            "EnforcementStatus": "HEALTHY",
            "SendQuota": {"Max24HourSend": MAX_24_HOURS, "MaxSendRate": MAX_RATE, "SentLast24Hours": sent},
            "SuppressionAttributes": {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]},
        }


def _raw(given: Mapping[str, Any]) -> bytes:
    content = given["Content"]
    if "Raw" in content:
        return b64decode(content["Raw"]["Data"])
    simple = content["Simple"]
    message = EmailMessage(policy=SMTP.clone(max_line_length=998))
    message["From"] = given["FromEmailAddress"]
    message["To"] = ", ".join(given["Destination"].get("ToAddresses", []))
    message["Subject"] = simple["Subject"]["Data"]
    for header in simple.get("Headers", []):
        message[header["Name"]] = header["Value"]
    body = simple["Body"]
    if "Text" in body:
        message.set_content(body["Text"]["Data"])
    if "Html" in body:
        add = message.add_alternative if "Text" in body else message.set_content
        add(body["Html"]["Data"], subtype="html")
    return message.as_bytes()


def _recipients(given: Mapping[str, Any], message: EmailMessage) -> Sequence[str]:
    destination = given.get("Destination", {})
    named = [each for kind in ("ToAddresses", "CcAddresses", "BccAddresses") for each in destination.get(kind, [])]
    return [address for _, address in getaddresses(named or [str(each) for each in message.get_all("To", [])])]


def _to_entry(record: MailRecord) -> Entry:
    value = {
        "to": list(record.to),
        "sender": record.sender,
        "subject": record.subject,
        "sent_at": record.sent_at.isoformat(),
        "tags": dict(record.tags),
        "configuration_set": record.configuration_set,
        "suppressed": record.suppressed,
    }
    return Entry("mail", "", record.id, value, record.raw)


def _from_entry(entry: Entry) -> MailRecord:
    given = entry.value or {}
    return MailRecord(
        id=entry.key,
        to=tuple(given["to"]),
        sender=given["sender"],
        subject=given["subject"],
        sent_at=datetime.fromisoformat(given["sent_at"]),
        raw=entry.body,
        tags=given["tags"],
        configuration_set=given["configuration_set"],
        suppressed=given.get("suppressed", False),
    )


def _json(value: Mapping[str, Any]) -> Answer:
    return Answer(200, {"Content-Type": "application/json"}, json.dumps(value).encode())


def _bad_request(message: str) -> Answer:
    return error("ses", 400, "BadRequestException", message)


def _not_suppressed() -> Answer:
    return error("ses", 404, "NotFoundException", "The address is not on the suppression list.")
