"""What stands in the day files of one survey: when, which words, and nothing that names a person."""

import gzip
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from cx_domain.business_hours import BusinessHours
from cx_domain.day_files import decode, encode
from cx_domain.day_lines import (
    Line,
    answer_line,
    asked_line,
    candidate_days,
    feedback_line,
    place,
    segments,
    ticket_days,
    ticket_line,
    upsert,
)
from cx_domain.order_fields import FeedbackEvent
from cx_domain.orders import Item, OrderDetails, OrderFacts
from cx_domain.shops import Legal, Shop, ShopId, SurveyRule
from cx_domain.surveys import CustomerKey, Survey, SurveyId
from cx_domain.tickets import Ticket
from cx_domain.visits import ClientKey, Reply, Visit

ROOT = Path(__file__).resolve().parents[2]
WARSAW = ZoneInfo("Europe/Warsaw")
ACME = Shop(
    id=ShopId("acme"),
    name="Acme Outdoor",
    zone=WARSAW,
    languages=("pl", "en"),
    sender="Acme Outdoor <hello@acme.example>",
    consent_required=(),
    surveys=(),
    legal=Legal("Acme sp. z o.o.", "Teczowa 7, Wroclaw"),
)
SENT_AT = datetime(2026, 1, 12, 8, 0, tzinfo=UTC)
PHONE = ClientKey("phone")
ORDER = OrderDetails(
    number="1001",
    email="anna@kowalska.example",
    first_name="Anna",
    language="pl",
    country="PL",
    currency="PLN",
    total=Decimal("99.80"),
    items=(Item("Tent", category="tents"), Item("Boots", category="boots"), Item("Pegs", category="tents")),
    channel="web",
    delivery="courier",
    tags=(("store", "wroclaw"),),
)
SENT = Survey(
    id=SurveyId("s1001"),
    shop=ShopId("acme"),
    kind="nps",
    touchpoint="order",
    subject_type="order",
    subject_id="1001",
    order=OrderFacts(happened={"placed": datetime(2026, 1, 3, 10, 0, tzinfo=UTC)}, details=ORDER),
    stage="sent",
    customer=CustomerKey("c7"),
    customer_orders=2,
    language="pl",
    sent_at=SENT_AT,
    delivered_at=SENT_AT + timedelta(seconds=2),
)


def answered(score: int, at: datetime, comment: str = "") -> Survey:
    """Anna tapped a number, and sent the form with it."""
    tap, post = Visit(at, score, PHONE), Visit(at + timedelta(seconds=9), score, PHONE, "POST", evidence="form")
    reply = Reply(post.at, score, PHONE, comment=comment, drivers=("waiting", "delivery"), may_reply=True)
    return replace(SENT, visits=(tap, post), replies=(reply,))


def placed(found: tuple[date, Line] | None) -> tuple[date, dict[str, Any]]:
    assert found is not None
    return found[0], dict(found[1])


def test_a_sent_survey_is_asked_on_the_day_its_mail_left() -> None:
    day, line = placed(asked_line(SENT, ACME))

    assert day == date(2026, 1, 12)
    assert line["order"] == "1001"
    assert line["sent_at"] == "2026-01-12T08:00:00Z"
    assert (line["delivered"], line["bounced"], line["answered"]) == (True, False, False)


def test_the_day_is_the_shops_own_and_not_greenwichs() -> None:
    late = replace(SENT, sent_at=datetime(2026, 1, 12, 23, 30, tzinfo=UTC))

    day, _ = placed(asked_line(late, ACME))

    assert day == date(2026, 1, 13)


def test_a_refused_survey_is_listed_with_its_reason_on_the_day_of_refusal() -> None:
    refused = replace(SENT, stage="refused", reason="asked-recently", sent_at=None, refused_at=SENT_AT)

    day, line = placed(asked_line(refused, ACME))

    assert (day, line["reason"], line["sent_at"]) == (date(2026, 1, 12), "asked-recently", None)


def test_a_send_of_unknown_outcome_is_listed_on_the_day_it_was_due() -> None:
    lost = replace(SENT, stage="sending", reason="outcome-unknown", sent_at=None, due_at=SENT_AT)

    day, line = placed(asked_line(lost, ACME))

    assert (day, line["reason"]) == (date(2026, 1, 12), "outcome-unknown")


def test_a_survey_that_still_waits_has_no_line() -> None:
    planned = replace(SENT, stage="planned", sent_at=None, due_at=SENT_AT)

    line = asked_line(planned, ACME)

    assert line is None


def test_an_order_with_tents_and_boots_can_be_found_under_both() -> None:
    _, line = placed(asked_line(SENT, ACME))

    assert line["segments"] == {
        "category": ["boots", "tents"],
        "channel": ["web"],
        "country": ["PL"],
        "customer": ["returning"],
        "delivery": ["courier"],
        "language": ["pl"],
        "source": ["survey"],
        "tag:store": ["wroclaw"],
    }


def test_an_answer_belongs_to_the_day_it_was_given() -> None:
    day, line = placed(answer_line(answered(3, SENT_AT + timedelta(days=2), "Came late"), ACME))

    assert day == date(2026, 1, 14)
    assert (line["score"], line["verdict"], line["comment"]) == (3, "person", "Came late")
    assert (line["drivers"], line["may_reply"], line["total"]) == (["delivery", "waiting"], True, "99.80")


def test_an_answer_says_in_which_words_it_was_asked_and_by_which_protection_it_was_judged() -> None:
    survey = replace(answered(3, SENT_AT + timedelta(days=2)), question="2026-01-07")

    _, line = placed(answer_line(survey, replace(ACME, protection="strict")))

    assert (line["question"], line["protection"]) == ("2026-01-07", "strict")


def test_an_answered_survey_says_so_among_the_asked() -> None:
    _, line = placed(asked_line(answered(3, SENT_AT + timedelta(days=2)), ACME))

    assert line["answered"] is True


def test_a_scanners_taps_have_a_line_without_a_score() -> None:
    at = SENT_AT + timedelta(seconds=20)
    taps = tuple(Visit(at + timedelta(milliseconds=90 * score), score, ClientKey("bot")) for score in range(11))
    scanned = replace(SENT, visits=taps)

    day, line = placed(answer_line(scanned, ACME))

    assert (day, line["score"], line["verdict"]) == (date(2026, 1, 12), None, "scanner")
    assert line["score_if_all_counted"] is not None


def test_nobody_came_so_there_is_no_answer_line() -> None:
    line = answer_line(SENT, ACME)

    assert line is None


def test_an_erased_survey_leaves_every_file() -> None:
    erased = replace(answered(3, SENT_AT), stage="erased")

    lines = asked_line(erased, ACME), answer_line(erased, ACME)

    assert lines == (None, None)


def test_every_key_of_a_line_is_documented() -> None:
    documented = set(re.findall(r"`([a-z_]+)`", (ROOT / "docs" / "reports.md").read_text()))

    survey = answered(9, SENT_AT + timedelta(days=1))

    assert {*placed(asked_line(survey, ACME))[1], *placed(answer_line(survey, ACME))[1]} <= documented


def test_no_line_holds_an_address_or_a_name() -> None:
    survey = answered(9, SENT_AT + timedelta(days=1))

    text = json.dumps([asked_line(survey, ACME), answer_line(survey, ACME)], default=str)

    assert "kowalska" not in text
    assert "Anna" not in text


def test_a_rating_from_the_counter_of_a_store_counts_as_a_persons() -> None:
    recorded_at = datetime(2026, 1, 9, 23, 30, tzinfo=UTC)
    feedback = FeedbackEvent("msg-1", "csat", 2, "store", "mystery-shopper", recorded_at, comment="Nobody at the till")

    day, line = placed(feedback_line(feedback, ACME))

    assert day == date(2026, 1, 10)
    assert (line["score"], line["verdict"], line["source"]) == (2, "person", "mystery-shopper")


def test_a_ticket_belongs_to_the_day_it_was_opened() -> None:
    solved_at = SENT_AT + timedelta(days=3)
    ticket = Ticket("t1", solved_at, opened_at=SENT_AT, solved_at=solved_at, topic="returns", order="1001")

    day, _ = placed(ticket_line(ticket, ACME))

    assert day == date(2026, 1, 12)
    assert ticket_days(ticket, WARSAW) == {date(2026, 1, 12), date(2026, 1, 15)}


def test_a_case_is_timed_in_the_supports_own_hours() -> None:
    friday, monday = datetime(2026, 1, 9, 15, 30, tzinfo=UTC), datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
    ticket = Ticket("t1", monday, opened_at=friday, first_reply_at=friday + timedelta(minutes=5), solved_at=monday)
    nine_to_five = BusinessHours(WARSAW, (*[((timedelta(hours=9), timedelta(hours=17)),)] * 5, (), ()))

    worked, clock = placed(ticket_line(ticket, ACME, nine_to_five))[1], placed(ticket_line(ticket, ACME))[1]

    assert (worked["reply_minutes"], worked["solve_minutes"], worked["timed_by"]) == (5, 90, "business-hours")
    assert (clock["reply_minutes"], clock["solve_minutes"], clock["timed_by"]) == (5, 3930, "around-the-clock")


def test_an_open_case_took_no_time_yet() -> None:
    _, line = placed(ticket_line(Ticket("t1", SENT_AT, opened_at=SENT_AT), ACME))

    assert (line["reply_minutes"], line["solve_minutes"]) == (None, None)


def test_a_case_that_came_back_may_have_stood_on_each_day_that_was_told() -> None:
    told = SENT_AT + timedelta(days=1)
    ticket = Ticket("t1", told, opened_at=SENT_AT, reopened=1, other_times=(told, told + timedelta(days=3)))

    assert ticket_days(ticket, WARSAW) == {date(2026, 1, 12), date(2026, 1, 13), date(2026, 1, 16)}


def test_a_survey_about_a_case_tells_who_saw_to_it_and_what_it_was_about() -> None:
    about = OrderFacts(details=OrderDetails(number="T-77", tags=(("agent", "Ewa"), ("topic", "returns"))))
    survey = replace(SENT, kind="csat", touchpoint="support", subject_type="ticket", order=about)

    told = segments(survey)

    assert (told["agent"], told["topic"]) == (["Ewa"], ["returns"])
    assert not {"tag:agent", "tag:topic"} & set(told)


def test_a_tag_of_an_order_is_no_agent() -> None:
    survey = replace(SENT, order=OrderFacts(details=replace(ORDER, tags=(("agent", "web-shop"),))))

    assert "agent" not in segments(survey)


def test_an_answer_belongs_to_the_stage_that_the_shops_file_says() -> None:
    rule = SurveyRule("nps", "order", "delivered", timedelta(days=30), timedelta(days=30), stage="after")
    survey = answered(9, SENT_AT + timedelta(days=1))

    usual, said = answer_line(survey, ACME), answer_line(survey, replace(ACME, surveys=(rule,)))

    assert (placed(usual)[1]["journey_stage"], placed(said)[1]["journey_stage"]) == ("during", "after")


def test_a_rating_from_elsewhere_says_its_stage_or_takes_that_of_its_touchpoint() -> None:
    rule = SurveyRule("csat", "till", "paid", timedelta(), timedelta(days=9))
    shop = replace(ACME, surveys=(rule,))
    at_the_till = FeedbackEvent("msg-1", "csat", 2, "till", "mystery-shopper", SENT_AT)
    told = [replace(at_the_till, stage="before"), at_the_till, replace(at_the_till, touchpoint="website")]

    stages = [placed(feedback_line(each, shop))[1]["journey_stage"] for each in told]

    assert stages == ["before", "during", None]


def test_every_key_of_a_cases_line_is_documented() -> None:
    documented = set(re.findall(r"`([a-z_]+)`", (ROOT / "docs" / "reports.md").read_text()))

    assert set(placed(ticket_line(Ticket("t1", SENT_AT, opened_at=SENT_AT), ACME))[1]) <= documented


def test_a_line_that_moved_to_another_day_is_removed_from_its_old_one() -> None:
    planned_for = SENT_AT - timedelta(days=1)
    survey = replace(SENT, due_at=planned_for)

    changes = place(survey.id, asked_line(survey, ACME), candidate_days(survey, WARSAW))

    assert changes[date(2026, 1, 11)] == {"s1001": None}
    assert list(changes[date(2026, 1, 12)]) == ["s1001"]


def test_putting_a_line_twice_changes_nothing() -> None:
    _, line = placed(asked_line(SENT, ACME))
    once = upsert({}, {"s1001": line})

    twice = upsert(once, {"s1001": line})

    assert encode(twice) == encode(once)


def test_a_removed_line_is_gone() -> None:
    stored: dict[str, Line] = {"s1001": {"id": "s1001"}, "s1002": {"id": "s1002"}}

    left = upsert(stored, {"s1001": None})

    assert list(left) == ["s1002"]


@given(st.dictionaries(st.text(min_size=1), st.text()), st.randoms(use_true_random=False))
def test_a_day_file_is_the_same_bytes_in_whatever_order_its_lines_came(comments: dict[str, str], random: Any) -> None:
    comments = {
        id_.encode(errors="replace").decode(): text.encode(errors="replace").decode() for id_, text in comments.items()
    }
    lines = {id_: {"id": id_, "comment": comment} for id_, comment in comments.items()}
    shuffled = list(lines.items())
    random.shuffle(shuffled)

    body = encode(dict(shuffled))

    assert body == encode(lines)
    assert decode(body) == lines


def test_a_day_file_can_be_read_by_anyone_with_gunzip() -> None:
    body = encode({"b": {"id": "b", "comment": "zażółć"}, "a": {"id": "a", "comment": "one\ntwo"}})

    rows = gzip.decompress(body).decode().splitlines()

    assert rows == ['{"id":"a","comment":"one\\ntwo"}', '{"id":"b","comment":"zażółć"}']
