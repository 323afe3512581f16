"""What the tables of tickets and feedback promise: late and repeated news adds up to the same."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from cx_domain.order_fields import FeedbackEvent, TicketEvent
from cx_domain.shops import ShopId
from cx_domain.surveys import CustomerKey
from cx_domain.tickets import Ticket
from infra.aws import keys
from infra.aws.changes import ChangeIndex, Changes
from infra.aws.event_tables import FeedbackTable, TicketTable
from tests.contract.conftest import Database
from tests.contract.examples import ACME, MONDAY, raw_item

ANNA_ADDRESS = "anna@acme-customer.example"
OPENED = TicketEvent("T-7", MONDAY, email=ANNA_ADDRESS, opened_at=MONDAY, topic="tent pole", order="1001")
REPLIED = TicketEvent("T-7", MONDAY + timedelta(hours=1), first_reply_at=MONDAY + timedelta(hours=1), agent="Piotr")
SOLVED = TicketEvent("T-7", MONDAY + timedelta(hours=5), solved_at=MONDAY + timedelta(hours=5), agent="Ewa")
STORY = Ticket(
    "T-7",
    MONDAY + timedelta(hours=5),
    opened_at=MONDAY,
    first_reply_at=MONDAY + timedelta(hours=1),
    solved_at=MONDAY + timedelta(hours=5),
    agent="Ewa",
    topic="tent pole",
    order="1001",
)
MENTION = FeedbackEvent("msg-1", "nps", None, "store", "social", MONDAY, stage="after", comment="Nice tents")


@pytest.mark.parametrize("events", list(permutations((OPENED, REPLIED, SOLVED))))
def test_a_ticket_adds_up_to_the_same_in_whatever_order_its_news_comes(
    tickets: TicketTable, events: tuple[TicketEvent, ...]
) -> None:
    for event in (*events, *events):
        tickets.put(ACME, event, MONDAY)

    assert list(tickets.get_many(ACME, ["T-7"])) == [STORY]


AGAIN = TicketEvent("T-7", MONDAY + timedelta(days=1), opened_at=MONDAY, reopened_at=MONDAY + timedelta(days=1))
SOLVED_AGAIN = TicketEvent("T-7", MONDAY + timedelta(days=2), solved_at=MONDAY + timedelta(days=2), agent="Jan")


@pytest.mark.parametrize("events", list(permutations((OPENED, SOLVED, AGAIN, SOLVED_AGAIN))))
def test_a_case_that_came_back_was_opened_at_first_and_solved_at_last(
    tickets: TicketTable, events: tuple[TicketEvent, ...]
) -> None:
    for event in (*events, *events):
        tickets.put(ACME, event, MONDAY)

    (found,) = tickets.get_many(ACME, ["T-7"])

    assert (found.opened_at, found.solved_at, found.agent) == (MONDAY, MONDAY + timedelta(days=2), "Jan")
    assert found.reopened == 1
    assert found.other_times == (MONDAY + timedelta(hours=5), MONDAY + timedelta(days=1))


def test_a_case_that_was_replied_to_twice_keeps_its_first_reply(tickets: TicketTable) -> None:
    later = replace(REPLIED, updated_at=MONDAY + timedelta(hours=3), first_reply_at=MONDAY + timedelta(hours=3))

    for event in (OPENED, later, REPLIED):
        tickets.put(ACME, event, MONDAY)

    (found,) = tickets.get_many(ACME, ["T-7"])
    assert found.first_reply_at == MONDAY + timedelta(hours=1)


def test_a_ticket_keeps_no_address(tickets: TicketTable, database: Database) -> None:
    tickets.put(ACME, OPENED, MONDAY)

    item = raw_item(database.client, database.table, keys.ticket(ACME, "T-7"))

    assert ANNA_ADDRESS not in str(item)


def test_feedback_comes_back_as_it_was_told(feedback: FeedbackTable) -> None:
    feedback.put(ACME, MENTION, MONDAY)

    assert list(feedback.get_many(ACME, ["msg-1"])) == [MENTION]


def test_feedback_that_is_told_twice_is_kept_once_and_as_it_was_first(feedback: FeedbackTable) -> None:
    feedback.put(ACME, MENTION, MONDAY)

    feedback.put(ACME, FeedbackEvent("msg-1", "nps", 3, "store", "social", MONDAY), MONDAY + timedelta(hours=3))

    assert list(feedback.get_many(ACME, ["msg-1"])) == [MENTION]


def test_an_id_with_a_hash_sign_is_read_back_whole(feedback: FeedbackTable, changes: ChangeIndex) -> None:
    odd = FeedbackEvent("msg#1#2", "nps", 9, "store", "mystery-shopper", MONDAY)
    feedback.put(ACME, odd, MONDAY)

    ids = changes.changed(ACME, MONDAY, MONDAY).feedback

    assert (ids, list(feedback.get_many(ACME, ids))) == (["msg#1#2"], [odd])


def test_what_changed_is_told_apart_by_what_it_is(
    tickets: TicketTable, feedback: FeedbackTable, changes: ChangeIndex
) -> None:
    tickets.put(ACME, OPENED, MONDAY)
    feedback.put(ACME, MENTION, MONDAY)

    found = changes.changed(ACME, MONDAY, MONDAY)

    assert found == Changes(surveys=[], tickets=["T-7"], feedback=["msg-1"])


@pytest.mark.parametrize("late", [OPENED, replace(OPENED, updated_at=MONDAY + timedelta(days=1))])
def test_a_case_whose_buyer_was_erased_hears_of_their_order_no_more(tickets: TicketTable, late: TicketEvent) -> None:
    for event in (OPENED, REPLIED, SOLVED):
        tickets.put(ACME, event, MONDAY)
    tickets.cut_off(ACME, "T-7", MONDAY)

    tickets.put(ACME, late, MONDAY)

    (found,) = tickets.get_many(ACME, ["T-7"])
    assert (found.order, found.opened_at, found.solved_at, found.topic) == (None, MONDAY, STORY.solved_at, "tent pole")


def test_cutting_off_a_case_that_there_is_not_makes_none(tickets: TicketTable) -> None:
    tickets.cut_off(ACME, "T-8", MONDAY)

    assert list(tickets.get_many(ACME, ["T-8"])) == []


# --- whose an imported answer is ---------------------------------------------------------------------------------------

ANNA, JAN = CustomerKey("annaskey"), CustomerKey("janskey")
ANNAS = FeedbackEvent(
    *("imported-1", "nps", 3, "order", "imported:Delighted", MONDAY), None, "It leaks", (("country", "PL"),), ANNA
)
JANS = replace(ANNAS, id="imported-2", customer=JAN)


def test_a_persons_imported_answers_are_found_and_nobody_elses(feedback: FeedbackTable) -> None:
    for one in (ANNAS, JANS):
        feedback.put(ACME, one, MONDAY)

    assert feedback.of_customer(ACME, ANNA) == {"imported-1": MONDAY}
    assert feedback.of_customer(ShopId("brook"), ANNA) == {}
    assert list(feedback.get_many(ACME, feedback.of_customer(ACME, ANNA))) == [ANNAS]


def test_an_erased_answer_is_known_and_not_read_nor_brought_back(feedback: FeedbackTable) -> None:
    for one in (ANNAS, JANS):
        feedback.put(ACME, one, MONDAY)
    feedback.erase(ACME, ANNAS.id, MONDAY, purge_at=MONDAY + timedelta(days=730))

    feedback.put(ACME, replace(ANNAS, customer=None), MONDAY)

    assert feedback.known(ACME, [ANNAS.id, JANS.id, "imported-3"]) == {ANNAS.id: "erased", JANS.id: "kept"}
    assert list(feedback.get_many(ACME, [ANNAS.id, JANS.id])) == [JANS]
    assert list(feedback.scan(ACME)) == [JANS]


def test_whose_an_answer_was_is_forgotten_last(feedback: FeedbackTable) -> None:
    feedback.put(ACME, ANNAS, MONDAY)
    feedback.erase(ACME, ANNAS.id, MONDAY, purge_at=MONDAY + timedelta(days=730))
    found = feedback.of_customer(ACME, ANNA)

    feedback.forget_whose(ACME, ANNA, ANNAS.id)

    assert (list(found), feedback.of_customer(ACME, ANNA)) == ([ANNAS.id], {})


def test_whose_an_answer_is_is_kept_as_long_as_the_answer(feedback: FeedbackTable, database: Database) -> None:
    feedback.put(ACME, ANNAS, MONDAY, purge_at=MONDAY + timedelta(days=730))

    item = raw_item(database.client, database.table, keys.imported(ACME, ANNA, ANNAS.id))
    assert int(item["purge_at"]["N"]) == int((MONDAY + timedelta(days=730)).timestamp())
