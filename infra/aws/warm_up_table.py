"""The places of a warm-up: since when a shop's sender warms up, and how many places of each day are taken."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cx_domain import warming
from cx_domain.calendars import day_of
from cx_domain.errors import Conflict
from cx_domain.shops import Shop, ShopId
from cx_domain.warming import Place, Taken, WarmUpDay
from infra.aws import keys
from infra.aws.attribute_values import Item, purge_mark, to_exact, to_time
from infra.aws.dynamo_table import ConditionFailed, DynamoTable, Terms

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_TRIES = 32
"""Of the senders that work side by side one wins each time."""
_KEPT = timedelta(days=30)
_MICROSECOND = timedelta(microseconds=1)


class WarmUpTable:
    """Places by shop, sender's domain and day. Two senders never get the same one; one that dies with its place loses it."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._items = DynamoTable(client, table)
        self._begun: dict[tuple[ShopId, str], date] = {}
        self._seen: dict[tuple[str, str], Item | None] = {}

    def take(self, shop: Shop, now: datetime) -> Place | None:
        """Take the next free place of the shop's warm-up; None when it is over. The first to ask begins it."""
        domain = warming.sender_domain(shop)
        begun_on = self._begun_on(shop.id, domain, day_of(now, shop.zone))
        days = list(warming.days(shop, begun_on, now))
        for day in days:
            place = self._take_of(shop.id, domain, day, now)
            if place is not None:
                return place
        if not days:
            return None
        after = warming.ends_at(shop, begun_on)
        return Place(day_of(after, shop.zone), after)

    def _begun_on(self, shop: ShopId, domain: str, today: date) -> date:
        known = self._begun.get((shop, domain))
        if known is not None:
            return known
        terms = Terms()
        name = terms.name("begun_on")
        change = f"SET {name} = if_not_exists({name}, {terms.value(today.isoformat())})"
        written = self._items.update(keys.warm_up(shop, domain), change, "", terms)
        if isinstance(written, ConditionFailed):
            raise AssertionError("there was no condition")  # noqa: TRY004  not a wrong type: it cannot be
        return self._begun.setdefault((shop, domain), date.fromisoformat(written["begun_on"]))

    def _take_of(self, shop: ShopId, domain: str, day: WarmUpDay, now: datetime) -> Place | None:
        key = keys.warm_up_day(shop, domain, day.on)
        name = key["pk"], key["sk"]
        # What this process saw last saves a read; where it is out of date, the write fails and says what stands there.
        item = self._seen[name] if name in self._seen else self._items.get(key)
        for _ in range(_TRIES):
            found = warming.take(_read_taken(item) if item else None, day, now)
            if found is None:
                return None
            place, taken = found
            version = int(item["version"]) if item else 0
            changed = _attributes(taken) | purge_mark(day.closes_at + _KEPT)
            written = self._items.save_version(key, changed, (), version, or_absent=item is None)
            if not isinstance(written, ConditionFailed):
                self._seen[name] = written
                return place
            item = self._seen[name] = written.item
        raise Conflict(f"the places of {shop} on {day.on} are taken faster than they can be counted")


def _attributes(taken: Taken) -> dict[str, Any]:
    return {"places": taken.places, "free_at": to_exact(taken.free_at), "spacing": taken.spacing // _MICROSECOND}


def _read_taken(item: Mapping[str, Any]) -> Taken:
    return Taken(int(item["places"]), to_time(item["free_at"]), int(item["spacing"]) * _MICROSECOND)
