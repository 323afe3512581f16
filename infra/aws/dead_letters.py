"""Messages that failed five times, and how they come back to the queue that they came from."""

from typing import TYPE_CHECKING

from cx_domain.errors import NotFound, Trouble
from infra.aws.troubles import as_trouble

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

_BATCH = 10
_OURS_FOR = 300
"""Seconds for which a message that is being brought back is nobody else's."""


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
            while messages := self._receive():
                for message in messages:
                    self._client.send_message(QueueUrl=source, MessageBody=message["Body"])
                    self._client.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
                    brought += 1
        return brought

    def count(self) -> int:
        """Count, about, the messages that can be received."""
        with as_trouble("GetQueueAttributes"):
            told = self._client.get_queue_attributes(QueueUrl=self._url, AttributeNames=["ApproximateNumberOfMessages"])
        return int(told["Attributes"]["ApproximateNumberOfMessages"])

    def _receive(self) -> "list[MessageTypeDef]":
        # A wait, however short, asks all of SQS's servers instead of some.
        return self._client.receive_message(
            QueueUrl=self._url, MaxNumberOfMessages=_BATCH, VisibilityTimeout=_OURS_FOR, WaitTimeSeconds=1
        ).get("Messages", [])

    def _source(self) -> str:
        with as_trouble("ListDeadLetterSourceQueues"):
            found = self._client.list_dead_letter_source_queues(QueueUrl=self._url)["queueUrls"]
        if not found:
            raise NotFound(f"No queue gives its failed messages to {self.name}.")
        if len(found) > 1:
            raise Trouble(f"several queues give their failed messages to {self.name}")
        return found[0]
