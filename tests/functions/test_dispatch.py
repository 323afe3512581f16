"""The sweep: reads what is due, puts it on the queue no faster than SES takes it, and writes nothing."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.functions.world import DUE, World, order_1001


def orders(world: World, number: int) -> None:
    """So many orders of as many customers, all fulfilled at the same time."""
    for count in range(number):
        world.order(id=str(2000 + count), number=str(2000 + count), email=f"anna{count}@example.com")


def test_a_survey_that_is_due_is_put_on_the_queue(world: World) -> None:
    world.order()
    world.at(DUE)

    answer = world.sweep()

    ((_, body),) = world.messages("SendQueue")
    assert json.loads(body) == {"survey": order_1001()}
    assert answer == {"released": 1}


def test_a_survey_is_not_sent_a_second_too_early(world: World) -> None:
    world.order()
    world.at("2026-01-12T08:59:59Z")

    world.sweep()

    assert world.messages("SendQueue") == []


def test_the_sweep_writes_nothing(world: World) -> None:
    world.order()
    world.at(DUE)
    kept = world.items()

    world.sweep()

    assert world.items() == kept


def test_a_sweep_releases_no_more_than_a_minute_of_sending(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERORDER_SENDS_PER_SECOND", "0.1")
    orders(world, 10)
    world.at(DUE)

    answer = world.sweep()

    assert answer == {"released": 6}


def test_the_next_sweep_releases_only_what_the_queue_has_room_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AFTERORDER_SENDS_PER_SECOND", "0.1")
    orders(world, 10)
    world.at(DUE)
    world.sweep()

    answer = world.sweep()

    assert answer["released"] == 0


def test_releases_are_spread_over_the_minute(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERORDER_SENDS_PER_SECOND", "0.1")
    orders(world, 3)
    world.at(DUE)

    world.sweep()

    assert len(world.messages("SendQueue")) == 1


def test_a_quiet_shop_lets_the_sweep_idle_until_its_next_survey(world: World) -> None:
    world.order()
    world.at("2026-01-12T00:00:00Z")

    answer = world.sweep()

    assert answer == {"released": 0, "idle_until": "2026-01-12T09:00:00+00:00"}


def test_a_sweep_never_idles_longer_than_a_day(world: World) -> None:
    answer = world.sweep()

    assert datetime.fromisoformat(answer["idle_until"]) == datetime(2026, 1, 5, 9, 0, tzinfo=UTC) + timedelta(days=1)


def test_what_was_refused_meanwhile_is_not_released(world: World) -> None:
    world.order()
    world.order("order_cancelled", updated_at="2026-01-05T09:03:00Z")
    world.at(DUE)

    assert world.sweep()["released"] == 0
