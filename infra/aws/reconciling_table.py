"""Which night's reconciling with SES's list was begun, and up to when the list was read."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from infra.aws import keys
from infra.aws.attribute_values import to_seconds, to_time
from infra.aws.dynamo_table import ConditionFailed, DynamoTable, Terms

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class ReconcilingTable:
    """One item for the whole stack, for an account has one list."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._items = DynamoTable(client, table)

    def begin(self, now: datetime) -> bool:
        """Say whether the caller is the one who reconciles on this UTC day; True once only."""
        terms, today = Terms(), now.astimezone(UTC).date().isoformat()
        change, begun_on = terms.set({"begun_on": today}), terms.name("begun_on")
        condition = f"attribute_not_exists({begun_on}) OR {begun_on} < {terms.value(today)}"
        return not isinstance(self._items.update(keys.reconciling(), change, condition, terms), ConditionFailed)

    def read_until(self) -> datetime | None:
        """Say up to when the list was read to its end; None if it never was."""
        item = self._items.get(keys.reconciling())
        return to_time(item["read_until"]) if item is not None and "read_until" in item else None

    def finish(self, until: datetime) -> None:
        """Note that the list was read to its end. An older reading that ends later takes nothing back."""
        terms = Terms()
        change, known = terms.set({"read_until": to_seconds(until)}), terms.name("read_until")
        condition = f"attribute_not_exists({known}) OR {known} < {terms.value(to_seconds(until))}"
        self._items.update(keys.reconciling(), change, condition, terms)
