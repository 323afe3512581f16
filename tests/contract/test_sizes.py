"""Sizes and units are counted as DynamoDB's documentation says."""

from typing import Any

import pytest

from infra.aws.sizes import indexes_of, item_size, read_units, write_units
from tests.contract.backends import table_definition

INDEXES = indexes_of(table_definition())
KEY: dict[str, Any] = {"pk": {"S": "survey#1"}, "sk": {"S": "survey"}}
DUE: dict[str, Any] = {"due_shard": {"S": "2"}, "due_at": {"S": "2026-01-12T09:00:00Z"}}
LATER: dict[str, Any] = {"due_shard": {"S": "2"}, "due_at": {"S": "2026-01-13T09:00:00Z"}}


def of_size(size: int) -> dict[str, Any]:
    return {"pk": {"S": "x" * (size - 2)}}


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "tent"}, 4),
        ({"S": "Зонт"}, 8),
        ({"N": "9"}, 2),
        ({"N": "1001"}, 3),
        ({"N": "-1200"}, 2),
        ({"N": "0.05"}, 2),
        ({"BOOL": True}, 1),
        ({"NULL": True}, 1),
        ({"L": []}, 3),
        ({"L": [{"S": "ab"}, {"N": "1"}]}, 3 + (1 + 2) + (1 + 2)),
        ({"M": {"score": {"N": "9"}}}, 3 + (1 + 5 + 2)),
        ({"SS": ["ab", "cde"]}, 5),
    ],
)
def test_a_value_weighs_what_the_documentation_says(value: dict[str, Any], size: int) -> None:
    assert item_size({"a": value}) == 1 + size


def test_a_type_that_dynamodb_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="no attribute value of DynamoDB is a X"):
        item_size({"a": {"X": "?"}})


@pytest.mark.parametrize(("size", "units"), [(100, 1), (1024, 1), (1025, 2), (2049, 3)])
def test_a_write_costs_a_unit_for_each_kilobyte_begun(size: int, units: int) -> None:
    assert write_units(None, of_size(size), ()) == units


def test_a_write_that_makes_an_item_smaller_costs_what_it_was() -> None:
    assert write_units(of_size(2049), of_size(100), ()) == 3


def test_entering_an_index_costs_one_more() -> None:
    assert write_units(KEY, KEY | DUE, INDEXES) == 2


def test_leaving_an_index_costs_one_more() -> None:
    assert write_units(KEY | DUE, KEY, INDEXES) == 2


def test_moving_within_an_index_costs_two_more() -> None:
    assert write_units(KEY | DUE, KEY | LATER, INDEXES) == 3


def test_a_write_that_an_index_does_not_copy_costs_it_nothing() -> None:
    assert write_units(KEY | DUE, KEY | DUE | {"stage": {"S": "sent"}}, INDEXES) == 1


def test_a_read_costs_a_unit_for_each_four_kilobytes_begun_and_half_if_it_may_be_stale() -> None:
    assert read_units([of_size(4097)], consistent=True) == 2
    assert read_units([of_size(4097)], consistent=False) == 1


def test_a_read_of_nothing_is_not_free() -> None:
    assert read_units([None], consistent=True) == 1
    assert read_units([], consistent=False, together=True) == 0.5


def test_a_batch_rounds_each_item_and_a_query_their_sum() -> None:
    items = [of_size(100)] * 10

    assert read_units(items, consistent=True) == 10
    assert read_units(items, consistent=True, together=True) == 1
