"""The public port: what an HTTP API would route goes to the template's functions, `/_local/` to the stack's own door."""

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from infra.local.http_events import Request, event, find_route, reply
from infra.local.runtime_api import Result
from infra.local.stack import Route
from infra.local.virtual_clock import VirtualClock, iso
from infra.local.wire import Connection, Reply, json_reply, listen

MOST_BYTES = 10 * 1024 * 1024
"""An HTTP API's limit for a request's body."""

PRIVATE = "/_local/"


class LocalDoor(Protocol):
    """What answers under `/_local/`."""

    def __call__(self, request: Request) -> Reply: ...


class AccessLog:
    """One JSON line for each request: the route's key, never its path, for paths hold tokens."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._file = path.open("a", encoding="utf-8")

    def write(self, **line: object) -> None:
        with self._lock:
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()

    def close(self) -> None:
        self._file.close()


class FrontDoor:
    """The server of the public routes. `after` is called when a route's function has answered."""

    def __init__(self, port: int) -> None:
        """Take the port now, so that its number is known, and answer nobody before `open`."""
        door = self

        class Visitor(_Visitor):
            front = door

        self._server = listen(Visitor, port)
        self.port: int = self._server.server_port

    def open(
        self,
        routes: Sequence[Route],
        invoke: Callable[[str, Mapping[str, Any]], Result],
        local: LocalDoor,
        *,
        clock: VirtualClock,
        account: str,
        log: AccessLog,
        after: Callable[[], None],
    ) -> None:
        self._routes, self._invoke, self._local = tuple(routes), invoke, local
        self._clock, self._account, self._log, self._after = clock, account, log, after
        threading.Thread(target=self._server.serve_forever, args=(0.05,), name="front-door", daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._log.close()

    def answer(self, request: Request) -> Reply:
        path = request.target.partition("?")[0]
        if path.startswith(PRIVATE) or path == PRIVATE.rstrip("/"):
            return self._local(request)
        match = find_route(self._routes, request.method, path)
        if match is None:
            self._note("-", request.method, 404, 0.0)
            return json_reply(404, {"message": "Not Found"})
        began = time.monotonic()
        made = event(request, match, self._clock.now(), self._account)
        answer = reply(self._invoke(match.route.function, made))
        self._note(match.key, request.method, answer.status, time.monotonic() - began)
        self._after()
        return answer

    def _note(self, route: str, method: str, status: int, seconds: float) -> None:
        at = iso(self._clock.now())
        self._log.write(at=at, route=route, method=method, status=status, milliseconds=round(seconds * 1000, 1))


class _Visitor(Connection):
    front: FrontDoor

    def respond(self) -> None:
        try:
            body = self.body(MOST_BYTES)
        except ValueError:
            self.close_connection = True
            self.reply(json_reply(400, {"message": "Bad Request"}))
            return
        if body is None:
            self.reply(json_reply(413, {"message": "Request Entity Too Large"}))
            return
        request = Request(self.command, self.path, tuple(self.headers.items()), body, self.client_address[0])
        self.reply(self.front.answer(request))
