"""Plain HTTP calls from the operator's machine: to the stack's public address, and to a local stack's own doors."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import urllib3

_CONNECT_SECONDS = 5.0
_READ_SECONDS = 600.0
"""Moving a local stack's clock answers only when everything that fell due is done."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; header names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


class Http:
    """A pool of connections to one address, for as many threads as it has connections. Nothing is repeated or redirected."""

    def __init__(self, base: str, connections: int = 1) -> None:
        self.base = base.rstrip("/")
        self._pool = urllib3.PoolManager(
            maxsize=connections,
            block=True,
            retries=False,
            timeout=urllib3.Timeout(connect=_CONNECT_SECONDS, read=_READ_SECONDS),
        )

    def call(
        self, method: str, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send one request; `url` is a path below the base, or a whole address."""
        whole = f"{self.base}{url}" if url.startswith("/") else url
        got = self._pool.request(method, whole, body=body, headers=headers, redirect=False)
        return Answer(got.status, {name.lower(): value for name, value in got.headers.items()}, got.data)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.clear()
