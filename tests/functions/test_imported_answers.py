"""Old answers that were imported are in the reports of their own days, by the next rollup or as soon as one is built."""

import json
from datetime import UTC, date, datetime
from typing import Any

from cx_domain.order_fields import FeedbackEvent
from functions import rollup
from infra import adapters, clock
from infra.aws import keys
from tests.functions.envelopes import CONTEXT, batch
from tests.functions.world import World


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
