"""What a survey tells of its customer, and the history that all of them add up to."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from cx_domain.histories import Entry, entry, kept_since, known_between, newest, read_history
from cx_domain.orders import Standing
from cx_domain.surveys import Survey
from tests.builders import ACME, FULFILLED_AT, KEY, PLACED_AT, SENT_AT, answered, fulfilled, heard, news, sent
from tests.customers import ago, bought, history, said

ANSWERED_AT = SENT_AT + timedelta(hours=9)


def told(survey: Survey) -> Entry:
    found = entry(survey, ACME, KEY)
    assert found is not None
    return found


def line(*entries: Entry) -> str:
    return json.dumps({"customer": "anna", "entries": entries})


def an_entry(**changed: Any) -> Entry:
    return {**told(answered(sent(), 9, ANSWERED_AT)), **changed}


def test_an_answered_survey_tells_of_an_order_and_of_an_answer() -> None:
    found = told(answered(sent(), 9, ANSWERED_AT))

    assert (found["placed_at"], found["total"], found["currency"]) == ("2026-01-03T10:00:00Z", "99.80", "PLN")
    assert (found["given_at"], found["score"], found["kind"]) == ("2026-01-12T18:01:00Z", 9, "nps")
    assert found["segments"] == {"category": ["tents"], "country": ["PL"], "language": ["pl"]}


def test_an_entry_holds_no_address_no_name_and_no_order_number() -> None:
    text = json.dumps(told(sent())).lower()

    assert "anna" not in text
    assert "kowalska" not in text
    assert "1001" not in text


def test_a_survey_that_was_refused_tells_of_its_order_all_the_same() -> None:
    refused = replace(sent(), stage="refused", reason="asked-recently", sent_at=None)

    assert told(refused)["placed_at"] == "2026-01-03T10:00:00Z"


@pytest.mark.parametrize("standing", ["cancelled", "refunded"])
def test_an_order_that_did_not_stand_is_no_purchase(standing: Standing) -> None:
    survey = heard(fulfilled(), news(FULFILLED_AT + timedelta(hours=1), standing=standing))

    assert entry(survey, ACME, KEY) is None


def test_a_test_order_is_no_purchase() -> None:
    assert entry(heard(fulfilled(test=True)), ACME, KEY) is None


def test_an_answer_stays_when_its_order_is_refunded() -> None:
    survey = answered(sent(), 2, ANSWERED_AT)
    refunded = replace(survey, order=replace(survey.order, standing="refunded"))

    found = told(refunded)

    assert (found["score"], found["order"], found["placed_at"], found["total"]) == (2, None, None, None)


def test_an_order_whose_placing_nobody_told_was_placed_when_it_was_first_heard_of() -> None:
    survey = heard(news(FULFILLED_AT, {"fulfilled": FULFILLED_AT}))

    assert told(survey)["placed_at"] == "2026-01-05T09:00:00Z"


def test_a_ticket_is_no_purchase() -> None:
    survey = replace(answered(sent(), 9, ANSWERED_AT), subject_type="ticket")

    assert (told(survey)["order"], told(survey)["score"]) == (None, 9)


@pytest.mark.parametrize("nobody", [{"customer": None}, {"stage": "erased"}])
def test_a_survey_of_nobody_tells_nothing(nobody: dict[str, Any]) -> None:
    assert entry(replace(answered(sent(), 9, ANSWERED_AT), **nobody), ACME, KEY) is None


def test_a_tap_that_does_not_count_is_no_answer() -> None:
    burst = answered(sent(), 9, SENT_AT + timedelta(seconds=1))
    machine = replace(burst, replies=(), visits=burst.visits[:1])

    assert (told(machine)["score"], told(machine)["given_at"]) == (None, None)


def test_an_entry_is_as_new_as_the_newest_thing_it_tells_of() -> None:
    assert newest(an_entry()) == datetime(2026, 1, 12, 18, 1, tzinfo=UTC)
    assert newest(an_entry(given_at=None)) == PLACED_AT


def test_a_line_is_read_back_as_orders_and_answers() -> None:
    found = read_history(line(an_entry()))

    (order,), (answer,) = found.orders, found.answers
    assert (order.placed_at, order.total, order.segments["country"]) == (PLACED_AT, Decimal("99.80"), ["PL"])
    assert (answer.bucket, answer.question, answer.series) == ("promoter", ("nps", "order"), None)


def test_two_surveys_about_one_order_tell_of_one_order() -> None:
    found = read_history(line(an_entry(), an_entry(id="zzz", kind="csat", score=5)))

    assert len(found.orders) == 1
    assert [answer.question.kind for answer in found.answers] == ["nps", "csat"]


def test_what_came_after_the_close_or_is_too_old_is_not_known() -> None:
    anna = history([bought(400), bought(20), bought(-1)], [said(9, 390), said(3, 10), said(10, -2)])

    known = known_between(anna, ago(365), ago(0))

    assert [order.placed_at for order in known.orders] == [ago(20)]
    assert [answer.given_at for answer in known.answers] == [ago(10)]


def test_what_happens_as_the_period_closes_belongs_to_the_next() -> None:
    known = known_between(history([bought(365), bought(0)]), ago(365), ago(0))

    assert [order.placed_at for order in known.orders] == [ago(365)]


def test_a_shop_keeps_whole_days_of_its_own() -> None:
    shop = replace(ACME, reports=replace(ACME.reports, retention=timedelta(days=30)))

    assert kept_since(shop, datetime(2026, 1, 31, 15, tzinfo=UTC)) == datetime(2025, 12, 31, 23, tzinfo=UTC)
