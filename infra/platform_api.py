"""Reads JSON from a shop's platform: over TLS, from the shop's own host alone, in bounded time and size.

What comes of a request is an Answer, NotFound, or one of three kinds of Trouble.
"""

import json
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NoReturn
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import HTTPError

from cx_domain.errors import NotFound, Trouble
from infra import clock
from infra.platforms.fetching import Fetch, is_loopback

LARGEST_ANSWER = 5_000_000
CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 3.0, 10.0, 20.0
_CHUNK = 65_536
_DEFAULT_WAIT = 60
_OK, _EMPTY, _TOO_MANY, _SERVER_ERROR = 200, 204, 429, 500
_TOKEN_REFUSED = (401, 403)
_FEW = 2
"""Requests that are left for whoever else uses the shop's API."""
_NEXT = re.compile(r'<([^<>]*)>\s*;[^,<]*\brel="?next"?')
_PRINTABLE = re.compile("[!-~]{1,4096}")


class ComeBack(Trouble):
    """The platform wants fewer requests (`busy`), or does not answer as it should just now (`down`)."""

    def __init__(self, why: Literal["busy", "down"], seconds: int, what: str) -> None:
        super().__init__(what)
        self.why = why
        self.seconds = seconds


class TokenRefused(Trouble):
    """The platform does not take the token: an operator must set another."""


class Unreadable(Trouble):
    """The platform answered something that it should not have."""


@dataclass(frozen=True, slots=True)
class Door:
    """One shop's API: where it is, how it is spoken to, and the token."""

    shop: str
    platform: str
    base: str
    fetch: Fetch
    token: str = field(repr=False)

    def headers(self) -> dict[str, str]:
        """Name and prove ourselves. TokenRefused for what cannot stand in a header."""
        if _PRINTABLE.fullmatch(self.token) is None:
            raise TokenRefused(f"{self.platform}: the token of {self.shop} is no token: it has spaces or is too long")
        auth = self.fetch.auth
        value = f"Basic {b64encode(self.token.encode()).decode()}" if auth.basic else auth.value
        return {
            "accept": "application/json",
            "user-agent": "afterorder/1",
            auth.header: value.replace("{token}", self.token),
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """A JSON object or list, and where the next page is, if the platform says so."""

    body: dict[str, Any] | list[Any]
    next: str | None


class PlatformApi:
    """The connections that are kept open, and who asked us to wait."""

    def __init__(self, seconds: Callable[[], float] = clock.seconds, longest: float = WHOLE_SECONDS) -> None:
        patience = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
        self._pool = urllib3.PoolManager(num_pools=20, timeout=patience, retries=False)
        self._seconds = seconds
        self._longest = longest
        self._not_before: dict[tuple[str, str], float] = {}

    def get(self, door: Door, address: str) -> Answer:
        """Read one address of this API. ComeBack, TokenRefused, Unreadable; NotFound for what is not there any more."""
        _check(door, address)
        self._wait_for_turn(door)
        status, headers, body = self._read(door, address)
        self._note_pace(door, headers)
        if status == _OK:
            return Answer(_json(door, body), _next(door, headers))
        if status == _EMPTY:  # BigCommerce's word for a list without entries
            return Answer([], None)
        if status in door.fetch.gone:
            raise NotFound(f"{door.platform}: {status}")
        if status in _TOKEN_REFUSED:
            raise TokenRefused(f"{door.platform}: {status}")
        if status == _TOO_MANY:
            raise ComeBack("busy", _wait(door, headers), f"{door.platform}: {status}")
        if status >= _SERVER_ERROR:
            raise ComeBack("down", _wait(door, headers), f"{door.platform}: {status}")
        raise Unreadable(f"{door.platform}: {status}")

    def _read(self, door: Door, address: str) -> tuple[int, Mapping[str, str], bytes]:
        begun = self._seconds()
        try:
            response = self._pool.request(
                "GET", address, headers=door.headers(), redirect=False, preload_content=False, decode_content=True
            )
            try:
                body = b""
                while chunk := response.read1(_CHUNK):
                    body += chunk
                    if len(body) > LARGEST_ANSWER:
                        raise Unreadable(f"{door.platform}: an answer of more than {LARGEST_ANSWER} bytes")
                    if self._seconds() - begun > self._longest:
                        raise ComeBack("down", _DEFAULT_WAIT, f"{door.platform}: an answer without end")
                return response.status, response.headers, body
            finally:
                # What was read to its end goes back to the pool; the rest must not.
                response.close() if response.length_remaining else response.release_conn()
        except HTTPError as error:
            raise ComeBack("down", _DEFAULT_WAIT, f"{door.platform}: {type(error).__name__}") from error

    def _wait_for_turn(self, door: Door) -> None:
        wait = self._not_before.get((door.shop, door.platform), 0.0) - self._seconds()
        if wait > 0:
            raise ComeBack("busy", int(wait) + 1, f"{door.platform}: no requests are left")

    def _note_pace(self, door: Door, headers: Mapping[str, str]) -> None:
        pace = door.fetch.pace
        if pace is not None and _number(headers.get(pace.left), _FEW + 1) <= _FEW:
            wait = _number(headers.get(pace.reset_milliseconds), 1000) / 1000
            self._not_before[door.shop, door.platform] = self._seconds() + wait


def _check(door: Door, address: str) -> None:
    """Refuse what is not this API's own: an address can come from an answer of the platform, by way of a message."""
    asked, own = urlsplit(address), urlsplit(door.base)
    if (asked.scheme, asked.netloc) != (own.scheme, own.netloc) or not address.startswith("http"):
        raise Unreadable(f"{door.platform}: an address of another host")
    if asked.scheme != "https" and not is_loopback(asked.hostname):
        raise Unreadable(f"{door.platform}: an address without TLS")


def _json(door: Door, body: bytes) -> dict[str, Any] | list[Any]:
    try:
        found = json.loads(body.decode("utf-8-sig"), parse_constant=_no_such_number)
    except (ValueError, RecursionError):
        raise Unreadable(f"{door.platform}: an answer that is not JSON") from None
    if not isinstance(found, dict | list):
        raise Unreadable(f"{door.platform}: an answer that is neither an object nor a list")
    return found


def _no_such_number(word: str) -> NoReturn:
    raise ValueError(word)


def _next(door: Door, headers: Mapping[str, str]) -> str | None:
    found = _NEXT.search(headers.get("link", ""))
    if found is None:
        return None
    _check(door, found[1])
    return found[1]


def _wait(door: Door, headers: Mapping[str, str]) -> int:
    """How many seconds the platform wants us to wait."""
    pace = door.fetch.pace
    if pace is not None and pace.reset_milliseconds in headers:
        return _number(headers.get(pace.reset_milliseconds), _DEFAULT_WAIT * 1000) // 1000 + 1
    # A date instead of a number is rare, and a minute is a good guess then.
    return max(1, _number((headers.get("retry-after") or "").partition(".")[0], _DEFAULT_WAIT))


def _number(text: str | None, stand_in: int) -> int:
    return int(text) if text and re.fullmatch("[0-9]{1,9}", text) else stand_in
