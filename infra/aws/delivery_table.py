"""What came of a shop's webhooks: one item for each of its days and platforms, with counters and the last refusals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cx_domain.deliveries import KEPT_DAYS, MOST_REFUSED, DeliveryDay, Refused
from cx_domain.errors import Conflict
from cx_domain.shops import ShopId
from infra.aws import keys
from infra.aws.attribute_values import Item, purge_mark, to_milliseconds, to_time
from infra.aws.dynamo_table import ConditionFailed, DynamoTable, Terms

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_TRIES = 10
_ROOM = 2 * MOST_REFUSED
"""So many refusals may stand in an item: they are cut to the last ones in one write of ten, not in each."""
_COUNTER = "n_"


@dataclass(slots=True)
class Noted:
    """What is to be added to a day. `unsigned` counts the bad signatures after its last good delivery, which is at `last_at`."""

    outcomes: dict[str, int] = field(default_factory=dict)
    title: str = ""
    first_at: datetime | None = None
    last_at: datetime | None = None
    unsigned: int = 0
    refused: list[Refused] = field(default_factory=list)


class DeliveryTable:
    """Deliveries by shop, day and platform. A counter may count one twice, where the answer to a write was lost."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._items = DynamoTable(client, table)

    def add(self, shop: ShopId, day: date, platform: str, noted: Noted) -> DeliveryDay:
        """Add what was noted to a day, in one write as a rule; returns the day as it stands then."""
        key = keys.delivery_day(shop, day, platform)
        is_newest = True
        for _ in range(_TRIES):
            written = self._items.update(key, *_change(noted, day, is_newest=is_newest))
            if not isinstance(written, ConditionFailed):
                return _read(written)
            there = written.item or {}
            if len(there.get("refused", ())) > _ROOM - len(noted.refused):
                self._cut(key, there["refused"])
            # Another process has noted a later delivery: that one stays the last.
            is_newest = noted.last_at is None or there.get("last_at", "") < to_milliseconds(noted.last_at)
        raise Conflict(f"the refusals of {shop} on {day} come faster than they can be noted")

    def list(self, shop: ShopId, since: date) -> tuple[DeliveryDay, ...]:
        """Read a shop's days from this one on, in their order, all platforms; strongly consistent."""
        terms = Terms()
        partition = f"{terms.name('pk')} = {terms.value(keys.shop_partition(shop))}"
        first, last = (terms.value(edge) for edge in keys.deliveries_since(since))
        days = f"{terms.name('sk')} BETWEEN {first} AND {last}"
        return tuple(map(_read, self._items.query(f"{partition} AND {days}", terms, consistent=True)))

    def _cut(self, key: keys.Key, seen: Sequence[Item]) -> None:
        """Leave the last ten refusals, if those that were seen still stand there; if not, somebody else has cut them."""
        terms = Terms()
        change = terms.set({"refused": list(seen)[-MOST_REFUSED:]})
        self._items.update(key, change, f"{terms.name('refused')} = {terms.value(list(seen))}", terms)


def _change(noted: Noted, day: date, *, is_newest: bool) -> tuple[str, str, Terms]:
    """Write the change and its condition: a later `last_at` stays, and there must be room for refusals."""
    terms = Terms()
    purge_at = datetime.fromisoformat(f"{day.isoformat()}T00:00:00Z") + timedelta(days=KEPT_DAYS)
    sets = [terms.set({"title": noted.title} | purge_mark(purge_at)).removeprefix("SET ")]
    adds = [f"{terms.name(_counter(outcome))} {terms.value(number)}" for outcome, number in noted.outcomes.items()]
    conditions: list[str] = []
    if noted.first_at is not None and noted.last_at is not None:
        first = terms.name("first_at")
        sets.append(f"{first} = if_not_exists({first}, {terms.value(to_milliseconds(noted.first_at))})")
        if is_newest:
            last, at = terms.name("last_at"), terms.value(to_milliseconds(noted.last_at))
            sets += [f"{last} = {at}", f"{terms.name('unsigned')} = {terms.value(noted.unsigned)}"]
            conditions.append(f"(attribute_not_exists({last}) OR {last} <= {at})")
    if noted.unsigned and (noted.last_at is None or not is_newest):
        adds.append(f"{terms.name('unsigned')} {terms.value(noted.unsigned)}")
    if noted.refused:
        refused, new = terms.name("refused"), [_refused_item(one) for one in noted.refused[-MOST_REFUSED:]]
        sets.append(
            f"{refused} = list_append(if_not_exists({refused}, {terms.value([])}), {terms.value(new)})",
        )
        room = terms.value(_ROOM - len(new))
        conditions.append(f"(attribute_not_exists({refused}) OR size({refused}) <= {room})")
    added = f" ADD {', '.join(adds)}" if adds else ""
    return f"SET {', '.join(sets)}{added}", " AND ".join(conditions), terms


def _counter(outcome: str) -> str:
    """Name the attribute that counts an outcome; a placeholder of DynamoDB's has no hyphen."""
    return f"{_COUNTER}{outcome.replace('-', '_')}"


def _refused_item(one: Refused) -> Item:
    return {"at": to_milliseconds(one.at), "why": one.why, "said": one.said}


def _read(item: Mapping[str, Any]) -> DeliveryDay:
    day, platform = keys.delivery_of(item["sk"])
    times = {name: to_time(item[name]) for name in ("first_at", "last_at") if name in item}
    counts = {name.removeprefix(_COUNTER): int(value) for name, value in item.items() if name.startswith(_COUNTER)}
    kept = [Refused(to_time(one["at"]), one["why"], one["said"]) for one in item.get("refused", ())]
    return DeliveryDay(
        day=day,
        platform=platform,
        outcomes={name.replace("_", "-"): number for name, number in counts.items()},
        title=item.get("title", ""),
        unsigned=int(item.get("unsigned", 0)),
        refused=tuple(kept[-MOST_REFUSED:]),
        **times,
    )
