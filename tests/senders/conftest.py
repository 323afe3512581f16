"""Acme Outdoor today, and its webhooks behind a port: senders are programs, and read the real clock."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.functions.conftest import aws, deployed, world
from tests.functions.world import World
from tests.senders.endpoint import Endpoint

__all__ = ["aws", "deployed", "world"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let Powertools' remark pass that an invocation counted nothing: many rightly do."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("ignore:No application metrics to publish"))


@pytest.fixture
def endpoint(world: World) -> Iterator[Endpoint]:
    world.at(datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    endpoint = Endpoint(world)
    yield endpoint
    endpoint.close()
