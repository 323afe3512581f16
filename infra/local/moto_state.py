"""What lies in moto's backends: read for the journal and for capacity, put back at a start."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from moto.core.utils import unix_time, unix_time_millis
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.s3.models import s3_backends
from moto.sns.models import sns_backends
from moto.sqs.models import Message as MotoMessage
from moto.sqs.models import sqs_backends

from infra.local.journal import Entry
from infra.local.moto_parts import ssm_backends
from infra.local.queues import Message

Attributes = Mapping[str, Any]

_KEPT_OF_MESSAGE = (
    "body",
    "message_attributes",
    "system_attributes",
    "sent_timestamp",
    "approximate_first_receive_timestamp",
    "approximate_receive_count",
    "delayed_until",
    "group_id",
    "deduplication_id",
    "sequence_number",
)


class MotoState:
    """The backends of one account and region. Whoever calls holds the stack's lock."""

    def __init__(self, region: str, account: str) -> None:
        # moto calls a message that becomes visible at this very moment invisible still; under a clock that stands, for ever.
        setattr(MotoMessage, "visible", property(lambda message: unix_time_millis() >= message.visible_at))  # noqa: B010
        self._tables: Any = dynamodb_backends[account][region]
        self._queues: Any = sqs_backends[account][region]
        self._topics: Any = sns_backends[account][region]
        self._buckets: Any = s3_backends[account]["aws"]
        self._parameters: Any = ssm_backends[account][region]

    # DynamoDB

    def has_table(self, table: str) -> bool:
        return table in self._tables.tables

    def key_names(self, table: str) -> list[str]:
        names: list[str] = self._table(table).table_key_attrs
        return names

    def index_keys(self, table: str, index: str) -> list[str]:
        indexes = self._table(table).global_indexes
        return next((list(each.schema_key_attrs) for each in indexes if each.name == index), [])

    def key_text(self, table: str, attributes: Attributes) -> str:
        """Write the key of an item as the journal does."""
        names = self._table(table).table_key_attrs
        return json.dumps({name: attributes[name] for name in names}, sort_keys=True)

    def item(self, table: str, key: str) -> dict[str, Any] | None:
        hash_key, range_key = self._dynamo_keys(table, json.loads(key))
        found = self._table(table).get_item(hash_key, range_key)
        attributes: dict[str, Any] | None = found.to_json()["Attributes"] if found else None
        return attributes

    def expired_keys(self, table: str, attribute: str, now: datetime) -> list[str]:
        """Give the keys of the items whose time to live, in epoch seconds, has passed."""
        until = now.timestamp()
        return [
            self.key_text(table, item.to_json()["Attributes"])
            for item in self._table(table).all_items()
            if attribute in item.attrs and float(item.attrs[attribute].value) <= until
        ]

    def delete_item(self, table: str, key: str) -> None:
        self._table(table).delete_item(*self._dynamo_keys(table, json.loads(key)))

    def put_item(self, entry: Entry) -> None:
        table = self._table(entry.place)
        hash_key, range_key = self._dynamo_keys(entry.place, json.loads(entry.key))
        item = Item(hash_key, range_key, dict(entry.value or {}))
        if range_key is None:
            table.items[hash_key] = item
        else:
            table.items[hash_key][range_key] = item

    def _table(self, name: str) -> Any:
        return self._tables.get_table(name)

    def _dynamo_keys(self, table: str, key: Attributes) -> tuple[DynamoType, DynamoType | None]:
        names = self._table(table).table_key_attrs
        typed = [DynamoType(key[name]) for name in names]
        return typed[0], typed[1] if len(typed) > 1 else None

    # SQS

    def queue_names(self) -> list[str]:
        return list(self._queues.queues)

    def messages(self, queue: str) -> dict[str, tuple[int, float]]:
        """Give each message's id with what about it can change: receipts so far, and the end of its delay (epoch ms)."""
        if queue not in self._queues.queues:
            return {}
        waiting = self._queues.get_queue(queue)._messages  # noqa: SLF001 - moto shows visible ones only
        return {each.id: (each.approximate_receive_count, each.delayed_until) for each in waiting}

    def message(self, queue: str, message_id: str) -> dict[str, Any]:
        waiting = self._queues.get_queue(queue)._messages  # noqa: SLF001
        found = next(each for each in waiting if each.id == message_id)
        return {name: getattr(found, name) for name in _KEPT_OF_MESSAGE}

    def put_message(self, entry: Entry) -> None:
        """Put a message back, visible unless it was delayed: whoever had received it is dead."""
        if entry.value is None or entry.place not in self._queues.queues:
            return
        message = MotoMessage(entry.key, entry.value["body"])
        for name in _KEPT_OF_MESSAGE:
            setattr(message, name, entry.value[name])
        self._queues.get_queue(entry.place)._messages.append(message)  # noqa: SLF001

    def receive(self, queue: str, limit: int) -> list[Message]:
        timeout = int(self._queues.get_queue(queue).visibility_timeout)
        return [_received(each) for each in self._queues.receive_message(queue, limit, 0, timeout)]

    def delete(self, queue: str, receipt: str) -> None:
        self._queues.delete_message(queue, receipt)

    def next_visible_at(self) -> datetime | None:
        """Say when the next message that cannot be received now will be."""
        now = unix_time_millis()
        hidden = (
            max(each.visible_at, each.delayed_until)
            for queue in self._queues.queues.values()
            for each in queue._messages  # noqa: SLF001
            if not each.visible or each.delayed
        )
        soonest = min((at for at in hidden if at > now), default=None)
        return None if soonest is None else datetime.fromtimestamp(soonest / 1000, UTC)

    def expired_messages(self) -> Iterator[Entry]:
        """Drop the messages that outlived their queue's retention, which moto only refuses to hand out."""
        now = unix_time()
        for queue in self._queues.queues.values():
            for each in list(queue._messages):  # noqa: SLF001
                if each.sent_timestamp / 1000 + queue.message_retention_period <= now:
                    queue._messages.remove(each)  # noqa: SLF001
                    yield Entry("message", queue.name, each.id, None)

    # SNS

    def publish(self, topic: str, message: str) -> None:
        self._topics.publish(message=message, arn=topic)

    # S3

    def bucket_names(self) -> list[str]:
        return sorted(self._buckets.buckets)

    def object_keys(self, bucket: str, prefix: str) -> list[str]:
        keys = self._buckets.get_bucket(bucket).keys
        return sorted(name for name in keys if name.startswith(prefix) and self.object(bucket, name) is not None)

    def object(self, bucket: str, key: str) -> Entry | None:
        """Give an object with what is needed to put it back; None when it is not there, or its last version is a delete marker."""
        found = self._buckets.get_bucket(bucket).keys.get(key)
        if found is None or not hasattr(found, "value"):
            return None
        value = {"metadata": dict(found.metadata), "modified_at": found.last_modified.isoformat()}
        return Entry("object", bucket, key, value, found.value)

    def put_object(self, entry: Entry) -> None:
        if entry.value is None:
            return
        stored = self._buckets.put_object(entry.place, entry.key, entry.body, disable_notification=True)
        stored.set_metadata(dict(entry.value["metadata"]), replace=True)
        stored.last_modified = datetime.fromisoformat(entry.value["modified_at"])

    # SSM

    def parameter(self, name: str) -> Entry | None:
        versions = self._parameters._parameters.get(name)  # noqa: SLF001
        if not versions:
            return None
        latest = versions[-1]
        value = {
            "type": latest.parameter_type,
            "value": latest.decrypt(latest.value),
            "version": latest.version,
            "description": latest.description,
            "modified_at": latest.last_modified_date.isoformat(),
        }
        return Entry("parameter", "", name, value)

    def put_parameter(self, entry: Entry) -> None:
        if entry.value is None:
            return
        given = entry.value
        stored = self._parameters.put_parameter(
            name=entry.key,
            description=given["description"],
            value=given["value"],
            parameter_type=given["type"],
            allowed_pattern=None,
            keyid=None,
            overwrite=True,
            tags=[],
            data_type="text",
            tier=None,
            policies=None,
        )
        stored.version = given["version"]
        stored.last_modified_date = datetime.fromisoformat(given["modified_at"])


def _received(message: Any) -> Message:
    attributes = {
        "ApproximateReceiveCount": str(message.approximate_receive_count),
        "SentTimestamp": str(message.sent_timestamp),
        "SenderId": str(message.sender_id),
        "ApproximateFirstReceiveTimestamp": str(message.approximate_first_receive_timestamp),
    }
    return Message(message.id, message.receipt_handle, message.body, attributes, message.body_md5)
