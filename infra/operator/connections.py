"""The secrets that an operator makes: the stack's key ring, once, and each shop's webhook secrets."""

import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

from cx_domain.errors import NotConfigured
from cx_domain.shops import ShopId
from infra.aws.secrets import KeyRing
from infra.operator.session import Stack
from infra.platforms import Platform

LIVE_SECRETS = 2
"""The newest and the one before it: a platform changes over within the hour, and its retries still carry the old one."""
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Connection:
    """Where a platform posts a shop's orders, and what it signs them with."""

    shop: ShopId
    url: str
    secret: str
    platform: Platform
    live: int = 1
    """How many secrets are good now: with two, this is the newer one."""
    ended: bool = False
    """A third one was good until now, and is not any more."""

    @property
    def steps(self) -> str:
        """What to click on the platform, with the shop, the address and the secret filled in."""
        filled = self.platform.steps
        for name, value in (("{shop}", self.shop), ("{url}", self.url), ("{secret}", self.secret)):
            filled = filled.replace(name, value)
        return filled.strip()


def make_key_ring(stack: Stack) -> None:
    """Make the keys of identities and links, if there are none. They are never replaced: every id and link hangs on them."""
    ring = KeyRing(identity=secrets.token_bytes(_KEY_BYTES), links=(secrets.token_bytes(_KEY_BYTES),))
    stack.secrets.put_key_ring(ring, replace=False)


def connect(stack: Stack, shop: ShopId, platform: Platform, secret: str | None = None) -> Connection:
    """Put a new secret beside the newest one; setting the same secret again changes nothing. BadField, NotFound."""
    stack.shop(shop)
    chosen = secret if secret is not None else platform.scheme.new_secret(secrets.token_bytes(_KEY_BYTES))
    platform.scheme.key(chosen)  # or a BadField
    known = [live for live in stack.secrets.webhook_secrets(shop, platform.name) if live != chosen]
    live = (*known, chosen)[-LIVE_SECRETS:]
    stack.secrets.put_webhook_secrets(shop, platform.name, live)
    url = webhook_url(stack, shop, platform, chosen)
    return Connection(shop, url, chosen, platform, len(live), ended=len(known) >= LIVE_SECRETS)


def retire(stack: Stack, shop: ShopId, platform: Platform) -> bool:
    """Let only the newest secret be good; False where there is no other. NotConfigured if the shop is not connected so."""
    made = connection(stack, shop, platform)
    if made.live > 1:
        stack.secrets.put_webhook_secrets(shop, platform.name, (made.secret,))
    return made.live > 1


def connection(stack: Stack, shop: ShopId, platform: Platform) -> Connection:
    """Read how a shop is connected; NotConfigured if it is not."""
    stack.shop(shop)
    live = stack.secrets.webhook_secrets(shop, platform.name)
    if not live:
        raise NotConfigured(
            f"{shop} is not connected to {platform.name}: say `afterorder shop connect {shop} {platform.name}`."
        )
    return Connection(shop, webhook_url(stack, shop, platform, live[-1]), live[-1], platform, len(live))


def webhook_url(stack: Stack, shop: ShopId, platform: Platform, secret: str) -> str:
    """Where to post; with the secret in it where the platform has no other place for one."""
    query = platform.scheme.query(secret)
    return f"{stack.public_url}/webhooks/{shop}/{platform.name}" + (f"?{urlencode(query)}" if query else "")
