"""The doors under `/_local/`, with a cloud of a few lines behind them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from infra.local.deliveries import Deliveries
from infra.local.door import Door
from infra.local.faults import Faults
from infra.local.http_events import Request
from infra.local.mailbox import MailRecord
from infra.local.page import Page
from infra.local.pump import Pump
from infra.local.queues import Message
from infra.local.runtime_api import Result
from infra.local.schedules import Ticks
from infra.local.stack import Schedule
from infra.local.time_travel import TimeTravel
from infra.local.virtual_clock import VirtualClock
from infra.local.wire import Reply

MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
DISPATCH = Schedule("Dispatch", "rate(1 minute)", "UTC", None, "DispatchFunction")


def mail_to_anna(sent_at: datetime = MONDAY) -> MailRecord:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "hello@acme.example", "anna@example.com", "How was it, <Anna>?"
    message.set_content("Tap a number: http://127.0.0.1:8000/s/token/7")
    message.add_alternative('<a href="http://127.0.0.1:8000/s/token/7">7</a><script>tent()</script>', subtype="html")
    return MailRecord(
        id="mail-1",
        to=("anna@example.com",),
        sender="Acme Outdoor <hello@acme.example>",
        subject="How was it, <Anna>?",
        sent_at=sent_at,
        raw=message.as_bytes(),
        tags={"survey_id": "survey-of-1001"},
        configuration_set="afterorder",
    )


@dataclass
class SmallCloud:
    """A mailbox, two objects, and a note of every event that SES would have published."""

    faults: Faults
    box: list[MailRecord] = field(default_factory=lambda: [mail_to_anna()])
    kept: dict[str, bytes] = field(
        default_factory=lambda: {
            "reports/acme/2026-W02/report.html": b"<h1>51</h1>",
            "answers/acme/2026-01-05.jsonl.gz": b"\x1f\x8b",
        }
    )
    published: list[Mapping[str, Any]] = field(default_factory=list)
    purged: list[datetime] = field(default_factory=list)
    visible_at: datetime | None = None

    def mails(self) -> Sequence[MailRecord]:
        return self.box

    def mail(self, mail_id: str) -> MailRecord | None:
        return next((mail for mail in self.box if mail.id == mail_id), None)

    def objects(self, prefix: str) -> Sequence[str]:
        return [key for key in self.kept if key.startswith(prefix)]

    def object(self, key: str) -> bytes | None:
        return self.kept.get(key)

    def calls(self) -> Mapping[str, Mapping[str, float]]:
        return {"OrderWebhookFunction": {"PutItem": 2, "write_units": 2.0}}

    def publish_ses_event(self, event: Mapping[str, Any]) -> None:
        self.published.append(event)

    def receive(self, queue_url: str, limit: int) -> Sequence[Message]:
        raise AssertionError((queue_url, limit))

    def delete(self, queue_url: str, receipt: str) -> None:
        raise AssertionError((queue_url, receipt))

    def next_visible_at(self) -> datetime | None:
        return self.visible_at

    def purge_expired(self, now: datetime) -> None:
        self.purged.append(now)


@dataclass
class LocalDoor:
    """The door and what stands behind it. `ticks` are the moments at which the schedule's function ran."""

    folder: Path

    def __post_init__(self) -> None:
        self.clock = VirtualClock(self.folder / "clock", MONDAY)
        self.cloud = SmallCloud(Faults(self.folder / "armed"))
        self.deliveries = Deliveries(self.folder / "delivered", self.cloud.mails(), self.cloud.publish_ses_event)
        self.ticks: list[datetime] = []
        self.answer = Result(b"null")
        pump = Pump([], self.cloud, self._run, "eu-central-1", 1)
        travel = TimeTravel(
            self.clock, self.cloud, self._run, ticks=Ticks([DISPATCH]), deliveries=self.deliveries, pump=pump
        )
        page = Page(self.cloud, self.clock, list, lambda _, __: [], lambda _: {})
        self.door = Door(self.cloud, self.clock, travel, self.deliveries, pump, page)

    def _run(self, function: str, _: Mapping[str, Any]) -> Result:
        assert function == "DispatchFunction"
        self.ticks.append(self.clock.now())
        return self.answer

    def get(self, target: str) -> Reply:
        return self.door(Request("GET", target, (), b"", "127.0.0.1"))

    def post(self, target: str, value: object) -> Reply:
        headers = (("Content-Type", "application/json"),)
        return self.door(Request("POST", target, headers, json.dumps(value).encode(), "127.0.0.1"))

    def told(self) -> list[str]:
        return [event["eventType"] for event in self.cloud.published]


@pytest.fixture
def local(tmp_path: Path) -> LocalDoor:
    return LocalDoor(tmp_path)


def text(answer: Reply) -> str:
    return answer.body.decode()


def test_the_mailbox_lists_what_was_sent(local: LocalDoor) -> None:
    assert json.loads(local.get("/_local/mail").body) == [
        {
            "id": "mail-1",
            "to": ["anna@example.com"],
            "from": "Acme Outdoor <hello@acme.example>",
            "subject": "How was it, <Anna>?",
            "sent_at": "2026-01-05T09:00:00Z",
        }
    ]


def test_a_mail_is_given_byte_for_byte(local: LocalDoor) -> None:
    answer = local.get("/_local/mail/mail-1")

    assert answer.headers == (("content-type", "message/rfc822"),)
    assert answer.body == local.cloud.box[0].raw


def test_the_clock_stands_still_until_it_is_moved(local: LocalDoor) -> None:
    before = [json.loads(local.get("/_local/clock").body) for _ in range(2)]

    after = json.loads(local.post("/_local/clock", {"advance": "90m"}).body)

    assert before == [{"now": "2026-01-05T09:00:00Z"}] * 2
    assert after == {"now": "2026-01-05T10:30:00Z"}


def test_json_is_read_as_json_whatever_the_client_calls_it(local: LocalDoor) -> None:
    headers = (("Content-Type", "application/x-www-form-urlencoded"),)

    answer = local.door(Request("POST", "/_local/clock", headers, b'{"advance": "90m"}', "127.0.0.1"))

    assert (answer.status, json.loads(answer.body)) == (200, {"now": "2026-01-05T10:30:00Z"})


def test_moving_the_clock_runs_every_tick_that_falls_due(local: LocalDoor) -> None:
    local.post("/_local/clock", {"to": "2026-01-05T09:03:30Z"})

    assert local.ticks == [MONDAY + timedelta(minutes=minute) for minute in (1, 2, 3)]


def test_ticks_are_skipped_until_the_handlers_idle_time_is_over(local: LocalDoor) -> None:
    local.answer = Result(b'{"idle_until": "2026-01-06T09:00:30Z"}')

    local.post("/_local/clock", {"advance": "1d"})
    local.post("/_local/clock", {"advance": "1m"})

    assert local.ticks == [MONDAY + timedelta(minutes=1), MONDAY + timedelta(days=1, minutes=1)]


def test_a_mail_is_delivered_two_seconds_after_it_was_sent(local: LocalDoor) -> None:
    local.post("/_local/clock", {"advance": "1s"})
    early = local.told()

    local.post("/_local/clock", {"advance": "1s"})

    assert (early, local.told()) == ([], ["Delivery"])
    assert local.cloud.published[0]["mail"]["tags"]["survey_id"] == ["survey-of-1001"]
    assert local.cloud.published[0]["delivery"]["timestamp"] == "2026-01-05T09:00:02.000Z"


def test_a_delivery_that_a_kill_prevented_is_made_after_the_restart_and_only_once(tmp_path: Path) -> None:
    LocalDoor(tmp_path)
    restarted = LocalDoor(tmp_path)
    restarted.post("/_local/clock", {"advance": "1m"})

    again = LocalDoor(tmp_path)
    again.post("/_local/clock", {"advance": "1m"})

    assert (restarted.told(), again.told()) == (["Delivery"], [])


def test_a_mail_that_bounced_is_not_delivered(local: LocalDoor) -> None:
    local.post("/_local/mail-events", {"id": "mail-1", "type": "Bounce", "subtype": "NoEmail"})

    local.post("/_local/clock", {"advance": "1m"})

    assert local.told() == ["Bounce"]
    bounce = local.cloud.published[0]["bounce"]
    assert (bounce["bounceType"], bounce["bounceSubType"]) == ("Permanent", "NoEmail")
    assert [recipient["emailAddress"] for recipient in bounce["bouncedRecipients"]] == ["anna@example.com"]


def test_a_full_mailbox_is_a_transient_bounce(local: LocalDoor) -> None:
    local.post("/_local/mail-events", {"id": "mail-1", "type": "Bounce", "subtype": "MailboxFull"})

    assert local.cloud.published[0]["bounce"]["bounceType"] == "Transient"


def test_a_complaint_says_what_kind_of_feedback_it_is(local: LocalDoor) -> None:
    local.post("/_local/mail-events", {"id": "mail-1", "type": "Complaint", "subtype": "not-spam"})

    assert local.cloud.published[0]["complaint"]["complaintFeedbackType"] == "not-spam"


def test_expired_items_leave_at_midnight(local: LocalDoor) -> None:
    local.answer = Result(b'{"idle_until": "2026-02-01T00:00:00Z"}')

    local.post("/_local/clock", {"advance": "2d"})

    assert local.cloud.purged == [datetime(2026, 1, 6, tzinfo=UTC), datetime(2026, 1, 7, tzinfo=UTC)]


def test_a_message_that_nobody_reads_does_not_stop_the_clock(local: LocalDoor) -> None:
    local.cloud.visible_at = MONDAY - timedelta(hours=1)

    answer = local.post("/_local/clock", {"advance": "5m"})

    assert json.loads(answer.body) == {"now": "2026-01-05T09:05:00Z"}


def test_a_report_opens_in_the_browser(local: LocalDoor) -> None:
    answer = local.get("/_local/objects/reports/acme/2026-W02/report.html")

    assert answer.headers == (("content-type", "text/html; charset=utf-8"),)
    assert answer.body == b"<h1>51</h1>"


def test_objects_are_listed_by_their_prefix(local: LocalDoor) -> None:
    keys = json.loads(local.get("/_local/objects?prefix=reports%2Facme").body)

    assert keys == ["reports/acme/2026-W02/report.html"]


def test_calls_are_told_by_function(local: LocalDoor) -> None:
    assert json.loads(local.get("/_local/calls").body) == {"OrderWebhookFunction": {"PutItem": 2, "write_units": 2.0}}


def test_an_armed_fault_strikes_the_nth_call_once(local: LocalDoor) -> None:
    local.post("/_local/faults", {"operation": "PutItem", "nth": 2, "kind": "after"})

    assert [local.cloud.faults.strike("PutItem") for _ in range(3)] == [None, "after", None]


def test_an_empty_object_clears_the_fault(local: LocalDoor) -> None:
    local.post("/_local/faults", {"operation": "PutItem", "nth": 1, "kind": "after"})

    local.post("/_local/faults", {})

    assert local.cloud.faults.strike("PutItem") is None


@pytest.mark.parametrize(
    ("target", "value", "names"),
    [
        ("/_local/clock", {"advance": "soon"}, "advance"),
        ("/_local/clock", {"advance": "99999999999d"}, "advance"),
        ("/_local/clock", {"advance": "999999d"}, "farther"),
        ("/_local/clock", {"to": "Tuesday"}, "to"),
        ("/_local/clock", {"to": "2026-01-01T00:00:00Z"}, "does not go back"),
        ("/_local/clock", {}, "advance"),
        ("/_local/clock", ["7d"], "JSON object"),
        ("/_local/mail-events", {"id": "mail-1", "type": "Open"}, "type"),
        ("/_local/mail-events", {"id": "mail-1", "type": "Bounce", "subtype": "Boing"}, "subtype"),
        ("/_local/faults", {"operation": "PutItem", "nth": 1, "kind": "explode"}, "kind"),
        ("/_local/faults", {"operation": "PutItem", "nth": 0, "kind": "after"}, "nth"),
        ("/_local/faults", {"nth": 1, "kind": "after"}, "operation"),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong_with_it(
    local: LocalDoor, target: str, value: object, names: str
) -> None:
    answer = local.post(target, value)

    assert answer.status == 400
    assert names in json.loads(answer.body)["error"]


@pytest.mark.parametrize("target", ["/_local/mail/mail-9", "/_local/objects/nothing", "/_local/secrets"])
def test_what_is_not_there_is_not_found(local: LocalDoor, target: str) -> None:
    assert local.get(target).status == 404


def test_an_event_for_an_unknown_mail_is_not_found(local: LocalDoor) -> None:
    assert local.post("/_local/mail-events", {"id": "mail-9", "type": "Bounce"}).status == 404


def test_a_place_tells_which_method_is_not_for_it(local: LocalDoor) -> None:
    assert local.post("/_local/mail", {}).status == 405
    assert local.get("/_local/faults").status == 405


def test_a_button_of_the_page_moves_the_clock_and_returns_to_the_page(local: LocalDoor) -> None:
    headers = (
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Referer", "http://127.0.0.1:8000/_local/?mail=mail-1"),
    )

    answer = local.door(Request("POST", "/_local/clock", headers, b"advance=1d", "127.0.0.1"))

    assert (answer.status, answer.headers) == (303, (("location", "/_local/?mail=mail-1"),))
    assert local.clock.now() == MONDAY + timedelta(days=1)


@pytest.mark.parametrize(
    "headers", [(("Origin", "https://evil.example"), ("Host", "127.0.0.1:8000")), (("Host", "evil.example"),)]
)
def test_another_site_in_the_same_browser_cannot_reach_the_door(
    local: LocalDoor, headers: tuple[tuple[str, str], ...]
) -> None:
    answer = local.door(Request("POST", "/_local/clock", headers, b'{"advance": "1d"}', "127.0.0.1"))

    assert answer.status == 403
    assert local.clock.now() == MONDAY


def test_the_page_shows_a_mail_as_its_reader_sees_it_and_runs_none_of_its_scripts(local: LocalDoor) -> None:
    answer = local.get("/_local/")

    page = text(answer)
    assert "How was it, &lt;Anna&gt;?" in page
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    assert "&lt;script&gt;tent()" in page
    assert "<script" not in page
    assert "default-src 'none'" in dict(answer.headers)["content-security-policy"]


def test_the_page_links_each_report(local: LocalDoor) -> None:
    assert 'href="/_local/objects/reports/acme/2026-W02/report.html"' in text(local.get("/_local/"))


def test_the_page_of_an_empty_stack_says_what_to_do_next(local: LocalDoor) -> None:
    local.cloud.box.clear()
    local.cloud.kept.clear()

    assert "afterorder shop put" in text(local.get("/_local/"))
