"""What changed in a shop, hour by hour: read from the changes index, day after day."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cx_domain.shops import ShopId
from cx_domain.surveys import SurveyId
from infra.aws import keys
from infra.aws.dynamo_table import DynamoTable, Terms

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed, by its ids, the earliest hour first."""

    surveys: list[SurveyId] = field(default_factory=list)
    tickets: list[str] = field(default_factory=list)
    feedback: list[str] = field(default_factory=list)

    def parts(self, most: int) -> "Iterator[Changes]":
        """Part it so that none has more than so many surveys; tickets and feedback stay with the first."""
        yield Changes(self.surveys[:most], self.tickets, self.feedback)
        for begin in range(most, len(self.surveys), most):
            yield Changes(self.surveys[begin : begin + most])


class ChangeIndex:
    """The index in which surveys, tickets and feedback stand together by the hour of their latest change."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._items = DynamoTable(client, table)

    def changed(self, shop: ShopId, since: datetime, until: datetime) -> Changes:
        """Say what changed from the hour of `since` to the hour of `until`, both whole.

        The index is eventually consistent, and holds an item only at its latest change.
        """
        found = Changes()
        for pk in self._keys(shop, since.astimezone(UTC), until.astimezone(UTC)):
            match keys.family(pk):
                case "survey":
                    found.surveys.append(keys.survey_id(pk))
                case "ticket":
                    found.tickets.append(keys.id_within_shop(pk))
                case "feedback":
                    found.feedback.append(keys.id_within_shop(pk))
        return found

    def _keys(self, shop: ShopId, first: datetime, last: datetime) -> Iterator[str]:
        for days in range((last.date() - first.date()).days + 1):
            day = first.date() + timedelta(days=days)
            from_hour = f"{first:%H}" if day == first.date() else "00"
            to_hour = f"{last:%H}" if day == last.date() else "23"
            terms = Terms()
            condition = (
                f"{terms.name('changed_day')} = {terms.value(keys.changed_day(shop, day))}"
                f" AND {terms.name('changed_hour')} BETWEEN {terms.value(from_hour)} AND {terms.value(to_hour)}"
            )
            yield from (item["pk"] for item in self._items.query(condition, terms, index=keys.CHANGES_INDEX))
