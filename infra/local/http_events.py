"""HTTP requests as payload 2.0 events of API Gateway's HTTP APIs, and handlers' answers as HTTP replies.

Source: "Working with AWS Lambda proxy integrations for HTTP APIs", API Gateway developer guide. HTTP APIs, unlike REST
APIs and function URLs, hand on the path percent-decoded.
"""

import base64
import binascii
import contextlib
import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, unquote

from infra.local.runtime_api import Result
from infra.local.stack import Route
from infra.local.wire import Reply, json_reply, merged

TEXT = re.compile(r"(text/.*|application/(json|javascript|xml))", re.ASCII | re.IGNORECASE)
DROPPED = {"connection", "content-length", "date", "transfer-encoding", "apigw-requestid"}


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came; `target` is the path and query, still percent-encoded; `peer` is who connected."""

    method: str
    target: str
    headers: Sequence[tuple[str, str]]
    body: bytes
    peer: str


@dataclass(frozen=True, slots=True)
class Match:
    """The route that a request takes, and its path parameters."""

    route: Route
    parameters: Mapping[str, str]

    @property
    def key(self) -> str:
        return f"{self.route.method} {self.route.path}"


def find_route(routes: Sequence[Route], method: str, path: str) -> Match | None:
    """Choose the most specific route of a percent-encoded path: fixed parts before `{name}` before `{name+}`."""
    found = [
        (_specificity(route, method), Match(route, parameters))
        for route in routes
        if route.method in {method, "ANY"} and (parameters := _parameters(route.path, path)) is not None
    ]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _specificity(route: Route, method: str) -> tuple[tuple[int, ...], bool]:
    parts = tuple(0 if part.endswith("+}") else 1 if part.startswith("{") else 2 for part in route.path.split("/"))
    return parts, route.method == method


def _parameters(template: str, path: str) -> dict[str, str] | None:
    parts = path.split("/")
    found: dict[str, str] = {}
    wanted = template.split("/")
    for place, part in enumerate(wanted):
        if part.endswith("+}") and len(parts) > place and parts[place]:
            found[part[1:-2]] = unquote("/".join(parts[place:]))
            return found
        if len(parts) <= place or (part.startswith("{") and not parts[place]):
            return None
        if part.startswith("{"):
            found[part[1:-1]] = unquote(parts[place])
        elif part != unquote(parts[place]):
            return None
    return found if len(parts) == len(wanted) else None


def event(request: Request, match: Match, now: datetime, account: str) -> dict[str, Any]:
    """Make the event that the route's function gets. Keys without a value are absent, as in the real one."""
    path, _, query = request.target.partition("?")
    headers = dict(merged((name, value) for name, value in request.headers if name.lower() != "cookie"))
    cookies = [value for name, value in request.headers if name.lower() == "cookie"]
    made: dict[str, Any] = {
        "version": "2.0",
        "routeKey": match.key,
        "rawPath": unquote(path),
        "rawQueryString": query,
        "headers": headers,
        "requestContext": _context(request, match, headers, now) | {"accountId": account},
        "isBase64Encoded": False,
    }
    if cookies:
        made["cookies"] = [cookie.strip() for value in cookies for cookie in value.split(";") if cookie.strip()]
    if query:
        made["queryStringParameters"] = dict(merged_values(parse_qsl(query, keep_blank_values=True)))
    if match.parameters:
        made["pathParameters"] = dict(match.parameters)
    if request.body:
        made |= _body(request.body, headers.get("content-type", ""))
    return made


def merged_values(pairs: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    """Join repeated parameters by commas; their names keep their case."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {name: ",".join(values) for name, values in found.items()}


def _context(request: Request, match: Match, headers: Mapping[str, str], now: datetime) -> dict[str, Any]:
    forwarded = headers.get("x-forwarded-for", "").partition(",")[0].strip()
    host = headers.get("host", "")
    return {
        "apiId": "local",
        "domainName": host,
        "domainPrefix": host.partition(".")[0],
        "http": {
            "method": request.method,
            "path": unquote(request.target.partition("?")[0]),
            "protocol": "HTTP/1.1",
            "sourceIp": forwarded or request.peer,
            "userAgent": headers.get("user-agent", ""),
        },
        "requestId": uuid.uuid4().hex[:15] + "=",
        "routeKey": match.key,
        "stage": "$default",
        "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "timeEpoch": int(now.timestamp() * 1000),
    }


def _body(body: bytes, content_type: str) -> dict[str, Any]:
    """Only a few content types arrive as text; a form, or a body that names no type, arrives as base64."""
    if TEXT.fullmatch(content_type.partition(";")[0].strip()):
        # What is no text stays the bytes that were sent: a signature is made over those.
        with contextlib.suppress(UnicodeDecodeError):
            return {"body": body.decode(), "isBase64Encoded": False}
    return {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}


SERVER_ERROR = json_reply(500, {"message": "Internal Server Error"})


def reply(result: Result) -> Reply:
    """Turn a handler's answer into HTTP; an error, or an answer without shape, is the customer's 500."""
    if result.error is not None:
        return SERVER_ERROR
    answer = result.json()
    if not (isinstance(answer, dict) and "statusCode" in answer):
        # The format is inferred: whatever it is, it becomes the body of a 200. A mistake in a handler shows here.
        return json_reply(200, answer)
    try:
        return _shaped(answer)
    except (TypeError, ValueError, AttributeError, binascii.Error):
        return SERVER_ERROR


def _shaped(answer: Mapping[str, Any]) -> Reply:
    text = answer.get("body") or ""
    content = text if isinstance(text, str) else json.dumps(text)
    body = base64.b64decode(content, validate=True) if answer.get("isBase64Encoded") else content.encode()
    headers = [(name.lower(), _header(value)) for name, value in (answer.get("headers") or {}).items()]
    if not any(name == "content-type" for name, _ in headers):
        headers.append(("content-type", "text/plain;charset=UTF-8"))
    headers += [("set-cookie", str(cookie)) for cookie in answer.get("cookies") or []]
    return Reply(int(answer["statusCode"]), body, tuple(pair for pair in headers if pair[0] not in DROPPED))


def _header(value: object) -> str:
    """Write one value; a line break in it would let a handler forge the next header."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if "\r" in text or "\n" in text:
        raise ValueError(text)
    return text.encode().decode("latin-1")
