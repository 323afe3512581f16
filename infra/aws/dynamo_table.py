"""The few things that are done to the table, in plain values: each method is one kind of request."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from cx_domain.errors import Trouble
from infra.aws.attribute_values import Item, decode, encode, encode_value
from infra.aws.keys import Key
from infra.aws.troubles import as_trouble, code_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_BATCH = 100
_BATCH_TRIES = 8


@dataclass(slots=True)
class Terms:
    """The names and values of one request's expressions. Every name gets a `#`, because so many words are reserved."""

    names: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    def name(self, attribute: str) -> str:
        placeholder = f"#{attribute}"
        self.names[placeholder] = attribute
        return placeholder

    def path(self, attribute: str, key: str) -> str:
        """Name one entry of a map, whose key may hold anything."""
        placeholder = f"#entry{sum(name.startswith('#entry') for name in self.names)}"
        self.names[placeholder] = key
        return f"{self.name(attribute)}.{placeholder}"

    def value(self, value: Any) -> str:
        placeholder = f":v{len(self.values)}"
        self.values[placeholder] = encode_value(value)
        return placeholder

    def set(self, attributes: Mapping[str, Any]) -> str:
        """Write a SET clause; nothing for no attributes."""
        parts = [f"{self.name(name)} = {self.value(value)}" for name, value in attributes.items()]
        return f"SET {', '.join(parts)}" if parts else ""

    def remove(self, attributes: Iterable[str]) -> str:
        """Write a REMOVE clause; nothing for no attributes."""
        parts = [self.name(name) for name in attributes]
        return f"REMOVE {', '.join(parts)}" if parts else ""

    def any_of(self, attribute: str, values: Iterable[str]) -> str:
        return f"{self.name(attribute)} IN ({', '.join(self.value(value) for value in values)})"

    def arguments(self) -> dict[str, Any]:
        arguments: dict[str, Any] = {}
        if self.names:
            arguments["ExpressionAttributeNames"] = self.names
        if self.values:
            arguments["ExpressionAttributeValues"] = self.values
        return arguments


@dataclass(frozen=True, slots=True)
class ConditionFailed:
    """The write was not done; `item` is what stood there, None where nothing did."""

    item: Item | None


class DynamoTable:
    """One table of one client. Whatever fails besides a condition is Trouble."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client = client
        self._name = name

    def get(self, key: Key) -> Item | None:
        """Read one item, strongly consistent."""
        with as_trouble("GetItem"):
            answer = self._client.get_item(TableName=self._name, Key=encode(key), ConsistentRead=True)
        return decode(answer["Item"]) if "Item" in answer else None

    def put(self, item: Item) -> None:
        """Write one item, whatever stood there."""
        with as_trouble("PutItem"):
            self._client.put_item(TableName=self._name, Item=encode(item))

    def put_if(self, item: Item, condition: str, terms: Terms | None = None) -> ConditionFailed | None:
        """Write one item if the condition holds of what stands there; None when it is written."""
        request: dict[str, Any] = {
            "TableName": self._name,
            "Item": encode(item),
            "ConditionExpression": condition,
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            **(terms or Terms()).arguments(),
        }
        with as_trouble("PutItem"):
            try:
                self._client.put_item(**request)
            except ClientError as error:
                return _condition_failed(error)
        return None

    def update(self, key: Key, change: str, condition: str, terms: Terms) -> Item | ConditionFailed:
        """Change one item if the condition holds; the whole item as it is then."""
        request: dict[str, Any] = {
            "TableName": self._name,
            "Key": encode(key),
            "UpdateExpression": change,
            "ReturnValues": "ALL_NEW",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            **terms.arguments(),
        }
        if condition:
            request["ConditionExpression"] = condition
        with as_trouble("UpdateItem"):
            try:
                answer = self._client.update_item(**request)
            except ClientError as error:
                return _condition_failed(error)
        return decode(answer["Attributes"])

    def save_version(
        self, key: Key, changed: Mapping[str, Any], removed: Iterable[str], version: int, *, or_absent: bool = False
    ) -> Item | ConditionFailed:
        """Set and remove attributes if the item has this version (`or_absent`: or none), and give it the next one.

        A write whose answer was lost is repeated by botocore, and then fails at its own result. So each leaves a mark: who
        meets their own mark has written.
        """
        mark = token_hex(4)
        terms = Terms()
        condition = f"{terms.name('version')} = {terms.value(version)}"
        if or_absent:
            condition += f" OR attribute_not_exists({terms.name('version')})"
        change = f"{terms.set({**changed, 'version': version + 1, 'mark': mark})} {terms.remove(removed)}".strip()
        written = self.update(key, change, condition, terms)
        if isinstance(written, ConditionFailed) and written.item is not None and written.item.get("mark") == mark:
            return written.item
        return written

    def delete(self, key: Key) -> None:
        """Remove one item, if there is one."""
        with as_trouble("DeleteItem"):
            self._client.delete_item(TableName=self._name, Key=encode(key))

    def query(
        self,
        condition: str,
        terms: Terms,
        *,
        index: str | None = None,
        limit: int | None = None,
        consistent: bool = False,
        where: str | None = None,
        pages: int | None = None,
    ) -> Iterator[Item]:
        """Read what has these keys, in the order of the sort key, page after page, at most `limit` items.

        `consistent` sees every write that was answered before; an index cannot. `where` leaves out what does not fulfil it, which
        is read and paid for all the same; `pages`, of 1 MB, bound that.
        """
        request: dict[str, Any] = {"TableName": self._name, "KeyConditionExpression": condition, **terms.arguments()}
        if consistent:
            request["ConsistentRead"] = True
        if index is not None:
            request["IndexName"] = index
        if where is not None:
            request["FilterExpression"] = where
        elif limit is not None:
            # DynamoDB counts what it looks at, not what a filter leaves.
            request["Limit"] = limit
        return islice(self._pages("query", request, pages), limit)

    def scan(self, condition: str, terms: Terms) -> Iterator[Item]:
        """Read the whole table, and keep what fulfils the condition. Dear: for an operator only."""
        request: dict[str, Any] = {"TableName": self._name, "FilterExpression": condition, **terms.arguments()}
        return self._pages("scan", request)

    def _pages(self, operation: str, request: dict[str, Any], most: int | None = None) -> Iterator[Item]:
        with as_trouble(operation):
            pages = self._client.get_paginator(operation).paginate(**request)  # type: ignore[call-overload]  # one name, two operations
            for page in islice(pages, most):
                yield from map(decode, page["Items"])

    def get_many(self, keys: Iterable[Key], *, consistent: bool = True) -> Iterator[Item]:
        """Read many items, in no order; each once, and those that are not there not at all."""
        distinct = iter({(key["pk"], key["sk"]): key for key in keys}.values())
        while batch := list(islice(distinct, _BATCH)):
            yield from self._get_batch([encode(key) for key in batch], consistent=consistent)

    def _get_batch(self, wanted: Sequence[Mapping[str, Any]], *, consistent: bool) -> Iterator[Item]:
        for attempt in range(_BATCH_TRIES):
            with as_trouble("BatchGetItem"):
                answer = self._client.batch_get_item(
                    RequestItems={self._name: {"Keys": wanted, "ConsistentRead": consistent}}
                )
            yield from map(decode, answer["Responses"].get(self._name, []))
            unread = answer["UnprocessedKeys"].get(self._name)
            wanted = unread["Keys"] if unread is not None else []
            if not wanted:
                return
            time.sleep(0.05 * 2**attempt)
        raise Trouble(f"BatchGetItem: {len(wanted)} keys were left unread after {_BATCH_TRIES} tries")


def _condition_failed(error: ClientError) -> ConditionFailed:
    if code_of(error) != "ConditionalCheckFailedException":
        raise error
    response: Mapping[str, Any] = error.response
    item = response.get("Item")
    return ConditionFailed(decode(item) if item else None)
