"""What failed five times comes back to its queue when an operator says so."""

import json
from collections.abc import Callable

import boto3
import pytest
from typer.testing import Result

from infra.aws import keys
from infra.operator.session import Stack

Say = Callable[..., Result]
PAIRS = {
    "send": ("SendQueue", "SendDeadLetterQueue"),
    "fetch": ("FetchQueue", "FetchDeadLetterQueue"),
    "mail-events": ("MailEventQueue", "MailEventDeadLetterQueue"),
    "rollup": ("RollupQueue", "RollupDeadLetterQueue"),
}


@pytest.fixture
def queues(stack: Stack, afterorder: Say) -> dict[str, str]:
    """The template's queues, named as CloudFormation names them, with three dead letters about mails to be sent and one event of SES."""
    del stack, afterorder
    sqs, ssm = boto3.client("sqs"), boto3.client("ssm")
    made: dict[str, str] = {}
    for live, dead in PAIRS.values():
        made[dead] = sqs.create_queue(QueueName=f"afterorder-{dead}-1A2B3C")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=made[dead], AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 5})
        made[live] = sqs.create_queue(QueueName=f"afterorder-{live}-1A2B3C", Attributes={"RedrivePolicy": policy})[
            "QueueUrl"
        ]
    told = json.loads(ssm.get_parameter(Name=keys.operator("afterorder"))["Parameter"]["Value"])
    told["dead_letters"] = " ".join(made[dead] for _, dead in PAIRS.values())
    ssm.put_parameter(Name=keys.operator("afterorder"), Value=json.dumps(told), Type="String", Overwrite=True)
    for body in ('{"survey":"one"}', '{"survey":"two"}', '{"survey":"three"}'):
        sqs.send_message(QueueUrl=made["SendDeadLetterQueue"], MessageBody=body)
    sqs.send_message(QueueUrl=made["MailEventDeadLetterQueue"], MessageBody="an event")
    return made


def waiting(url: str) -> set[str]:
    messages = boto3.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return {message["Body"] for message in messages}


def test_dead_letters_come_back_to_the_queue_that_they_came_from(queues: dict[str, str], afterorder: Say) -> None:
    told = afterorder("redrive", "send")

    assert told.stdout == "send: 3 brought back\n"
    assert waiting(queues["SendQueue"]) == {'{"survey":"one"}', '{"survey":"two"}', '{"survey":"three"}'}
    assert waiting(queues["SendDeadLetterQueue"]) == set()


def test_one_queue_is_brought_back_and_no_other(queues: dict[str, str], afterorder: Say) -> None:
    afterorder("redrive", "send")

    assert waiting(queues["MailEventQueue"]) == set()
    assert waiting(queues["MailEventDeadLetterQueue"]) == {"an event"}


def test_without_a_name_all_are_brought_back(queues: dict[str, str], afterorder: Say) -> None:
    told = json.loads(afterorder("redrive", "--json").stdout)

    assert told == {"send": 3, "fetch": 0, "mail-events": 1, "rollup": 0}
    assert waiting(queues["MailEventQueue"]) == {"an event"}


def test_counting_moves_nothing(queues: dict[str, str], afterorder: Say) -> None:
    told = json.loads(afterorder("redrive", "--count", "--json").stdout)

    assert told == {"send": 3, "fetch": 0, "mail-events": 1, "rollup": 0}
    assert waiting(queues["SendQueue"]) == set()


def test_a_queue_that_there_is_not_is_refused(queues: dict[str, str], afterorder: Say) -> None:
    del queues

    told = afterorder("redrive", "mails")

    assert told.exit_code == 1
    assert "is send, fetch, mail-events, rollup" in told.stderr.replace("\n", " ")
