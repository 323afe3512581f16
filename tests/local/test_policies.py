"""What a role's policies allow."""

from typing import Any

import pytest

from infra.local.intrinsics import NotInterpreted
from infra.local.policies import allows, managed_policy, read_document
from infra.local.stack import Statement

TABLE = "arn:aws:dynamodb:eu-central-1:123456789012:table/acme-Table"


def document(**statement: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "dynamodb:*", **statement}]}


def test_nothing_is_allowed_that_no_statement_names() -> None:
    statements = read_document(document(Action="dynamodb:GetItem", Resource=TABLE), "RollupPolicy")

    assert allows(statements, "dynamodb:GetItem", TABLE)
    assert not allows(statements, "dynamodb:PutItem", TABLE)
    assert not allows(statements, "dynamodb:GetItem", f"{TABLE}-of-another-shop")


def test_an_index_is_another_resource_than_its_table() -> None:
    statements = read_document(document(Resource=f"{TABLE}/index/due"), "DispatchPolicy")

    assert allows(statements, "dynamodb:Query", f"{TABLE}/index/due")
    assert not allows(statements, "dynamodb:Query", TABLE)


def test_actions_match_in_any_case_and_resources_only_in_their_own() -> None:
    statements = (Statement("Allow", ("DynamoDB:get*",), (TABLE,)),)

    assert allows(statements, "dynamodb:GetItem", TABLE)
    assert not allows(statements, "dynamodb:GetItem", TABLE.upper())


def test_a_question_mark_stands_for_one_character() -> None:
    statements = (Statement("Allow", ("s3:GetObject",), ("arn:aws:s3:::acme/2026-0?/*",)),)

    assert allows(statements, "s3:GetObject", "arn:aws:s3:::acme/2026-01/report.json")
    assert not allows(statements, "s3:GetObject", "arn:aws:s3:::acme/2026-011/report.json")


def test_a_denial_wins_over_any_permission() -> None:
    statements = (Statement("Allow", ("s3:*",), ("*",)), Statement("Deny", ("s3:DeleteObject",), ("*",)))

    assert allows(statements, "s3:GetObject", "arn:aws:s3:::acme/answers/1")
    assert not allows(statements, "s3:DeleteObject", "arn:aws:s3:::acme/answers/1")


def test_a_list_may_be_allowed_of_one_folder_and_then_the_whole_bucket_is_not() -> None:
    condition = {"StringLike": {"s3:prefix": "reports/*"}}
    given = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::acme", "Condition": condition}
    statements = read_document({"Version": "2012-10-17", "Statement": [given]}, "DownloadPolicy")

    may = {
        prefix: allows(statements, "s3:ListBucket", "arn:aws:s3:::acme", prefix)
        for prefix in ("reports/acme/", "answers/", "", None)
    }

    assert may == {"reports/acme/": True, "answers/": False, "": False, None: False}


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"s3:prefix": "reports/"}},
        {"StringLike": {"s3:delimiter": "/"}},
        {"StringLike": {"s3:prefix": "reports/*", "s3:delimiter": "/"}},
        {"StringLike": {"s3:prefix": "reports/*"}, "Bool": {"aws:SecureTransport": "true"}},
    ],
    ids=str,
)
def test_another_condition_is_refused_rather_than_skipped(condition: dict[str, Any]) -> None:
    with pytest.raises(NotInterpreted, match=r"DownloadPolicy.*Condition"):
        read_document(document(Resource="*", Condition=condition), "DownloadPolicy")


@pytest.mark.parametrize("element", ["Condition", "NotAction", "NotResource", "Principal"])
def test_an_element_that_is_not_known_is_refused_by_name(element: str) -> None:
    with pytest.raises(NotInterpreted, match=f"RollupPolicy.*{element}"):
        read_document(document(Resource="*", **{element: {}}), "RollupPolicy")


def test_the_managed_policy_of_a_queue_reader_is_known_and_another_refused() -> None:
    statements = managed_policy("arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole")

    assert allows(statements, "sqs:ReceiveMessage", "arn:aws:sqs:eu-central-1:123456789012:acme-SendQueue")
    with pytest.raises(NotInterpreted, match="AdministratorAccess"):
        managed_policy("arn:aws:iam::aws:policy/AdministratorAccess")
