"""What must stay secret: webhook secrets, tokens of platforms' APIs and the keys of names and links, each one SecureString of the parameter store."""

import binascii
import json
from base64 import b64decode, b64encode
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from cx_domain.errors import NotConfigured
from cx_domain.shops import ShopId
from infra import clock
from infra.aws import keys
from infra.aws.troubles import as_trouble, code_of

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

MOST_REFRESHES = 5
REFRESH_WINDOW = 150.0
"""Seconds: one refresh in thirty on average, so that a flood of bad signatures cannot use up the store's throughput. Real
seconds, because the local stack's clock may stand still, and five at once, because a developer at work rotates secrets."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """`identity` names people and surveys for as long as the stack lives; `links` sign links, oldest first, the last signs."""

    identity: bytes = field(repr=False)
    links: tuple[bytes, ...] = field(repr=False)


@dataclass(slots=True)
class _Kept:
    """One parameter's text (None: there is none), when it was read, and when it was lately read again."""

    text: str | None = field(repr=False)
    read_at: float
    refreshes: deque[float]


class Secrets:
    """The secrets under one prefix, kept in memory for so many real seconds; a rotated one is retired everywhere after that."""

    def __init__(
        self,
        client: "SSMClient",
        prefix: str,
        kept_for: float = 60.0,
        seconds: Callable[[], float] = clock.seconds,
    ) -> None:
        self._client = client
        self._prefix = prefix
        self._kept_for = kept_for
        self._seconds = seconds
        self._kept: dict[str, _Kept] = {}

    def __repr__(self) -> str:
        return f"Secrets({self._prefix!r})"

    def webhook_secrets(self, shop: ShopId, platform: str, *, refresh: bool = False) -> tuple[str, ...]:
        """Read the live secrets of one shop's webhooks; () when the shop is not connected so. NotConfigured when unreadable.

        `refresh` reads again what is kept, now and then: for a signature that does not fit, as after a rotation.
        """
        name = keys.webhook_secrets(self._prefix, shop, platform)
        text = self._text(name, refresh=refresh)
        if text is None:
            return ()
        secrets = _parsed(name, text)
        if not isinstance(secrets, list) or not all(isinstance(secret, str) and secret for secret in secrets):
            raise NotConfigured(f"{name} does not hold a JSON list of secrets")
        return tuple(secrets)

    def key_ring(self) -> KeyRing:
        """Read the stack's keys; NotConfigured when there are none yet (the first `afterorder shop put` makes them)."""
        name = keys.key_ring(self._prefix)
        text = self._text(name, refresh=False)
        if text is None:
            raise NotConfigured(f"{name} is not there yet: `afterorder shop put` makes it")
        told = _parsed(name, text)
        try:
            links = tuple(b64decode(link, validate=True) for link in told["links"])
            ring = KeyRing(b64decode(told["identity"], validate=True), links)
        except (KeyError, TypeError, ValueError, binascii.Error):
            raise NotConfigured(f"{name} does not hold an identity key and link keys") from None
        if not ring.identity or not all((ring.links, *ring.links)):
            raise NotConfigured(f"{name} holds an empty key")
        return ring

    def put_webhook_secrets(self, shop: ShopId, platform: str, secrets: Sequence[str]) -> None:
        """Make these the live secrets of one shop's webhooks."""
        self._put(keys.webhook_secrets(self._prefix, shop, platform), json.dumps(list(secrets)))

    def api_token(self, shop: ShopId, platform: str, *, refresh: bool = False) -> str | None:
        """Read the token that a shop's orders are read with; `refresh` as for webhook secrets, for one that was refused."""
        return self._text(keys.api_token(self._prefix, shop, platform), refresh=refresh)

    def put_api_token(self, shop: ShopId, platform: str, token: str) -> None:
        """Make this the token that a shop's orders are read with."""
        self._put(keys.api_token(self._prefix, shop, platform), token)

    def remove_api_token(self, shop: ShopId, platform: str) -> None:
        """Forget the token that a shop's orders are read with, if there is one."""
        name = keys.api_token(self._prefix, shop, platform)
        with as_trouble("DeleteParameter"):
            try:
                self._client.delete_parameter(Name=name)
            except ClientError as error:
                if code_of(error) != "ParameterNotFound":
                    raise
        self._kept.pop(name, None)

    def put_key_ring(self, ring: KeyRing, *, replace: bool = False) -> bool:
        """Keep the stack's keys. False, and nothing changes, when there are some already, unless they are to be replaced."""
        told = {"identity": _text_of(ring.identity), "links": [_text_of(link) for link in ring.links]}
        return self._put(keys.key_ring(self._prefix), json.dumps(told), replace=replace)

    def forget(self, shop: ShopId) -> None:
        """Remove every secret and token of a shop."""
        for path in keys.secrets_of(self._prefix, shop):
            with as_trouble("DeleteParameter"):
                for page in self._client.get_paginator("get_parameters_by_path").paginate(Path=path):
                    for name in [found["Name"] for found in page["Parameters"]]:
                        self._client.delete_parameter(Name=name)
                        self._kept.pop(name, None)

    def _put(self, name: str, text: str, *, replace: bool = True) -> bool:
        with as_trouble("PutParameter"):
            try:
                self._client.put_parameter(Name=name, Value=text, Type="SecureString", Overwrite=replace)
            except ClientError as error:
                if code_of(error) == "ParameterAlreadyExists":
                    return False
                raise
        self._kept.pop(name, None)
        return True

    def _text(self, name: str, *, refresh: bool) -> str | None:
        kept, now = self._kept.get(name), self._seconds()
        refreshes = kept.refreshes if kept is not None else deque[float](maxlen=MOST_REFRESHES)
        if kept is not None and now - kept.read_at < self._kept_for:
            if not (refresh and self._may_refresh(refreshes)):
                return kept.text
            refreshes.append(now)
        text = self._read(name)
        self._kept[name] = _Kept(text, now, refreshes)
        return text

    def _may_refresh(self, refreshes: deque[float]) -> bool:
        return len(refreshes) < MOST_REFRESHES or self._seconds() - refreshes[0] >= REFRESH_WINDOW

    def _read(self, name: str) -> str | None:
        with as_trouble("GetParameter"):
            try:
                return self._client.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
            except ClientError as error:
                if code_of(error) == "ParameterNotFound":
                    return None
                raise


def _parsed(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise NotConfigured(f"{name} does not hold JSON") from None


def _text_of(key: bytes) -> str:
    return b64encode(key).decode("ascii")
