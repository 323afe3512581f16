"""Messages reach functions in batches; what succeeded is deleted, what failed comes back."""

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from infra.local.pump import Pump
from infra.local.queues import Message
from infra.local.runtime_api import Result, failed
from infra.local.stack import QueueSource

SEND_QUEUE = QueueSource(
    "SendQueue",
    "http://queues.test/send",
    "arn:aws:sqs:eu-central-1:123456789012:send",
    "SendSurveyFunction",
    2,
    True,
    None,
)
DONE = Result(b'{"batchItemFailures": []}')
Handler = Callable[[Mapping[str, Any]], Result]


class ShelfOfMessages:
    """A queue: what was received and not deleted stays away, as within the visibility time-out."""

    def __init__(self, *bodies: str) -> None:
        self.visible = [
            Message(f"id-{body}", f"receipt-{body}", body, {"ApproximateReceiveCount": "1"}, "md5") for body in bodies
        ]
        self.deleted: list[str] = []
        self._lock = threading.Lock()

    def receive(self, queue_url: str, limit: int) -> Sequence[Message]:
        assert queue_url == SEND_QUEUE.queue_url
        with self._lock:
            batch, self.visible = self.visible[:limit], self.visible[limit:]
        return batch

    def delete(self, queue_url: str, receipt: str) -> None:
        assert queue_url == SEND_QUEUE.queue_url
        self.deleted.append(receipt.removeprefix("receipt-"))


def drained(queue: ShelfOfMessages, handler: Handler, source: QueueSource = SEND_QUEUE, most: int = 1) -> None:
    Pump([source], queue, lambda _, event: handler(event), "eu-central-1", most).drain()


def failing(*bodies: str) -> Handler:
    identifiers = [{"itemIdentifier": f"id-{body}"} for body in bodies]
    return lambda _: Result(json.dumps({"batchItemFailures": identifiers}).encode())


def test_a_batch_is_no_larger_than_the_template_says_and_every_message_is_run_once() -> None:
    batches: list[list[str]] = []
    queue = ShelfOfMessages("1001", "1002", "1003")

    def handler(event: Mapping[str, Any]) -> Result:
        batches.append([record["body"] for record in event["Records"]])
        return DONE

    drained(queue, handler)

    assert batches == [["1001", "1002"], ["1003"]]
    assert queue.deleted == ["1001", "1002", "1003"]


def test_a_record_is_what_lambda_hands_to_a_function() -> None:
    seen: list[Mapping[str, Any]] = []

    def handler(event: Mapping[str, Any]) -> Result:
        seen.extend(event["Records"])
        return DONE

    drained(ShelfOfMessages("1001"), handler)

    assert seen == [
        {
            "messageId": "id-1001",
            "receiptHandle": "receipt-1001",
            "body": "1001",
            "attributes": {"ApproximateReceiveCount": "1"},
            "messageAttributes": {},
            "md5OfBody": "md5",
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:send",
            "awsRegion": "eu-central-1",
        }
    ]


def test_only_the_failed_message_of_a_batch_comes_back() -> None:
    queue = ShelfOfMessages("1001", "1002")

    drained(queue, failing("1002"))

    assert queue.deleted == ["1001"]


def test_after_an_error_the_whole_batch_comes_back() -> None:
    queue = ShelfOfMessages("1001", "1002")

    drained(queue, lambda _: failed("ValueError", "no tent"))

    assert queue.deleted == []


@pytest.mark.parametrize("answer", [b"null", b"{}", b'{"batchItemFailures": null}', b""])
def test_an_empty_answer_means_that_all_is_done(answer: bytes) -> None:
    queue = ShelfOfMessages("1001", "1002")

    drained(queue, lambda _: Result(answer))

    assert queue.deleted == ["1001", "1002"]


@pytest.mark.parametrize(
    "answer",
    [
        b'{"batchItemFailures": [{"itemIdentifier": "nobody"}]}',
        b'{"batchItemFailures": [{"itemIdentifier": ""}]}',
        b'{"batchItemFailures": [{"wrong": "id-1001"}]}',
        b'{"batchItemFailures": ["id-1001"]}',
        b'{"batchItemFailures": "id-1001"}',
        b'"done"',
    ],
)
def test_an_answer_that_lambda_could_not_read_fails_the_whole_batch(answer: bytes) -> None:
    queue = ShelfOfMessages("1001", "1002")

    drained(queue, lambda _: Result(answer))

    assert queue.deleted == []


def test_a_message_that_a_function_sends_is_drained_too() -> None:
    queue = ShelfOfMessages("rollup")

    def handler(event: Mapping[str, Any]) -> Result:
        if event["Records"][0]["body"] == "rollup":
            queue.visible.append(Message("id-acme", "receipt-acme", "acme", {}, "md5"))
        return DONE

    drained(queue, handler)

    assert queue.deleted == ["rollup", "acme"]


def test_batches_of_one_queue_run_at_once_as_far_as_the_concurrency_allows() -> None:
    queue = ShelfOfMessages("1001", "1002", "1003", "1004")
    together = threading.Barrier(2, timeout=60)

    def handler(_: Mapping[str, Any]) -> Result:
        together.wait()
        return DONE

    drained(queue, handler, most=2)

    assert sorted(queue.deleted) == ["1001", "1002", "1003", "1004"]


def test_a_woken_pump_drains_by_itself() -> None:
    ran = threading.Event()

    def handler(_: Mapping[str, Any]) -> Result:
        ran.set()
        return DONE

    pump = Pump([SEND_QUEUE], ShelfOfMessages("1001"), lambda _, event: handler(event), "eu-central-1", 1)
    pump.start()
    pump.wake()

    assert ran.wait(60)
    pump.stop()
