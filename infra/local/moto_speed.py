"""Shortcuts through moto, above all its DynamoDB, where a month of surveys spends its time. None changes an answer.

At every query of an index moto sorts the whole table, by comparisons that take microseconds each; and it looks for each of an
attribute value's ten possible members (`S`, `N`, …) under half a dozen names.
"""

from typing import Any

from moto import backends
from moto.core.serialize import AttributePicker
from moto.core.utils import unix_time
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table
from moto.sqs.models import Message, SQSBackend

VALUE_TYPES = frozenset({"S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"})

_pick_slowly = AttributePicker.__call__


def take_shortcuts() -> None:
    """Take them, for everything in this process."""
    Table.all_items = _all_items  # type: ignore[method-assign, assignment]
    # moto lists its own folder at every request to see which service is meant; the folder stays as it is.
    known = tuple(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: known
    SQSBackend.is_message_valid_based_on_retention_period = _is_retained  # type: ignore[method-assign, assignment]
    AttributePicker.__call__ = _pick  # type: ignore[method-assign, assignment]


def _all_items(table: Table) -> list[Any]:
    """Sort by the plain keys: the same order."""
    if not table.range_key_attr:
        return sorted(table.items.values(), key=lambda item: _plain(item.hash_key))
    items = [item for group in table.items.values() for item in group.values()]
    return sorted(items, key=lambda item: (_plain(item.hash_key), _plain(item.range_key)))


def _plain(key: DynamoType) -> Any:
    return key.value if key.type == "S" else key.cast_value


def _is_retained(backend: SQSBackend, queue_name: str, message: Message) -> bool:
    """Look at the one attribute that is asked for; moto counts the queue's messages three times to say it."""
    retained_for: int = backend.get_queue(queue_name).message_retention_period  # type: ignore[attr-defined]
    sent_at: float = message.sent_timestamp / 1000  # type: ignore[operator]
    return sent_at + retained_for > unix_time()


def _pick(picker: AttributePicker, context: Any) -> Any:
    """An attribute value has one member, under its own name; everything else goes the long way."""
    if type(context.obj) is dict and len(context.obj) == 1 and context.obj.keys() <= VALUE_TYPES:
        return context.obj.get(context.key)
    return _pick_slowly(picker, context)
