"""A queue's message, as Lambda's poller receives it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """One received message; `receipt` deletes it, `attributes` are SQS's own (`ApproximateReceiveCount`, ...)."""

    id: str
    receipt: str
    body: str
    attributes: Mapping[str, str]
    md5: str
