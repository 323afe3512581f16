"""A shop's webhook: kept before it is answered 200, or refused with what is wrong and nothing kept."""

import json
from base64 import b64decode
from datetime import UTC, datetime
from typing import Any

import pytest

from infra import adapters
from tests.functions.envelopes import envelope, request
from tests.functions.world import ACME_SECRETS, SAMPLES, World, counted, order_1001, signed

FULFILLED = (SAMPLES / "standard" / "order_fulfilled.json").read_bytes()


def changed(**data: Any) -> bytes:
    payload = json.loads(FULFILLED)
    return json.dumps(payload | {"data": payload["data"] | data}).encode()


def shopify(name: str) -> bytes:
    return (SAMPLES / "shopify" / f"{name}.json").read_bytes()


# --- what is kept ------------------------------------------------------------------------------------------------------


def test_a_fulfilled_order_is_planned_for_a_week_later(world: World) -> None:
    answer = world.post(signed("standard", FULFILLED))

    survey = world.survey()
    assert (answer["statusCode"], answer["body"]) == (200, "")
    assert (survey.stage, survey.due_at) == ("planned", datetime(2026, 1, 12, 9, 0, tzinfo=UTC))


def test_a_body_that_comes_as_text_is_verified_over_the_same_bytes(world: World) -> None:
    event = signed("standard", FULFILLED)
    as_text = event | {"body": FULFILLED.decode(), "isBase64Encoded": False}

    answer = world.post(as_text)

    assert answer["statusCode"] == 200
    assert world.survey().stage == "planned"


def test_a_repeated_webhook_makes_no_second_survey(world: World) -> None:
    world.post(signed("standard", FULFILLED))
    kept = world.items()

    answer = world.post(signed("standard", FULFILLED))

    assert answer["statusCode"] == 200
    assert world.items() == kept


def test_a_refund_after_planning_refuses_the_survey(world: World) -> None:
    world.order()

    world.order("order_refunded", updated_at="2026-01-05T08:59:00Z")
    still_planned = world.survey().stage
    world.order("order_refunded", updated_at="2026-01-05T09:01:00Z")

    assert still_planned == "planned"
    assert (world.survey().stage, world.survey().reason) == ("refused", "refunded")


def test_a_cancellation_that_comes_first_is_not_forgotten(world: World) -> None:
    world.order("order_cancelled", updated_at="2026-01-05T09:03:00Z")

    world.order()

    assert (world.survey().stage, world.survey().reason) == ("refused", "cancelled")


def test_a_live_secret_of_two_is_enough(world: World) -> None:
    standard = ACME_SECRETS["standard"][0]
    newer = "whsec_bmV3ZXIgc2VjcmV0IG9mIHRoZSBzaG9wIEFjbWUh"
    adapters.secrets().put_webhook_secrets(world.acme, "standard", [standard, newer])

    answers = [world.post(signed("standard", FULFILLED, secret=secret)) for secret in (standard, newer)]

    assert [answer["statusCode"] for answer in answers] == [200, 200]


def test_a_secret_that_was_just_rotated_is_read_again(world: World) -> None:
    world.order()
    newer = "whsec_bmV3ZXIgc2VjcmV0IG9mIHRoZSBzaG9wIEFjbWUh"
    adapters.secrets().put_webhook_secrets(world.acme, "standard", [newer])

    answer = world.post(signed("standard", changed(id="1002", number="1002"), secret=newer))

    assert answer["statusCode"] == 200
    assert world.survey("1002").stage == "planned"


def test_a_shopify_order_is_read_by_its_topic(world: World) -> None:
    answer = world.post(signed("shopify", shopify("orders_fulfilled"), topic="orders/fulfilled"))

    assert answer["statusCode"] == 200
    assert len(world.items()) == 1


def test_a_support_case_is_kept_for_the_reports(world: World) -> None:
    answer = world.post(signed("standard", (SAMPLES / "standard" / "ticket_solved.json").read_bytes()))

    assert answer["statusCode"] == 200
    assert [item["sk"]["S"] for item in world.items()] == ["ticket"]


def test_a_rating_from_elsewhere_is_kept_once_however_often_it_comes(world: World) -> None:
    recorded = (SAMPLES / "standard" / "feedback_recorded.json").read_bytes()

    answers = [world.post(signed("standard", recorded)) for _ in range(2)]

    assert [answer["statusCode"] for answer in answers] == [200, 200]
    assert [item["sk"]["S"] for item in world.items()] == ["feedback"]


def test_a_name_with_markup_and_line_breaks_does_not_lose_the_order(world: World) -> None:
    answer = world.post(signed("standard", changed(first_name="<b>Anna</b>\r\nBcc: all@acme.example")))

    assert answer["statusCode"] == 200
    assert world.survey().stage == "planned"


# --- what is answered 200, and only counted ----------------------------------------------------------------------------


def captured(name: str) -> tuple[dict[str, str], bytes]:
    """A request that a real WooCommerce sent."""
    sample = json.loads((SAMPLES / "woocommerce" / f"{name}.json").read_text(encoding="utf-8"))
    return {header.lower(): value for header, value in sample["headers"]}, b64decode(sample["body_b64"])


def test_woocommerces_unsigned_ping_gets_exactly_200_and_nothing_is_kept(world: World) -> None:
    answer = world.post(envelope("woocommerce_ping"))

    assert (answer["statusCode"], answer["body"], world.items()) == (200, "", [])


def test_the_ping_is_answered_whatever_the_shop_for_shop_ids_are_public(world: World) -> None:
    headers, body = captured("ping")

    answer = world.post(request("webhook", {"shop": "nobody", "platform": "woocommerce"}, headers=headers, body=body))

    assert (answer["statusCode"], answer["body"]) == (200, "")


def test_a_ping_with_one_of_woocommerces_own_headers_must_be_signed(world: World) -> None:
    event = envelope("woocommerce_ping")
    event["headers"]["x-wc-webhook-topic"] = "order.created"

    answer = world.post(event)

    assert answer["statusCode"] == 401


def test_a_topic_that_we_ignore_is_answered_200_and_counted(world: World) -> None:
    answer = world.post(signed("shopify", b'{"id": 1001}', topic="products/update"))

    assert (answer["statusCode"], world.items()) == (200, [])
    assert counted(world.log) == {"topic-ignored"}


def test_a_test_order_is_answered_200_and_refused_by_name(world: World) -> None:
    answer = world.order(test=True)

    assert answer["statusCode"] == 200
    assert (world.survey().stage, world.survey().reason) == ("refused", "test-order")


@pytest.mark.parametrize("email", [None, "", "not an address"])
def test_an_order_without_an_address_is_answered_200_and_refused_by_name(world: World, email: str | None) -> None:
    answer = world.order(email=email)

    assert answer["statusCode"] == 200
    assert (world.survey().stage, world.survey().reason) == ("refused", "no-address")


def test_an_order_from_a_country_that_wants_consent_is_refused_by_name(world: World) -> None:
    world.order(country="DE", consent=False)

    assert world.survey().reason == "no-consent"


def test_what_is_kept_of_a_refused_order_holds_no_address_and_no_name(world: World) -> None:
    world.order(country="DE", consent=False)

    assert "anna" not in json.dumps(world.items()).lower()


# --- what is refused ---------------------------------------------------------------------------------------------------


def test_a_wrong_signature_is_401_and_nothing_is_kept(world: World) -> None:
    forged = signed("standard", FULFILLED, secret="whsec_c29tZWJvZHkgZWxzZSdzIHNlY3JldCBpdCBpcyE=")

    answer = world.post(forged)

    assert (answer["statusCode"], world.items()) == (401, [])


def test_a_missing_signature_is_401_and_names_its_header(world: World) -> None:
    event = signed("standard", FULFILLED)
    del event["headers"]["webhook-signature"]

    answer = world.post(event)

    assert (answer["statusCode"], world.items()) == (401, [])
    assert "webhook-signature" in answer["body"]


def test_a_body_changed_on_its_way_is_401(world: World) -> None:
    event = signed("standard", FULFILLED)
    event["body"] = signed("standard", changed(email="mallory@example.com"))["body"]

    answer = world.post(event)

    assert (answer["statusCode"], world.items()) == (401, [])


def test_a_webhook_recorded_an_hour_ago_is_401(world: World) -> None:
    recorded = signed("standard", FULFILLED)
    world.at("2026-01-05T10:00:00Z")

    answer = world.post(recorded)

    assert (answer["statusCode"], world.items()) == (401, [])


def test_hostile_signatures_are_401_and_nothing_else(world: World) -> None:
    hostile = ["", "v1,", "v1,\udce4", "v1,====", "v9,AAAA", "\x00", "v1," + "A" * 100_000]

    answers = [post_with(world, "webhook-signature", signature) for signature in hostile]

    assert answers == [401] * len(hostile)
    assert world.items() == []


def test_hostile_timestamps_are_401_and_nothing_else(world: World) -> None:
    hostile = ["", "soon", "1e9", "-1", "9" * 5000, "١٧٦٧٦٠٣٦٠٠"]

    answers = [post_with(world, "webhook-timestamp", timestamp) for timestamp in hostile]

    assert answers == [401] * len(hostile)
    assert world.items() == []


def post_with(world: World, header: str, value: str) -> int:
    """Post order 1001 with one of its signed headers replaced; the answer's status."""
    event = signed("standard", FULFILLED)
    event["headers"][header] = value
    return int(world.post(event)["statusCode"])


def test_an_unknown_shop_is_404(world: World) -> None:
    answer = world.post(signed("standard", FULFILLED, shop="nobody"))

    assert (answer["statusCode"], world.items()) == (404, [])


def test_an_unknown_platform_is_404_and_says_which_there_are(world: World) -> None:
    event = request("webhook", {"shop": "acme", "platform": "magento"}, body=FULFILLED)

    answer = world.post(event)

    assert (answer["statusCode"], world.items()) == (404, [])
    assert "shopify" in answer["body"]


def test_a_platform_that_the_shop_never_connected_is_404_and_says_what_to_do(world: World) -> None:
    unconnected = signed("shopify", shopify("orders_fulfilled"), shop="acme")
    adapters.secrets().put_webhook_secrets(world.acme, "shopify", [])

    answer = world.post(unconnected)

    assert (answer["statusCode"], world.items()) == (404, [])
    assert "afterorder shop connect" in answer["body"]


def test_malformed_json_behind_a_good_signature_is_400_and_says_so(world: World) -> None:
    bodies = [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"order"',
        b"\xff\xfe",
        b'{"type": "order.placed", "data": NaN}',
        b"[" * 20_000,
    ]

    answers = [world.post(signed("standard", body)) for body in bodies]

    assert [answer["statusCode"] for answer in answers] == [400] * len(bodies)
    assert all("malformed JSON" in answer["body"] for answer in answers)
    assert world.items() == []


def test_a_field_that_cannot_be_read_is_400_and_named_as_the_sender_calls_it(world: World) -> None:
    unreadable: dict[str, dict[str, Any]] = {
        "data.id": {"id": None},
        "data.updated_at": {"updated_at": "yesterday"},
        "data.total": {"total": "99,80 PLN"},
        "data.items": {"items": "a tent"},
        "data.items[0].quantity": {"items": [{"title": "Tent", "quantity": "many"}]},
        "data.consent": {"consent": "perhaps"},
        "data.placed_at": {"placed_at": 20260103},
    }

    answers = {field: world.post(signed("standard", changed(**data))) for field, data in unreadable.items()}

    assert {answer["statusCode"] for answer in answers.values()} == {400}
    assert [field for field, answer in answers.items() if not answer["body"].startswith(f"{field}:")] == []
    assert world.items() == []


def test_a_webhook_without_a_type_is_400_and_names_it(world: World) -> None:
    answer = world.post(signed("standard", b'{"data": {"id": "1001"}}'))

    assert answer["statusCode"] == 400
    assert "type" in answer["body"]


def test_a_shopify_webhook_without_its_topic_is_400_and_names_the_header(world: World) -> None:
    event = signed("shopify", shopify("orders_fulfilled"))
    del event["headers"]["x-shopify-topic"]

    answer = world.post(event)

    assert answer["statusCode"] == 400
    assert "x-shopify-topic" in answer["body"]


def test_a_body_over_a_megabyte_is_413_and_nothing_is_kept(world: World) -> None:
    answer = world.post(signed("standard", changed(first_name="A" * 1_000_000)))

    assert (answer["statusCode"], world.items()) == (413, [])


def test_a_body_of_exactly_a_megabyte_is_read(world: World) -> None:
    padded = FULFILLED + b" " * (1_000_000 - len(FULFILLED))

    assert world.post(signed("standard", padded))["statusCode"] == 200


def test_a_body_that_is_not_the_base64_it_claims_to_be_is_400(world: World) -> None:
    event = signed("standard", FULFILLED) | {"body": "not base64!", "isBase64Encoded": True}

    assert world.post(event)["statusCode"] == 400


def test_our_own_trouble_is_503_so_that_the_shop_tries_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    event = signed("standard", FULFILLED)
    monkeypatch.setenv("AFTERORDER_TABLE", "a-table-that-is-not-there")

    answer = world.post(event)

    assert answer["statusCode"] == 503


def test_secrets_that_cannot_be_used_are_our_trouble_and_the_order_is_taken_once_they_are_mended(world: World) -> None:
    event = signed("standard", FULFILLED)
    adapters.secrets().put_webhook_secrets(world.acme, "standard", ["pasted wrongly"])

    before = world.post(event)
    adapters.secrets().put_webhook_secrets(world.acme, "standard", ACME_SECRETS["standard"])
    after = world.post(event)

    assert (before["statusCode"], after["statusCode"]) == (503, 200)
    assert "pasted" not in before["body"] + world.log


def test_a_refusal_is_counted_and_logged_without_what_was_sent(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.post(signed("standard", changed(total="a lot", email="anna@kowalska.example")))

    assert counted(capsys.readouterr().out) == {"webhook-refused"}
    assert "BadField" in world.log
    assert "anna" not in world.log


def test_neither_address_nor_secret_stands_in_the_log_of_a_good_webhook(world: World) -> None:
    world.order()

    assert "anna" not in world.log
    assert ACME_SECRETS["standard"][0] not in world.log


def test_only_one_item_is_kept_of_an_order_and_it_is_small(world: World) -> None:
    world.order()

    (item,) = world.items()
    assert item["pk"] == {"S": f"survey#{order_1001()}"}
    assert len(json.dumps(item)) < 2048
