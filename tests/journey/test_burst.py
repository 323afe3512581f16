"""Very many webhooks at once: what benchmarks/burst.py posts by the thousand, with a hundred."""

from collections.abc import Callable

from benchmarks.burst import burst
from tests.journey.stack import Stack


def test_of_a_burst_of_webhooks_none_is_refused_or_lost(start_stack: Callable[..., Stack]) -> None:
    stack = start_stack(concurrency=2)

    answers, kept, _ = burst(stack, 100, at_once=16)

    assert (answers, kept) == ({200: 100}, 100)
