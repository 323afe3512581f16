"""What Shopify passes on for a person's sake: shown to the shop, or erased; and what it passes on when a shop leaves."""

import json
from typing import Any

import pytest

from functions import rollup
from infra import adapters
from tests.functions.envelopes import CONTEXT, batch
from tests.functions.week import SUNDAY_MIDNIGHT, roll_up
from tests.functions.world import SAMPLES, World, ses_answers, signed

TOPICS = {
    "customers_data_request": "customers/data_request",
    "customers_redact": "customers/redact",
    "shop_redact": "shop/redact",
}


def pass_on(world: World, sample: str, **changes: Any) -> list[dict[str, Any]]:
    """Let Shopify pass a request on, and the rollup do what it says; its messages."""
    payload = json.loads((SAMPLES / "shopify" / f"{sample}.json").read_text(encoding="utf-8")) | changes
    answer = world.post(signed("shopify", json.dumps(payload).encode(), topic=TOPICS[sample]))
    assert (answer["statusCode"], answer["body"]) == (200, "")
    told = world.messages("RollupQueue")
    rollup.handler(batch("rollup_queue", *told), CONTEXT)
    return [json.loads(body) for _, body in told]


def mails_to_managers(world: World) -> list[Any]:
    return [mail for mail in world.mails() if mail["To"] == "boss@acme.example"]


def exports() -> list[dict[str, Any]]:
    found = [adapters.files().read(key) for key in adapters.files().list("exports/acme/")]
    return [json.loads(stored.body) for stored in found if stored is not None]


def test_what_is_kept_of_a_person_is_gathered_and_the_managers_are_told_where(week: World) -> None:
    pass_on(week, "customers_data_request", orders_requested=[1001])

    (told,) = exports()
    assert [(one["order"], one["buyer"]["first_name"]) for one in told["surveys"]] == [("1001", "Anna")]
    assert told["surveys"][0]["answers"][0]["comment"] == "Świetny namiot!"
    (mail,) = mails_to_managers(week)
    assert "afterorder customer requests acme 9999-1" in mail.get_body(("plain",)).get_content()


def test_nobody_elses_order_is_shown(week: World) -> None:
    pass_on(week, "customers_data_request", orders_requested=[4711])

    assert [told["surveys"] for told in exports()] == [[]]


def test_a_person_who_is_to_be_erased_is(week: World) -> None:
    roll_up(week, SUNDAY_MIDNIGHT)

    pass_on(week, "customers_redact", orders_to_redact=[1001])

    assert week.survey().stage == "erased"
    assert week.customer() is None
    stored = adapters.files().read("reports/acme/2026-W03/report.json")
    assert stored is not None
    assert b"namiot" not in stored.body


def test_what_was_gathered_for_a_person_goes_with_their_erasure_and_nobody_elses(week: World) -> None:
    pass_on(week, "customers_data_request", orders_requested=[1001])
    jan: dict[str, Any] = {"customer": {"id": 2, "email": "jan@example.com"}, "data_request": {"id": 10000}}
    pass_on(week, "customers_data_request", orders_requested=[1002], **jan)

    pass_on(week, "customers_redact", orders_to_redact=[1001])

    assert [[one["order"] for one in told["surveys"]] for told in exports()] == [["1002"]]


def test_an_order_of_theirs_that_comes_afterwards_is_not_asked_about(world: World) -> None:
    pass_on(world, "customers_redact", orders_to_redact=[1001])

    world.order()

    assert world.survey().stage == "erased"


def test_another_customer_is_left_alone(week: World) -> None:
    before = week.survey("1002")

    pass_on(week, "customers_redact", orders_to_redact=[1001])

    assert week.survey("1002") == before


def test_the_queue_holds_no_address(world: World) -> None:
    told = pass_on(world, "customers_redact")

    assert "anna" not in json.dumps(told)
    assert told[0]["privacy"]["customer"] == world.customer_key()


def test_a_request_about_very_many_orders_comes_in_parts(world: World) -> None:
    told = pass_on(world, "customers_redact", orders_to_redact=list(range(1, 402)))

    assert [len(message["privacy"]["orders"]) for message in told] == [200, 200, 1]
    assert world.survey("401").stage == "erased"


def test_a_shop_that_leaves_is_not_erased_by_a_webhook_and_the_managers_are_told_how(week: World) -> None:
    before = week.survey()

    pass_on(week, "shop_redact")

    (mail,) = mails_to_managers(week)
    assert "afterorder shop erase acme" in mail.get_body(("plain",)).get_content()
    assert week.survey() == before


def test_a_repeated_request_is_told_once(week: World) -> None:
    for _ in range(2):
        pass_on(week, "customers_redact", orders_to_redact=[1001])

    assert len(mails_to_managers(week)) == 1


def test_a_request_of_which_nobody_could_be_told_comes_again(world: World) -> None:
    body = json.dumps({"shop": "acme", "privacy": _told(world)})

    with ses_answers("TooManyRequestsException", status=429):
        first = rollup.handler(batch("rollup_queue", ("m-1", body)), CONTEXT)
    again = rollup.handler(batch("rollup_queue", ("m-1", body)), CONTEXT)

    assert first == {"batchItemFailures": [{"itemIdentifier": "m-1"}]}
    assert (again, len(mails_to_managers(world))) == ({"batchItemFailures": []}, 1)


def _told(world: World) -> dict[str, Any]:
    who = world.customer_key()
    return {"kind": "redact", "platform": "Shopify", "id": "1", "part": 1, "customer": who, "orders": []}


@pytest.mark.parametrize(
    ("changes", "field"), [({"orders_to_redact": "all"}, "orders"), ({"customer": {"id": [1]}}, "id")]
)
def test_a_request_that_is_not_one_is_refused_by_name(world: World, changes: dict[str, Any], field: str) -> None:
    payload = json.loads((SAMPLES / "shopify" / "customers_redact.json").read_text(encoding="utf-8")) | changes

    answer = world.post(signed("shopify", json.dumps(payload).encode(), topic="customers/redact"))

    assert answer["statusCode"] == 400
    assert field in answer["body"]
    assert world.messages("RollupQueue") == []
