"""A local stack's own doors under `/_local/`: its clock, its mailbox, its objects."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote

from cx_domain.errors import Trouble
from infra.operator.http import Http

MailEvent = Literal["Bounce", "Complaint", "Delivery"]


@dataclass(frozen=True, slots=True)
class MailHeading:
    """One line of the mailbox."""

    id: str
    to: str
    subject: str
    sent_at: datetime


class LocalDoors:
    """The doors of the local stack at one address."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def now(self) -> datetime:
        return datetime.fromisoformat(self._json("GET", "/_local/clock")["now"])

    def advance_to(self, at: datetime) -> None:
        """Move the clock; returns when everything that fell due by then is done."""
        self._json("POST", "/_local/clock", {"to": at.isoformat()})

    def mails(self) -> list[MailHeading]:
        """List the mailbox, oldest first."""
        return [
            MailHeading(mail["id"], mail["to"][0], mail["subject"], datetime.fromisoformat(mail["sent_at"]))
            for mail in self._json("GET", "/_local/mail")
        ]

    def mail(self, id_: str) -> bytes:
        return self._body("GET", f"/_local/mail/{quote(id_)}")

    def mail_event(self, id_: str, kind: MailEvent, subtype: str | None = None) -> None:
        """Let the mailbox's provider tell what became of a mail."""
        subtyped = {} if subtype is None else {"subtype": subtype}
        self._json("POST", "/_local/mail-events", {"id": id_, "type": kind, **subtyped})

    def objects(self, prefix: str) -> list[str]:
        listed: list[str] = self._json("GET", f"/_local/objects?prefix={quote(prefix)}")
        return listed

    def object(self, key: str) -> bytes:
        return self._body("GET", f"/_local/objects/{quote(key)}")

    def _json(self, method: str, path: str, value: dict[str, Any] | None = None) -> Any:
        body = self._body(method, path, None if value is None else json.dumps(value).encode())
        return json.loads(body) if body else None

    def _body(self, method: str, path: str, body: bytes | None = None) -> bytes:
        answer = self._http.call(method, path, body, {"content-type": "application/json"} if body else None)
        if answer.status >= 300:  # noqa: PLR2004 - whatever is not a 2xx
            raise Trouble(f"The local stack answered {answer.status} to {method} {path}: {answer.text[:300]}")
        return answer.body
