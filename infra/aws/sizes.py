"""What DynamoDB counts: the bytes of an item, and the units that a write or a read costs.

Sizes: docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
Units: .../read-write-operations.html, and for indexes .../GSI.html#GSI.ThroughputConsiderations
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

Attributes = Mapping[str, Any]
"""An item as the client has it: `{"stage": {"S": "sent"}}`."""

_WRITE_UNIT = 1024
_READ_UNIT = 4096
_DOCUMENT = 3
_ELEMENT = 1


@dataclass(frozen=True, slots=True)
class Index:
    """One secondary index: its own key attributes, and all that is copied to it (None: everything)."""

    keys: tuple[str, ...]
    copied: frozenset[str] | None


def indexes_of(table: Mapping[str, Any]) -> tuple[Index, ...]:
    """Read the indexes of a table's definition, as CreateTable and CloudFormation write it."""
    table_keys = _key_names(table)
    return tuple(_index(table_keys, index) for index in table.get("GlobalSecondaryIndexes", ()))


def _index(table_keys: tuple[str, ...], index: Mapping[str, Any]) -> Index:
    keys = _key_names(index)
    projection = index["Projection"]
    if projection["ProjectionType"] == "ALL":
        return Index(keys, None)
    return Index(keys, frozenset((*table_keys, *keys, *projection.get("NonKeyAttributes", ()))))


def _key_names(schema: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(key["AttributeName"] for key in schema["KeySchema"])


def item_size(item: Attributes) -> int:
    """Count an item's bytes: the names of its attributes and their values."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: Mapping[str, Any]) -> int:
    [(kind, content)] = value.items()
    match kind:
        case "S" | "B":
            return len(content.encode() if isinstance(content, str) else content)
        case "N":
            return _number_size(content)
        case "BOOL" | "NULL":
            return 1
        case "L":
            return _DOCUMENT + sum(_ELEMENT + _value_size(element) for element in content)
        case "M":
            return _DOCUMENT + sum(_ELEMENT + len(name.encode()) + _value_size(part) for name, part in content.items())
        case "SS" | "NS" | "BS":
            return sum(_value_size({kind[0]: element}) for element in content)
        case _:
            raise ValueError(f"no attribute value of DynamoDB is a {kind}")


def _number_size(text: str) -> int:
    digits = text.lstrip("-").split("e")[0].split("E")[0].replace(".", "").strip("0")
    return ceil(len(digits) / 2) + 1


def write_units(old: Attributes | None, new: Attributes | None, indexes: Sequence[Index]) -> float:
    """Count what one write costs, indexes included. A write whose condition failed costs `write_units(old, old, indexes)`."""
    base = max(item_size(old or {}), item_size(new or {}), 1)
    return ceil(base / _WRITE_UNIT) + sum(_index_units(old, new, index) for index in indexes)


def _index_units(old: Attributes | None, new: Attributes | None, index: Index) -> int:
    before, after = _copy(old, index), _copy(new, index)
    if before == after:
        return 0
    moved = before is not None and after is not None and any(before[key] != after[key] for key in index.keys)
    if before is None or after is None or moved:
        return sum(ceil(item_size(copy) / _WRITE_UNIT) for copy in (before, after) if copy is not None)
    return ceil(max(item_size(before), item_size(after)) / _WRITE_UNIT)


def _copy(item: Attributes | None, index: Index) -> dict[str, Any] | None:
    if item is None or any(key not in item for key in index.keys):
        return None
    return {name: value for name, value in item.items() if index.copied is None or name in index.copied}


def read_units(items: Iterable[Attributes | None], *, consistent: bool, together: bool = False) -> float:
    """Count what one read costs. A query or scan rounds its items' sum up (`together`), GetItem and BatchGetItem each item."""
    sizes = [item_size(item) if item is not None else 0 for item in items]
    rounded = [sum(sizes)] if together else sizes
    units = sum(max(1, ceil(size / _READ_UNIT)) for size in rounded)
    return units if consistent else units / 2
