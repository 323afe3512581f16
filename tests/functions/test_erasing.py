"""A person is taken out of everything, and only an id that says nothing is left; broken off, it is finished by the next."""

import gzip
import json
from base64 import b64decode
from typing import Any

import pytest

from cx_domain.errors import Trouble
from cx_domain.orders import OrderDetails, OrderEvent, OrderFacts
from cx_domain.total_files import decode_month
from functions import mail_events, rollup
from infra import adapters, clock, intake
from infra.aws import clients
from infra.platforms import platform
from tests.functions.envelopes import CONTEXT, batch, mail_event
from tests.functions.week import SUNDAY_MIDNIGHT, WEEK, read, roll_up
from tests.functions.world import SAMPLES, World, order_1001, order_id, signed, writes_throttled


def erase(world: World) -> dict[str, Any]:
    gone = {"surveys": [order_1001()], "customer": world.customer_key()}
    told: dict[str, Any] = rollup.handler({"shop": "acme", "erase": gone}, CONTEXT)
    return told


def everything(world: World) -> str:
    """All that the table and the bucket hold, as text."""
    stored = [read(key) for key in adapters.files().list("")]
    unpacked = [gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body for body in stored]
    return json.dumps(world.items()) + b"".join(unpacked).decode("utf-8", "replace")


def test_erasing_leaves_a_tombstone_without_a_word(week: World) -> None:
    roll_up(week, SUNDAY_MIDNIGHT)

    told = erase(week)

    left = week.survey()
    assert (left.stage, left.order, left.customer, left.visits, left.replies) == ("erased", OrderFacts(), None, (), ())
    assert told["surveys"] == 1
    left_over = everything(week)
    assert [word for word in ("namiot", "anna@") if word in left_over] == []


def test_a_tombstone_is_forgotten_when_the_answer_would_have_been(week: World) -> None:
    erase(week)

    (left,) = [item for item in week.items() if item["pk"]["S"] == f"survey#{order_1001()}"]
    assert int(left["purge_at"]["N"]) > 0


def test_nobody_elses_survey_is_touched(week: World) -> None:
    before = week.survey("1002")

    erase(week)

    assert week.survey("1002") == before


def test_a_repeated_webhook_brings_nobody_back(week: World) -> None:
    erase(week)

    week.order(updated_at="2026-01-13T09:00:00Z")

    assert week.survey().stage == "erased"


def test_a_report_that_was_built_by_hand_is_made_again_too(week: World) -> None:
    roll_up(week, SUNDAY_MIDNIGHT)
    rollup.handler({"shop": "acme", "period": "2026-Q1"}, CONTEXT)

    told = erase(week)

    assert {"reports/acme/2026-Q1/report.json", f"{WEEK}/report.json"} <= set(told["keys"])


def test_an_erasure_that_broke_off_is_finished_by_the_next(week: World) -> None:
    roll_up(week, SUNDAY_MIDNIGHT)
    with writes_throttled("customer"), pytest.raises(Trouble):
        erase(week)

    erase(week)

    assert "namiot" not in everything(week)
    assert week.customer() is None


def test_erasing_twice_changes_nothing_more(week: World) -> None:
    roll_up(week, SUNDAY_MIDNIGHT)
    erase(week)
    left = everything(week)

    again = erase(week)

    assert (again["surveys"], everything(week)) == (1, left)


def test_a_survey_that_was_never_made_is_no_trouble(week: World) -> None:
    before = week.items()

    told = rollup.handler({"shop": "acme", "erase": {"surveys": [order_id("2001")]}}, CONTEXT)

    assert (told, week.items()) == ({"surveys": 0, "imported": 0, "keys": []}, before)


def test_a_support_case_counts_on_without_the_order_that_it_was_about(week: World) -> None:
    week.order("ticket_solved")
    roll_up(week, SUNDAY_MIDNIGHT)
    (case,) = adapters.tickets().scan(week.acme)
    before = totals_of_tickets()
    gone = {"surveys": [order_1001()], "customer": week.customer_key(), "tickets": [case.id]}

    rollup.handler({"shop": "acme", "erase": gone}, CONTEXT)
    week.order("ticket_solved")
    roll_up(week, "2026-01-19T23:00:00Z")

    (left,) = adapters.tickets().scan(week.acme)
    assert (case.order, left.order) == ("1001", None)
    assert [len(before), totals_of_tickets()] == [1, before]


def totals_of_tickets() -> list[Any]:
    """What is counted of the support, day by day."""
    days = decode_month(read("totals/acme/2026-01.json"))
    assert days is not None
    return [entry.total.support for entry in days.values() if entry.tickets_etag is not None]


OLD_WEBHOOKS = {
    "shopify": ("orders_fulfilled", "orders/fulfilled"),
    "woocommerce": ("order_updated_completed", "order.updated"),
}


@pytest.mark.parametrize("name", OLD_WEBHOOKS)
def test_no_platforms_repeated_webhook_brings_anybody_back(world: World, name: str) -> None:
    sample, topic = OLD_WEBHOOKS[name]
    body = (SAMPLES / name / f"{sample}.json").read_bytes()
    captured = json.loads(body)
    # What a real WooCommerce sent lies there with its headers.
    body = b64decode(captured["body_b64"]) if "body_b64" in captured else body
    world.post(signed(name, body, topic=topic))
    (survey,) = adapters.surveys().scan(world.acme)
    told: dict[str, Any] = {"surveys": [survey.id], "customer": survey.customer}
    rollup.handler({"shop": "acme", "erase": told}, CONTEXT)
    left = everything(world)

    world.at("2026-01-05T09:04:00Z")
    answer = world.post(signed(name, body, topic=topic))

    assert (survey.stage, answer["statusCode"]) == ("planned", 200)
    assert everything(world) == left


def test_an_order_that_is_read_again_through_its_platforms_api_brings_nobody_back(week: World) -> None:
    erase(week)
    left = everything(week)
    news = OrderEvent(
        "1001", clock.now(), {"fulfilled": clock.now()}, "live", OrderDetails("1001", email="anna@x.example")
    )

    outcome = intake.keep(adapters.shop(week.acme), platform("woocommerce"), news)

    assert (outcome, everything(week)) == ("taken", left)


def test_an_event_of_ses_that_comes_late_brings_nobody_back(week: World) -> None:
    erase(week)
    left = everything(week)

    mail_events.handler(batch("send_queue", ("e-1", mail_event("mail_bounce", order_1001()))), CONTEXT)

    assert everything(week) == left


def test_whoever_is_erased_while_a_rollup_has_them_in_memory_does_not_come_back_by_it(week: World) -> None:
    events = clients.s3().meta.events

    def erase_in_between(**_: Any) -> None:
        # Just before the rollup writes its first file, after it read the surveys.
        events.unregister("before-call.s3.PutObject", unique_id="between")
        erase(week)

    week.at(SUNDAY_MIDNIGHT)
    events.register("before-call.s3.PutObject", erase_in_between, unique_id="between")

    roll_up(week, SUNDAY_MIDNIGHT)

    assert week.survey().stage == "erased"
    left = everything(week)
    assert [trace for trace in ("namiot", order_1001()) if trace in _files()] == []
    assert "namiot" not in left


def _files() -> str:
    """All that lies in the bucket, unpacked."""
    stored = [read(key) for key in adapters.files().list("")]
    unpacked = [gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body for body in stored]
    return b"".join(unpacked).decode("utf-8", "replace")


def test_whoever_is_erased_while_days_are_counted_again_does_not_come_back_by_it(week: World) -> None:
    roll_up(week, SUNDAY_MIDNIGHT)
    counted = {"days": ["2026-01-12"], "surveys": [order_1001()], "tickets": [], "feedback": []}
    adapters.files().delete("answers/acme/2026-01-12/answers.jsonl.gz")
    events = clients.s3().meta.events

    def erase_in_between(**_: Any) -> None:
        events.unregister("before-call.s3.PutObject", unique_id="between")
        erase(week)

    events.register("before-call.s3.PutObject", erase_in_between, unique_id="between")
    rollup.handler({"shop": "acme", "recount": counted}, CONTEXT)

    assert [trace for trace in ("namiot", order_1001()) if trace in _files()] == []
