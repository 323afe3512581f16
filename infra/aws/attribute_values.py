"""Plain values to DynamoDB's attribute values and back, and times to texts that sort as they pass."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

Item = dict[str, Any]
"""An item of plain values: texts, numbers (Decimal when read), booleans, lists, maps and sets of texts."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_TO_WIRE = TypeSerializer()
_FROM_WIRE = TypeDeserializer()


def encode(item: Mapping[str, Any]) -> dict[str, Any]:
    """Write plain values as DynamoDB's client wants them: `{"stage": {"S": "sent"}}`."""
    return {name: _TO_WIRE.serialize(value) for name, value in item.items()}


def encode_value(value: Any) -> dict[str, Any]:
    """Write one value: `{"S": "sent"}`."""
    return dict(_TO_WIRE.serialize(value))


def decode(attributes: Mapping[str, Any]) -> Item:
    """Read what DynamoDB's client gives."""
    return {name: _FROM_WIRE.deserialize(value) for name, value in attributes.items()}


def to_seconds(at: datetime) -> str:
    """Write a time in whole seconds: `2026-01-05T09:00:00Z`. Such texts sort as the times do, which keys and conditions need."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def to_milliseconds(at: datetime) -> str:
    """Write a time that may matter to a fraction of a second, such as a visit's: `2026-01-05T09:00:00.120Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def to_exact(at: datetime) -> str:
    """Write a time as exactly as it was told: whole seconds stay short, a fraction is kept whole."""
    return at.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


def to_number(at: datetime) -> Decimal:
    """Write a time as exactly as it was told, in seconds since 1970: a third of the bytes of its text."""
    seconds = Decimal((at - _EPOCH) // _MICROSECOND).scaleb(-6)
    whole = seconds.to_integral_value()
    return whole if whole == seconds else seconds


def to_time(written: str | Decimal) -> datetime:
    """Read any of the four; aware UTC."""
    if isinstance(written, str):
        return datetime.fromisoformat(written)
    return _EPOCH + int(written.scaleb(6)) * _MICROSECOND


def purge_mark(purge_at: datetime | None) -> Item:
    """Say from when the database may forget an item (its TTL, in seconds since 1970); nothing for never."""
    return {"purge_at": int(purge_at.timestamp())} if purge_at is not None else {}
