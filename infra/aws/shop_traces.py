"""Everything of one shop, wherever it lies, to be removed for good."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cx_domain.shops import ShopId
from infra.aws import keys
from infra.aws.dynamo_table import DynamoTable, Terms
from infra.aws.files import Files

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class ShopTraces:
    """What a shop left in the table and in the bucket."""

    def __init__(self, client: "DynamoDBClient", table: str, files: Files) -> None:
        self._items = DynamoTable(client, table)
        self._files = files

    def erase(self, shop: ShopId) -> tuple[int, int]:
        """Remove a shop's items and files, and say how many there were.

        The shop's own file goes last: broken off, it can be said again. The bucket forgets older versions of files by itself.
        """
        last = keys.shop_entry(shop), keys.shop_file(shop)
        found = [key for key in self._keys(shop) if key not in last]
        stored = [key for folder in keys.FOLDERS for key in self._files.list(f"{folder}/{shop}/")]
        for path in stored:
            self._files.delete(path)
        for key in (*found, *last):
            self._items.delete(key)
        return len(found), len(stored)

    def _keys(self, shop: ShopId) -> Iterator[keys.Key]:
        terms = Terms()
        pk, sk = terms.name("pk"), terms.name("sk")
        own = [f"{pk} = {terms.value(keys.shop_partition(shop))}", f"{terms.name('shop')} = {terms.value(shop)}"]
        named = [f"begins_with({pk}, {terms.value(prefix)})" for prefix in keys.prefixes_of(shop)]
        below = f"({sk} = {terms.value(shop)} OR begins_with({sk}, {terms.value(f'{shop}#')}))"
        listed = [f"({pk} = {terms.value(listing)} AND {below})" for listing in keys.LISTINGS]
        for item in self._items.scan(" OR ".join((*own, *named, *listed)), terms):
            yield {"pk": item["pk"], "sk": item["sk"]}
