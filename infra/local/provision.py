"""Makes the template's resources on an empty moto, with boto3, as CloudFormation would on AWS."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from infra.local.intrinsics import NotInterpreted
from infra.local.policies import listed
from infra.local.stack import Resource, Stack

Client = Callable[[str], Any]
"""Gives a boto3 client of a service."""

_QUEUE_ATTRIBUTES = ("DelaySeconds", "MessageRetentionPeriod", "ReceiveMessageWaitTimeSeconds", "VisibilityTimeout")


def provision(stack: Stack, client: Client) -> None:
    """Make everything that lives in moto. What SES has is the mailbox's business."""
    for table in stack.of_type("AWS::DynamoDB::Table"):
        _table(table, client("dynamodb"))
    _queues(stack, client("sqs"))
    _topics(stack, client("sns"))
    for bucket in stack.of_type("AWS::S3::Bucket"):
        _bucket(stack, bucket, client("s3"))
    for parameter in stack.of_type("AWS::SSM::Parameter"):
        given = parameter.properties
        client("ssm").put_parameter(Name=parameter.name, Value=given["Value"], Type=given["Type"], Overwrite=True)


def _table(resource: Resource, dynamodb: Any) -> None:
    name, given = resource.name, resource.properties
    taken = ("AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes", "KeySchema")
    dynamodb.create_table(TableName=name, **{key: given[key] for key in taken if key in given})
    if "TimeToLiveSpecification" in given:
        dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=given["TimeToLiveSpecification"])


def _queues(stack: Stack, sqs: Any) -> None:
    urls = {}
    for queue in stack.of_type("AWS::SQS::Queue"):
        given = queue.properties
        attributes = {key: str(given[key]) for key in _QUEUE_ATTRIBUTES if key in given}
        urls[queue.logical_id] = sqs.create_queue(QueueName=queue.name, Attributes=attributes)["QueueUrl"]
    for queue in stack.of_type("AWS::SQS::Queue"):
        if redrive := queue.properties.get("RedrivePolicy"):
            attributes = {"RedrivePolicy": json.dumps(redrive)}
            sqs.set_queue_attributes(QueueUrl=urls[queue.logical_id], Attributes=attributes)


def _topics(stack: Stack, sns: Any) -> None:
    for topic in stack.of_type("AWS::SNS::Topic"):
        sns.create_topic(Name=topic.name)
    for subscription in stack.of_type("AWS::SNS::Subscription"):
        given = subscription.properties
        if given["Protocol"] != "sqs":
            raise NotInterpreted(f"{subscription.logical_id}: a subscription by {given['Protocol']}")
        may_use(stack, "AWS::SQS::QueuePolicy", "sns.amazonaws.com", given["Endpoint"], given["TopicArn"])
        raw = {"RawMessageDelivery": "true"} if given.get("RawMessageDelivery") in (True, "true") else {}
        sns.subscribe(TopicArn=given["TopicArn"], Protocol="sqs", Endpoint=given["Endpoint"], Attributes=raw)


def _bucket(stack: Stack, resource: Resource, s3: Any) -> None:
    name, given = resource.name, resource.properties
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": stack.region})
    if "VersioningConfiguration" in given:
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=given["VersioningConfiguration"])


def may_use(stack: Stack, policy_type: str, service: str, target: str, source: str) -> None:
    """Refuse a delivery that AWS would refuse: no resource policy lets the service reach the target on the source's behalf."""
    for policy in stack.of_type(policy_type):
        for statement in policy.properties["PolicyDocument"]["Statement"]:
            if _demands_tls(statement):
                continue  # a loopback does without
            principal = statement.get("Principal", {})
            met = _met(statement.get("Condition", {}), source, stack.account, policy.logical_id)
            named = principal == {"Service": service} and target in listed(statement["Resource"])
            if statement["Effect"] == "Allow" and named and met:
                return
    raise NotInterpreted(f"no {policy_type} lets {service} deliver to {target}")


def _demands_tls(statement: Mapping[str, Any]) -> bool:
    return statement["Effect"] == "Deny" and statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}


def _met(condition: Mapping[str, Mapping[str, str]], source: str, account: str, where: str) -> bool:
    known = {"aws:SourceArn": source, "aws:SourceAccount": account}
    for operator, tests in condition.items():
        if operator not in ("ArnEquals", "StringEquals") or not set(tests) <= set(known):
            raise NotInterpreted(f"{where}: the local stack does not know the condition {operator} {', '.join(tests)}")
    return all(known[key] == value for tests in condition.values() for key, value in tests.items())
