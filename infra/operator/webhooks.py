"""A webhook as its platform would send it, signed with the shop's live secret."""

from dataclasses import replace
from datetime import datetime

from cx_domain.signatures import Delivery
from infra.operator.connections import Connection


def signed(connection: Connection, topic: str | None, body: bytes, *, message_id: str, now: datetime) -> Delivery:
    """Return every header that the platform would send, and the query; without a topic, those of the platform's own example."""
    platform = connection.platform
    made = platform.scheme.sign(connection.secret, body, message_id=message_id, now=now)
    headers = {"content-type": _CONTENT_TYPES[platform.body_format], "user-agent": "afterorder"}
    return replace(made, headers=headers | platform.test_headers(topic) | dict(made.headers))


_CONTENT_TYPES = {"json": "application/json", "form": "application/x-www-form-urlencoded"}
