"""Public keys that a platform shows on a host of its own, read when they are first needed and kept in memory."""

from collections import deque
from collections.abc import Callable
from contextlib import closing
from http import HTTPStatus

import urllib3
from urllib3.exceptions import HTTPError

from cx_domain.errors import Trouble
from infra import clock

_PATIENCE = urllib3.Timeout(connect=2, read=3)
"""Seconds: a webhook must be answered within ten."""
_LARGEST = 16_384
_KEPT_SECONDS = 24 * 3600.0
_MOST_KEPT = 32
_MOST_READS = 10
_READS_WINDOW = 60.0
_THERE_IS_NONE = (HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN, HTTPStatus.GONE)
"""A bucket behind a CDN answers 403 for what it does not have."""


class PublicKeys:
    """The keys below one address; ten reads a minute at most, so that forged paths cannot make us a nuisance to the host."""

    def __init__(self, address: str, seconds: Callable[[], float] = clock.seconds) -> None:
        self._address = address.rstrip("/")
        self._seconds = seconds
        self._pool = urllib3.PoolManager(retries=False, timeout=_PATIENCE)
        self._kept: dict[str, tuple[float, bytes | None]] = {}
        self._reads: deque[float] = deque(maxlen=_MOST_READS)

    def get(self, path: str) -> bytes | None:
        """Read the key at a path that was checked before, None if there is none; Trouble when nobody can say now."""
        known, now = self._kept.get(path), self._seconds()
        if known is not None and now - known[0] < _KEPT_SECONDS:
            return known[1]
        if len(self._reads) == _MOST_READS and now - self._reads[0] < _READS_WINDOW:
            raise Trouble("too many public keys were asked for within a minute")
        self._reads.append(now)
        found = self._read(path)
        while len(self._kept) >= _MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[path] = (now, found)
        return found

    def _read(self, path: str) -> bytes | None:
        try:
            with closing(
                self._pool.request("GET", self._address + path, redirect=False, preload_content=False)
            ) as answer:
                text = answer.read(_LARGEST + 1)
        except HTTPError as error:
            raise Trouble(f"the public key could not be read: {type(error).__name__}") from error
        if answer.status in _THERE_IS_NONE:
            return None
        if answer.status != HTTPStatus.OK or len(text) > _LARGEST:
            raise Trouble(f"the public key could not be read: its host answered {answer.status}")
        return text
