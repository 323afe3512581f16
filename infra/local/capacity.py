"""The calls that functions made, with the capacity units that DynamoDB would bill; moto counts one unit for anything."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from infra.aws.sizes import Index, indexes_of, read_units, write_units
from infra.local.calls import Call
from infra.local.moto_state import MotoState
from infra.local.recording import Items
from infra.local.stack import Stack

_READS = ("GetItem", "BatchGetItem", "TransactGetItems", "Query", "Scan")


class CallCounts:
    """Counts by function and operation. Whoever calls holds the stack's lock."""

    def __init__(self, stack: Stack, state: MotoState) -> None:
        self._state = state
        tables = {table.name: stack.resources[table.logical_id].properties for table in stack.tables}
        self._indexes: Mapping[str, Sequence[Index]] = {name: indexes_of(given) for name, given in tables.items()}
        self._counts: dict[str, Counter[str]] = defaultdict(Counter)
        self._units: dict[str, dict[str, float]] = defaultdict(lambda: {"write_units": 0.0, "read_units": 0.0})

    def all(self) -> dict[str, dict[str, float]]:
        return {function: {**counts, **self._units[function]} for function, counts in self._counts.items()}

    def called(self, function: str, operation: str) -> None:
        self._counts[function][operation] += 1

    def wrote(self, function: str, call: Call, before: Items) -> None:
        """Count a write that DynamoDB carried out, or refused because of its condition: that costs the same."""
        twice = 2 if call.operation == "TransactWriteItems" else 1
        for (table, key), old in before.items():
            units = write_units(old, self._state.item(table, key), self._indexes.get(table, ()))
            self._units[function]["write_units"] += twice * units

    def read(self, function: str, call: Call, body: bytes) -> None:
        """Count a read that was answered with `body`."""
        if call.operation in _READS:
            answer = json.loads(body)
            self._units[function]["read_units"] += sum(self._read_units(call, answer))

    def _read_units(self, call: Call, answer: Mapping[str, Any]) -> Iterator[float]:
        given = call.parameters
        match call.operation:
            case "GetItem":
                item = self._whole(given["TableName"], given["Key"])
                yield read_units([item], consistent=bool(given.get("ConsistentRead")))
            case "BatchGetItem":
                for table, request in given["RequestItems"].items():
                    items = [self._whole(table, key) for key in request["Keys"]]
                    yield read_units(items, consistent=bool(request.get("ConsistentRead")))
            case "TransactGetItems":
                gets = [each["Get"] for each in given["TransactItems"]]
                yield 2 * read_units([self._whole(get["TableName"], get["Key"]) for get in gets], consistent=True)
            case _:
                found = [self._read_item(given, item) for item in answer.get("Items", [])]
                units = read_units(found, consistent=bool(given.get("ConsistentRead")), together=True)
                # A filter drops items after they were read; what it dropped is taken to be as large as what it left.
                yield units * max(1.0, answer.get("ScannedCount", 0) / max(1, len(found)))

    def _read_item(self, given: Mapping[str, Any], item: Mapping[str, Any]) -> Mapping[str, Any] | None:
        names = set(self._state.key_names(given["TableName"]))
        if "IndexName" in given or not names <= item.keys():
            return item
        return self._whole(given["TableName"], item)

    def _whole(self, table: str, key: Mapping[str, Any]) -> dict[str, Any] | None:
        return self._state.item(table, self._state.key_text(table, key))
