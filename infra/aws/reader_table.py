"""What is kept of a shop's managers beside its file: who was added, who was removed, which links still open, who came when."""

from datetime import datetime
from typing import TYPE_CHECKING

from cx_domain.readers import FIRST_GENERATION, ReaderRecord
from cx_domain.shops import ShopId
from infra.aws import keys
from infra.aws.attribute_values import Item, to_exact, to_seconds, to_time
from infra.aws.dynamo_table import ConditionFailed, DynamoTable, Terms

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class ReaderTable:
    """Managers by shop and key. A removed one keeps the generation of their links, and neither address nor name."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._items = DynamoTable(client, table)

    def get(self, shop: ShopId, manager_key: str) -> ReaderRecord:
        """Read what is kept of one manager; an empty record where it is nothing."""
        return _read(self._items.get(keys.reader(shop, manager_key)) or {})

    def list(self, shop: ShopId) -> dict[str, ReaderRecord]:
        """Read what is kept of all managers of a shop, by their keys; strongly consistent."""
        terms = Terms()
        partition = f"{terms.name('pk')} = {terms.value(keys.shop_partition(shop))}"
        prefix = f"begins_with({terms.name('sk')}, {terms.value(keys.READER_PREFIX)})"
        items = self._items.query(f"{partition} AND {prefix}", terms, consistent=True)
        return {keys.manager_key(item["sk"]): _read(item) for item in items}

    def add(self, shop: ShopId, manager_key: str, address: str, name: str | None, now: datetime) -> None:
        """Let somebody read the reports; who reads them already keeps their links, and their name unless a new one is given."""
        terms = Terms()
        said = {"address": address} | ({"name": name} if name is not None else {})
        added_at = terms.name("added_at")
        change = f"{terms.set(said)}, {added_at} = if_not_exists({added_at}, {terms.value(to_exact(now))})"
        self._items.update(keys.reader(shop, manager_key), f"{change} {terms.remove(['removed_at'])}", "", terms)

    def remove(self, shop: ShopId, manager_key: str, now: datetime) -> None:
        """Let somebody read no more; every link that was ever made for them is dead from now on."""
        terms = Terms()
        generation = terms.name("generation")
        # Twice, if an answer was lost and botocore repeated it: a generation that nobody had does no harm.
        next_one = f"if_not_exists({generation}, {terms.value(FIRST_GENERATION)}) + {terms.value(1)}"
        change = f"{terms.set({'removed_at': to_exact(now)})}, {generation} = {next_one}"
        gone = terms.remove(["address", "name", "added_at"])
        self._items.update(keys.reader(shop, manager_key), f"{change} {gone}", "", terms)

    def note_opening(self, shop: ShopId, manager_key: str, now: datetime, unless_since: datetime) -> bool:
        """Note that a manager came, unless it is noted since then; says whether it was written."""
        terms = Terms()
        opened_at = terms.name("opened_at")
        condition = f"attribute_not_exists({opened_at}) OR {opened_at} < {terms.value(to_seconds(unless_since))}"
        change = terms.set({"opened_at": to_seconds(now)})
        written = self._items.update(keys.reader(shop, manager_key), change, condition, terms)
        return not isinstance(written, ConditionFailed)


def _read(item: Item) -> ReaderRecord:
    times = {name: to_time(item[name]) for name in ("added_at", "removed_at", "opened_at") if name in item}
    return ReaderRecord(
        address=item.get("address"),
        name=item.get("name"),
        generation=int(item.get("generation", FIRST_GENERATION)),
        added_at=times.get("added_at"),
        removed_at=times.get("removed_at"),
        opened_at=times.get("opened_at"),
    )
