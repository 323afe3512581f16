"""Lambda's Runtime API, one server for all processes: AWS's own runtime client asks here for its next event.

Each process has a channel, and its key is the first part of the path: `/{key}/2018-06-01/runtime/invocation/next`.
"""

import json
import queue
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from infra.local.wire import Connection, Reply, Server, json_reply, listen

MOST_BYTES = 7 * 1024 * 1024
"""A little over the 6 MB that Lambda takes as an answer."""

FaultSource = Callable[[str], str | None]
"""Given an operation (`PutItem`), the kind of fault that this call must have, or None."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """One event for one process. `deadline_ms` is in the machine's own epoch milliseconds, as the context expects."""

    request_id: str
    arn: str
    deadline_ms: int
    event: bytes


@dataclass(frozen=True, slots=True)
class Result:
    """What Lambda's Invoke would answer: the payload, and FunctionError (`Unhandled`) or None."""

    payload: bytes
    error: str | None = None

    def json(self) -> Any:
        return json.loads(self.payload) if self.payload else None


def failed(kind: str, message: str) -> Result:
    """Make the payload that Lambda gives when the runtime itself could not."""
    return Result(json.dumps({"errorType": kind, "errorMessage": message}).encode(), "Unhandled")


class Channel:
    """The line to one process: events one way, answers the other.

    `ready` is set once its code is loaded or cannot be, `broken` when it takes no further event.
    """

    def __init__(self, key: str) -> None:
        self.key = key
        self.ready = threading.Event()
        self.broken = False
        self.answers: queue.SimpleQueue[Result] = queue.SimpleQueue()
        self._events: queue.SimpleQueue[Invocation | None] = queue.SimpleQueue()
        self._current: str | None = None

    def give(self, invocation: Invocation) -> None:
        self._current = invocation.request_id
        self._events.put(invocation)

    def take(self) -> Invocation | None:
        """Wait for the next event; None when the channel was closed."""
        self.ready.set()
        return self._events.get()

    def answer(self, request_id: str, result: Result) -> bool:
        """Hand on an answer, unless it is to an event that was given up."""
        if request_id != self._current:
            return False
        self._current = None
        self.answers.put(result)
        return True

    def fail(self, result: Result) -> None:
        """Answer whatever is under way: the process could not start, or died. It takes nothing more."""
        self.broken = True
        self.answers.put(result)
        self.ready.set()

    def close(self) -> None:
        self._events.put(None)


class RuntimeApi:
    """The server, and the channels that are open."""

    def __init__(self, fault: FaultSource) -> None:
        self.fault = fault
        self.channels: dict[str, Channel] = {}
        api = self

        class Door(_RuntimeConnection):
            runtime = api

        self._server: Server = listen(Door, 0)
        self.address = f"127.0.0.1:{self._server.server_port}"

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), name="runtime-api", daemon=True).start()

    def stop(self) -> None:
        for channel in list(self.channels.values()):
            channel.close()
        self._server.shutdown()
        self._server.server_close()


class _RuntimeConnection(Connection):
    runtime: RuntimeApi
    timeout = None  # type: ignore[assignment]  # a process may wait for hours for its next event

    def respond(self) -> None:
        if self.command == "POST":
            self._take_answer()
        else:
            self._give()

    def _give(self) -> None:
        _, key, *rest = self.path.split("/", 2)
        channel = self.runtime.channels.get(key)
        match channel, rest:
            case Channel(), ["2018-06-01/runtime/invocation/next"]:
                self._next(channel)
            case Channel(), [what] if what.startswith("fault?"):
                operation = parse_qs(urlsplit(what).query)["operation"][0]
                self.reply(json_reply(200, {"kind": self.runtime.fault(operation)}))
            case _:
                self._gone()

    def _next(self, channel: Channel) -> None:
        invocation = channel.take()
        if invocation is None:
            self._gone()
            return
        headers = {
            "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
            "Lambda-Runtime-Deadline-Ms": str(invocation.deadline_ms),
            "Lambda-Runtime-Invoked-Function-Arn": invocation.arn,
            "Content-Type": "application/json",
        }
        self.reply(Reply(200, invocation.event, tuple(headers.items())))

    def _take_answer(self) -> None:
        body = self.body(MOST_BYTES)
        _, key, *rest = self.path.split("/", 2)
        channel = self.runtime.channels.get(key)
        if channel is None:
            self._gone()
        elif body is None:
            self._too_large(channel, rest)
        else:
            self._answered(channel, rest[0].split("/")[2:], body)

    def _answered(self, channel: Channel, what: list[str], body: bytes) -> None:
        match what:
            case ["init", "error"]:
                channel.fail(Result(body, "Unhandled"))
                known = True
            case ["invocation", request_id, "response"]:
                known = channel.answer(request_id, Result(body))
            case ["invocation", request_id, "error"]:
                known = channel.answer(request_id, Result(body, "Unhandled"))
            case _:
                known = False
        self.reply(json_reply(202, {"status": "OK"}) if known else json_reply(400, {"errorType": "InvalidRequestID"}))

    def _too_large(self, channel: Channel, rest: list[str]) -> None:
        request_id = rest[0].split("/")[3]
        channel.answer(request_id, failed("Function.ResponseSizeTooLarge", "Response payload size exceeded 6 MB."))
        self.reply(json_reply(413, {"errorType": "RequestEntityTooLarge"}))

    def _gone(self) -> None:
        self.close_connection = True
        self.reply(json_reply(410, {"errorType": "Gone"}))


def as_bytes(event: Mapping[str, Any] | bytes) -> bytes:
    return event if isinstance(event, bytes) else json.dumps(event).encode()
