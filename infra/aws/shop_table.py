"""The shops: each one's file as it was written, the list of them, how far its reports have come, and which digests went out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from secrets import token_hex
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from cx_domain.errors import BadShopFile, Conflict, NotConfigured, Trouble
from cx_domain.series import NewSeries, Series, Wordings, all_begun, rule_name
from cx_domain.shop_files import read_shop_file
from cx_domain.shops import Shop, ShopId
from infra.aws import keys
from infra.aws.attribute_values import Item, to_exact, to_time
from infra.aws.dynamo_table import ConditionFailed, DynamoTable, Terms
from infra.aws.keys import Key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class RollupState:
    """How far a shop's rollup has come: up to which change, when it last ran, and what it deleted. `version` guards the write."""

    cursor: datetime | None = None
    rolled_at: datetime | None = None
    version: int = 0
    swept_before: date | None = None
    """No file of an earlier day is in the bucket any more."""


@dataclass(frozen=True, slots=True)
class ListedShop:
    """A shop in the list of all. `next_at` is when it is to be rolled up next; None where that must be worked out."""

    id: ShopId
    next_at: datetime | None


class ShopTable:
    """Shops by their id."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._items = DynamoTable(client, table)

    def put(
        self, shop: ShopId, toml_text: str, now: datetime, wordings: Wordings | None = None, today: date | None = None
    ) -> tuple[NewSeries, ...]:
        """Keep a shop's file, which was read and checked before, in place of its older one; returns the series that begin.

        `wordings` says in which words it asks, `today` is the shop's own day. Without them the series stay as they were.
        """
        own = {rule_name(rule): rule.question or {} for rule in read_shop_file(toml_text).surveys} if wordings else {}
        while True:
            stored = self._items.get(keys.shop_file(shop)) or {}
            series, new = all_begun(_series(stored), wordings or {}, own, today or now.date())
            # In one write: a file with the series of another would pool answers to different words.
            changed: Item = {"file": toml_text, "put_at": to_exact(now), "series": _series_item(series)}
            changed["lifetimes"] = sorted(each // _SECOND for each in _lifetimes(stored) | _lifetimes_in(toml_text))
            changed["zones"] = sorted(zone.key for zone in _zones(stored) | _zones_in(toml_text))
            version = int(stored.get("version", 0))
            written = self._items.save_version(keys.shop_file(shop), changed, (), version, or_absent=version == 0)
            if not isinstance(written, ConditionFailed):
                break
        # Written anew, without when the shop is to be rolled up next: another file may say otherwise.
        self._items.put({**keys.shop_entry(shop), "put_at": to_exact(now)})
        return new

    def get(self, shop: ShopId) -> Shop | None:
        """Read a shop. NotConfigured, which the sender may retry, when a file kept by an older release reads no more."""
        item = self._items.get(keys.shop_file(shop))
        if item is None:
            return None
        try:
            shop_now = _with_series(read_shop_file(str(item["file"])), _series(item))
            return replace(shop_now, imported_until=_imported(item), lifetimes=_lifetimes(item), zones=_zones(item))
        except BadShopFile as error:
            raise NotConfigured(f"the file of the shop {shop} must be put again: {error}") from error

    def note_imported(self, shop: ShopId, series: str, until: date) -> None:
        """Note up to which day another service's answers reach, as reports say it; a day that is known already and later stands."""
        while True:
            item = self._items.get(keys.shop_file(shop)) or {}
            known = _imported(item)
            if known.get(series, date.min) >= until:
                return
            days = {name: day.isoformat() for name, day in {**known, series: until}.items()}
            version = int(item.get("version", 0))
            written = self._items.save_version(keys.shop_file(shop), {"imported": days}, (), version)
            if not isinstance(written, ConditionFailed):
                return

    def text(self, shop: ShopId) -> str | None:
        """Read a shop's file as it was written."""
        item = self._items.get(keys.shop_file(shop))
        return str(item["file"]) if item is not None else None

    def ids(self) -> list[ShopId]:
        """List all shops by name."""
        return [listed.id for listed in self.listed()]

    def listed(self) -> list[ListedShop]:
        """List all shops by name, with when each is to be rolled up next: one query, however many there are."""
        terms = Terms()
        condition = f"{terms.name('pk')} = {terms.value(keys.SHOPS_PARTITION)}"
        items = self._items.query(condition, terms)
        return [
            ListedShop(ShopId(item["sk"]), to_time(item["next_at"]) if "next_at" in item else None) for item in items
        ]

    def note_next(self, shop: ShopId, next_at: datetime, *, read_at: datetime) -> None:
        """Note when a shop is to be rolled up next, by its file as it was read then; nothing happens if a newer file was put since."""
        terms = Terms()
        change = terms.set({"next_at": to_exact(next_at)})
        put_at = terms.name("put_at")
        # Who was removed meanwhile must not come back by this.
        condition = f"attribute_exists(pk) AND {put_at} < {terms.value(to_exact(read_at))}"
        self._items.update(keys.shop_entry(shop), change, condition, terms)

    def rollup_state(self, shop: ShopId) -> RollupState:
        """Say how far the rollup has come; a shop that was never rolled up has version 0."""
        item = self._items.get(keys.rollup_state(shop))
        if item is None:
            return RollupState()
        times = {name: to_time(item[name]) for name in ("cursor", "rolled_at") if name in item}
        swept_before = date.fromisoformat(item["swept_before"]) if "swept_before" in item else None
        return RollupState(version=int(item["version"]), swept_before=swept_before, **times)

    def save_rollup_state(self, shop: ShopId, state: RollupState) -> RollupState:
        """Keep a state whose `version` is the one that was read; Conflict when another rollup was first."""
        times: dict[str, Any] = {"cursor": state.cursor, "rolled_at": state.rolled_at}
        changed = {name: to_exact(at) for name, at in times.items() if at is not None}
        if state.swept_before is not None:
            changed["swept_before"] = state.swept_before.isoformat()
        removed = [name for name, at in times.items() if at is None]
        key, is_first = keys.rollup_state(shop), state.version == 0
        written = self._items.save_version(key, changed, removed, state.version, or_absent=is_first)
        if isinstance(written, ConditionFailed):
            raise Conflict(f"another rollup of {shop} was first")
        return replace(state, version=int(written["version"]))

    def claim_digest(self, shop: ShopId, period: str, manager_key: str) -> bool:
        """Say whether the caller is the one who mails this digest to this manager; True once only."""
        terms = Terms()
        holder, mark = terms.name("mark"), token_hex(8)
        change, condition = terms.set({"mark": mark}), f"attribute_not_exists({holder})"
        key = keys.digest_claim(shop, period, manager_key)
        try:
            claimed = self._items.update(key, change, condition, terms)
        except Trouble:
            # Perhaps it was written. Nothing has been sent, and as long as we live we know it.
            self._take_back(key, mark)
            raise
        if isinstance(claimed, ConditionFailed):
            # Our own mark stands there when botocore repeated the write because its answer was lost.
            return claimed.item is not None and claimed.item.get("mark") == mark
        return True

    def _take_back(self, key: Key, mark: str) -> None:
        terms = Terms()
        condition = f"{terms.name('mark')} = {terms.value(mark)}"
        self._items.update(key, terms.remove(["mark"]), condition, terms)

    def release_digest(self, shop: ShopId, period: str, manager_key: str) -> None:
        """Give a claim back, because the digest certainly did not leave."""
        terms = Terms()
        self._items.update(keys.digest_claim(shop, period, manager_key), terms.remove(["mark"]), "", terms)


def _series(item: Item) -> dict[str, Series]:
    """By rule; nothing in an item that an older release wrote."""
    return {
        rule: Series(kept["name"], kept["words"], kept.get("own", {}), dict(kept.get("earlier", ())))
        for rule, kept in item.get("series", {}).items()
    }


def _imported(item: Item) -> dict[str, date]:
    return {series: date.fromisoformat(day) for series, day in item.get("imported", {}).items()}


def _lifetimes(item: Item) -> frozenset[timedelta]:
    """Those that the item names; of an item that an older release wrote, those of its file."""
    if "lifetimes" in item:
        return frozenset(timedelta(seconds=int(each)) for each in item["lifetimes"])
    return _lifetimes_in(str(item.get("file", "")))


def _lifetimes_in(toml_text: str) -> frozenset[timedelta]:
    return frozenset(rule.expires for shop in _readable(toml_text) for rule in shop.surveys)


def _zones(item: Item) -> frozenset[ZoneInfo]:
    return frozenset(map(ZoneInfo, item["zones"])) if "zones" in item else _zones_in(str(item.get("file", "")))


def _zones_in(toml_text: str) -> frozenset[ZoneInfo]:
    return frozenset(shop.zone for shop in _readable(toml_text))


def _readable(toml_text: str) -> tuple[Shop, ...]:
    """None where the file reads no more."""
    try:
        return (read_shop_file(toml_text),)
    except BadShopFile:
        return ()


def _series_item(series: Mapping[str, Series]) -> Item:
    return {
        rule: {
            "name": each.name,
            "words": dict(each.words),
            "own": dict(each.own),
            "earlier": [[name, dict(own)] for name, own in each.earlier.items()],
        }
        for rule, each in series.items()
    }


def _with_series(shop: Shop, series: Mapping[str, Series]) -> Shop:
    beginning = Series(None, {})
    kept = ((rule, series.get(rule_name(rule), beginning)) for rule in shop.surveys)
    return replace(shop, surveys=tuple(replace(rule, series=one.name, earlier=one.earlier) for rule, one in kept))
