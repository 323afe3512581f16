"""The local stack's own door, `/_local/`: a page for people, JSON for tests. It exists only here, never on AWS."""

import json
import mimetypes
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

from infra.local.deliveries import Deliveries
from infra.local.faults import FAULT_KINDS, FaultKind, operations
from infra.local.http_events import Request
from infra.local.mailbox import MailRecord
from infra.local.pump import Pump
from infra.local.ses_events import MAIL_EVENTS, SUBTYPES, MailEvent, mail_event
from infra.local.time_travel import TimeTravel, duration
from infra.local.virtual_clock import VirtualClock, iso
from infra.local.wire import Reply, json_reply, merged

T = TypeVar("T")
Choice = TypeVar("Choice", bound=str)

LOOK, CHANGE = frozenset({"GET", "HEAD"}), frozenset({"POST"})
PLACES: Mapping[str, frozenset[str]] = {
    "": LOOK,
    "mail": LOOK,
    "objects": LOOK,
    "calls": LOOK,
    "clock": LOOK | CHANGE,
    "mail-events": CHANGE,
    "faults": CHANGE,
}

FARTHEST = timedelta(days=3660)
HOSTS = ("127.0.0.1", "localhost", "::1")
FORM = "application/x-www-form-urlencoded"


class BadRequest(ValueError):
    """The request is not one of this door's; the text names what is wrong."""


class Missing(LookupError):
    """There is no such mail, object or path."""


class Faults(Protocol):
    """Where faults are armed."""

    def arm(self, operation: str, nth: int, kind: FaultKind) -> None: ...

    def clear(self) -> None: ...


class DoorCloud(Protocol):
    """The part of the cloud that can be looked at and meddled with."""

    @property
    def faults(self) -> Faults: ...

    def mails(self) -> Sequence[MailRecord]: ...

    def mail(self, mail_id: str) -> MailRecord | None: ...

    def objects(self, prefix: str) -> Sequence[str]: ...

    def object(self, key: str) -> bytes | None: ...

    def calls(self) -> Mapping[str, Mapping[str, float]]: ...

    def publish_ses_event(self, event: Mapping[str, Any]) -> None: ...


@dataclass(frozen=True, slots=True)
class Door:
    """Everything behind `/_local/`. `page` renders the page for people from its query."""

    cloud: DoorCloud
    clock: VirtualClock
    travel: TimeTravel
    deliveries: Deliveries
    pump: Pump
    page: Callable[[Mapping[str, str]], str]

    def __call__(self, request: Request) -> Reply:
        path, _, query = request.target.partition("?")
        if not _ours(request):
            return json_reply(403, {"error": "this door opens to programs and pages of this machine only"})
        try:
            return self._route(request, unquote(path).removeprefix("/_local").lstrip("/"), _flat(query))
        except BadRequest as problem:
            return json_reply(400, {"error": str(problem)})
        except Missing as problem:
            return json_reply(404, {"error": problem.args[0]})

    def _route(self, request: Request, path: str, query: Mapping[str, str]) -> Reply:
        place, _, rest = path.partition("/")
        if place not in PLACES:
            message = f"/_local/{path} is not here; see /_local/"
            raise Missing(message)
        if request.method not in PLACES[place]:
            return json_reply(405, {"error": f"{request.method} is not for /_local/{path}"})
        return self._change(request, place) if request.method == "POST" else self._look(place, rest, query)

    def _look(self, place: str, rest: str, query: Mapping[str, str]) -> Reply:
        match place, rest:
            case "", _:
                answer = _html(self.page(query))
            case "mail", "":
                answer = json_reply(200, [_listed(record) for record in self.cloud.mails()])
            case "mail", mail_id:
                answer = Reply(200, self._mail(mail_id).raw, (("content-type", "message/rfc822"),))
            case "objects", "":
                answer = json_reply(200, list(self.cloud.objects(query.get("prefix", ""))))
            case "objects", key:
                answer = self._object(key)
            case "calls", _:
                answer = json_reply(200, self.cloud.calls())
            case _:
                answer = json_reply(200, {"now": iso(self.clock.now())})
        return answer

    def _change(self, request: Request, place: str) -> Reply:
        wanted = _body(request)
        match place:
            case "clock":
                answer = self._move(wanted)
            case "mail-events":
                answer = self._mail_event(wanted)
            case _:
                answer = self._fault(wanted)
        if _is_form(request):
            return Reply(303, headers=(("location", _back(request)),))
        return json_reply(200, answer)

    def _move(self, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
        match wanted:
            case {"advance": str(text), **rest} if not rest:
                to = _checked(lambda text: self.clock.now() + duration(text), text, "advance")
            case {"to": str(text), **rest} if not rest:
                to = _checked(_moment, text, "to")
            case _:
                message = 'say {"advance": "7d"} or {"to": "2026-01-05T09:00:00Z"}'
                raise BadRequest(message)
        now = self.clock.now()
        if not now <= to <= now + FARTHEST:
            message = (
                f"the clock stands at {iso(now)}; it does not go back, nor farther than {FARTHEST.days} days at once"
            )
            raise BadRequest(message)
        self.travel.advance(to)
        return {"now": iso(self.clock.now())}

    def _mail_event(self, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
        kind = _one_of("type", wanted.get("type"), MAIL_EVENTS)
        subtype = wanted.get("subtype") or None
        if subtype is not None:
            _one_of(f"subtype of {kind}", subtype, SUBTYPES[kind])
        record = self._mail(str(wanted.get("id", "")))
        self._publish(record, kind, subtype)
        self.pump.drain()
        return {"id": record.id, "type": kind, "subtype": subtype}

    def _publish(self, record: MailRecord, kind: MailEvent, subtype: str | None) -> None:
        if kind != "Complaint":
            # What bounced does not arrive, and what was said to have arrived does not arrive again.
            self.deliveries.settled(record)
        self.cloud.publish_ses_event(mail_event(record, kind, subtype, self.clock.now()))

    def _fault(self, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
        if not wanted:
            self.cloud.faults.clear()
            return {}
        operation, nth = wanted.get("operation"), wanted.get("nth", 1)
        kind = _one_of("kind", wanted.get("kind"), FAULT_KINDS)
        if operation not in operations():
            message = "operation: an AWS operation's name, such as PutItem, UpdateItem or SendEmail"
            raise BadRequest(message)
        if not isinstance(nth, int) or isinstance(nth, bool) or nth < 1:
            message = "nth: a whole number from 1"
            raise BadRequest(message)
        self.cloud.faults.arm(operation, nth, kind)
        return {"operation": operation, "nth": nth, "kind": kind}

    def _mail(self, mail_id: str) -> MailRecord:
        record = self.cloud.mail(mail_id)
        if record is None:
            message = f"id: no mail {mail_id!r}; GET /_local/mail lists them"
            raise Missing(message)
        return record

    def _object(self, key: str) -> Reply:
        body = self.cloud.object(key)
        if body is None:
            message = f"no object {key}; GET /_local/objects lists them"
            raise Missing(message)
        # A day file stays the gzip that lies there: declared as an encoding, a client would unpack it unasked.
        kind, encoding = mimetypes.guess_type(key)
        kind = "application/gzip" if encoding == "gzip" else kind
        headers = [
            (
                "content-type",
                f"{kind}; charset=utf-8" if kind and kind.startswith("text/") else kind or "application/octet-stream",
            )
        ]
        return Reply(200, body, tuple(headers))


def _listed(record: MailRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "to": list(record.to),
        "from": record.sender,
        "subject": record.subject,
        "sent_at": iso(record.sent_at),
    }


def _body(request: Request) -> Mapping[str, Any]:
    if _is_form(request):
        return _flat(request.body.decode(errors="replace"))
    try:
        wanted = json.loads(request.body or b"{}")
    except ValueError as problem:
        message = f"the body is not JSON: {problem}"
        raise BadRequest(message) from problem
    if not isinstance(wanted, dict):
        message = "the body must be a JSON object"
        raise BadRequest(message)
    return wanted


def _is_form(request: Request) -> bool:
    """Tell the page's buttons from programs: `curl -d '{...}'` calls its JSON a form too."""
    found = merged(request.headers).get("content-type", "")
    return found.lower().startswith(FORM) and not request.body.lstrip().startswith((b"{", b"["))


def _ours(request: Request) -> bool:
    """Keep out other sites that are open in the same browser, also those whose name points at this machine."""
    headers = merged(request.headers)
    host = headers.get("host", HOSTS[0])
    return urlsplit(f"//{host}").hostname in HOSTS and headers.get("origin", f"http://{host}") == f"http://{host}"


def _back(request: Request) -> str:
    """Return to where on the page the button was."""
    referer = next((value for name, value in request.headers if name.lower() == "referer"), "")
    _, found, query = referer.partition("/_local/")
    return "/_local/" + (query if found else "")


def _flat(query: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(query).items()}


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _checked(read: Callable[[str], T], text: str, name: str) -> T:
    try:
        return read(text)
    except (ValueError, OverflowError) as problem:
        message = f"{name}: {problem}"
        raise BadRequest(message) from problem


def _one_of(name: str, value: object, allowed: Sequence[Choice]) -> Choice:
    for choice in allowed:
        if value == choice:
            return choice
    message = f"{name}: {value!r} is not one of {', '.join(allowed) or 'none'}"
    raise BadRequest(message)


def _html(text: str) -> Reply:
    # Mails are strangers' words: the page runs no script at all, and fetches nothing but the pictures of mails.
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; form-action 'self'; frame-src 'self'"
    headers = (
        ("content-type", "text/html; charset=utf-8"),
        ("content-security-policy", policy),
        ("cache-control", "no-store"),
    )
    return Reply(200, text.encode(), headers)
