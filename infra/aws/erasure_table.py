"""Who was erased lately, by keyed ids: a rollup that had read them before may write their lines after the erasure took them out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from cx_domain.shops import ShopId
from cx_domain.surveys import CustomerKey, SurveyId
from infra.aws import keys
from infra.aws.attribute_values import Item, purge_mark
from infra.aws.dynamo_table import DynamoTable, Terms

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_KEPT = timedelta(days=2)
"""The next night's rollup comes sooner, and none runs for longer than minutes."""


@dataclass(frozen=True, slots=True)
class Erased:
    """Whose lines may not stand in the files of these days, nor in a history."""

    customer: CustomerKey | None
    surveys: tuple[SurveyId, ...]
    days: tuple[date, ...]


class ErasureTable:
    """The last days' erasures of a shop."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._items = DynamoTable(client, table)

    def note(self, shop: ShopId, erased: Erased, now: datetime) -> None:
        """Note an erasure before its lines are taken out; one that is repeated adds to what was noted."""
        if not erased.surveys:
            return
        terms = Terms()
        days = {day.isoformat() for day in erased.days}
        told: Item = {"surveys": list(erased.surveys), **purge_mark(now + _KEPT)}
        told |= {"customer": erased.customer} if erased.customer is not None else {}
        added = f" ADD {terms.name('days')} {terms.value(days)}" if days else ""
        self._items.update(keys.erasure(shop, erased.surveys[0]), f"{terms.set(told)}{added}", "", terms)

    def list(self, shop: ShopId) -> Iterable[Erased]:
        """Read them all; strongly consistent."""
        terms = Terms()
        partition = f"{terms.name('pk')} = {terms.value(keys.shop_partition(shop))}"
        prefix = f"begins_with({terms.name('sk')}, {terms.value(keys.ERASURE_PREFIX)})"
        return [_read(item) for item in self._items.query(f"{partition} AND {prefix}", terms, consistent=True)]


def _read(item: Item) -> Erased:
    days = tuple(sorted(map(date.fromisoformat, item.get("days", ()))))
    return Erased(item.get("customer"), tuple(map(SurveyId, item["surveys"])), days)
