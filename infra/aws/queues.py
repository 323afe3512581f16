"""A queue of messages: how they are put there, and how many it holds."""

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from cx_domain.errors import Trouble
from infra.aws.troubles import as_trouble

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

LONGEST_DELAY = 900
"""Seconds; what SQS allows."""
_BATCH = 10
_TRIES = 4


class Queue:
    """One queue of one client."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def send_batch(self, messages: Iterable[tuple[Mapping[str, Any], int]]) -> None:
        """Put messages, each a JSON object and the seconds until it may be received. Trouble when some could not be put."""
        remaining = iter(messages)
        while batch := list(islice(remaining, _BATCH)):
            self._send([_entry(place, body, delay) for place, (body, delay) in enumerate(batch)])

    def _send(self, entries: Sequence[dict[str, Any]]) -> None:
        for attempt in range(_TRIES):
            with as_trouble("SendMessageBatch"):
                answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)  # type: ignore[arg-type]  # the stubs want a TypedDict
            failed = {failure["Id"] for failure in answer.get("Failed", ())}
            entries = [entry for entry in entries if entry["Id"] in failed]
            if not entries:
                return
            time.sleep(0.1 * 2**attempt)
        raise Trouble(f"SendMessageBatch: {len(entries)} messages were refused {_TRIES} times")

    def depth(self) -> int:
        """Count what the queue holds, about: messages that can be received, that are being worked on, and that wait."""
        with as_trouble("GetQueueAttributes"):
            counts = self._client.get_queue_attributes(
                QueueUrl=self._url,
                AttributeNames=[
                    "ApproximateNumberOfMessages",
                    "ApproximateNumberOfMessagesNotVisible",
                    "ApproximateNumberOfMessagesDelayed",
                ],
            )["Attributes"]
        return sum(int(count) for count in counts.values())


def _entry(place: int, body: Mapping[str, Any], delay: int) -> dict[str, Any]:
    return {
        "Id": str(place),
        "MessageBody": json.dumps(body, separators=(",", ":")),
        "DelaySeconds": min(delay, LONGEST_DELAY),
    }
