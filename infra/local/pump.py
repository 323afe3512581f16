"""SQS event sources as Lambda polls them: batches in, successes deleted, failures left to come back in their time."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from infra.local.queues import Message
from infra.local.runtime_api import Result
from infra.local.stack import QueueSource

log = logging.getLogger(__name__)

Invoke = Callable[[str, Mapping[str, Any]], Result]
Batch = Sequence[Message]


class Queues(Protocol):
    """The part of the cloud that the pump needs."""

    def receive(self, queue_url: str, limit: int) -> Batch: ...

    def delete(self, queue_url: str, receipt: str) -> None: ...


def event(source: QueueSource, batch: Batch, region: str) -> dict[str, Any]:
    """Make the event of one batch, as Lambda hands it to a function."""
    return {"Records": [_record(source, message, region) for message in batch]}


def _record(source: QueueSource, message: Message, region: str) -> dict[str, Any]:
    return {
        "messageId": message.id,
        "receiptHandle": message.receipt,
        "body": message.body,
        "attributes": dict(message.attributes),
        "messageAttributes": {},
        "md5OfBody": message.md5,
        "eventSource": "aws:sqs",
        "eventSourceARN": source.queue_arn,
        "awsRegion": region,
    }


def succeeded(source: QueueSource, batch: Batch, result: Result) -> list[Message]:
    """Say which messages are done. An answer that Lambda cannot read fails the whole batch, as it does there."""
    if result.error is not None:
        return []
    if not source.partial_failures:
        return list(batch)
    answer = result.json() or {}
    failures = answer.get("batchItemFailures") if isinstance(answer, dict) else "unreadable"
    if not isinstance(failures or [], list):
        return []
    failed = {item.get("itemIdentifier") if isinstance(item, dict) else None for item in failures or []}
    known = {message.id for message in batch}
    return [message for message in batch if message.id not in failed] if failed <= known else []


class Pump:
    """All event sources of a stack. `drain` is for whoever must wait; `wake` lets a thread of its own do it."""

    def __init__(self, sources: Sequence[QueueSource], queues: Queues, invoke: Invoke, region: str, most: int) -> None:
        """`most` is how many batches of one queue may be under way at once."""
        self._sources, self._queues, self._invoke, self._region = tuple(sources), queues, invoke, region
        self._most = most
        self._lock = threading.Lock()
        self._woken = threading.Event()
        self._ended = False
        self._workers = ThreadPoolExecutor(most, "pump-batch")
        self._thread = threading.Thread(target=self._run, name="pump", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended = True
        self._woken.set()
        self._thread.join(timeout=5)
        self._workers.shutdown(wait=False, cancel_futures=True)

    def wake(self) -> None:
        self._woken.set()

    def drain(self) -> None:
        """Run batches until no message is visible now, and none is under way."""
        with self._lock:
            # Every source has its turn in each round; functions may have sent more.
            while sum(self._round(source) for source in self._sources):
                pass

    def _run(self) -> None:
        while True:
            self._woken.wait()
            if self._ended:
                return
            self._woken.clear()
            self.drain()

    def _round(self, source: QueueSource) -> int:
        batches: list[Batch] = []
        while len(batches) < self._most and (batch := self._queues.receive(source.queue_url, source.batch_size)):
            batches.append(batch)
        if len(batches) == 1:
            self._run_batch(source, batches[0])
        elif batches:
            list(self._workers.map(lambda batch: self._run_batch(source, batch), batches))
        return len(batches)

    def _run_batch(self, source: QueueSource, batch: Batch) -> None:
        result = self._invoke(source.function, event(source, batch, self._region))
        done = succeeded(source, batch, result)
        for message in done:
            self._queues.delete(source.queue_url, message.receipt)
        if len(done) < len(batch):
            log.warning(
                "%s left %d of %d messages of %s",
                source.function,
                len(batch) - len(done),
                len(batch),
                source.queue_name,
            )
