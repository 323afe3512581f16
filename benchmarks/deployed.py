"""The deployed stack in one process for a benchmark: its table on DynamoDB Local, whose indexes are real, and everything else on moto."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from moto import mock_aws

from infra import adapters, deliveries, logs
from infra.aws import clients
from infra.aws.secrets import KeyRing
from infra.local.moto_speed import take_shortcuts
from tests.builders import KEY
from tests.contract import dynamodb_local
from tests.functions import conftest
from tests.functions.world import LINK_KEYS, REGION, World


@contextmanager
def deployed(folder: Path) -> Iterator[World]:
    """A stack without a shop, on Monday the 5th of January 2026; its links have their keys."""
    with pytest.MonkeyPatch.context() as environ, dynamodb_local.running() as address, mock_aws():
        for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
            environ.delenv(name, raising=False)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environ.setenv(name, "stand-in")
        environ.setenv("AWS_DEFAULT_REGION", REGION)
        environ.setenv("AWS_ENDPOINT_URL_DYNAMODB", address)
        take_shortcuts()
        conftest._forget(clients, adapters, deliveries)  # noqa: SLF001 - the stack of the functions' tests
        made = conftest._deploy()  # noqa: SLF001
        conftest._settle(environ, made, folder / "clock")  # noqa: SLF001
        logs.metrics.provider.namespace = "afterorder"
        world = World(folder / "clock", log=_log(), made=made)
        world.at(conftest.MONDAY)
        adapters.secrets().put_key_ring(KeyRing(KEY, LINK_KEYS))
        yield world


def _log() -> StringIO:
    written = StringIO()
    for handler in logging.getLogger(logs.logger.name).handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(written)
    return written
