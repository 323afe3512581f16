"""What is asked of a platform's API: one order, or a page of those that were changed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from cx_domain.errors import BadField, NotConfigured, NotFound
from cx_domain.raw_fields import RawFields
from cx_domain.shops import ShopId
from infra import adapters
from infra.aws.api_table import Api
from infra.aws.attribute_values import to_seconds, to_time
from infra.platform_api import Answer, Door, PlatformApi, TokenRefused, Unreadable
from infra.platforms.expressions import Expression
from infra.platforms.fetching import Changed, Fetch, changed_address
from infra.platforms.files import Platform


@dataclass(frozen=True, slots=True)
class Page:
    """Which page of changed orders is asked for: from a time on, the how manyeth, or where the platform said; and the latest change so far."""

    since: datetime
    number: int = 1
    address: str | None = None
    latest: datetime | None = None

    def message(self) -> dict[str, Any]:
        """Write it for the queue."""
        told = {"since": to_seconds(self.since), "page": self.number, "next": self.address}
        return told | {"latest": to_seconds(self.latest) if self.latest is not None else None}


def read_page_message(told: Mapping[str, Any]) -> Page:
    """Read what `Page.message` wrote."""
    latest = told.get("latest")
    return Page(to_time(told["since"]), told.get("page", 1), told.get("next"), to_time(latest) if latest else None)


@dataclass(frozen=True, slots=True)
class Listed:
    """The orders of a page, the page after it, and up to when everything was read by now; None for what is not there."""

    orders: tuple[dict[str, Any], ...]
    following: Page | None
    read_until: datetime | None


@lru_cache(maxsize=1)
def platform_api() -> PlatformApi:
    return PlatformApi()


def order(here: Platform, shop: ShopId, order_id: str) -> dict[str, Any]:
    """Read one order, with its lines. NotFound if it is gone; Trouble, by its kind."""
    fetch, api = _fetch(here), _api(here, shop)
    base = api.base
    found = _part(here, _get(here, shop, base, fetch.order_address(base, order_id)), fetch.order)
    if api.refused_at is not None:
        adapters.apis().note_acceptance(shop, here.name)
    if not isinstance(found, dict):
        raise Unreadable(f"{here.name}: an answer without an order")
    lines = fetch.items_address(base, order_id)
    return found if lines is None else {**found, fetch.items_key: _lines(here, shop, base, lines)}


def _lines(here: Platform, shop: ShopId, base: str, address: str) -> object:
    """An order's lines; the order is there, so that lines which are not mean that it has none."""
    try:
        return _get(here, shop, base, address).body
    except NotFound:
        return []


def page(here: Platform, shop: ShopId, asked: Page) -> Listed:
    """Read a page of the orders that were changed, the oldest change first."""
    changed, base = _changed(here), _base(here, shop)
    # Platforms differ in whether they list a change of exactly this time; a second earlier, both do.
    since = f"{asked.since.astimezone(UTC) - timedelta(seconds=1):%Y-%m-%dT%H:%M:%S}"
    address = asked.address or changed_address(changed, base, since, asked.number)
    answer = _get(here, shop, base, address)
    orders = _part(here, answer, changed.orders)
    if not isinstance(orders, list) or not all(isinstance(each, dict) for each in orders):
        raise Unreadable(f"{here.name}: an answer without a list of orders")
    times = [at for each in orders if (at := _changed_at(here, changed, each)) is not None]
    return (
        _by_link(asked, answer, orders, times) if changed.paging == "link" else _by_time(asked, changed, orders, times)
    )


def _by_link(asked: Page, answer: Answer, orders: list[dict[str, Any]], times: list[datetime]) -> Listed:
    """The platform remembers where it was. In which order it lists is not known, so all is read only at the end."""
    latest = max([*times, *([asked.latest] if asked.latest else [])], default=None)
    if answer.next is None:
        return Listed(tuple(orders), None, latest)
    return Listed(tuple(orders), replace(asked, address=answer.next, latest=latest), None)


def _by_time(asked: Page, changed: Changed, orders: list[dict[str, Any]], times: list[datetime]) -> Listed:
    """Go on from the last order's time: an order that changes meanwhile moves to the end, and pages by number would skip one for it."""
    if times != sorted(times):
        raise Unreadable("a list that is not in the order of its changes")
    latest = max(times, default=asked.since)
    if latest > asked.since:
        return Listed(tuple(orders), Page(latest), latest)
    if len(orders) < changed.size:
        return Listed(tuple(orders), None, None)
    # A whole page was changed in one second.
    return Listed(tuple(orders), replace(asked, number=asked.number + 1), None)


def _get(here: Platform, shop: ShopId, base: str, address: str) -> Answer:
    """Ask with the token; once more with the one that an operator has just set, if it is another."""
    secrets = adapters.secrets()
    token = secrets.api_token(shop, here.name)
    if token is None:
        raise NotConfigured(f"there is no token for {here.name} of {shop}: run `afterorder shop connect`")
    try:
        return platform_api().get(Door(shop, here.name, base, _fetch(here), token), address)
    except TokenRefused as refusal:
        renewed = secrets.api_token(shop, here.name, refresh=True)
        if renewed is None or renewed == token:
            raise refusal from None
        return platform_api().get(Door(shop, here.name, base, _fetch(here), renewed), address)


def _fetch(here: Platform) -> Fetch:
    if here.fetch is None:
        raise NotConfigured(f"orders of {here.name} cannot be read")
    return here.fetch


def _changed(here: Platform) -> Changed:
    changed = _fetch(here).changed
    if changed is None:
        raise NotConfigured(f"{here.name} lists no changed orders")
    return changed


def _base(here: Platform, shop: ShopId) -> str:
    return _api(here, shop).base


def _api(here: Platform, shop: ShopId) -> Api:
    api = adapters.apis().get(shop, here.name)
    if api is None:
        raise NotConfigured(
            f"orders of {shop} are not read from {here.name}: run `afterorder shop connect` with --token"
        )
    return api


def _part(here: Platform, answer: Answer, where: Expression | None) -> object:
    if where is None:
        return answer.body
    if not isinstance(answer.body, dict):
        raise Unreadable(f"{here.name}: an answer that is no object")
    return where.search(answer.body)


def _changed_at(here: Platform, changed: Changed, order: dict[str, Any]) -> datetime | None:
    """When an order was changed, in whole seconds as we ask; one that does not say is read all the same, and moves nothing on."""
    try:
        raw = {"at": changed.at.search(order)}
        at = RawFields(raw, here.zoneless_is_utc, here.times_are_unix).time("at")
    except BadField:
        return None
    return at.replace(microsecond=0) if at is not None else None
