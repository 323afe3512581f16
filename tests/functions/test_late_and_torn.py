"""What comes late, is torn, piles up over night, or is told by clocks that disagree: nothing is lost by it, and nothing done twice."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.sqs.models import sqs_backends

from cx_domain.errors import NotConfigured
from functions import rollup, send_survey
from infra import adapters
from infra.aws import clients, keys
from tests.functions.envelopes import CONTEXT, batch
from tests.functions.week import WEEK, answer, read, roll_up
from tests.functions.world import ACME_FILE, REGION, World, order_1001, order_id

MONDAY = "answers/acme/2026-01-12"


@contextmanager
def changes_not_shown_yet() -> Iterator[None]:
    """Let the index of changes lag so far behind that it shows nothing."""

    def answer(params: Any, **_: Any) -> Any:
        if f'"IndexName": "{keys.CHANGES_INDEX}"'.encode() not in params["body"]:
            return None
        parsed = {"Items": [], "Count": 0, "ResponseMetadata": {"HTTPStatusCode": 200}}
        return AWSResponse("https://dynamodb.eu-central-1.amazonaws.com", 200, HTTPHeaders(), io.BytesIO()), parsed

    events = clients.dynamodb().meta.events
    events.register("before-call.dynamodb.Query", answer, unique_id="lag")
    yield
    events.unregister("before-call.dynamodb.Query", unique_id="lag")


def failed(told: dict[str, Any]) -> int:
    return len(told["batchItemFailures"])


def answers_of(period: str) -> int:
    report = json.loads(read(f"reports/acme/{period}/report.json"))
    return int(report["headlines"][0]["n"])


def day_file() -> str:
    [key] = adapters.files().list(MONDAY)
    return key


def tear(week: World) -> bytes:
    """Let half of Monday's file be lost; what it was before."""
    roll_up(week, "2026-01-13T23:15:00Z")
    whole = read(day_file())
    adapters.files().put(day_file(), whole[: len(whole) // 2], "application/gzip")
    return whole


def recount_monday() -> None:
    asked = {"days": ["2026-01-12"], "surveys": [order_1001()], "tickets": [], "feedback": []}
    rollup.handler({"shop": "acme", "recount": asked}, CONTEXT)


# --- an index that lags -----------------------------------------------------------------------------------------------


def test_an_answer_that_the_index_shows_an_hour_late_is_in_the_next_rollups_files(week: World) -> None:
    with changes_not_shown_yet():
        roll_up(week, "2026-01-12T19:15:00Z")
    files_before = list(adapters.files().list(MONDAY))

    roll_up(week, "2026-01-12T23:15:00Z")

    assert files_before == []
    assert len(list(adapters.files().list(MONDAY))) == 1


def test_an_answer_that_the_index_shows_a_day_late_is_in_the_report_of_its_week(week: World) -> None:
    with changes_not_shown_yet():
        roll_up(week, "2026-01-13T23:15:00Z")

    roll_up(week, "2026-01-18T23:15:00Z")

    assert answers_of("2026-W03") == 1


# --- a day file that is torn ------------------------------------------------------------------------------------------


def test_a_torn_day_file_stops_its_shops_rollup_and_is_not_written_over(week: World) -> None:
    whole = tear(week)

    told = roll_up(week, "2026-01-18T23:15:00Z")

    assert failed(told) == 1
    assert read(day_file()) == whole[: len(whole) // 2]
    assert list(adapters.files().list(WEEK)) == []


def test_a_torn_day_file_is_named_in_the_log_and_to_whoever_recounts(week: World) -> None:
    tear(week)
    roll_up(week, "2026-01-18T23:15:00Z")

    with pytest.raises(NotConfigured, match=f"{day_file()} is torn: bring its earlier version back"):
        recount_monday()

    assert day_file() in week.log


def test_a_recount_makes_a_torn_day_file_that_was_deleted_again_byte_for_byte(week: World) -> None:
    whole = tear(week)
    failures = failed(roll_up(week, "2026-01-18T23:15:00Z"))

    key = day_file()
    adapters.files().delete(key)
    recount_monday()
    roll_up(week, "2026-01-18T23:30:00Z")

    assert failures == 1
    assert read(key) == whole
    assert answers_of("2026-W03") == 1


# --- a backlog over night ---------------------------------------------------------------------------------------------


@pytest.fixture
def backlog(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Twelve surveys that were due at ten in the morning; the stack sends six mails a minute, and was away until eleven at night."""
    monkeypatch.setenv("AFTERORDER_SENDS_PER_SECOND", "0.1")
    world.put_shop(ACME_FILE.read_text(encoding="utf-8").replace("warm_up = 200", ""))
    for number in range(1, 13):
        world.order(id=str(number), number=str(number), email=f"customer{number}@example.com")
    world.at("2026-01-12T22:00:00Z")
    return world


def taken() -> list[tuple[str, str]]:
    """Take everything out of the queue of mails, also what is to wait for some seconds."""
    queue = sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues["afterorder-SendQueue"]
    messages = [(message.id, message.body) for message in queue._messages]  # noqa: SLF001 - what waits cannot be received
    queue._messages = []  # noqa: SLF001
    return messages


def minute(world: World, moment: str) -> int:
    """Sweep, and send what that released."""
    world.at(moment)
    world.sweep()
    messages = taken()
    for message in messages:
        send_survey.handler(batch("send_queue", message), CONTEXT)
    return len(messages)


def test_a_backlog_that_comes_up_at_night_waits_for_eight_and_then_goes_out_at_sess_rate(backlog: World) -> None:
    at_night = [minute(backlog, f"2026-01-12T22:0{number}:00Z") for number in range(3)]
    mailed_at_night = len(backlog.mails())

    in_the_morning = [minute(backlog, f"2026-01-13T07:0{number}:00Z") for number in range(3)]

    assert (at_night, mailed_at_night) == ([6, 6, 0], 0)
    assert in_the_morning == [6, 6, 0]
    assert len({mail["To"] for mail in backlog.mails()}) == len(backlog.mails()) == 12


# --- clocks that disagree ---------------------------------------------------------------------------------------------


def test_a_sender_whose_clock_is_a_minute_behind_the_sweeps_leaves_the_mail_to_the_next_sweep(world: World) -> None:
    world.order()
    world.at("2026-01-12T09:00:30Z")
    world.sweep()
    early = taken()

    world.at("2026-01-12T08:59:30Z")
    told = send_survey.handler(batch("send_queue", *early), CONTEXT)
    mailed_early = len(world.mails())
    minute(world, "2026-01-12T09:01:30Z")

    assert (failed(told), mailed_early, len(world.mails())) == (0, 0, 1)


def test_a_tap_that_comes_before_the_senders_clock_says_it_sent_is_kept(world: World) -> None:
    world.mailed("2026-01-12T09:00:30Z")

    world.at("2026-01-12T08:59:30Z")
    answer(world, "9")

    assert [reply.score for reply in world.survey().replies] == [9]


def test_an_answer_by_a_clock_that_is_a_minute_ahead_at_midnight_stands_in_the_next_report(week: World) -> None:
    week.at("2026-01-18T23:00:20Z")
    answer(week, "7", order="1002")

    roll_up(week, "2026-01-18T22:59:40Z")
    roll_up(week, "2026-01-18T23:15:00Z")
    roll_up(week, "2026-01-25T23:15:00Z")

    assert answers_of("2026-W04") == 1


def test_an_orders_news_from_a_clock_that_is_a_minute_ahead_counts_as_any_other(world: World) -> None:
    world.order(updated_at="2026-01-05T09:01:00Z")
    world.order("order_cancelled", updated_at="2026-01-05T09:02:00Z")

    assert (world.survey().stage, world.survey().reason) == ("refused", "cancelled")
    assert order_id("1001") == world.survey().id
