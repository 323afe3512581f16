"""A developer is told once when a shop's webhooks stop, and once when their signatures begin to fail."""

import json
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage

from cx_domain.deliveries import refused
from functions import rollup
from infra import adapters
from infra.aws.delivery_table import Noted
from tests.functions.envelopes import CONTEXT, batch
from tests.functions.world import ACME_FILE, World, ses_answers

FIRST, DAY = date(2026, 1, 5), timedelta(days=1)
HOUR = timedelta(hours=1)


def deliver(world: World, first: date, days: int) -> None:
    """Twelve webhooks a day from eight to twenty, in UTC."""
    for day in (first + number * DAY for number in range(days)):
        morning = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
        noted = Noted({"taken": 12}, "WooCommerce", first_at=morning, last_at=morning + 12 * HOUR)
        adapters.deliveries().add(world.acme, day, "woocommerce", noted)


def fail(world: World, at: datetime, times: int = 3) -> None:
    refusals = [refused(at, "bad-signature", "no")] * times
    noted = Noted({"bad-signature": times}, "WooCommerce", unsigned=times, refused=refusals)
    adapters.deliveries().add(world.acme, at.date(), "woocommerce", noted)


def roll_up(world: World, moment: str, message: dict[str, object] | None = None) -> None:
    world.at(moment)
    told = rollup.handler(batch("rollup_queue", ("m-1", json.dumps(message or {"shop": "acme"}))), CONTEXT)
    assert told == {"batchItemFailures": []}


def look_again(world: World, moment: str) -> None:
    roll_up(world, moment, {"failing": {"shop": "acme", "platform": "woocommerce"}})


def told(world: World) -> list[EmailMessage]:
    return [mail for mail in world.mails() if mail["Feedback-ID"] == "acme:webhooks:afterorder"]


def named(world: World, *developers: str) -> None:
    """Let the shop's file name its developers."""
    text = ACME_FILE.read_text(encoding="utf-8")
    world.put_shop(f"developers = {json.dumps(developers)}\n{text}")


# --- silence -----------------------------------------------------------------------------------------------------------


def test_a_shop_that_went_silent_is_told_once(world: World) -> None:
    deliver(world, FIRST, 28)

    roll_up(world, "2026-02-02T23:05:00Z")
    before = len(told(world))
    for night in ("2026-02-03T23:05:00Z", "2026-02-04T23:05:00Z"):
        roll_up(world, night)

    (mail,) = told(world)
    assert before == 0
    assert (mail["To"], mail["Subject"]) == (
        "boss@acme.example",
        "Acme Outdoor · WooCommerce: brak webhooków od 1 lutego, 21:00",
    )


def test_a_shop_that_sends_again_is_told_of_its_next_silence(world: World) -> None:
    deliver(world, FIRST, 28)
    roll_up(world, "2026-02-03T23:05:00Z")

    deliver(world, date(2026, 2, 5), 14)
    roll_up(world, "2026-02-18T23:05:00Z")
    roll_up(world, "2026-03-03T23:05:00Z")

    assert len(told(world)) == 2


def test_a_shop_that_sends_is_told_nothing(world: World) -> None:
    deliver(world, FIRST, 28)

    roll_up(world, "2026-02-01T23:05:00Z")

    assert told(world) == []


def test_the_shops_developers_are_told_and_not_its_managers(world: World) -> None:
    named(world, "dev@acme.example", "ops@acme.example")
    deliver(world, FIRST, 28)

    roll_up(world, "2026-02-03T23:05:00Z")

    assert [str(mail["To"]) for mail in told(world)] == ["dev@acme.example", "ops@acme.example"]


def test_a_mail_that_ses_refused_is_sent_at_the_next_rollup(world: World) -> None:
    deliver(world, FIRST, 28)
    with ses_answers("TooManyRequestsException", status=429):
        roll_up(world, "2026-02-03T23:05:00Z")

    roll_up(world, "2026-02-04T23:05:00Z")

    assert len(told(world)) == 1


# --- signatures --------------------------------------------------------------------------------------------------------


def test_signatures_that_began_to_fail_are_told_at_the_second_look(world: World) -> None:
    deliver(world, FIRST, 2)
    fail(world, datetime(2026, 1, 7, 9, tzinfo=UTC))

    look_again(world, "2026-01-07T09:02:00Z")

    (mail,) = told(world)
    assert mail["Subject"] == "Acme Outdoor · WooCommerce: odrzucono 3 webhooki z rzędu"


def test_a_failure_is_told_once_although_the_rollup_sees_it_too(world: World) -> None:
    deliver(world, FIRST, 2)
    fail(world, datetime(2026, 1, 7, 9, tzinfo=UTC))

    look_again(world, "2026-01-07T09:02:00Z")
    look_again(world, "2026-01-07T10:02:00Z")
    roll_up(world, "2026-01-07T23:05:00Z")

    assert len(told(world)) == 1


def test_a_good_webhook_before_the_second_look_and_nothing_is_told(world: World) -> None:
    deliver(world, FIRST, 2)
    fail(world, datetime(2026, 1, 7, 7, tzinfo=UTC))
    deliver(world, date(2026, 1, 7), 1)

    look_again(world, "2026-01-07T20:02:00Z")

    assert told(world) == []


def test_a_failure_that_no_message_told_of_is_seen_by_the_rollup(world: World) -> None:
    deliver(world, FIRST, 2)
    fail(world, datetime(2026, 1, 7, 9, tzinfo=UTC))

    roll_up(world, "2026-01-07T23:05:00Z")

    assert len(told(world)) == 1


def test_a_shop_that_was_connected_with_a_wrong_secret_is_told_once_in_the_second_night(world: World) -> None:
    fail(world, datetime(2026, 1, 5, 9, tzinfo=UTC))
    look_again(world, "2026-01-05T09:02:00Z")
    roll_up(world, "2026-01-05T23:05:00Z")
    before = told(world)
    fail(world, datetime(2026, 1, 6, 9, tzinfo=UTC))

    for night in ("2026-01-06T23:05:00Z", "2026-01-07T23:05:00Z"):
        roll_up(world, night)

    (mail,) = told(world)
    assert before == []
    assert mail["Subject"] == "Acme Outdoor · WooCommerce: odrzucono 6 webhooków z rzędu"


# --- tokens ------------------------------------------------------------------------------------------------------------


def test_a_token_that_a_platform_refuses_is_told_once_each_time_that_it_begins(world: World) -> None:
    apis = adapters.apis()
    apis.put(world.acme, "bigcommerce", "https://api.bigcommerce.example", datetime(2026, 1, 5, tzinfo=UTC))
    apis.note_refusal(world.acme, "bigcommerce", datetime(2026, 1, 5, 9, tzinfo=UTC))
    roll_up(world, "2026-01-05T23:05:00Z")
    roll_up(world, "2026-01-06T23:05:00Z")
    first = [str(mail["Subject"]) for mail in told(world)]

    apis.note_acceptance(world.acme, "bigcommerce")
    roll_up(world, "2026-01-07T23:05:00Z")
    apis.note_refusal(world.acme, "bigcommerce", datetime(2026, 1, 8, 9, tzinfo=UTC))
    roll_up(world, "2026-01-08T23:05:00Z")

    assert first == ["Acme Outdoor · bigcommerce odrzuca token do odczytu zamówień od 5 stycznia, 10:00"]
    assert len(told(world)) == 2
