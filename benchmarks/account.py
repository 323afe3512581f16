"""An AWS account in this process with what template.yaml makes, in which functions run and each of their calls is counted."""

import io
import json
import logging
import os
from base64 import b64decode
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import boto3
from moto import mock_aws

from infra import adapters, deliveries, logs
from infra.aws import clients
from infra.aws.secrets import KeyRing
from infra.local.calls import Call
from infra.local.capacity import CallCounts
from infra.local.expansion import REGION, expand
from infra.local.moto_speed import take_shortcuts
from infra.local.moto_state import MotoState
from infra.local.provision import provision
from infra.local.recording import Before, Recorder, is_write
from infra.local.stack import Stack
from tests.functions.envelopes import CONTEXT, Event
from tests.template import TEMPLATE

KEYS = KeyRing(b"a key that only this page knows.", (b"a key of links, thirty-two bytes",))
_CLIENTS = (clients.dynamodb, clients.s3, clients.sqs, clients.ssm, clients.sesv2, clients.sesv2_reader)
_UNITS = ("read_units", "write_units")

Handler = Callable[[Event, Any], Any]


@dataclass(slots=True)
class Step:
    """What one kind of invocation cost so far. `counts` has AWS calls by operation."""

    invocations: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    read_units: float = 0
    write_units: float = 0
    log_bytes: int = 0
    answer_bytes: int = 0

    @property
    def calls(self) -> int:
        return self.counts.total()


class Account:
    """The stack of template.yaml on moto, one clock, and what each step cost."""

    def __init__(self, stack: Stack, clock_file: Path) -> None:
        self.steps: dict[str, Step] = {}
        self._clock_file = clock_file
        self._queues = {queue.logical_id: queue.name for queue in stack.of_type("AWS::SQS::Queue")}
        self._state = MotoState(stack.region, stack.account)
        self._recorder = Recorder(self._state)
        self._units = CallCounts(stack, self._state)
        self._step: str | None = None
        for make in _CLIENTS:
            client: Any = make()
            service = client.meta.service_model.service_name
            client.meta.events.register(f"provide-client-params.{service}", self._before)
            client.meta.events.register(f"after-call.{service}", self._after)

    def at(self, moment: str) -> None:
        """Let it be this time, written as `2026-01-05T09:00:00Z`."""
        self._clock_file.write_text(moment, encoding="ascii")

    def forget(self) -> None:
        """Let every function start cold, as after hours without a request."""
        for module in (adapters, deliveries):  # clients stay: they are listened to
            _forget(module)

    def run(self, step: str, handler: Handler, event: Event) -> Any:
        """Invoke a function; what it costs is a step's."""
        known = self.steps.setdefault(step, Step())
        known.invocations += 1
        written = io.StringIO()
        self._step = step
        with _logged_to(written):
            answer = handler(event, CONTEXT)
        self._step = None
        known.log_bytes += len(written.getvalue().encode())
        known.answer_bytes += len(body_of(answer)) if isinstance(answer, dict) else 0
        return answer

    def received(self, queue: str) -> list[str]:
        """Take what lies in a queue, delayed or not, as Lambda would hand it to the queue's function; the bodies."""
        found = self._state.receive(self._queues[queue], 10)
        for message in found:
            self._state.delete(self._queues[queue], message.receipt)
        return [message.body for message in found]

    def _before(self, params: Mapping[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        call = Call(model.service_model.service_name, model.name, "", params, ())
        context["call"] = call, self._recorder.before(call) if is_write(call) else Before({}, {})

    def _after(self, parsed: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
        if self._step is None:
            return
        call, before = context["call"]
        step = self.steps[self._step]
        step.counts[call.operation] += 1
        if call.service != "dynamodb":
            return
        earlier = {**dict.fromkeys(_UNITS, 0.0), **self._units.all().get(self._step, {})}
        self._units.called(self._step, call.operation)
        if is_write(call):
            self._units.wrote(self._step, call, before.items)
        else:
            told = {name: parsed[name] for name in ("Items", "ScannedCount") if name in parsed}
            self._units.read(self._step, call, json.dumps(told).encode())
        now = self._units.all()[self._step]
        step.read_units += now["read_units"] - earlier["read_units"]
        step.write_units += now["write_units"] - earlier["write_units"]


def body_of(answer: Mapping[str, Any]) -> bytes:
    """Give an answer's body as it goes over the wire; nothing where it has none."""
    body: str = answer.get("body", "")
    return b64decode(body) if answer.get("isBase64Encoded") else body.encode()


@contextmanager
def opened(folder: Path, moment: str) -> Iterator[Account]:
    """Deploy it, with a key ring and no shop, as long as the block lasts."""
    stack = expand(TEMPLATE, public_url="https://ask.acme.example")
    environ = {name: value for function in stack.functions.values() for name, value in function.environment.items()}
    environ |= {"AFTERORDER_CLOCK_FILE": str(folder / "clock"), "AWS_DEFAULT_REGION": REGION}
    environ |= {"AWS_ACCESS_KEY_ID": "stand-in", "AWS_SECRET_ACCESS_KEY": "stand-in"}
    take_shortcuts()
    with patch.dict(os.environ, environ), mock_aws():
        for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
            os.environ.pop(name, None)
        _cold()
        # Read when the module was imported, which was before this environment was set.
        logs.metrics.provider.namespace = environ["POWERTOOLS_METRICS_NAMESPACE"]
        (folder / "clock").write_text(moment, encoding="ascii")
        provision(stack, lambda service: boto3.client(service, region_name=REGION))  # type: ignore[call-overload]
        clients.sesv2().create_email_identity(EmailIdentity="acme.example")
        adapters.secrets().put_key_ring(KEYS)
        yield Account(stack, folder / "clock")
    _cold()


def _cold() -> None:
    for module in (clients, adapters, deliveries):
        _forget(module)


def _forget(module: ModuleType) -> None:
    for kept in vars(module).values():
        if hasattr(kept, "cache_clear"):
            kept.cache_clear()
    adapters._shops_in_memory.clear()  # noqa: SLF001  a new process has none


@contextmanager
def _logged_to(written: io.StringIO) -> Iterator[None]:
    """Let a function's log and metrics go there, as they would to CloudWatch."""
    handlers = [
        each for each in logging.getLogger(logs.logger.name).handlers if isinstance(each, logging.StreamHandler)
    ]
    earlier = [each.setStream(written) for each in handlers]
    with redirect_stdout(written):
        yield
    for each, stream in zip(handlers, earlier, strict=True):
        if stream is not None:
            each.setStream(stream)
