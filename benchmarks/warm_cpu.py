"""What a warm function costs in processor time, against the same AWS calls made bare, one after the other.

    python -m benchmarks.warm_cpu [--write]

The calls are recorded from the handler's own run on moto, with their answers. Then a small server in a thread gives these answers to
the handler and to the bare calls, over the same clients and real connections. Only this thread's time is counted, not the server's.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from statistics import median
from threading import Thread
from typing import Any

from botocore import xform_name

from benchmarks.account import KEYS, Account, Handler, opened
from benchmarks.marked_pages import MarkedPage, measured_here
from benchmarks.survey_steps import ACME, SECRET, SHOP_FILE, survey_id, webhook
from functions import order_webhook, send_survey, survey_page
from infra import adapters, clock, survey_links
from infra.aws import clients
from tests.functions.envelopes import CONTEXT, Event, batch, request

PAGE = MarkedPage("performance.md", "warm_cpu")
BLOCKS, EACH = 20, 25
ORDERED, DUE = "2026-01-05T09:00:00Z", "2026-01-12T09:00:00Z"
WARMING, KEPT, NEW = "1001", "1002", "1003"
NOTED = ("1004", "1005", "1006", "1007")
"""After so many deliveries a process writes what it noted of them once a minute."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a handler's, as its client was asked, and what AWS answered."""

    client: Any
    operation: str
    asked: Mapping[str, Any]
    status: int
    content_type: str
    body: bytes


@dataclass(slots=True)
class Taped:
    """Calls as they are made; once they are all there, answers to the same calls, over and over."""

    calls: list[Call] = field(default_factory=list)
    address: str | None = None
    _asked: list[Mapping[str, Any]] = field(default_factory=list)
    _next: int = 0

    def bare(self) -> None:
        """Make all calls, one after the other."""
        for call in self.calls:
            getattr(call.client, xform_name(call.operation))(**call.asked)

    def note_asked(self, params: Mapping[str, Any], **_: Any) -> None:
        if self.address is None:
            self._asked.append(dict(params))

    def note_answered(self, client: Any) -> Callable[..., None]:
        def noted(http_response: Any, model: Any, **_: Any) -> None:
            if self.address is None:
                kind = http_response.headers.get("content-type", "")
                told = (http_response.status_code, kind, http_response.content)
                self.calls.append(Call(client, model.name, self._asked.pop(), *told))

        return noted

    def lead(self, request: Any, event_name: str, **_: Any) -> None:
        """Send a request to our server, where its answer has the number of the call."""
        if self.address is None:
            return
        number = self._next % len(self.calls)
        self._next += 1
        if not event_name.endswith(f".{self.calls[number].operation}"):
            raise AssertionError(f"{event_name} where {self.calls[number].operation} was recorded")
        request.url = f"{self.address}/{number}"


@dataclass(frozen=True, slots=True)
class Warm:
    """A handler, and an event that it has not seen; what made it warm has happened."""

    name: str
    handler: Handler
    event: Event


@dataclass(frozen=True, slots=True)
class Costs:
    """Milliseconds of one invocation and of its calls alone; each the least of the blocks, and the median of their ratios."""

    name: str
    calls: tuple[str, ...]
    handler: float
    bare: float
    ratio: float


def measured() -> Iterator[Costs]:
    """Let an order be told, its survey be sent and its mail be tapped, each by a warm function; measure each."""
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder), ORDERED) as account:
        adapters.shops().put(ACME, SHOP_FILE, clock.now())
        adapters.secrets().put_webhook_secrets(ACME, "standard", (SECRET,))
        _count_nothing(account)
        for warm in _steps(account):
            yield _compared(warm)


def _steps(account: Account) -> Iterator[Warm]:
    with redirect_stdout(StringIO()):
        for order in (WARMING, KEPT, *NOTED):
            order_webhook.handler(webhook(order), CONTEXT)
    yield Warm("a webhook", order_webhook.handler, webhook(NEW))
    account.at(DUE)
    with redirect_stdout(StringIO()):
        send_survey.handler(_message(WARMING), CONTEXT)
    yield Warm("a send", send_survey.handler, _message(KEPT))
    with redirect_stdout(StringIO()):
        survey_page.handler(_tap(WARMING), CONTEXT)
    yield Warm("a tap", survey_page.handler, _tap(KEPT))


def _compared(warm: Warm) -> Costs:
    """Run once on moto for its calls, then in blocks that take turns with the bare calls."""
    taped = Taped()
    with redirect_stdout(StringIO()), _listening(taped):
        warm.handler(warm.event, CONTEXT)
        with _answering(taped.calls) as taped.address:
            ours, bare = [], []
            for _ in range(BLOCKS):
                ours.append(_milliseconds(lambda: warm.handler(warm.event, CONTEXT)))
                bare.append(_milliseconds(taped.bare))
    ratio = median(mine / other for mine, other in zip(ours, bare, strict=True))
    return Costs(warm.name, tuple(call.operation for call in taped.calls), min(ours), min(bare), ratio)


def _milliseconds(once: Callable[[], object]) -> float:
    begun = time.thread_time()
    for _ in range(EACH):
        once()
    return 1000 * (time.thread_time() - begun) / EACH


def _tap(order: str) -> Event:
    token = survey_links.token(KEYS.links, "rate", ACME, survey_id(order))
    return request("tap", {"token": token, "score": "9"})


def _message(order: str) -> Event:
    return batch("send_queue", (f"message-{order}", json.dumps({"survey": survey_id(order)})))


def _count_nothing(account: Account) -> None:
    """Leave the calls as they are on Lambda: an account counts each, which takes time."""
    for client, service in _clients():
        client.meta.events.unregister(f"provide-client-params.{service}", account._before)  # noqa: SLF001
        client.meta.events.unregister(f"after-call.{service}", account._after)  # noqa: SLF001


def _clients() -> list[tuple[Any, str]]:
    made: list[Any] = [clients.dynamodb(), clients.sqs(), clients.ssm(), clients.sesv2(), clients.sesv2_reader()]
    return [(client, client.meta.service_model.service_name) for client in made]


@contextmanager
def _listening(taped: Taped) -> Iterator[None]:
    heard = [
        (client.meta.events, event, hook)
        for client, service in _clients()
        for event, hook in (
            (f"provide-client-params.{service}", taped.note_asked),
            (f"after-call.{service}", taped.note_answered(client)),
            ("before-send", taped.lead),
        )
    ]
    for events, event, hook in heard:
        events.register_first(event, hook)
    yield
    for events, event, hook in heard:
        events.unregister(event, hook)


@contextmanager
def _answering(calls: Sequence[Call]) -> Iterator[str]:
    """Serve the recorded answers at `/0`, `/1` and so on; the server's address."""

    class Answering(BaseHTTPRequestHandler):
        protocol_version, wbufsize, disable_nagle_algorithm = "HTTP/1.1", -1, True

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            call = calls[int(self.path.removeprefix("/"))]
            self.send_response(call.status)
            self.send_header("content-type", call.content_type)
            self.send_header("content-length", str(len(call.body)))
            self.end_headers()
            self.wfile.write(call.body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def tables() -> str:
    """Measure everything; about half a minute."""
    head = [measured_here(), ""]
    head += ["| a warm | its calls | invocation | its calls alone | ratio |", "|---|---|---|---|---|"]
    return "\n".join(
        head
        + [
            f"| {costs.name} | {', '.join(costs.calls)} | {costs.handler:.2f} ms | {costs.bare:.2f} ms | {costs.ratio:.2f} |"
            for costs in measured()
        ]
    )


if __name__ == "__main__":
    PAGE.say(tables, sys.argv[1:])
