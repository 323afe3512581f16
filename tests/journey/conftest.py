"""Stacks for stories: each starts on a Monday morning in a folder of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.journey.stack import Stack

MONDAY = "2026-01-05T09:00:00Z"


@pytest.fixture
def start_stack(tmp_path: Path) -> Iterator[Callable[..., Stack]]:
    started: list[Stack] = []

    def start(*, concurrency: int = 1, now: str = MONDAY) -> Stack:
        started.append(Stack(tmp_path / f"data-{len(started)}", now=now, concurrency=concurrency))
        return started[-1]

    yield start
    for stack in started:
        stack.kill()  # there is nothing left to be written down, and a kind end takes seconds


@pytest.fixture
def stack(start_stack: Callable[..., Stack]) -> Stack:
    return start_stack()
