"""Writes to DynamoDB that are performed, and whose answers never come."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import botocore.endpoint
import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.exceptions import ConnectionClosedError

from infra.aws import clients


@contextmanager
def answers_lost(operation: str, *, of: str, times: int = 3) -> Iterator[None]:
    """Perform the first such write whose key holds these words, as often as it is tried, and lose its answers; then all is well."""
    left = times

    def lose(request: AWSPreparedRequest, event_name: str, **_: Any) -> None:
        nonlocal left
        if left and event_name.endswith(operation) and of.encode() in (request.body or b""):
            left -= 1
            raise ConnectionClosedError(endpoint_url=request.url, request=request)

    events = clients.dynamodb().meta.events
    # moto answers at `before-send`; what is registered last comes after it.
    events.register_last("before-send", lose, unique_id="lost-answers")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.endpoint, "time", SimpleNamespace(sleep=lambda _seconds: None))
        yield
    events.unregister("before-send", unique_id="lost-answers")
