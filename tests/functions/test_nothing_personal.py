"""Nothing personal stands in logs, metrics, keys of files or messages, whatever comes in and however it goes wrong."""

import json
from typing import Any

import pytest

from functions import mail_events, rollup, unsubscribe
from infra import adapters
from infra.aws import clients
from tests.functions.envelopes import CONTEXT, batch, form, mail_event, request
from tests.functions.test_privacy import pass_on
from tests.functions.week import SUNDAY_MIDNIGHT, answer, roll_up
from tests.functions.world import SAMPLES, World, order_1001, ses_answers, signed

ADDRESS, NAME, COMMENT, AGENT, NETWORK = (
    "kowalska-4711",
    "Annamaria",
    "Reissverschluss",
    "Netscape-4711",
    "198.51.100.77",
)
TRACES = (ADDRESS, NAME, COMMENT, AGENT, NETWORK)
BUYER = {"email": f"{ADDRESS}@customers.example", "first_name": NAME}
WRONG: tuple[dict[str, Any], ...] = (
    {"id": None},
    {"total": f"{ADDRESS}@customers.example"},
    {"currency": NAME},
    {"items": NAME},
    {"updated_at": COMMENT},
    {"placed_at": f"{NAME} {COMMENT}"},
    {"email": f"{NAME} <{ADDRESS}@customers.example>, {NAME}"},
    {"tags": COMMENT},
    {"language": f"{NAME}\n{COMMENT}"},
)


@pytest.fixture
def journey(world: World) -> World:
    """Everything that can be told of Annamaria, well and badly, from her first order to the report."""
    for changes in WRONG:
        world.order(**{**BUYER, **changes})
    world.order(**BUYER)
    ticket = json.loads((SAMPLES / "standard" / "ticket_solved.json").read_text(encoding="utf-8"))
    ticket["data"] |= {**BUYER, "opened_at": COMMENT}
    world.post(signed("standard", json.dumps(ticket).encode()))
    world.order("feedback_recorded", comment=f"{NAME}: {COMMENT}", score=COMMENT)
    world.at("2026-01-12T09:00:00Z")
    with ses_answers("MessageRejected", message=f"Address {ADDRESS}@customers.example is not verified"):
        world.order(id="1002", number="1002", email=f"{ADDRESS}@elsewhere.example", updated_at="2026-01-05T09:00:00Z")
        world.send(message="message-2")
    world.send()
    answer(world, "9", f"{NAME}: {COMMENT}")
    about: dict[str, Any] = {"headers": {"user-agent": AGENT}, "address": NETWORK}
    token = world.link("unsubscribe")
    unsubscribe.handler(request("unsubscribe_look", {"token": token + NAME}, **about), CONTEXT)
    unsubscribe.handler(
        request("unsubscribe_form", {"token": token}, body=form(("choice", NAME), ("why", COMMENT)), **about), CONTEXT
    )
    events = [mail_event(name, order_1001()) for name in ("mail_delivery", "mail_bounce")]
    events += [body.replace("survey_id", ADDRESS) for body in events] + [f"{ADDRESS}@customers.example"]
    mail_events.handler(batch("send_queue", *((f"e-{n}", body) for n, body in enumerate(events))), CONTEXT)
    pass_on(world, "customers_data_request", customer={"id": 1, "email": BUYER["email"]}, orders_requested=[1001])
    roll_up(world, SUNDAY_MIDNIGHT)
    rollup.handler({"shop": "acme", "erase": {"surveys": [order_1001()], "customer": world.customer_key()}}, CONTEXT)
    return world


def found_in(text: str) -> list[str]:
    return [trace for trace in TRACES if trace.casefold() in text.casefold()]


def test_logs_and_metrics_name_nobody(journey: World, capsys: pytest.CaptureFixture[str]) -> None:
    printed = capsys.readouterr()

    assert "webhook refused" in journey.log
    assert found_in(journey.log + printed.out + printed.err) == []


def test_refusals_that_developers_see_hold_nothing_of_what_was_sent(journey: World) -> None:
    everything = clients.dynamodb().scan(TableName="afterorder-Table")["Items"]
    deliveries = [item for item in everything if item["sk"]["S"].startswith("deliveries#")]

    assert journey.log
    assert any("refused" in item for item in deliveries)
    assert found_in(json.dumps(deliveries)) == []


def test_keys_of_items_and_of_files_name_nobody(journey: World) -> None:
    everything = clients.dynamodb().scan(TableName="afterorder-Table")["Items"]
    keys = [item["pk"]["S"] + item["sk"]["S"] for item in everything] + list(adapters.files().list(""))

    assert journey.log
    assert found_in(" ".join(keys)) == []


def test_messages_on_our_queues_name_nobody(journey: World) -> None:
    told = [journey.messages(queue) for queue in ("SendQueue", "RollupQueue", "FetchQueue")]

    assert found_in(json.dumps(told)) == []


def test_answers_to_the_shop_do_not_repeat_what_it_sent(world: World) -> None:
    answers = [world.order(**{**BUYER, **changes}) for changes in WRONG]

    assert {told["statusCode"] for told in answers} > {200}
    assert found_in(json.dumps(answers)) == []
