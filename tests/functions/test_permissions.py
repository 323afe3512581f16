"""Least privilege: while a shop's life is played no function does what its policies forbid, and none may do what it never does."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack

import pytest

from cx_domain import history_files, readers
from cx_domain.history_files import Parts
from functions import fetch_orders, mail_events, report_download, rollup, unsubscribe
from infra import adapters, clock, order_requests, report_links
from infra.aws import keys
from tests.builders import KEY
from tests.functions.conftest import Deployed
from tests.functions.envelopes import CONTEXT, batch, envelope, mail_event, request
from tests.functions.permissions import granted, is_allowed, uses_of, watching
from tests.functions.shop_servers import ShopServer, by_id, serving
from tests.functions.week import SUNDAY_MIDNIGHT, answer, roll_up
from tests.functions.world import ACME_FILE, LINK_KEYS, SAMPLES, World, order_1001, signed
from tests.platforms.payloads import sample

BIGCOMMERCE_SECRET = "bigcommerce-client-secret"


def cold() -> None:
    """Let the next function begin as a process of its own, which has read no secret and no shop."""
    for name in ("secrets", "shops"):
        getattr(adapters, name).cache_clear()
    adapters._shops_in_memory.clear()  # noqa: SLF001


@pytest.fixture
def bigcommerce() -> Iterator[str]:
    """BigCommerce's API with one order."""
    order_requests.platform_api.cache_clear()
    shown = {"250": sample("bigcommerce/api_order"), "250/products": sample("bigcommerce/api_order_products")}
    with ExitStack() as running:
        server = ShopServer(by_id(shown, "/v2/orders/", "x-auth-token", "token-1"))
        yield running.enter_context(serving(server)).address
    order_requests.platform_api.cache_clear()


def test_every_permission_is_used_and_nothing_more_is_asked_for(
    world: World, deployed: Deployed, bigcommerce: str
) -> None:
    with watching(deployed.made["Bucket"]) as watch:
        for part in LIFE:
            cold()
            part(world, bigcommerce)

    assert {use for use in watch.used if not is_allowed(use)} == set()
    assert [grant for grant in granted() if not uses_of(grant, watch.used)] == []


def _orders(world: World, bigcommerce: str) -> None:
    """A week, with a hint of an order that must be read, and three webhooks that somebody else signed."""
    adapters.secrets().put_webhook_secrets(world.acme, "bigcommerce", [BIGCOMMERCE_SECRET])
    adapters.secrets().put_api_token(world.acme, "bigcommerce", "token-1")
    adapters.apis().put(world.acme, "bigcommerce", bigcommerce, clock.now())
    hint = json.dumps(sample("bigcommerce/order_updated")).encode()
    world.post(signed("bigcommerce", hint, secret=BIGCOMMERCE_SECRET))
    for _ in range(3):
        world.post(signed("shopify", b"{}", secret="somebody else's"))
    world.order()
    world.order("ticket_solved")


def _fetching(world: World, _: str) -> None:
    told = world.messages("FetchQueue")
    fetch_orders.handler(batch("send_queue", *told), CONTEXT)
    adapters.apis().put(world.acme, "woocommerce", "https://woo.acme.example/wp-json/wc/v3", clock.now())
    cold()
    fetch_orders.handler(envelope("dispatch_schedule"), CONTEXT)
    gone = json.dumps({"shop": "acme", "platform": "bigcommerce", "order": "4711"})
    fetch_orders.handler(batch("send_queue", ("message-2", gone)), CONTEXT)


def _sending(world: World, _: str) -> None:
    world.at("2026-01-12T09:00:00Z")
    world.sweep()
    cold()
    world.send()
    cold()
    mail_events.handler(batch("mail_delivery", ("event-1", mail_event("mail_delivery", order_1001()))), CONTEXT)


def _answering(world: World, _: str) -> None:
    world.at("2026-01-12T18:20:00Z")
    answer(world, "9", "Świetny namiot!")
    cold()
    unsubscribe.handler(request("unsubscribe_form", {"token": world.link("unsubscribe")}, body=b""), CONTEXT)


def _reporting(world: World, _: str) -> None:
    assert roll_up(world, SUNDAY_MIDNIGHT) == {"batchItemFailures": []}
    assert roll_up(world, "2026-01-19T07:00:00Z") == {"batchItemFailures": []}
    world.at("2026-01-19T23:00:00Z")
    rollup.handler(envelope("rollup_schedule"), CONTEXT)
    night = {"reconcile": {"since": None, "until": "2026-01-19T23:00:00Z", "token": None}}
    # moto does not know SES's list; that it was asked for is enough here.
    rollup.handler(batch("rollup_queue", ("m-1", json.dumps(night)), ("m-2", json.dumps({"shop": "acme"}))), CONTEXT)


def _reading(world: World, _: str) -> None:
    boss = readers.readers(KEY, adapters.shop(world.acme), {})[0]
    token = report_links.token(LINK_KEYS, world.acme, boss)
    cold()
    report_download.handler(request("report", {"token": token}), CONTEXT)


def _erasing(world: World, _: str) -> None:
    """Shopify has Jan erased, who never objected, and an order of his that was never told; a rollup was killed before."""
    files = adapters.files()
    (key,) = files.list("histories/acme/")
    stored = files.read(key)
    assert stored is not None
    lines, parts = history_files.decode(stored.body), Parts(history_files.parts_name(stored.body))
    assert isinstance(lines, dict)
    files.put(keys.histories_part(key, "of-another-attempt", "a"), stored.body, "application/gzip")
    for letter, dealt in history_files.come_apart(lines, 0).items():
        files.put(keys.histories_part(key, parts.name, letter), history_files.encode(dealt), "application/gzip")
    files.put(key, history_files.encode(parts), "application/gzip")
    cold()
    _gathering(world)
    payload = json.loads((SAMPLES / "shopify" / "customers_redact.json").read_text(encoding="utf-8"))
    told = json.dumps(payload | {"customer": {"email": "jan@example.com"}, "orders_to_redact": [1001, 4711]}).encode()
    world.post(signed("shopify", told, topic="customers/redact"))
    cold()
    rollup.handler(batch("rollup_queue", *world.messages("RollupQueue")), CONTEXT)


def _gathering(world: World) -> None:
    """Shopify asks first what is kept of the order."""
    payload = json.loads((SAMPLES / "shopify" / "customers_data_request.json").read_text(encoding="utf-8"))
    told = json.dumps(payload | {"orders_requested": [1001]}).encode()
    world.post(signed("shopify", told, topic="customers/data_request"))
    rollup.handler(batch("rollup_queue", *world.messages("RollupQueue")), CONTEXT)


def _forgetting(world: World, _: str) -> None:
    """Four months later the shop keeps nothing of that week any more."""
    world.put_shop(ACME_FILE.read_text(encoding="utf-8").replace('retention = "730d"', 'retention = "60d"'))
    cold()
    roll_up(world, "2026-05-02T00:00:00Z")


LIFE: Sequence[Callable[[World, str], None]] = (
    _orders,
    _fetching,
    _sending,
    _answering,
    _reporting,
    _reading,
    _erasing,
    _forgetting,
)
