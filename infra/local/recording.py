"""What a call changed in moto, as journal entries: the state before it and the state after it are compared."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from infra.aws.keys import DUE_INDEX
from infra.local.calls import Call
from infra.local.journal import Entry
from infra.local.moto_state import MotoState

ItemKey = tuple[str, str]
"""A table's name and an item's key as the journal writes it."""
Items = Mapping[ItemKey, dict[str, Any] | None]
Messages = Mapping[str, Mapping[str, tuple[int, float]]]

# Of each service, what changes something and is kept, and what only looks. The operator may do no more than these:
# whatever else a stack has comes from template.yaml, and would be lost at the next start.
KEPT_WRITES: Mapping[str, frozenset[str]] = {
    "dynamodb": frozenset({"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"}),
    "sqs": frozenset(
        {
            "SendMessage",
            "SendMessageBatch",
            "ReceiveMessage",
            "DeleteMessage",
            "DeleteMessageBatch",
            "ChangeMessageVisibility",
            "ChangeMessageVisibilityBatch",
            "PurgeQueue",
        }
    ),
    "sns": frozenset({"Publish", "PublishBatch"}),
    "ssm": frozenset({"PutParameter", "DeleteParameter", "DeleteParameters"}),
    "s3": frozenset({"PutObject", "CopyObject", "DeleteObject", "DeleteObjects"}),
}
READS = ("Get", "BatchGet", "TransactGet", "Query", "Scan", "List", "Describe", "Head")


def is_write(call: Call) -> bool:
    return call.operation in KEPT_WRITES.get(call.service, ())


def is_known(call: Call) -> bool:
    return is_write(call) or call.operation.startswith(READS)


@dataclass(frozen=True, slots=True)
class Before:
    """What a write is about to touch."""

    items: Items
    messages: Messages


@dataclass(frozen=True, slots=True)
class Recorder:
    """Compares before and after, under the stack's lock."""

    state: MotoState

    def before(self, call: Call) -> Before:
        items = {key: self.state.item(*key) for key in self._item_keys(call)} if call.service == "dynamodb" else {}
        queues = self.state.queue_names() if call.service in ("sqs", "sns") else []
        return Before(items, {queue: self.state.messages(queue) for queue in queues})

    def newly_due(self, before: Before) -> datetime | None:
        """Say when the earliest of the items is due that now stand in the due index at another place than before."""
        moments = (
            self._due_at(table, new)
            for (table, key), old in before.items.items()
            if (new := self.state.item(table, key)) is not None
            and self._due_key(table, new) not in (None, self._due_key(table, old or {}))
        )
        return min(moments, default=None)

    def _due_key(self, table: str, item: Mapping[str, Any]) -> tuple[Any, ...] | None:
        names = self.state.index_keys(table, DUE_INDEX)
        return tuple(item[name] for name in names) if names and all(name in item for name in names) else None

    def _due_at(self, table: str, item: Mapping[str, Any]) -> datetime:
        _, due_at = self.state.index_keys(table, DUE_INDEX)
        try:
            return datetime.fromisoformat(item[due_at]["S"])
        except ValueError:
            return datetime.min.replace(tzinfo=UTC)  # a key that is no time could be due at any

    def grown_queues(self, before: Before) -> list[str]:
        """Name the queues that got a message."""
        return [queue for queue, old in before.messages.items() if self.state.messages(queue).keys() - old.keys()]

    def changes(self, call: Call, before: Before) -> Iterator[Entry]:
        """Give the entries that keep what the call did."""
        match call.service:
            case "dynamodb":
                for (table, key), old in before.items.items():
                    new = self.state.item(table, key)
                    if new != old:
                        yield Entry("item", table, key, new)
            case "sqs" | "sns":
                yield from self._message_changes(before.messages)
            case "ssm":
                for name in call.parameters.get("Names") or [call.parameters.get("Name", "")]:
                    yield self.state.parameter(name) or Entry("parameter", "", name, None)
            case "s3":
                yield from self._object_changes(call)

    def _message_changes(self, before: Messages) -> Iterator[Entry]:
        for queue, old in before.items():
            new = self.state.messages(queue)
            for message_id in old.keys() - new.keys():
                yield Entry("message", queue, message_id, None)
            for message_id, seen in new.items():
                if old.get(message_id) != seen:
                    yield Entry("message", queue, message_id, self.state.message(queue, message_id))

    def _object_changes(self, call: Call) -> Iterator[Entry]:
        bucket = call.parameters["Bucket"]
        for key in call.parameters.get("Keys") or [call.parameters["Key"]]:
            yield self.state.object(bucket, key) or Entry("object", bucket, key, None)

    def _item_keys(self, call: Call) -> Iterator[ItemKey]:
        for table, attributes in written_keys(call):
            if self.state.has_table(table) and set(self.state.key_names(table)) <= attributes.keys():
                yield table, self.state.key_text(table, attributes)


def written_keys(call: Call) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give the table and the key (or the whole item, which holds it) of everything that a DynamoDB write names."""
    given = call.parameters
    match call.operation:
        case "PutItem":
            yield _named(given, "Item")
        case "UpdateItem" | "DeleteItem":
            yield _named(given, "Key")
        case "BatchWriteItem":
            for table, requests in given.get("RequestItems", {}).items():
                for request in requests:
                    put, gone = request.get("PutRequest", {}), request.get("DeleteRequest", {})
                    yield table, put.get("Item") or gone.get("Key") or {}
        case "TransactWriteItems":
            for each in given.get("TransactItems", []):
                for part, detail in each.items():
                    yield _named(detail, "Item" if part == "Put" else "Key")
        case _:
            return


def _named(given: Mapping[str, Any], member: str) -> tuple[str, Mapping[str, Any]]:
    return given.get("TableName", ""), given.get(member, {})
