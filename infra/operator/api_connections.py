"""How an operator lets orders be read through a shop's platform: where its API is, and the token."""

import re
from dataclasses import dataclass
from datetime import timedelta

from cx_domain.errors import BadField, NotConfigured
from cx_domain.shops import Shop, ShopId
from infra.aws.attribute_values import to_seconds
from infra.operator.session import Stack
from infra.platforms import Platform
from infra.platforms.fetching import Fetch

LONGEST_SINCE = timedelta(days=90)
"""Who asks about orders that are older asks nobody who remembers."""
_TOKEN = re.compile("[!-~]{1,4096}")


@dataclass(frozen=True, slots=True)
class ApiConnection:
    """Where a shop's orders are read from now on; `hourly` if what was changed is read each hour, else only what webhooks hint at."""

    base: str
    hourly: bool


def connect(stack: Stack, shop: ShopId, platform: Platform, api: str | None, token: str | None) -> ApiConnection:
    """Keep the token and where the API is. Both are checked before anything is kept: BadField. NotFound for no such shop."""
    stack.shop(shop)
    fetch = _fetch(platform)
    if token is None:
        raise BadField("--token", f"must be there: {fetch.token}")
    if _TOKEN.fullmatch(token) is None or (fetch.auth.basic and ":" not in token):
        raise BadField("--token", f"must be {fetch.token}; without spaces and line breaks")
    base = fetch.base_of(api)
    stack.secrets.put_api_token(shop, platform.name, token)
    stack.apis.put(shop, platform.name, base, stack.now())
    return ApiConnection(base, fetch.changed is not None)


def disconnect(stack: Stack, shop: ShopId, platform: Platform) -> bool:
    """Read a shop's orders no more and forget the token; False if none were read."""
    stack.shop(shop)
    was_read = stack.apis.get(shop, platform.name) is not None
    stack.apis.remove(shop, platform.name)
    stack.secrets.remove_api_token(shop, platform.name)
    return was_read


def reconcile(stack: Stack, shop: ShopId, platform: Platform, since: timedelta) -> None:
    """Have everything read that was changed since so long ago. NotConfigured where nothing can be read; BadField."""
    stack.shop(shop)
    if platform.fetch is None or platform.fetch.changed is None:
        raise NotConfigured(f"{platform.title} does not list changed orders in a way that is known here.")
    if stack.apis.get(shop, platform.name) is None:
        raise NotConfigured(
            f"Orders of {shop} are not read from {platform.title}: "
            f"say `afterorder shop connect {shop} {platform.name} --token …` first."
        )
    if not timedelta() < since <= LONGEST_SINCE:
        raise BadField("--since", f"must be at most {LONGEST_SINCE.days}d")
    begin = to_seconds(stack.now() - since)
    stack.fetch({"shop": shop, "platform": platform.name, "since": begin})


def refused_tokens(stack: Stack, shop: Shop) -> list[str]:
    """Say of each token that its platform does not take any more since when, and what to do about it."""
    refused = [(api, api.refused_at) for api in stack.apis.list(shop.id) if api.refused_at is not None]
    return [
        f"{stack.platform(shop.id, api.platform).title} has refused the token since {at.astimezone(shop.zone):%Y-%m-%d %H:%M}: "
        f"no orders are read. Set another: afterorder shop connect {shop.id} {api.platform} --token …"
        for api, at in refused
    ]


def _fetch(platform: Platform) -> Fetch:
    if platform.fetch is None:
        raise BadField("--token", f"is of no use here: orders of {platform.title} are not read through an API")
    return platform.fetch
