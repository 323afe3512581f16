"""The platforms' APIs that shops' orders are read from: where each is, up to when its orders were read, and who reads it now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from cx_domain.shops import ShopId
from infra.aws import keys
from infra.aws.attribute_values import to_seconds, to_time
from infra.aws.dynamo_table import ConditionFailed, DynamoTable, Terms

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ABANDONED_AFTER = timedelta(hours=2)
"""A reading that showed no sign of life for so long has died; the next one may begin."""


@dataclass(frozen=True, slots=True)
class Api:
    """One shop's API. Changes up to `cursor` were read; `run` names the reading that goes on, if one does."""

    shop: ShopId
    platform: str
    base: str
    cursor: datetime
    run: str | None = None
    refused_at: datetime | None = None
    """Since when the platform refuses the token; None once it took one again."""


class ApiTable:
    """APIs by shop and platform."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._items = DynamoTable(client, table)

    def put(self, shop: ShopId, platform: str, base: str, now: datetime) -> None:
        """Say where an API is. What was changed from now on is read from it; a cursor that is there already stays."""
        terms = Terms()
        cursor, refused = terms.name("cursor"), terms.name("refused_at")
        first = f"{cursor} = if_not_exists({cursor}, {terms.value(to_seconds(now))})"
        self._items.update(
            keys.api(shop, platform), f"{terms.set({'base': base})}, {first} REMOVE {refused}", "", terms
        )

    def get(self, shop: ShopId, platform: str) -> Api | None:
        """Read where a shop's API is; None if its orders are not read."""
        item = self._items.get(keys.api(shop, platform))
        return _api(item) if item is not None and "base" in item else None

    def list(self, shop: ShopId | None = None) -> list[Api]:
        """List all, or one shop's, by shop and platform; strongly consistent."""
        terms = Terms()
        condition = f"{terms.name('pk')} = {terms.value(keys.APIS_PARTITION)}"
        if shop is not None:
            condition += f" AND begins_with({terms.name('sk')}, {terms.value(keys.apis_of(shop))})"
        return [_api(item) for item in self._items.query(condition, terms, consistent=True) if "base" in item]

    def remove(self, shop: ShopId, platform: str) -> None:
        """Read a shop's orders no more."""
        self._items.delete(keys.api(shop, platform))

    def begin(self, shop: ShopId, platform: str, run: str, now: datetime, *, instead: bool = False) -> bool:
        """Say whether the caller is the one who reads what was changed; `instead` of whoever reads it now, who then ends."""
        terms = Terms()
        change = terms.set({"run": run, "run_at": to_seconds(now)})
        condition = f"attribute_exists({terms.name('base')})"
        if not instead:
            name, at = terms.name("run"), terms.name("run_at")
            abandoned = terms.value(to_seconds(now - ABANDONED_AFTER))
            # `run` may be our own, when the answer to this write was lost and it was repeated.
            condition += f" AND (attribute_not_exists({name}) OR {name} = {terms.value(run)} OR {at} < {abandoned})"
        written = self._items.update(keys.api(shop, platform), change, condition, terms)
        return not isinstance(written, ConditionFailed)

    def advance(self, shop: ShopId, platform: str, run: str, cursor: datetime | None, now: datetime) -> bool:
        """Move the cursor on, never back, and show that the reading goes on; False when another is reading now."""
        if cursor is not None:
            terms = Terms()
            change = terms.set({"cursor": to_seconds(cursor), "run_at": to_seconds(now)})
            condition = f"{_is_ours(terms, run)} AND {terms.name('cursor')} <= {terms.value(to_seconds(cursor))}"
            if not isinstance(self._items.update(keys.api(shop, platform), change, condition, terms), ConditionFailed):
                return True
        terms = Terms()
        change = terms.set({"run_at": to_seconds(now)})
        alive = self._items.update(keys.api(shop, platform), change, _is_ours(terms, run), terms)
        return not isinstance(alive, ConditionFailed)

    def finish(self, shop: ShopId, platform: str, run: str) -> None:
        """End a reading, whose token was good; another that has taken its place goes on."""
        terms = Terms()
        change = terms.remove(["run", "run_at", "refused_at"])
        self._items.update(keys.api(shop, platform), change, _is_ours(terms, run), terms)

    def note_refusal(self, shop: ShopId, platform: str, now: datetime) -> None:
        """Note that the platform did not take the token; since when it does not stays."""
        terms = Terms()
        refused = terms.name("refused_at")
        change = f"SET {refused} = if_not_exists({refused}, {terms.value(to_seconds(now))})"
        self._items.update(keys.api(shop, platform), change, f"attribute_exists({terms.name('base')})", terms)

    def note_acceptance(self, shop: ShopId, platform: str) -> None:
        """Note that the platform took the token again: a refusal may have been the platform's own trouble."""
        terms = Terms()
        change = terms.remove(["refused_at"])
        self._items.update(keys.api(shop, platform), change, f"attribute_exists({terms.name('base')})", terms)


def _is_ours(terms: Terms, run: str) -> str:
    return f"{terms.name('run')} = {terms.value(run)}"


def _api(item: Mapping[str, Any]) -> Api:
    shop, platform = keys.api_of(item["sk"])
    refused_at = to_time(item["refused_at"]) if "refused_at" in item else None
    return Api(shop, platform, item["base"], to_time(item["cursor"]), item.get("run"), refused_at)
