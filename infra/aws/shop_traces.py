"""Everything of one shop, wherever it lies, to be removed for good."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cx_domain.shops import ShopId
from infra.aws import keys
from infra.aws.dynamo_table import DynamoTable, Terms
from infra.aws.files import Files

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def erase_items(client: "DynamoDBClient", table: str, shop: ShopId) -> int:
    """Remove a shop's items and say how many there were. The shop's own file goes last: broken off, it can be said again."""
    items = DynamoTable(client, table)
    last = keys.shop_entry(shop), keys.shop_file(shop)
    found = [key for key in _keys(items, shop) if key not in last]
    for key in (*found, *last):
        items.delete(key)
    return len(found)


def erase_files(files: Files, shop: ShopId) -> int:
    """Remove a shop's files and say how many there were; the bucket forgets their older versions by itself."""
    found = [key for folder in keys.FOLDERS for key in files.list(f"{folder}/{shop}/")]
    for key in found:
        files.delete(key)
    return len(found)


def _keys(items: DynamoTable, shop: ShopId) -> Iterator[keys.Key]:
    terms = Terms()
    pk, sk = terms.name("pk"), terms.name("sk")
    own = [f"{pk} = {terms.value(keys.shop_partition(shop))}", f"{terms.name('shop')} = {terms.value(shop)}"]
    named = [f"begins_with({pk}, {terms.value(prefix)})" for prefix in keys.prefixes_of(shop)]
    listed = [
        f"({pk} = {terms.value(listing)} AND ({sk} = {terms.value(shop)} OR begins_with({sk}, {terms.value(f'{shop}#')})))"
        for listing in keys.LISTINGS
    ]
    for item in items.scan(" OR ".join((*own, *named, *listed)), terms):
        yield {"pk": item["pk"], "sk": item["sk"]}
