"""The deployed stack on moto for a program that is no test: as `tests/functions` has it, with a shop that also reads orders through APIs."""

import io
import json
import logging
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from infra import adapters, clock, deliveries, logs, order_requests
from infra.aws import clients
from infra.aws.secrets import KeyRing
from infra.local.moto_speed import take_shortcuts
from tests.builders import KEY
from tests.functions import conftest
from tests.functions.shop_servers import ShopServer, by_id, serving, woocommerce
from tests.functions.world import ACME_FILE, ACME_SECRETS, LINK_KEYS, REGION, World
from tests.platforms.payloads import sample, woocommerce_order

HINTED_ORDER = "250"
HINT_SECRET = "bigcommerce-client-secret"
LISTED_ORDER = "11"
"""Its webhook was lost; WooCommerce lists it among the changed ones."""
_TOKEN = "token-1"
_KEY = "ck_1:cs_1"


@contextmanager
def deployed(folder: Path) -> Iterator[World]:
    """Acme Outdoor in a stack of its own, on Monday the 5th of January 2026, and the server of its orders."""
    with pytest.MonkeyPatch.context() as environ, mock_aws(), _orders_apis() as addresses:
        for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
            environ.delenv(name, raising=False)
        for name, value in {"AWS_ACCESS_KEY_ID": "stand-in", "AWS_SECRET_ACCESS_KEY": "stand-in"}.items():
            environ.setenv(name, value)
        environ.setenv("AWS_DEFAULT_REGION", REGION)
        take_shortcuts()
        forget_process()
        conftest._forget(clients)  # noqa: SLF001
        made = conftest._deploy()  # noqa: SLF001
        conftest._settle(environ, made, folder / "clock")  # noqa: SLF001
        # What a process has read once it keeps: the clock of real seconds must not decide which calls are made.
        environ.setenv("AFTERORDER_SHOP_CACHE_SECONDS", "100000")
        logs.metrics.provider.namespace = "afterorder"
        world = World(folder / "clock", log=_log(), made=made)
        world.at(conftest.MONDAY)
        _connect(world, *addresses)
        yield world


def forget_process() -> None:
    """Let the next invocation be a new process's first: nothing is remembered but the clients, which hold nothing."""
    conftest._forget(adapters, deliveries, order_requests)  # noqa: SLF001


def _connect(world: World, bigcommerce: str, woocommerce: str) -> None:
    secrets = adapters.secrets()
    secrets.put_key_ring(KeyRing(KEY, LINK_KEYS))
    for platform in ("standard", "shopify"):
        secrets.put_webhook_secrets(world.acme, platform, ACME_SECRETS[platform])
    secrets.put_webhook_secrets(world.acme, "bigcommerce", [HINT_SECRET])
    secrets.put_api_token(world.acme, "bigcommerce", _TOKEN)
    secrets.put_api_token(world.acme, "woocommerce", _KEY)
    adapters.apis().put(world.acme, "bigcommerce", bigcommerce, clock.now())
    adapters.apis().put(world.acme, "woocommerce", woocommerce, clock.now())
    world.put_shop(ACME_FILE.read_text(encoding="utf-8").replace("[reports]\n", "[reports]\nguess = true\n"))


@contextmanager
def _orders_apis() -> Iterator[tuple[str, str]]:
    """The platforms' APIs in a process of their own: one that forks must have a single thread."""
    ours, theirs = multiprocessing.get_context("fork").Pipe()
    process = multiprocessing.get_context("fork").Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    yield ours.recv()
    ours.send("end")
    process.join()


def _serve(pipe: Any) -> None:
    orders = {HINTED_ORDER: sample("bigcommerce/api_order")}
    orders[f"{HINTED_ORDER}/products"] = sample("bigcommerce/api_order_products")
    hinted = ShopServer(by_id(orders, "/v2/orders/", "x-auth-token", _TOKEN))
    listing = ShopServer(woocommerce({int(LISTED_ORDER): _listed()}, _KEY))
    with serving(hinted) as bigcommerce, serving(listing) as woo:
        pipe.send((bigcommerce.address, woo.address))
        pipe.recv()


def _listed() -> dict[str, Any]:
    """An order that was paid half an hour into the walk, and never completed."""
    times = dict.fromkeys(("date_created_gmt", "date_modified_gmt", "date_paid_gmt"), "2026-01-05T09:30:00")
    return woocommerce_order(status="processing", date_completed_gmt=None, **times)


def hint() -> bytes:
    return json.dumps(sample("bigcommerce/order_updated")).encode()


def _log() -> io.StringIO:
    written = io.StringIO()
    for handler in logging.getLogger(logs.logger.name).handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(written)
    return written
