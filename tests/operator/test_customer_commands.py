"""A person sees all that is kept of them, and is erased so that only keyed hashes are left."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from typer.testing import Result

from cx_domain.errors import Trouble
from cx_domain.identities import customer_key, survey_id
from cx_domain.order_fields import TicketEvent
from cx_domain.orders import OrderDetails, OrderFacts
from cx_domain.shops import ShopId
from cx_domain.surveys import Survey
from cx_domain.visits import ClientKey, Reply, Visit
from infra.operator.persons import erase, object_to_profiling
from infra.operator.session import Stack
from infra.rollups import histories

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

Say = Callable[..., Result]
ACME = ShopId("acme")
SENT_AT = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
TELEPHONE = ClientKey("telephone")


class Rollup:
    """A rollup function that notes what it is asked, and breaks if it is told to."""

    def __init__(self, *, broken: bool = False) -> None:
        self.asked: list[dict[str, Any]] = []
        self.broken = broken

    def invoke(self, FunctionName: str, Payload: bytes) -> Mapping[str, Any]:  # noqa: N803 - AWS's own names
        assert FunctionName == "afterorder-rollup"
        self.asked.append(json.loads(Payload))
        if self.broken:
            return {"FunctionError": "Unhandled", "Payload": BytesIO(b'{"errorMessage": "out of memory"}')}
        return {"Payload": BytesIO(b'{"surveys": 1, "imported": 0, "keys": ["reports/acme/2026-W03/report.json"]}')}


def with_rollup(stack: Stack, rollup: Rollup) -> Stack:
    return replace(stack, functions=cast("LambdaClient", rollup))


@pytest.fixture
def anna(acme: Stack) -> Survey:
    """Anna Kowalska's answered survey about her tent, and Jan's beside it."""
    key = acme.secrets.key_ring().identity
    for order, email in (("1001", "anna@example.test"), ("1002", "jan@example.test")):
        details = OrderDetails(number=order, email=email, first_name="Anna" if order == "1001" else "Jan")
        details = replace(details, consent=True, consent_source="shopify buyer_accepts_marketing")
        made = Survey(
            survey_id(key, ACME, "nps", "order", order),
            ACME,
            "nps",
            "order",
            "order",
            order,
            OrderFacts(details=details),
            stage="sent",
            customer=customer_key(key, ACME, email),
            sent_at=SENT_AT,
            visits=(Visit(SENT_AT + timedelta(days=1), 3, TELEPHONE, "POST"),),
            replies=(Reply(SENT_AT + timedelta(days=1), 3, TELEPHONE, "I live in Teczowa 7"),),
        )
        acme.surveys.create(made, SENT_AT)
    found = acme.surveys.get(survey_id(key, ACME, "nps", "order", "1001"))
    assert found is not None
    return found


def test_an_export_holds_what_a_person_said_and_nobody_elses(anna: Survey, afterorder: Say) -> None:
    told = json.loads(afterorder("customer", "export", "acme", " Anna@EXAMPLE.test").stdout)

    assert [one["id"] for one in told["surveys"]] == [anna.id]
    assert told["surveys"][0]["buyer"]["first_name"] == "Anna"
    assert told["surveys"][0]["answers"][0]["comment"] == "I live in Teczowa 7"
    assert told["surveys"][0]["buyer"]["consent"]["source"] == "shopify buyer_accepts_marketing"


def test_erasing_has_the_rollup_erase_a_persons_surveys_and_nobody_elses(acme: Stack, anna: Survey) -> None:
    rollup = Rollup()

    erased = erase(with_rollup(acme, rollup), ACME, "anna@example.test")

    gone = {"surveys": [anna.id], "customer": anna.customer, "tickets": []}
    assert rollup.asked == [{"shop": "acme", "erase": gone}]
    assert (erased.surveys, erased.keys) == (1, ("reports/acme/2026-W03/report.json",))


def test_erasing_cuts_off_the_support_cases_of_their_orders_and_nobody_elses(acme: Stack, anna: Survey) -> None:
    del anna
    for ticket, order in (("t-1", "1001"), ("t-2", "1002"), ("t-3", None)):
        acme.tickets.put(ACME, TicketEvent(ticket, SENT_AT, opened_at=SENT_AT, order=order), SENT_AT)
    rollup = Rollup()

    erased = erase(with_rollup(acme, rollup), ACME, "anna@example.test")

    assert (erased.tickets, rollup.asked[0]["erase"]["tickets"]) == (1, ["t-1"])


def test_dead_letters_about_a_person_are_deleted_and_nobody_elses(acme: Stack, anna: Survey) -> None:
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName="afterorder-mail-events-dead")["QueueUrl"]
    theirs = [
        json.dumps({"Message": json.dumps({"mail": {"destination": ["Anna@Example.test"]}})}),
        json.dumps({"survey": anna.id}),
        json.dumps({"shop": "acme", "platform": "ecwid", "order": "1001"}),
        json.dumps({"shop": "acme", "privacy": {"kind": "redact", "orders": ["7", "1001"]}}),
    ]
    others = [
        json.dumps({"Message": json.dumps({"mail": {"destination": ["joanna@example.test"]}})}),
        json.dumps({"shop": "acme", "platform": "ecwid", "order": "10012"}),
        json.dumps({"shop": "brook", "platform": "ecwid", "order": "1001"}),
        "no JSON at all",
    ]
    for body in (*theirs, *others):
        sqs.send_message(QueueUrl=url, MessageBody=body)

    erased = erase(with_rollup(acme, Rollup()), ACME, "anna@example.test")

    left = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert (erased.messages, sorted(each["Body"] for each in left)) == (4, sorted(others))


def test_an_export_shows_the_support_cases_of_a_persons_orders(acme: Stack, anna: Survey, afterorder: Say) -> None:
    del anna
    acme.tickets.put(ACME, TicketEvent("t-1", SENT_AT, opened_at=SENT_AT, order="1001", topic="broken-zip"), SENT_AT)

    told = json.loads(afterorder("customer", "export", "acme", "anna@example.test").stdout)

    assert [(one["id"], one["topic"]) for one in told["tickets"]] == [("t-1", "broken-zip")]


def test_an_export_shows_a_persons_history(acme: Stack, anna: Survey, afterorder: Say) -> None:
    shop, key = acme.shop(ACME), acme.secrets.key_ring().identity
    histories.keep(acme.files, shop, list(acme.surveys.scan(ACME)), key, SENT_AT + timedelta(days=2))

    told = json.loads(afterorder("customer", "export", "acme", "anna@example.test").stdout)

    assert told["history"]["customer"] == anna.customer
    assert [one["id"] for one in told["history"]["entries"]] == [anna.id]


def test_an_erasure_that_breaks_off_says_so(acme: Stack, anna: Survey) -> None:
    del anna

    with pytest.raises(Trouble, match="out of memory"):
        erase(with_rollup(acme, Rollup(broken=True)), ACME, "anna@example.test")


def test_who_unsubscribed_is_still_not_written_to_after_erasure(acme: Stack, anna: Survey) -> None:
    assert anna.customer is not None
    acme.customers.unsubscribe(ACME, anna.customer, SENT_AT)

    erased = erase(with_rollup(acme, Rollup()), ACME, "anna@example.test")

    assert erased.do_not_mail
    assert acme.customers.get(ACME, anna.customer) is not None


def test_an_objection_is_kept_and_the_persons_days_are_folded_again(acme: Stack, anna: Survey) -> None:
    rollup = Rollup()
    assert anna.customer is not None

    surveys, _ = object_to_profiling(with_rollup(acme, rollup), ACME, "Anna@example.test", withdrawn=False)

    assert acme.customers.objections(ACME) == {anna.customer}
    assert rollup.asked == [{"shop": "acme", "profile": {"customer": anna.customer, "surveys": [anna.id]}}]
    assert surveys == 1


def test_an_objection_is_taken_back(acme: Stack, anna: Survey) -> None:
    stack = with_rollup(acme, Rollup())
    object_to_profiling(stack, ACME, "anna@example.test", withdrawn=False)

    object_to_profiling(stack, ACME, "anna@example.test", withdrawn=True)

    assert anna.customer is not None
    assert acme.customers.objected_at(ACME, anna.customer) is None


def test_an_export_says_that_a_person_objected(acme: Stack, anna: Survey, afterorder: Say) -> None:
    assert anna.customer is not None
    acme.customers.object(ACME, anna.customer, SENT_AT)

    told = json.loads(afterorder("customer", "export", "acme", "anna@example.test").stdout)

    assert told["objected_at"] == "2026-01-12T09:00:00Z"


def test_what_was_gathered_for_a_customer_is_listed_and_printed(acme: Stack, afterorder: Say) -> None:
    acme.files.put("exports/acme/9999-1.json", b'{"shop": "acme", "surveys": []}', "application/json")

    assert afterorder("customer", "requests", "acme").stdout == "9999-1\n"
    assert json.loads(afterorder("customer", "requests", "acme", "9999-1").stdout) == {"shop": "acme", "surveys": []}


def test_a_request_that_there_is_not_is_told_with_where_to_look(acme: Stack, afterorder: Say) -> None:
    del acme

    told = afterorder("customer", "requests", "acme", "1-1")

    assert (told.exit_code, told.stdout) == (1, "")
    assert "`afterorder customer requests acme` lists them" in told.stderr


def test_what_is_no_address_is_refused(acme: Stack, afterorder: Say) -> None:
    del acme

    told = afterorder("customer", "export", "acme", "Anna Kowalska")

    assert (told.exit_code, told.stderr) == (1, "ADDRESS: 'Anna Kowalska' is no e-mail address\n")
