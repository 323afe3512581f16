"""The sweep: reads what is due, puts it on the queue no faster than SES takes it, and writes nothing."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.sqs.models import sqs_backends

from cx_domain.identities import survey_id
from cx_domain.shops import ShopId
from cx_domain.surveys import SurveyId
from infra import adapters, clock
from tests.builders import KEY, planned
from tests.functions.world import DUE, REGION, World, order_1001


def orders(world: World, number: int) -> None:
    """So many orders of as many customers, all fulfilled at the same time."""
    for count in range(number):
        world.order(id=str(2000 + count), number=str(2000 + count), email=f"anna{count}@example.com")


def sale(shop: ShopId, number: int, due_at: str) -> None:
    """So many surveys of a shop, all due at once."""
    made = replace(planned(), shop=shop, due_at=datetime.fromisoformat(due_at))
    for count in range(number):
        each = replace(made, id=survey_id(KEY, shop, "nps", "order", str(count)), subject_id=str(count))
        adapters.surveys().create(each, clock.now())


def released_by(world: World) -> Counter[str]:
    """Sweep once; how many surveys of each shop are on the queue then."""
    world.sweep()
    waiting = sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues["afterorder-SendQueue"]._messages  # noqa: SLF001 - moto's own
    ids = [SurveyId(json.loads(message.body)["survey"]) for message in waiting]
    return Counter(survey.shop for survey in adapters.surveys().get_many(ids))


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


def test_a_shop_with_a_sale_does_not_delay_another(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERORDER_SENDS_PER_SECOND", "0.1")
    sale(ShopId("acme"), 60, DUE)
    sale(ShopId("tarn"), 2, "2026-01-12T09:00:30Z")
    world.at("2026-01-12T09:01:00Z")

    released = released_by(world)

    assert released == {"acme": 4, "tarn": 2}


def test_a_sale_behind_a_sale_does_not_hide_who_comes_after_both(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERORDER_SENDS_PER_SECOND", "0.1")
    sale(ShopId("acme"), 60, "2026-01-12T08:58:00Z")
    sale(ShopId("hill"), 60, "2026-01-12T08:59:00Z")
    sale(ShopId("tarn"), 2, DUE)
    world.at(DUE)

    released = released_by(world)

    assert released == {"acme": 2, "hill": 2, "tarn": 2}


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
