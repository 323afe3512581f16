"""What the local stack keeps: everything that it acknowledged, whenever it is killed."""

import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest

from infra.local.journal import Entry, Journal
from tests.local.clouds import SEND_QUEUE, TABLE, Running, running

Acknowledged = Mapping[str, Mapping[str, str]]
"""For each kind of line, the last value that was said of each key."""


def test_what_is_written_is_read_again_in_the_order_in_which_it_first_came(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    first, second = Entry("mail", "", "1001", {"to": "anna"}, b"raw"), Entry("mail", "", "1002", {"to": "jan"})
    journal.write([first, second])
    journal.write([Entry("mail", "", "1001", {"to": "anna", "opened": True}, b"raw")])
    journal.close()

    again = Journal(tmp_path / "journal.sqlite")
    assert [entry.key for entry in again.read("mail")] == ["1001", "1002"]
    assert next(again.read("mail")).value == {"to": "anna", "opened": True}
    again.close()


def test_what_is_gone_stays_gone(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    journal.write([Entry("item", "Table", "survey#1", {"stage": {"S": "sent"}})])

    journal.write([Entry("item", "Table", "survey#1", None)])

    assert list(journal.read("item")) == []
    journal.close()


def test_a_call_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    unreadable = Entry("item", "Table", "survey#2", {"stage": object()})

    with pytest.raises(TypeError):
        journal.write([Entry("item", "Table", "survey#1", {}), unreadable])

    assert list(journal.read("item")) == []
    journal.close()


def storm(folder: Path, turn: str, lines: int) -> Acknowledged:
    """Let another process write until it has said so many lines, kill it, and give what it said."""
    command = [sys.executable, "-m", "tests.local.storm", str(folder), turn]
    said: dict[str, dict[str, str]] = defaultdict(dict)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for number, line in enumerate(process.stdout):
            kind, key, value = line.split()
            said[kind][key] = value
            if number == lines:
                process.kill()
    return said


def reached(found: str, acknowledged: str) -> bool:
    """Say whether a value is the acknowledged one, or a later write of the same turn whose answer was lost in the kill."""
    turn, number = found.split("-")
    said_turn, said_number = acknowledged.split("-")
    return turn == said_turn and int(number) >= int(said_number)


def check_kept(stack: Running, said: Acknowledged) -> None:
    scanned = stack.cloud.client("dynamodb").scan(TableName=TABLE)["Items"]
    items = {each["pk"]["S"]: f"{each['turn']['S']}-{each['n']['N']}" for each in scanned}
    assert all(reached(items[key], value) for key, value in said["item"].items())
    for key, value in said["object"].items():
        assert reached((stack.cloud.object(key) or b"").decode(), value)
    assert {record.id for record in stack.cloud.mails()} >= said["mail"].keys()
    parameter = stack.cloud.client("ssm").get_parameter(Name="/acme/key", WithDecryption=True)["Parameter"]
    assert reached(parameter["Value"], said["parameter"]["/acme/key"])


def test_nothing_acknowledged_is_lost_when_the_stack_is_killed_twice_in_a_storm_of_writes(tmp_path: Path) -> None:
    first = storm(tmp_path, "1", 250)
    with running(tmp_path) as stack:
        check_kept(stack, first)
    second = storm(tmp_path, "2", 250)

    with running(tmp_path) as stack:
        check_kept(stack, second)
        assert {record.id for record in stack.cloud.mails()} >= first["mail"].keys()
        waiting = set()
        while batch := stack.cloud.receive(SEND_QUEUE, 10):
            waiting |= {message.id for message in batch}

    sent = first["sent"].keys() | second["sent"].keys()
    deleting = first["deleting"].keys() | second["deleting"].keys()
    deleted = first["deleted"].keys() | second["deleted"].keys()
    assert waiting >= sent - deleting
    assert not waiting & deleted


def test_what_somebody_had_received_is_visible_again_after_a_restart(tmp_path: Path) -> None:
    with running(tmp_path) as stack:
        stack.cloud.client("sqs").send_message(QueueUrl=SEND_QUEUE, MessageBody="survey 1001")
        [before] = stack.cloud.receive(SEND_QUEUE, 10)

    with running(tmp_path) as stack:
        [after] = stack.cloud.receive(SEND_QUEUE, 10)

    assert after.id == before.id
    assert after.attributes["ApproximateReceiveCount"] == "2"


def test_a_delay_is_still_a_delay_after_a_restart(tmp_path: Path) -> None:
    with running(tmp_path) as stack:
        stack.cloud.client("sqs").send_message(QueueUrl=SEND_QUEUE, MessageBody="survey 1001", DelaySeconds=60)
        due = stack.cloud.next_visible_at()

    with running(tmp_path) as stack:
        assert stack.cloud.receive(SEND_QUEUE, 10) == []
        assert stack.cloud.next_visible_at() == due


def test_a_suppressed_address_stays_suppressed(tmp_path: Path) -> None:
    with running(tmp_path) as stack:
        client = stack.cloud.client("sesv2")
        client.put_suppressed_destination(EmailAddress="anna@kowalska.example", Reason="BOUNCE")

    with running(tmp_path) as stack:
        client = stack.cloud.client("sesv2")
        found = client.get_suppressed_destination(EmailAddress="anna@kowalska.example")

    assert found["SuppressedDestination"]["Reason"] == "BOUNCE"
