"""template.yaml, expanded by the official SAM translator and read into what the local stack can run."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from infra.local.intrinsics import NotInterpreted, Resolver, Scope
from infra.local.policies import managed_policy, read_document
from infra.local.stack import Function, QueueSource, Resource, Route, Schedule, Stack, Statement, Table
from infra.local.translation import translated

REGION = "eu-central-1"
ACCOUNT = "123456789012"

# These resources do nothing that a laptop could show; they are read (their references must resolve) and passed over.
NO_LOCAL_EFFECT = frozenset(
    {
        "AWS::ApiGatewayV2::Stage",
        "AWS::CloudWatch::Alarm",
        "AWS::CloudWatch::Dashboard",
        "AWS::CodeDeploy::Application",  # a deployment in steps has no steps here
        "AWS::CodeDeploy::DeploymentGroup",
        "AWS::Lambda::Alias",  # it stands for its function: there is one version here
        "AWS::Lambda::EventInvokeConfig",
        "AWS::Lambda::Permission",
        "AWS::Lambda::Version",
        "AWS::Logs::LogGroup",
        "AWS::Logs::MetricFilter",
        "AWS::S3::BucketPolicy",  # it only demands TLS, which a loopback does without
    }
)

# For each type that is made or run: the properties that are obeyed, and those that change nothing here.
_TAGS = "Tags"
INTERPRETED: Mapping[str, frozenset[str]] = {
    "AWS::ApiGatewayV2::Api": frozenset({"Body", "Name", _TAGS}),
    "AWS::DynamoDB::Table": frozenset(
        {
            "TableName",
            "AttributeDefinitions",
            "BillingMode",
            "DeletionProtectionEnabled",
            "GlobalSecondaryIndexes",
            "KeySchema",
            "PointInTimeRecoverySpecification",
            "SSESpecification",
            "TimeToLiveSpecification",
            _TAGS,
        }
    ),
    "AWS::IAM::Role": frozenset({"AssumeRolePolicyDocument", "ManagedPolicyArns", "Policies", "RoleName", _TAGS}),
    "AWS::Lambda::EventSourceMapping": frozenset(
        {
            "BatchSize",
            "EventSourceArn",
            "FunctionName",
            "FunctionResponseTypes",
            "MaximumBatchingWindowInSeconds",  # here nothing is waited for that is not asked for
            "ScalingConfig",
            "Enabled",
            _TAGS,
        }
    ),
    "AWS::Lambda::Function": frozenset(
        {
            "Architectures",
            "Code",
            "Description",
            "Environment",
            "EphemeralStorage",
            "FunctionName",
            "Handler",
            "LoggingConfig",
            "MemorySize",
            "ReservedConcurrentExecutions",
            "Role",
            "Runtime",
            "SnapStart",
            "Timeout",
            "TracingConfig",
            _TAGS,
        }
    ),
    "AWS::S3::Bucket": frozenset(
        {
            "BucketEncryption",
            "BucketName",
            "LifecycleConfiguration",
            "OwnershipControls",
            "PublicAccessBlockConfiguration",
            "VersioningConfiguration",
            _TAGS,
        }
    ),
    "AWS::SES::ConfigurationSet": frozenset(
        {
            "Name",
            "DeliveryOptions",
            "ReputationOptions",
            "SendingOptions",
            "SuppressionOptions",
            "TrackingOptions",
            "VdmOptions",
            _TAGS,
        }
    ),
    "AWS::SES::ConfigurationSetEventDestination": frozenset({"ConfigurationSetName", "EventDestination"}),
    "AWS::SES::EmailIdentity": frozenset({"EmailIdentity", "DkimSigningAttributes", "MailFromAttributes", _TAGS}),
    "AWS::SNS::Subscription": frozenset({"Endpoint", "Protocol", "RawMessageDelivery", "RedrivePolicy", "TopicArn"}),
    "AWS::SNS::Topic": frozenset({"TopicName", "DisplayName", "KmsMasterKeyId", _TAGS}),
    "AWS::SNS::TopicPolicy": frozenset({"PolicyDocument", "Topics"}),
    "AWS::SQS::Queue": frozenset(
        {
            "DelaySeconds",
            "MessageRetentionPeriod",
            "QueueName",
            "ReceiveMessageWaitTimeSeconds",
            "RedriveAllowPolicy",
            "RedrivePolicy",
            "SqsManagedSseEnabled",
            "VisibilityTimeout",
            _TAGS,
        }
    ),
    "AWS::SQS::QueuePolicy": frozenset({"PolicyDocument", "Queues"}),
    "AWS::SSM::Parameter": frozenset({"Description", "Name", "Tier", "Type", "Value", _TAGS}),
    "AWS::Scheduler::Schedule": frozenset(
        {
            "Description",
            "FlexibleTimeWindow",
            "Name",
            "ScheduleExpression",
            "ScheduleExpressionTimezone",
            "State",
            "Target",
        }
    ),
}


def expand(
    template: Path,
    *,
    stack: str = "afterorder",
    public_url: str,
    parameters: Mapping[str, str] | None = None,
    kept_in: Path | None = None,
) -> Stack:
    """Read a SAM template as CloudFormation would deploy it; `NotInterpreted` names what the local stack does not know."""
    plain = translated(template, kept_in)
    scope = Scope(stack, REGION, ACCOUNT, public_url, _parameters(plain, parameters or {}))
    conditions = plain.get("Conditions", {})
    resolver = Resolver(scope, plain["Resources"], conditions, plain.get("Mappings", {}))
    return _Reader(resolver, dict(_resources(resolver, plain["Resources"]))).stack(plain.get("Outputs", {}))


def _parameters(source: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    declared = source.get("Parameters", {})
    if unknown := sorted(set(given) - set(declared)):
        raise NotInterpreted(f"the template has no parameter {', '.join(unknown)}")
    values = {name: given.get(name, each.get("Default")) for name, each in declared.items()}
    if missing := sorted(name for name, value in values.items() if value is None):
        raise NotInterpreted(f"the parameter {', '.join(missing)} has no default, and was not given")
    return values


def _resources(resolver: Resolver, resources: Mapping[str, Any]) -> Iterator[tuple[str, Resource]]:
    for logical_id, each in resources.items():
        if "Condition" in each and not resolver.condition(each["Condition"]):
            continue
        kind, properties = each["Type"], each.get("Properties", {})
        if kind not in NO_LOCAL_EFFECT:
            if kind not in INTERPRETED:
                raise NotInterpreted(f"{logical_id}: the local stack does not know the resource type {kind}")
            if unknown := sorted(set(properties) - INTERPRETED[kind]):
                raise NotInterpreted(f"{logical_id}: the local stack does not know {', '.join(unknown)} of a {kind}")
        name = resolver.named(logical_id)[1]
        yield logical_id, Resource(logical_id, kind, name, resolver.resolve(properties))


class _Reader:
    """Reads resolved resources into the typed parts of a Stack."""

    def __init__(self, resolver: Resolver, resources: Mapping[str, Resource]) -> None:
        self._resolver = resolver
        self._resources = resources

    def stack(self, outputs: Mapping[str, Any]) -> Stack:
        scope = self._resolver.scope
        return Stack(
            name=scope.stack,
            region=scope.region,
            account=scope.account,
            functions={each.logical_id: self._function(each) for each in self._of("AWS::Lambda::Function")},
            routes=tuple(route for api in self._of("AWS::ApiGatewayV2::Api") for route in self._routes(api)),
            sources=tuple(self._source(each) for each in self._of("AWS::Lambda::EventSourceMapping")),
            schedules=tuple(self._schedule(each) for each in self._enabled_schedules()),
            tables=tuple(self._table(each) for each in self._of("AWS::DynamoDB::Table")),
            resources=self._resources,
            outputs={name: str(self._resolver.resolve(each["Value"])) for name, each in outputs.items()},
        )

    def _of(self, kind: str) -> Iterator[Resource]:
        return (each for each in self._resources.values() if each.type == kind)

    def _function(self, resource: Resource) -> Function:
        given, name = resource.properties, resource.logical_id
        variables = given.get("Environment", {}).get("Variables", {})
        return Function(
            name=name,
            physical_name=resource.name,
            arn=self._resolver.attribute(name, "Arn"),
            handler=given["Handler"],
            timeout=int(given.get("Timeout", 3)),
            memory=int(given.get("MemorySize", 128)),
            environment={key: str(value) for key, value in variables.items()},
            policies=self._policies(given["Role"]),
            access_key=f"LOCAL{name}",
        )

    def _policies(self, role_arn: str) -> tuple[Statement, ...]:
        for role in self._of("AWS::IAM::Role"):
            if self._resolver.attribute(role.logical_id, "Arn") == role_arn:
                own = (
                    statement
                    for policy in role.properties.get("Policies", [])
                    for statement in read_document(policy["PolicyDocument"], policy["PolicyName"])
                )
                managed = (one for arn in role.properties.get("ManagedPolicyArns", []) for one in managed_policy(arn))
                return (*own, *managed)
        raise NotInterpreted(f"{role_arn}: the role is not in the template")

    def _routes(self, api: Resource) -> Iterator[Route]:
        for path, methods in api.properties["Body"]["paths"].items():
            for method, operation in methods.items():
                integration = operation["x-amazon-apigateway-integration"]
                if integration.get("payloadFormatVersion") != "2.0":
                    raise NotInterpreted(f"{path}: only payload format 2.0 is known here")
                function = self._function_of(integration["uri"].split("/functions/")[1].removesuffix("/invocations"))
                yield Route("ANY" if method == "x-amazon-apigateway-any-method" else method.upper(), path, function)

    def _function_of(self, arn_or_name: str) -> str:
        for each in self._of("AWS::Lambda::Function"):
            logical_id = each.logical_id
            if arn_or_name in (self._resolver.ref(logical_id), self._resolver.attribute(logical_id, "Arn")):
                return logical_id
        raise NotInterpreted(f"{arn_or_name}: the function is not in the template")

    def _source(self, resource: Resource) -> QueueSource:
        given = resource.properties
        responses = given.get("FunctionResponseTypes", [])
        if not set(responses) <= {"ReportBatchItemFailures"}:
            raise NotInterpreted(f"{resource.logical_id}: FunctionResponseTypes {responses}")
        arn = given["EventSourceArn"]
        for queue in self._of("AWS::SQS::Queue"):
            if self._resolver.attribute(queue.logical_id, "Arn") == arn:
                return QueueSource(
                    queue_name=queue.name,
                    queue_url=self._resolver.ref(queue.logical_id),
                    queue_arn=arn,
                    function=self._function_of(given["FunctionName"]),
                    batch_size=int(given.get("BatchSize", 10)),
                    partial_failures=bool(responses),
                    max_concurrency=given.get("ScalingConfig", {}).get("MaximumConcurrency"),
                )
        raise NotInterpreted(f"{resource.logical_id}: {arn} is not a queue of the template")

    def _enabled_schedules(self) -> Iterator[Resource]:
        schedules = self._of("AWS::Scheduler::Schedule")
        return (each for each in schedules if each.properties.get("State", "ENABLED") == "ENABLED")

    def _schedule(self, resource: Resource) -> Schedule:
        given = resource.properties
        return Schedule(
            name=resource.name,
            expression=given["ScheduleExpression"],
            timezone=given.get("ScheduleExpressionTimezone", "UTC"),
            input=given["Target"].get("Input"),
            function=self._function_of(given["Target"]["Arn"]),
        )

    def _table(self, resource: Resource) -> Table:
        given = resource.properties
        ttl = given.get("TimeToLiveSpecification", {})
        return Table(
            logical_id=resource.logical_id,
            name=resource.name,
            arn=self._resolver.attribute(resource.logical_id, "Arn"),
            keys=_keys(given["KeySchema"]),
            index_keys={
                each["IndexName"]: _keys(each["KeySchema"]) for each in given.get("GlobalSecondaryIndexes", [])
            },
            ttl_attribute=ttl.get("AttributeName") if ttl.get("Enabled") else None,
        )


def _keys(schema: list[Mapping[str, str]]) -> tuple[str, ...]:
    return tuple(each["AttributeName"] for each in sorted(schema, key=lambda each: each["KeyType"]))
