"""A queue's messages one by one: what fails is logged by its kind and place, never by its words, and comes again."""

import traceback
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, ExceptionInfo
from aws_lambda_powertools.utilities.batch.base import FailureResponse

from infra.logs import count, logger


class Messages(BatchProcessor):
    """The messages of an SQS event; only the failed ones are handed back to the queue."""

    def __init__(self) -> None:
        # A batch of one that fails is a message that comes again, and not also an error of the function.
        super().__init__(event_type=EventType.SQS, raise_on_entire_batch_failure=False)

    def failure_handler(self, record: Any, exception: ExceptionInfo) -> FailureResponse:
        """Log what failed. An error's words can hold what a customer wrote; its type and its line cannot."""
        kind, _, trace = exception
        last = traceback.extract_tb(trace)[-1] if trace else None
        where = f"{last.name}:{last.lineno}" if last else ""
        logger.error("message failed", error=kind.__name__ if kind else "", where=where, message_id=record.message_id)
        count("message-failed")
        return super().failure_handler(record, exception)
