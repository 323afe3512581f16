"""Old answers that were imported are in the reports of their own days, by the next rollup or as soon as one is built."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from cx_domain.errors import Trouble
from cx_domain.order_fields import FeedbackEvent
from functions import rollup
from infra import adapters, clock
from infra.aws import clients, keys
from tests.functions.envelopes import CONTEXT, batch
from tests.functions.test_erasing import everything
from tests.functions.test_objections import before_the_first_file, line
from tests.functions.world import ANNA, World, writes_throttled


def imported(world: World, *scores: int) -> None:
    """What the operator's import keeps of December's answers."""
    for number, score in enumerate(scores):
        at = datetime(2025, 12, 3 + number, 10, tzinfo=UTC)
        told = FeedbackEvent(f"imported-{number}", "nps", score, "order", "imported:Delighted", at, None, "It leaks")
        adapters.feedback().put(world.acme, told, clock.now(), purge_at=datetime(2027, 12, 1, tzinfo=UTC))
    adapters.shops().note_imported(world.acme, "imported:Delighted", date(2025, 12, 4))


def published(world: World, period: str) -> dict[str, Any]:
    stored = adapters.files().read(keys.report_file(world.acme, period, "report.json"))
    assert stored is not None
    found: dict[str, Any] = json.loads(stored.body)
    return found


def test_a_month_before_the_shop_came_can_be_built_at_once(world: World) -> None:
    world.at("2026-01-10T12:00:00Z")
    imported(world, 10, 3)

    rollup.handler({"shop": "acme", "period": "2025-12"}, CONTEXT)

    own, old = published(world, "2025-12")["headlines"][:2]
    assert (own["n"], old["n"], old["score"]) == (0, 2, 0)
    assert old["imported"] == {"from": "Delighted", "until": "2025-12-04"}


def test_the_page_says_whose_answers_they_are_and_until_when(world: World) -> None:
    world.at("2026-01-10T12:00:00Z")
    imported(world, 10, 3)

    rollup.handler({"shop": "acme", "period": "2025-12"}, CONTEXT)

    page = adapters.files().read(keys.report_file(world.acme, "2025-12", "report.html"))
    assert page is not None
    assert "zaimportowane z: Delighted, do dnia 4 grudnia 2025" in page.body.decode()


def test_the_next_night_makes_the_reports_of_the_past(world: World) -> None:
    world.at("2026-01-09T23:30:00Z")
    rollup.handler(batch("rollup_queue", ("m-1", json.dumps({"shop": "acme"}))), CONTEXT)
    world.at("2026-01-10T12:00:00Z")
    imported(world, 10, 3)
    world.at("2026-01-10T23:30:00Z")

    rollup.handler(batch("rollup_queue", ("m-2", json.dumps({"shop": "acme"}))), CONTEXT)

    assert [each["n"] for each in published(world, "2025-W49")["headlines"][:2]] == [0, 2]


def test_to_put_a_shops_file_again_forgets_no_import(world: World) -> None:
    imported(world, 10)

    world.put_shop(adapters.shops().text(world.acme) or "")

    assert adapters.shop(world.acme).imported_until == {"imported:Delighted": date(2025, 12, 4)}


# --- whose they are ----------------------------------------------------------------------------------------------------


def test_an_erasure_takes_imported_answers_out_of_the_table_the_day_files_and_the_reports(world: World) -> None:
    whose(world, ANNA)
    rollup.handler({"shop": "acme", "period": "2025-12"}, CONTEXT)

    told = erase(world)

    assert (told["imported"], published(world, "2025-12")["headlines"][1]["n"]) == (1, 1)
    assert "Przecieka" not in everything(world)
    assert [one.customer for one in adapters.feedback().scan(world.acme)] == [world.customer_key("jan@example.com")]


def test_an_erasure_of_imported_answers_that_broke_off_is_finished_by_the_next(world: World) -> None:
    whose(world, ANNA)
    rollup.handler({"shop": "acme", "period": "2025-12"}, CONTEXT)
    with writes_throttled("shop"), pytest.raises(Trouble):
        erase(world)

    erase(world)

    assert published(world, "2025-12")["headlines"][1]["n"] == 1
    assert "Przecieka" not in everything(world)


def test_a_rollup_that_had_an_imported_answer_in_memory_does_not_bring_it_back(world: World) -> None:
    whose(world, ANNA)

    with before_the_first_file(lambda: erase(world)):
        rollup.handler({"shop": "acme", "period": "2025-12"}, CONTEXT)

    assert "Przecieka" not in everything(world)


def test_a_rollup_that_broke_off_with_an_erased_answer_in_a_file_is_finished_by_the_next(world: World) -> None:
    whose(world, ANNA)
    erase(world, "jan@example.com")
    with before_the_first_file(lambda: erase(world)), broken_off_after_a_file(), pytest.raises(Trouble):
        rollup.handler({"shop": "acme", "period": "2025-12"}, CONTEXT)

    rollup.handler({"shop": "acme", "period": "2025-12"}, CONTEXT)

    assert "Przecieka" not in everything(world)


def test_what_is_left_is_that_there_was_an_answer_and_that_somebody_was_erased(world: World) -> None:
    whose(world, ANNA)

    erase(world)

    left = adapters.feedback().known(world.acme, ["imported-0", "imported-1"])
    assert left == {"imported-0": "erased", "imported-1": "kept"}
    assert adapters.feedback().of_customer(world.acme, world.customer_key()) == {}
    assert set(adapters.erasures().erased_at(world.acme, [world.customer_key()])) == {world.customer_key()}


def test_what_a_person_answered_elsewhere_is_in_no_segment_once_they_object(world: World) -> None:
    whose(world, ANNA)
    rollup.handler({"shop": "acme", "period": "2025-12"}, CONTEXT)
    before = line("answers", "2025-12-03", "imported-0")["segments"]
    adapters.customers().object(world.acme, world.customer_key(), clock.now())

    rollup.handler({"shop": "acme", "profile": {"customer": world.customer_key(), "surveys": []}}, CONTEXT)

    after = line("answers", "2025-12-03", "imported-0")
    assert (before["country"], after["segments"]) == (["PL"], {"source": ["imported:Delighted"]})
    assert after["comment"] == "Przecieka"


def whose(world: World, address: str) -> None:
    """An answer of this person's, and one of Jan's."""
    world.at("2026-01-10T12:00:00Z")
    for number, (giver, said) in enumerate(((address, "Przecieka"), ("jan@example.com", "Trzyma"))):
        at = datetime(2025, 12, 3 + number, 10, tzinfo=UTC)
        told = FeedbackEvent(f"imported-{number}", "nps", 3, "order", "imported:Delighted", at, None, said)
        told = replace(told, segments=(("country", "PL"),), customer=world.customer_key(giver))
        adapters.feedback().put(world.acme, told, clock.now(), purge_at=datetime(2027, 12, 1, tzinfo=UTC))
    adapters.shops().note_imported(world.acme, "imported:Delighted", date(2025, 12, 4))


def erase(world: World, address: str = ANNA) -> dict[str, Any]:
    told: dict[str, Any] = rollup.handler(
        {"shop": "acme", "erase": {"surveys": [], "customer": world.customer_key(address)}}, CONTEXT
    )
    return told


@contextmanager
def broken_off_after_a_file() -> Iterator[None]:
    """End a rollup when it has written its first file."""

    def end(**_: Any) -> None:
        raise Trouble("the function's time is over")

    events = clients.s3().meta.events
    events.register("after-call.s3.PutObject", end, unique_id="end")
    yield
    events.unregister("after-call.s3.PutObject", unique_id="end")
