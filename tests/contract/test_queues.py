"""What the queue's adapter promises: all messages are put, or the caller knows."""

import json
from collections.abc import Iterator

import boto3
import pytest
from botocore.stub import ANY, Stubber
from moto import mock_aws
from mypy_boto3_sqs import SQSClient

from cx_domain.errors import Trouble
from infra.aws.queues import Queue
from tests.contract.backends import STAND_IN_KEYS


@pytest.fixture
def sqs() -> Iterator[SQSClient]:
    with mock_aws():
        client = boto3.client("sqs", **STAND_IN_KEYS)
        yield client
        client.close()


@pytest.fixture
def queue(sqs: SQSClient) -> Queue:
    return Queue(sqs, sqs.create_queue(QueueName="send")["QueueUrl"])


def test_twenty_five_messages_are_put_in_three_calls(queue: Queue) -> None:
    queue.send_batch(({"survey": f"s{number}"}, 0) for number in range(25))

    assert queue.depth() == 25


def test_no_messages_are_no_call(queue: Queue) -> None:
    queue.send_batch([])

    assert queue.depth() == 0


def test_the_depth_counts_what_can_be_received_what_is_worked_on_and_what_waits(queue: Queue, sqs: SQSClient) -> None:
    queue.send_batch([({"survey": "now"}, 0), ({"survey": "now"}, 0), ({"survey": "later"}, 60)])
    url = sqs.get_queue_url(QueueName="send")["QueueUrl"]

    received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1)["Messages"]

    assert json.loads(received[0]["Body"]) == {"survey": "now"}
    assert queue.depth() == 3


def test_only_what_was_refused_is_put_again(sqs: SQSClient) -> None:
    url = "https://sqs.eu-central-1.amazonaws.com/1/send"
    entry = {"Id": "1", "MessageBody": '{"survey":"b"}', "DelaySeconds": 0}
    refused = {"Id": "1", "SenderFault": False, "Code": "InternalError"}
    taken = {"Id": "0", "MessageId": "m", "MD5OfMessageBody": "x"}
    with Stubber(sqs) as stubbed:
        stubbed.add_response("send_message_batch", {"Successful": [taken], "Failed": [refused]})
        stubbed.add_response(
            "send_message_batch",
            {"Successful": [taken | {"Id": "1"}], "Failed": []},
            {"QueueUrl": url, "Entries": [entry]},
        )

        Queue(sqs, url).send_batch([({"survey": "a"}, 0), ({"survey": "b"}, 0)])

        stubbed.assert_no_pending_responses()


def test_messages_that_stay_refused_are_trouble(sqs: SQSClient) -> None:
    refused = {"Failed": [{"Id": "0", "SenderFault": True, "Code": "InvalidParameterValue"}], "Successful": []}
    with Stubber(sqs) as stubbed:
        for _ in range(4):
            stubbed.add_response("send_message_batch", refused, {"QueueUrl": ANY, "Entries": ANY})

        with pytest.raises(Trouble, match="1 messages were refused 4 times"):
            Queue(sqs, "https://sqs.eu-central-1.amazonaws.com/1/send").send_batch([({"survey": "a"}, 0)])
