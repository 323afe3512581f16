"""HTTP API requests (payload 2.0) as our functions read them, and the one table from errors to answers."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from cx_domain.errors import AfterorderError, BadInput, BadLink, BadSignature, NotFound, TooLarge, Trouble

MOST_FORM_FIELDS = 1000
_GZIP = re.compile(r"\s*gzip\s*(;(?!\s*q\s*=\s*0(\.0*)?\s*$).*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Request:
    """One request: header names in small letters, the body as the bytes that were sent."""

    method: str
    headers: Mapping[str, str]
    path: Mapping[str, str]
    body: bytes
    address: str
    agent: str
    cookies: tuple[str, ...] = ()
    query: Mapping[str, str] = field(default_factory=dict)

    def form(self) -> dict[str, list[str]]:
        """Read the body as a browser's form; undecodable bytes become replacement marks, a flood of fields is BadInput."""
        try:
            return parse_qs(
                self.body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FORM_FIELDS
            )
        except ValueError as error:
            raise BadInput(f"the form cannot be read: {error}") from error

    @property
    def language(self) -> str:
        """What languages the reader's browser asks for."""
        return _language(self.headers)

    def cookie(self, name: str) -> str | None:
        """Read one cookie, or None."""
        return next((value for key, _, value in (c.partition("=") for c in self.cookies) if key == name), None)


def read(event: Mapping[str, Any]) -> Request:
    """Read the event that API Gateway hands to a function."""
    http = event["requestContext"]["http"]
    headers: Mapping[str, str] = event.get("headers") or {}
    return Request(
        method=http["method"],
        headers=headers,
        path=event.get("pathParameters") or {},
        body=_body(event),
        address=http.get("sourceIp", ""),
        agent=headers.get("user-agent", ""),
        cookies=tuple(event.get("cookies") or ()),
        query=event.get("queryStringParameters") or {},
    )


def language(event: Mapping[str, Any]) -> str:
    """Read what languages a browser asks for, of a request that may be unreadable otherwise."""
    return _language(event.get("headers") or {})


def takes_gzip(event: Mapping[str, Any]) -> bool:
    """Say whether a browser unpacks gzip: it names it, and not with a weight of nothing (RFC 9110, 12.5.3)."""
    offers = (event.get("headers") or {}).get("accept-encoding", "").split(",")
    return any(_GZIP.fullmatch(offer) is not None for offer in offers)


def _language(headers: Mapping[str, str]) -> str:
    return headers.get("accept-language", "")


def _body(event: Mapping[str, Any]) -> bytes:
    text: str = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return text.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise BadInput("the body is not what API Gateway says it is") from error


def answer(status: HTTPStatus, body: str = "", headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Answer a program: plain text, or nothing at all."""
    return {
        "statusCode": int(status),
        "headers": {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store", **(headers or {})},
        "body": body,
    }


def status_of(error: AfterorderError) -> HTTPStatus:
    """The one table from our errors to HTTP: 4xx is the sender's to mend, 5xx is ours, and shops try again."""
    match error:
        case BadSignature():
            return HTTPStatus.UNAUTHORIZED
        case BadLink() | NotFound():
            return HTTPStatus.NOT_FOUND
        case TooLarge():
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        case BadInput():
            return HTTPStatus.BAD_REQUEST
        case Trouble():
            return HTTPStatus.SERVICE_UNAVAILABLE
        case _:
            return HTTPStatus.INTERNAL_SERVER_ERROR
