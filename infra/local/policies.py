"""What a role's policies allow. An element that is not known here is refused, not skipped: skipping could allow."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from infra.local.intrinsics import NotInterpreted
from infra.local.stack import Statement

_DOCUMENT_ELEMENTS = {"Version", "Id", "Statement"}
_STATEMENT_ELEMENTS = {"Sid", "Effect", "Action", "Resource", "Condition"}

_LOGS = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")
_QUEUE = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
# AWS managed policies, as the AWS Managed Policy Reference Guide gives them.
MANAGED = {
    "service-role/AWSLambdaBasicExecutionRole": (Statement("Allow", _LOGS, ("*",)),),
    "service-role/AWSLambdaSQSQueueExecutionRole": (Statement("Allow", (*_QUEUE, *_LOGS), ("*",)),),
    "AWSXRayDaemonWriteAccess": (Statement("Allow", ("xray:Put*", "xray:GetSampling*"), ("*",)),),
    "AWSXrayWriteOnlyAccess": (Statement("Allow", ("xray:Put*", "xray:GetSampling*"), ("*",)),),
}


def read_document(document: Mapping[str, Any], where: str) -> tuple[Statement, ...]:
    """Read a resolved policy document; `where` names it in a refusal."""
    _refuse_unknown(document, _DOCUMENT_ELEMENTS, where)
    return tuple(_statement(each, where) for each in listed(document["Statement"]))


def managed_policy(arn: str) -> tuple[Statement, ...]:
    name = arn.partition(":policy/")[2]
    if name not in MANAGED:
        raise NotInterpreted(f"{arn}: the local stack does not know this managed policy")
    return MANAGED[name]


def allows(statements: Iterable[Statement], action: str, resource: str, prefix: str | None = None) -> bool:
    """Decide as IAM does: nothing is allowed unless a statement says so, and a denial wins.

    `prefix` is what a list of a bucket was asked to begin with. A condition on what a request does not have does not hold.
    """
    effects = {
        statement.effect
        for statement in statements
        if _any_matches(statement.actions, action.lower(), lower=True)
        and _any_matches(statement.resources, resource, lower=False)
        and _holds(statement.prefixes, prefix)
    }
    return effects == {"Allow"}


def _statement(given: Mapping[str, Any], where: str) -> Statement:
    _refuse_unknown(given, _STATEMENT_ELEMENTS, where)
    if given["Effect"] not in ("Allow", "Deny"):
        raise NotInterpreted(f"{where}: Effect {given['Effect']}")
    prefixes = _prefixes(given["Condition"], where) if "Condition" in given else None
    return Statement(given["Effect"], tuple(listed(given["Action"])), tuple(listed(given["Resource"])), prefixes)


def _prefixes(condition: Mapping[str, Any], where: str) -> tuple[str, ...]:
    """Read the one condition that is known: `StringLike` of `s3:prefix`."""
    match condition:
        case {"StringLike": {"s3:prefix": patterns, **other_keys}, **other_operators} if (
            not other_keys | other_operators
        ):
            return tuple(listed(patterns))
        case _:
            raise NotInterpreted(f"{where}: the local stack does not know the policy element Condition {condition}")


def _holds(prefixes: tuple[str, ...] | None, prefix: str | None) -> bool:
    return prefixes is None or (prefix is not None and _any_matches(prefixes, prefix, lower=False))


def _refuse_unknown(given: Mapping[str, Any], known: set[str], where: str) -> None:
    if unknown := sorted(set(given) - known):
        raise NotInterpreted(f"{where}: the local stack does not know the policy element {', '.join(unknown)}")


def listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]


def _any_matches(patterns: Iterable[str], value: str, *, lower: bool) -> bool:
    return any(_compiled(pattern.lower() if lower else pattern).fullmatch(value) for pattern in patterns)


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)
