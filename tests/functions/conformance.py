"""What each platform sends in each part of an order's life, signed as the platform signs: `samples/NAME/conformance.toml`.

A part names a sample and what is different in it. What a platform cannot express stands under `[cannot]`, with its reason.
"""

import json
import tomllib
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from cx_domain.errors import BadSignature
from cx_domain.orders import OrderDetails
from cx_domain.signatures import Delivery, Scheme
from cx_domain.surveys import Survey
from functions import fetch_orders
from infra import adapters, clock, order_requests
from infra.platforms import Platform, platform
from tests.functions.envelopes import CONTEXT, Event, batch, request
from tests.functions.shop_servers import ShopServer, Told, serving
from tests.functions.world import ACME_FILE, SAMPLES, World, order_id
from tests.platforms.sealing import CLIENT_ID, adobe_headers, jwks, key_host, sealed

Answer = dict[str, Any]
_SECRETS = (b"the older secret, of 32 bytes ...", b"the newer secret, of 32 bytes ...")


@dataclass(frozen=True, slots=True)
class Part:
    """One delivery: its body and topic, and for a hint what the platform's API shows then."""

    body: bytes
    topic: str | None
    shown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Conformance:
    """One platform in Acme's stack: its parts can be posted, and what came of them seen."""

    here: Platform
    told: Mapping[str, Any]
    world: World
    server: ShopServer | None = None
    shown: dict[str, Any] = field(default_factory=dict)

    @property
    def secrets(self) -> tuple[str, str]:
        if self.here.name == "adobe-commerce":
            return CLIENT_ID, CLIENT_ID[::-1]
        if self.here.name == "saleor":
            return jwks("saleor before"), jwks("saleor")
        older, newer = (self.here.scheme.new_secret(random) for random in _SECRETS)
        return older, newer

    def part(self, name: str) -> Part:
        told = self.told["parts"][name]
        payload = _set(self._sample(told["sample"]), told.get("set", {}))
        shown: dict[str, Any] = {}
        if "api" in self.told:
            api = self.told["api"]
            order = _set(self._sample(api["order"]), told.get("api_set", {}))
            shown = {api["path"]: order} | {path: self._sample(each) for path, each in api.get("also", {}).items()}
        return Part(json.dumps(payload, ensure_ascii=False).encode(), told.get("topic"), shown)

    def _sample(self, name: str) -> Any:
        text = (SAMPLES / self.here.name / f"{name}.json").read_text(encoding="utf-8")
        found = json.loads(text)
        return json.loads(b64decode(found["body_b64"])) if "body_b64" in found else found

    def signed(self, body: bytes, secret: int = 1) -> Delivery:
        """The delivery that the platform would make now, with the older secret (0) or the newer (1)."""
        key = self.secrets[secret]
        match self.here.name:
            case "adobe-commerce":
                # Whatever is sent hostilely is signed as well, as far as it names a recipient.
                body = body.replace(CLIENT_ID.encode(), key.encode())
                return Delivery(body, adobe_headers(body))
            case "saleor":
                return Delivery(body, {"saleor-signature": sealed(("saleor before", "saleor")[secret], body)})
            case _:
                return _signed(self.here.scheme, key, body)

    def event(self, part: Part, secret: int = 1) -> Event:
        made = self.signed(part.body, secret)
        headers = {**self.here.test_headers(part.topic), **made.headers}
        path = {"shop": "acme", "platform": self.here.name}
        return request("webhook", path, headers=headers, query=made.query, body=made.body)

    def post(self, part: Part | str, secret: int = 1) -> Answer:
        """Post a part; a hint is followed to the platform's API."""
        named = self.part(part) if isinstance(part, str) else part
        self.shown = dict(named.shown)
        answer = self.world.post(self.event(named, secret))
        self.fetched()
        return answer

    def fetched(self) -> None:
        """Let the orders be read that hints tell of."""
        if self.server is not None:
            waiting = self.world.messages("FetchQueue")
            result = fetch_orders.handler(batch("send_queue", *waiting), CONTEXT) if waiting else {}
            assert not result.get("batchItemFailures")

    def kept(self) -> list[dict[str, Any]]:
        """All that the table holds besides the shop's file and where its API is."""
        return [item for item in self.world.items() if item["pk"]["S"] != "apis"]

    def survey(self) -> Survey:
        found = adapters.surveys().get(order_id(str(self.told["order"])))
        assert found is not None, "nothing was kept of the order"
        return found

    def details(self) -> OrderDetails:
        found = self.survey().order.details
        assert found is not None
        return found


@contextmanager
def conforming(name: str, world: World, environ: Callable[[str, str], None]) -> Iterator[Conformance]:
    """Connect a platform to Acme, with both secrets, at the time and with the trigger that its data says."""
    told = tomllib.loads((SAMPLES / name / "conformance.toml").read_text(encoding="utf-8"))
    here = platform(name)
    made = Conformance(here, told, world)
    world.at(told.get("now", "2026-01-05T09:00:00Z"))
    shop = ACME_FILE.read_text(encoding="utf-8").replace('on = "fulfilled"', f'on = "{told.get("on", "fulfilled")}"')
    statuses = json.dumps(told.get("statuses", {})).replace('": "', '" = "')
    world.put_shop(f"statuses = {statuses}\n{shop}")
    adapters.secrets().put_webhook_secrets(world.acme, name, made.secrets)
    with key_host() if name == "adobe-commerce" else nullcontext() as host:
        if host is not None:
            environ("AFTERORDER_ADOBE_KEYS_URL", host.address)
        if "api" not in told:
            yield made
            return
        order_requests.platform_api.cache_clear()

        def show(asked: Any) -> Told:
            found = made.shown.get(asked.path)
            return Told({"message": "not found"}, 404) if found is None else Told(found)

        with serving(ShopServer(show)) as made.server:
            adapters.apis().put(world.acme, name, made.server.address, clock.now())
            adapters.secrets().put_api_token(world.acme, name, "token-1")
            yield made
            order_requests.platform_api()._pool.clear()  # noqa: SLF001 - a connection must not outlive its server


def _signed(scheme: Scheme, key: str, body: bytes) -> Delivery:
    try:
        return scheme.sign(key, body, message_id="msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", now=clock.now())
    except BadSignature:  # the scheme signs some of the body's fields, and they are not there
        return Delivery(body, {scheme.place.rpartition(" ")[2]: "00"})


def _set(payload: Any, changes: Mapping[str, Any]) -> Any:
    """Change places by their paths: `order.user`, `items.0.title`. A table that says `{ none = true }` is null."""
    for path, value in changes.items():
        *way, last = path.split(".")
        place = payload
        for step in way:
            place = place[int(step)] if isinstance(place, list) else place[step]
        place[int(last) if isinstance(place, list) else last] = None if value == {"none": True} else value
    return payload
