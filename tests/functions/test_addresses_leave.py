"""An address and a name leave as soon as they have no purpose: with a refusal, and with the end of the survey."""

import json
from typing import Any

import pytest

from functions import rollup, unsubscribe
from infra import adapters, clock
from infra.rollups import closing
from tests.functions.envelopes import CONTEXT, batch, request
from tests.functions.week import answer, roll_up
from tests.functions.world import ACME_FILE, World, order_1001, order_id, ses_answers

REFUSED_AT_ONCE: dict[str, dict[str, Any]] = {
    "no-consent": {"country": "DE", "consent": False},
    "relay-address": {"email": "anna.kowalska@marketplace.amazon.de"},
    "no-reply-address": {"email": "noreply@anna-kowalska.example"},
    "staff-address": {"email": "anna.kowalska@acme-staff.example"},
    "below-minimum": {"total": "1.00"},
    "gift-card": {
        "items": [{"sku": "G-1", "title": "Gift card", "category": "cards", "quantity": 1, "gift_card": True}]
    },
    "test-order": {"test": True},
}


@pytest.fixture
def strict(world: World) -> World:
    """A shop with every reason not to ask."""
    limits = '[limits]\nstaff_domains = ["acme-staff.example"]'
    text = ACME_FILE.read_text(encoding="utf-8").replace("[limits]", limits)
    world.put_shop(text.replace('minimum_total = "0.00"', 'minimum_total = "5.00"'))
    return world


def kept(world: World) -> str:
    return json.dumps(world.items()).casefold()


@pytest.mark.parametrize("reason", REFUSED_AT_ONCE)
def test_who_is_not_asked_is_not_remembered(strict: World, reason: str) -> None:
    strict.order(**REFUSED_AT_ONCE[reason])

    assert strict.survey().reason == reason
    assert [word for word in ("anna", "kowalska") if word in kept(strict)] == []


def test_an_order_that_is_cancelled_before_its_mail_loses_its_address(world: World) -> None:
    world.order()
    world.order("order_cancelled", id="1001", number="1001", updated_at="2026-01-05T10:00:00Z")

    assert world.survey().reason == "cancelled"
    assert "anna" not in kept(world)


def test_who_unsubscribed_meanwhile_loses_their_address_when_the_mail_is_due(world: World) -> None:
    world.order()
    adapters.customers().unsubscribe(world.acme, world.customer_key(), clock.now())
    world.at("2026-01-12T09:00:00Z")

    world.send()

    assert world.survey().reason == "unsubscribed"
    assert "anna" not in kept(world)


def test_a_mail_that_is_refused_loses_its_address(world: World) -> None:
    with ses_answers("MessageRejected"):
        world.mailed()

    assert world.survey().reason == "mail-refused"
    assert "anna" not in kept(world)


def test_a_survey_that_expired_under_a_file_with_another_lifetime_loses_its_address(world: World) -> None:
    world.mailed()
    roll_up(world, "2026-01-12T23:00:00Z")
    world.put_shop(ACME_FILE.read_text(encoding="utf-8").replace('expires = "30d"', 'expires = "7d"'))
    adapters._shops_in_memory.clear()  # noqa: SLF001  a new process has none
    roll_up(world, "2026-02-10T23:00:00Z")

    # Thirty days after its mail, as it was told then.
    roll_up(world, "2026-02-13T23:00:00Z")

    assert world.survey().stage == "closed"
    assert "anna" not in kept(world)


def test_a_day_with_very_many_surveys_is_closed_in_parts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.order(id="1002", number="1002", email="jan@example.com")
    world.mailed()
    world.send(order_id("1002"), message="message-2")
    roll_up(world, "2026-01-12T23:00:00Z")
    monkeypatch.setattr(closing, "AT_ONCE", 1)

    roll_up(world, "2026-02-13T23:00:00Z")
    left = world.survey().stage
    while parts := world.messages("RollupQueue"):
        for part in parts:
            rollup.handler(batch("rollup_queue", part), CONTEXT)

    assert left == "sent"
    assert {world.survey(order).stage for order in ("1001", "1002")} == {"closed"}
    assert "anna" not in kept(world)


def test_an_answered_survey_loses_its_address_when_it_expires(world: World) -> None:
    world.mailed()
    answer(world, "9", "Wszystko dobrze")
    roll_up(world, "2026-01-12T23:00:00Z")

    roll_up(world, "2026-02-13T23:00:00Z")

    assert "anna" not in kept(world)
    assert "wszystko dobrze" in kept(world)


def test_an_order_that_is_never_fulfilled_is_forgotten_after_half_a_year(world: World) -> None:
    world.order("order_placed")

    (item,) = world.items()
    assert item["stage"] == {"S": "waiting"}
    # The 4th of July 2026 at nine.
    assert item["purge_at"] == {"N": "1783155600"}


def test_an_order_that_goes_on_is_kept_as_long_as_answers_are(world: World) -> None:
    world.order("order_placed")
    world.order()

    (item,) = world.items()
    # The 5th of January 2028.
    assert item["purge_at"] == {"N": "1830675600"}


def test_looking_at_a_page_brings_no_address_back(world: World) -> None:
    world.mailed()
    unsubscribe.handler(request("unsubscribe_look", {"token": world.link("unsubscribe")}), CONTEXT)
    roll_up(world, "2026-01-12T23:00:00Z")
    roll_up(world, "2026-02-13T23:00:00Z")

    world.order(updated_at="2026-02-14T09:00:00Z")

    assert world.survey().id == order_1001()
    assert "anna" not in kept(world)
