"""Who was erased lately, by keyed ids: a rollup that had read them before may write their lines after the erasure took them out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from cx_domain.shops import ShopId
from cx_domain.surveys import CustomerKey, SurveyId
from infra.aws import keys
from infra.aws.attribute_values import Item, purge_mark, to_seconds, to_time
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
    imported: tuple[str, ...] = ()
    """Answers of theirs that another service took."""


class ErasureTable:
    """The last days' erasures of a shop."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._items = DynamoTable(client, table)

    def note(self, shop: ShopId, erased: Erased, now: datetime) -> None:
        """Note an erasure before its lines are taken out; one that is repeated adds to what was noted."""
        ids = (*erased.surveys, *erased.imported)
        if not ids:
            return
        terms = Terms()
        told: Item = {"surveys": list(erased.surveys), **purge_mark(now + _KEPT)}
        told |= {"customer": erased.customer} if erased.customer is not None else {}
        sets = {"days": {day.isoformat() for day in erased.days}, "imported": set(erased.imported)}
        added = ", ".join(f"{terms.name(name)} {terms.value(some)}" for name, some in sets.items() if some)
        self._items.update(
            keys.erasure(shop, ids[0]), f"{terms.set(told)}{f' ADD {added}' if added else ''}", "", terms
        )

    def list(self, shop: ShopId) -> Iterable[Erased]:
        """Read them all; strongly consistent."""
        terms = Terms()
        partition = f"{terms.name('pk')} = {terms.value(keys.shop_partition(shop))}"
        prefix = f"begins_with({terms.name('sk')}, {terms.value(keys.ERASURE_PREFIX)})"
        return [_read(item) for item in self._items.query(f"{partition} AND {prefix}", terms, consistent=True)]

    def mark(self, shop: ShopId, customer: CustomerKey, now: datetime, *, purge_at: datetime) -> None:
        """Note when somebody was erased, for as long as an older answer of theirs could be imported."""
        self._items.put({**keys.erased(shop, customer), "erased_at": to_seconds(now), **purge_mark(purge_at)})

    def erased_at(self, shop: ShopId, customers: Iterable[CustomerKey]) -> dict[CustomerKey, datetime]:
        """Say when these customers were erased; whoever was not is left out."""
        items = self._items.get_many(keys.erased(shop, each) for each in set(customers))
        return {keys.erased_customer(item["sk"]): to_time(item["erased_at"]) for item in items}


def _read(item: Item) -> Erased:
    days = tuple(sorted(map(date.fromisoformat, item.get("days", ()))))
    imported = tuple(sorted(item.get("imported", ())))
    return Erased(item.get("customer"), tuple(map(SurveyId, item["surveys"])), days, imported)
