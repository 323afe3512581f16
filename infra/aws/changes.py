"""What changed in a shop, hour by hour: read from the changes index, day after day."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from cx_domain.shops import ShopId
from infra.aws import keys
from infra.aws.dynamo_table import DynamoTable, Terms


def changed_keys(
    items: DynamoTable, shop: ShopId, family: keys.Family, since: datetime, until: datetime
) -> Iterator[str]:
    """Give the `pk` of what changed from the hour of `since` to the hour of `until`, both whole, the earliest hour first.

    The index is eventually consistent, and holds an item only at its latest change.
    """
    first, last = since.astimezone(UTC), until.astimezone(UTC)
    for days in range((last.date() - first.date()).days + 1):
        day = first.date() + timedelta(days=days)
        from_hour = f"{first:%H}" if day == first.date() else "00"
        to_hour = f"{last:%H}" if day == last.date() else "23"
        terms = Terms()
        condition = (
            f"{terms.name('changed_day')} = {terms.value(keys.changed_day(shop, day))}"
            f" AND {terms.name('changed_hour')} BETWEEN {terms.value(from_hour)} AND {terms.value(to_hour)}"
        )
        for item in items.query(condition, terms, index=keys.CHANGES_INDEX):
            if keys.family(item["pk"]) == family:
                yield item["pk"]
