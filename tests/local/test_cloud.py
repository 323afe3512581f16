"""The local stack's AWS: queues, mail, time, and what it tells the runner."""

import json
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.clouds import (
    BUCKET,
    CONFIGURATION_SET,
    HELLO,
    MAIL_EVENT_QUEUE,
    SEND_QUEUE,
    TABLE,
    Running,
    item,
    running,
)


def send_mail(stack: Running, **more: Any) -> str:
    answer = stack.cloud.client("sesv2").send_email(
        FromEmailAddress="Acme Outdoor <hello@acme.example>",
        Destination={"ToAddresses": ["Anna Kowalska <anna@kowalska.example>"]},
        Content={"Raw": {"Data": HELLO}},
        ConfigurationSetName=CONFIGURATION_SET,
        EmailTags=[{"Name": "survey_id", "Value": "tent1001"}],
        **more,
    )
    message_id: str = answer["MessageId"]
    return message_id


def enqueue(stack: Running, *bodies: str, delay: int = 0) -> None:
    for body in bodies:
        stack.cloud.client("sqs").send_message(QueueUrl=SEND_QUEUE, MessageBody=body, DelaySeconds=delay)


def test_a_mail_is_kept_byte_for_byte_with_the_virtual_time(tmp_path: Path) -> None:
    with running(tmp_path) as stack:
        message_id = send_mail(stack)

        [record] = stack.cloud.mails()
        assert (record.id, record.raw, record.sent_at) == (message_id, HELLO, stack.now)
        assert (record.to, record.subject) == (("anna@kowalska.example",), "Your tent")
        assert record.tags == {"survey_id": "tent1001"}
        assert stack.mailed == [record]


def test_a_simple_mail_is_composed_with_both_its_parts(tmp_path: Path) -> None:
    with running(tmp_path) as stack:
        body = {"Text": {"Data": "Hej Anna"}, "Html": {"Data": "<p>Hej Anna</p>"}}
        stack.cloud.client("sesv2").send_email(
            FromEmailAddress="hello@acme.example",
            Destination={"ToAddresses": ["anna@kowalska.example"]},
            Content={"Simple": {"Subject": {"Data": "Twój namiot"}, "Body": body}},
        )

        [record] = stack.cloud.mails()
        types = [part.get_content_type() for part in message_from_bytes(record.raw).walk()]
        assert types == ["multipart/alternative", "text/plain", "text/html"]


def test_an_unknown_configuration_set_is_refused_and_no_mail_leaves(tmp_path: Path) -> None:
    with running(tmp_path) as stack:
        with pytest.raises(ClientError) as caught:
            stack.cloud.client("sesv2").send_email(
                FromEmailAddress="hello@acme.example",
                Destination={"ToAddresses": ["anna@kowalska.example"]},
                Content={"Raw": {"Data": HELLO}},
                ConfigurationSetName="elsewhere",
            )

        assert caught.value.response["Error"]["Code"] == "NotFoundException"
        assert stack.cloud.mails() == []


def test_the_account_tells_its_quota_and_what_it_sent_in_a_day(tmp_path: Path) -> None:
    with running(tmp_path) as stack:
        send_mail(stack)
        stack.now += timedelta(days=2)
        send_mail(stack)

        quota = stack.cloud.client("sesv2").get_account()["SendQuota"]
        assert quota["SentLast24Hours"] == 1
        assert quota["MaxSendRate"] == 14


def test_an_event_of_a_mail_reaches_its_queue_in_the_envelope_of_sns(tmp_path: Path) -> None:
    with running(tmp_path) as stack:
        stack.cloud.publish_ses_event({"eventType": "Bounce", "mail": {"messageId": "1"}})
        stack.cloud.publish_ses_event({"eventType": "Open", "mail": {"messageId": "1"}})

        [message] = stack.cloud.receive(MAIL_EVENT_QUEUE, 10)
        envelope = json.loads(message.body)
        assert envelope["Type"] == "Notification"
        assert json.loads(envelope["Message"]) == {"eventType": "Bounce", "mail": {"messageId": "1"}}
        assert stack.heard == ["afterorder-MailEventQueue"]


def test_a_delayed_message_shows_itself_at_its_time(tmp_path: Path) -> None:
    with running(tmp_path) as stack:
        enqueue(stack, "survey 1001", delay=90)

        assert stack.cloud.receive(SEND_QUEUE, 10) == []
        due = stack.cloud.next_visible_at()
        assert due == stack.now + timedelta(seconds=90)
        stack.now = due
        assert [each.body for each in stack.cloud.receive(SEND_QUEUE, 10)] == ["survey 1001"]


def test_a_message_that_is_not_deleted_comes_back_and_ends_among_the_dead_letters(tmp_path: Path) -> None:
    with running(tmp_path) as stack:
        enqueue(stack, "survey 1001")

        counts = []
        while batch := stack.cloud.receive(SEND_QUEUE, 10):
            counts.append(batch[0].attributes["ApproximateReceiveCount"])
            stack.now = stack.cloud.next_visible_at() or stack.now

        assert counts == ["1", "2", "3", "4", "5"]
        dead = stack.cloud.receive(SEND_QUEUE.replace("SendQueue", "SendDeadLetterQueue"), 10)
        assert [each.body for each in dead] == ["survey 1001"]


def test_a_deleted_message_never_comes_back(tmp_path: Path) -> None:
    with running(tmp_path) as stack:
        enqueue(stack, "survey 1001")

        [message] = stack.cloud.receive(SEND_QUEUE, 10)
        stack.cloud.delete(SEND_QUEUE, message.receipt)

        assert stack.cloud.next_visible_at() is None
        stack.now += timedelta(days=1)
        assert stack.cloud.receive(SEND_QUEUE, 10) == []


def test_only_a_write_that_moves_the_due_time_wakes_the_dispatcher(tmp_path: Path) -> None:
    with running(tmp_path) as stack:
        dynamodb = stack.cloud.client("dynamodb")

        dynamodb.put_item(TableName=TABLE, Item=item(1))
        assert stack.heard == []
        dynamodb.put_item(TableName=TABLE, Item=item(1, due_shard="0", due_at="2026-01-06T09:00:00Z"))
        assert stack.heard == ["due 09:00"]
        dynamodb.put_item(TableName=TABLE, Item=item(1, due_shard="0", due_at="2026-01-06T09:00:00Z", score="9"))
        assert stack.heard == ["due 09:00"]


def test_a_sent_message_wakes_the_pump(tmp_path: Path) -> None:
    with running(tmp_path) as stack:
        enqueue(stack, "survey 1001")

        assert stack.heard == ["afterorder-SendQueue"]


def test_a_function_is_invoked_by_its_name_or_its_arn(tmp_path: Path) -> None:
    with running(tmp_path) as stack:
        rollup = stack.cloud.stack.functions["RollupFunction"]
        client = stack.cloud.client("lambda")

        answers = [
            client.invoke(FunctionName=name, Payload=b'{"shop": "acme"}')["Payload"].read()
            for name in (rollup.physical_name, rollup.arn)
        ]

        assert answers == [b'{"keys": ["reports/acme/2026-W02/report.json"]}'] * 2
        assert stack.invoked == [("RollupFunction", b'{"shop": "acme"}')] * 2


def test_an_item_whose_time_has_passed_is_deleted(tmp_path: Path) -> None:
    with running(tmp_path) as stack:
        dynamodb = stack.cloud.client("dynamodb")
        noon = datetime(2026, 1, 5, 12, tzinfo=UTC)
        dynamodb.put_item(TableName=TABLE, Item={**item(1), "purge_at": {"N": str(int(noon.timestamp()))}})
        dynamodb.put_item(TableName=TABLE, Item=item(2))

        stack.cloud.purge_expired(noon - timedelta(hours=2))
        before = dynamodb.scan(TableName=TABLE)["Count"]
        stack.cloud.purge_expired(noon)

        assert (before, dynamodb.scan(TableName=TABLE)["Count"]) == (2, 1)


def test_one_of_two_writers_wins_the_same_object(tmp_path: Path) -> None:
    with running(tmp_path) as stack:
        s3 = stack.cloud.client("s3")
        first = s3.put_object(Bucket=BUCKET, Key="totals/acme/2026-01.json", Body=b"1", IfNoneMatch="*")["ETag"]

        s3.put_object(Bucket=BUCKET, Key="totals/acme/2026-01.json", Body=b"2", IfMatch=first)
        with pytest.raises(ClientError) as caught:
            s3.put_object(Bucket=BUCKET, Key="totals/acme/2026-01.json", Body=b"3", IfMatch=first)

        assert caught.value.response["Error"]["Code"] == "PreconditionFailed"
        assert stack.cloud.object("totals/acme/2026-01.json") == b"2"


def test_objects_are_listed_by_prefix(tmp_path: Path) -> None:
    with running(tmp_path) as stack:
        for key in ("reports/acme/2026-W02/report.json", "reports/basecamp/2026-W02/report.json", "answers/acme.gz"):
            stack.cloud.client("s3").put_object(Bucket=BUCKET, Key=key, Body=b"{}")

        assert stack.cloud.objects("reports/acme/") == ["reports/acme/2026-W02/report.json"]
        assert stack.cloud.object("reports/nobody") is None


def test_calls_are_counted_by_function_with_the_units_that_dynamodb_would_bill(tmp_path: Path) -> None:
    with running(tmp_path) as stack:
        webhook = stack.client("OrderWebhookFunction", "dynamodb")
        page = stack.client("SurveyPageFunction", "dynamodb")

        webhook.put_item(TableName=TABLE, Item=item(1, comment="x" * 3000))
        webhook.put_item(TableName=TABLE, Item=item(2, due_shard="0", due_at="2026-01-06T09:00:00Z"))
        page.get_item(TableName=TABLE, Key=item(1), ConsistentRead=True)
        page.get_item(TableName=TABLE, Key=item(1))
        stack.cloud.client("dynamodb").get_item(TableName=TABLE, Key=item(1))

        assert stack.cloud.calls() == {
            "OrderWebhookFunction": {"PutItem": 2, "write_units": 3 + 2, "read_units": 0},
            "SurveyPageFunction": {"GetItem": 2, "write_units": 0, "read_units": 1 + 0.5},
        }
