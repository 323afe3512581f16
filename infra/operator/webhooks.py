"""A webhook as its platform would send it: its headers, signed with the shop's live secret."""

from datetime import datetime

from cx_domain.signatures import sign
from infra.operator.connections import Connection


def signed_headers(
    connection: Connection, topic: str | None, body: bytes, *, message_id: str, now: datetime
) -> dict[str, str]:
    """Return every header that the platform would send; without a topic, those of the platform's own example."""
    platform = connection.platform
    headers = {"content-type": "application/json", "user-agent": "afterorder"} | platform.test_headers(topic)
    return headers | sign(platform.scheme, connection.secret, body, message_id=message_id, now=now)
