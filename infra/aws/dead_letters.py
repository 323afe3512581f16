"""Messages that failed five times: brought back to the queue that they came from, or deleted for a person's sake."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from cx_domain.errors import NotFound, Trouble
from infra.aws.troubles import as_trouble

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

_BATCH = 10
_OURS_FOR = 300
"""Seconds for which a message that was received is nobody else's."""
_EMPTY = 5
"""Receives without a message after which a queue is taken for empty: each asks only some of SQS's servers."""


class DeadLetters:
    """One dead-letter queue of one client."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    @property
    def name(self) -> str:
        return self._url.rsplit("/", 1)[1]

    def bring_back(self) -> int:
        """Put what can be received back where it came from; returns how many. A message is deleted only after it was put.

        If we die in between, it is in both queues, and comes twice: whoever works on the queue can bear that. SQS's own
        StartMessageMoveTask does the same, and is not to be had in moto.
        """
        source = self._source()
        brought = 0
        with as_trouble("redrive"):
            for message in self._received():
                self._client.send_message(QueueUrl=source, MessageBody=message["Body"])
                self._client.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
                brought += 1
        return brought

    def remove(self, unwanted: Callable[[str], bool]) -> int:
        """Delete the messages whose body is unwanted; returns how many. The others can be received again at once."""
        kept: list[str] = []
        removed = 0
        with as_trouble("ReceiveMessage"):
            for message in self._received():
                if unwanted(message["Body"]):
                    self._client.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
                    removed += 1
                else:
                    kept.append(message["ReceiptHandle"])
            for handle in kept:
                self._client.change_message_visibility(QueueUrl=self._url, ReceiptHandle=handle, VisibilityTimeout=0)
        return removed

    def count(self) -> int:
        """Count, about, the messages that can be received."""
        with as_trouble("GetQueueAttributes"):
            told = self._client.get_queue_attributes(QueueUrl=self._url, AttributeNames=["ApproximateNumberOfMessages"])
        return int(told["Attributes"]["ApproximateNumberOfMessages"])

    def _received(self) -> "Iterator[MessageTypeDef]":
        """Yield every message that can be received, each once."""
        empty = 0
        while empty < _EMPTY:
            # No wait: on the local stack, whose clock stands, it would never end.
            messages = self._client.receive_message(
                QueueUrl=self._url, MaxNumberOfMessages=_BATCH, VisibilityTimeout=_OURS_FOR, WaitTimeSeconds=0
            ).get("Messages", [])
            empty = 0 if messages else empty + 1
            yield from messages

    def _source(self) -> str:
        with as_trouble("ListDeadLetterSourceQueues"):
            found = self._client.list_dead_letter_source_queues(QueueUrl=self._url)["queueUrls"]
        if not found:
            raise NotFound(f"No queue gives its failed messages to {self.name}.")
        if len(found) > 1:
            raise Trouble(f"several queues give their failed messages to {self.name}")
        return found[0]
