"""The gate to moto: each function may do what its role says, each call is counted, and no is said as the service says it."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.clouds import BUCKET, CONFIGURATION_SET, HELLO, SEND_QUEUE, TABLE, Running, item, running


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("data")) as stack:
        yield stack


def code(caught: pytest.ExceptionInfo[ClientError]) -> str:
    return caught.value.response["Error"]["Code"]


def test_a_function_does_what_its_role_allows(stack: Running) -> None:
    dynamodb = stack.client("OrderWebhookFunction", "dynamodb")

    dynamodb.put_item(TableName=TABLE, Item=item(1, customer="Anna Kowalska"))

    assert dynamodb.get_item(TableName=TABLE, Key=item(1))["Item"]["customer"] == {"S": "Anna Kowalska"}


@pytest.mark.parametrize(
    ("function", "call", "given", "refusal"),
    [
        ("DispatchFunction", "dynamodb.update_item", {"TableName": TABLE, "Key": item()}, "AccessDeniedException"),
        (
            "OrderWebhookFunction",
            "dynamodb.delete_item",
            {"TableName": TABLE, "Key": item()},
            "AccessDeniedException",
        ),
        (
            "SendSurveyFunction",
            "sqs.send_message",
            {"QueueUrl": SEND_QUEUE, "MessageBody": "1"},
            "AccessDeniedException",
        ),
        (
            "SurveyPageFunction",
            "ssm.get_parameter",
            {"Name": "/afterorder/afterorder/operator"},
            "AccessDeniedException",
        ),
        ("ReportDownloadFunction", "s3.put_object", {"Bucket": BUCKET, "Key": "reports/1"}, "AccessDenied"),
        ("ReportDownloadFunction", "s3.list_objects_v2", {"Bucket": BUCKET}, "AccessDenied"),
        ("DispatchFunction", "sns.list_topics", {}, "AuthorizationError"),
        ("DispatchFunction", "lambda.invoke", {"FunctionName": "RollupFunction"}, "AccessDeniedException"),
        ("UnsubscribeFunction", "sesv2.get_account", {}, "AccessDeniedException"),
    ],
)
def test_a_call_outside_its_role_is_denied_in_the_services_own_words(
    stack: Running, function: str, call: str, given: dict[str, Any], refusal: str
) -> None:
    service, operation = call.split(".")
    client = stack.client(function, service)

    with pytest.raises(ClientError) as caught:
        getattr(client, operation)(**given)

    assert code(caught) == refusal


def test_a_transaction_needs_the_permission_of_each_of_its_parts(stack: Running) -> None:
    dynamodb = stack.client("OrderWebhookFunction", "dynamodb")
    put = {"Put": {"TableName": TABLE, "Item": item(2)}}
    delete = {"Delete": {"TableName": TABLE, "Key": item(3)}}

    dynamodb.transact_write_items(TransactItems=[put])
    with pytest.raises(ClientError) as caught:
        dynamodb.transact_write_items(TransactItems=[put, delete])

    assert code(caught) == "AccessDeniedException"


def test_an_index_is_read_by_whoever_may_read_it_and_by_nobody_else(stack: Running) -> None:
    def due(function: str) -> Any:
        return stack.client(function, "dynamodb").query(
            TableName=TABLE,
            IndexName="due",
            KeyConditionExpression="due_shard = :shard",
            ExpressionAttributeValues={":shard": {"S": "0"}},
        )

    assert due("DispatchFunction")["Items"] == []
    with pytest.raises(ClientError) as caught:
        due("OrderWebhookFunction")
    assert code(caught) == "AccessDeniedException"


def test_who_lists_reports_lists_nothing_else_of_the_bucket(stack: Running) -> None:
    s3 = stack.client("ReportDownloadFunction", "s3")
    stack.cloud.client("s3").put_object(Bucket=BUCKET, Key="reports/brook/2026-W02/report.html", Body=b"<html>")

    listed = s3.list_objects_v2(Bucket=BUCKET, Prefix="reports/brook/")
    with pytest.raises(ClientError) as caught:
        s3.list_objects_v2(Bucket=BUCKET, Prefix="answers/brook/")

    assert [entry["Key"] for entry in listed["Contents"]] == ["reports/brook/2026-W02/report.html"]
    assert code(caught) == "AccessDenied"


def test_a_missing_report_is_absent_to_who_may_list_and_forbidden_to_who_may_not(stack: Running) -> None:
    with pytest.raises(ClientError) as told:
        stack.client("RollupFunction", "s3").get_object(Bucket=BUCKET, Key="reports/none")
    with pytest.raises(ClientError) as untold:
        stack.client("ReportDownloadFunction", "s3").get_object(Bucket=BUCKET, Key="reports/none")

    assert (code(told), code(untold)) == ("NoSuchKey", "AccessDenied")


def test_a_presigned_address_opens_what_its_signer_may_read(stack: Running) -> None:
    stack.cloud.client("s3").put_object(Bucket=BUCKET, Key="reports/acme/a b.csv", Body=b"score\n9\n")
    stack.cloud.client("s3").put_object(Bucket=BUCKET, Key="answers/acme.gz", Body=b"private")
    signer = stack.client("ReportDownloadFunction", "s3")

    def fetch(key: str) -> bytes:
        address = signer.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": key}, ExpiresIn=300)
        with urllib.request.urlopen(address) as answer:  # noqa: S310 - our own endpoint
            body: bytes = answer.read()
            return body

    assert fetch("reports/acme/a b.csv") == b"score\n9\n"
    with pytest.raises(urllib.error.HTTPError, match="403") as caught:
        fetch("answers/acme.gz")
    caught.value.close()


def test_a_presigned_address_dies_with_its_time_on_the_virtual_clock(stack: Running) -> None:
    stack.cloud.client("s3").put_object(Bucket=BUCKET, Key="reports/acme/1.csv", Body=b"score\n9\n")
    signer = stack.client("ReportDownloadFunction", "s3")
    named = {"Bucket": BUCKET, "Key": "reports/acme/1.csv"}
    address = signer.generate_presigned_url("get_object", Params=named, ExpiresIn=300)

    stack.now += timedelta(minutes=6)

    with pytest.raises(urllib.error.HTTPError, match="403") as caught:
        urllib.request.urlopen(address)  # noqa: S310
    caught.value.close()


def test_nobody_reads_without_a_signature(stack: Running) -> None:
    address = f"{stack.cloud.endpoint}/{BUCKET}/reports/acme/a%20b.csv"

    with pytest.raises(urllib.error.HTTPError, match="403") as caught:
        urllib.request.urlopen(address)  # noqa: S310
    caught.value.close()


def test_the_operator_may_change_what_is_kept_but_not_the_stack(stack: Running) -> None:
    dynamodb = stack.cloud.client("dynamodb")

    dynamodb.delete_item(TableName=TABLE, Key=item(1))
    with pytest.raises(ClientError) as caught:
        dynamodb.delete_table(TableName=TABLE)

    assert code(caught) == "NotImplemented"


def test_mail_needs_a_permission_for_its_sender_and_its_configuration_set(stack: Running) -> None:
    def send(function: str) -> Any:
        return stack.client(function, "sesv2").send_email(
            FromEmailAddress="Acme Outdoor <hello@acme.example>",
            Destination={"ToAddresses": ["anna@kowalska.example"]},
            Content={"Raw": {"Data": HELLO}},
            ConfigurationSetName=CONFIGURATION_SET,
        )

    assert send("SendSurveyFunction")["MessageId"] == stack.cloud.mails()[-1].id
    with pytest.raises(ClientError) as caught:
        send("MailEventsFunction")
    assert code(caught) == "AccessDeniedException"
