"""The platforms that shops brought themselves: each one's file as it was written, by the shop and the platform's name."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from cx_domain.shops import ShopId
from infra.aws import keys
from infra.aws.attribute_values import to_exact
from infra.aws.dynamo_table import DynamoTable, Terms

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class PlatformTable:
    """Files that were read and checked before."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._items = DynamoTable(client, table)

    def put(self, shop: ShopId, name: str, toml_text: str, now: datetime) -> None:
        """Keep a file in place of its older one."""
        self._items.put({**keys.platform_file(shop, name), "file": toml_text, "put_at": to_exact(now)})

    def text(self, shop: ShopId, name: str) -> str | None:
        """Read a file as it was written; None if the shop brought none of this name."""
        item = self._items.get(keys.platform_file(shop, name))
        return None if item is None else str(item["file"])

    def names(self, shop: ShopId) -> Sequence[str]:
        """List a shop's own platforms by name."""
        terms = Terms()
        partition = f"{terms.name('pk')} = {terms.value(keys.shop_partition(shop))}"
        condition = f"{partition} AND begins_with({terms.name('sk')}, {terms.value(keys.PLATFORM_PREFIX)})"
        return [keys.platform_name(item["sk"]) for item in self._items.query(condition, terms, consistent=True)]

    def remove(self, shop: ShopId, name: str) -> bool:
        """Forget a file; False if there was none."""
        known = self.text(shop, name) is not None
        self._items.delete(keys.platform_file(shop, name))
        return known
