"""The HTTP server under the local stack's two doors: threads, kept connections, whole answers in one write."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MOST_HEADER_SECONDS = 75
MOST_LINE = 65536
MOST_DISCARDED = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer; header names may repeat."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = field(default=())


def json_reply(status: int, value: object) -> Reply:
    return Reply(status, f"{json.dumps(value)}\n".encode(), (("content-type", "application/json"),))


class Server(ThreadingHTTPServer):
    """A threading server that takes a burst of connections, and leaves no thread behind when the process ends."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 512
    allow_reuse_address = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that went away."""


class Connection(BaseHTTPRequestHandler, ABC):
    """One client's connection. A subclass answers each request, whatever its method, in `respond` by `self.reply(...)`."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    # With Nagle's algorithm and delayed acknowledgement a second small write waits 40 ms.
    disable_nagle_algorithm = True
    timeout = MOST_HEADER_SECONDS

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """Keep no log here: paths hold tokens."""

    def version_string(self) -> str:
        return "afterorder-local"

    @abstractmethod
    def respond(self) -> None:
        """Answer the request whose line and headers were read."""

    def handle_one_request(self) -> None:
        """Read one request and let it be answered; a client that goes away in the middle is nobody's trouble."""
        try:
            self.raw_requestline = self.rfile.readline(MOST_LINE + 1)
            if not 0 < len(self.raw_requestline) <= MOST_LINE:
                self.close_connection = True
            elif self.parse_request():
                self.respond()
            self.wfile.flush()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def handle_expect_100(self) -> bool:
        """Ask for the body at once; the base class leaves the line in the buffer, and the client waits."""
        going_on = super().handle_expect_100()
        self.wfile.flush()
        return going_on

    def reply(self, answer: Reply) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.status not in {204, 304}:
            self.send_header("content-length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)
        self.wfile.flush()

    def body(self, limit: int) -> bytes | None:
        """Read the request's body, by its length or in chunks; None if it is longer than `limit` bytes, ValueError if it is malformed."""
        if "chunked" in self.headers.get("transfer-encoding", "").lower():
            return self._chunks(limit)
        length = self.headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            raise ValueError(length)
        if int(length) > limit:
            self._discard(int(length))
            return None
        return self.rfile.read(int(length))

    def _discard(self, length: int) -> None:
        """Read what will not be used, within reason: a client that is still sending would never see the answer."""
        self.close_connection = True
        left = min(length, MOST_DISCARDED)
        while left > 0 and (part := self.rfile.read(min(left, 65536))):
            left -= len(part)

    def _chunks(self, limit: int) -> bytes | None:
        parts: list[bytes] = []
        left = limit
        while size := int(self.rfile.readline(64).split(b";")[0], 16):
            left -= size
            if left < 0:
                self.close_connection = True
                return None
            parts.append(self.rfile.read(size))
            self.rfile.readline(8)
        while self.rfile.readline(1024).strip():
            """A trailer; HTTP APIs drop it too."""
        return b"".join(parts)


def merged(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Lower-case header names and join what repeats by commas, as HTTP APIs hand it on."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name.lower(), []).append(value)
    return {name: ",".join(values) for name, values in found.items()}


def listen(handler: type[Connection], port: int) -> Server:
    """Bind 127.0.0.1, port 0 meaning any free one; nobody else on the network can reach it."""
    return Server(("127.0.0.1", port), handler)
