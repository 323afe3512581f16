"""CloudFormation's references and functions, given their values as a deployed stack would give them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cx_domain.errors import NotConfigured

PARTITION = "aws"
URL_SUFFIX = "amazonaws.com"
API_ID = "local"
REMOVED = object()
"""What `AWS::NoValue` becomes until the property or list entry that holds it is dropped."""


class NotInterpreted(NotConfigured):
    """template.yaml says something that the local stack does not know; it would not behave as AWS does."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The stack's own place in the world, and the template's parameters."""

    stack: str
    region: str
    account: str
    public_url: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def pseudo(self, name: str) -> Any:
        values = {
            "AWS::Region": self.region,
            "AWS::AccountId": self.account,
            "AWS::Partition": PARTITION,
            "AWS::URLSuffix": URL_SUFFIX,
            "AWS::StackName": self.stack,
            "AWS::StackId": self.arn("cloudformation", f"stack/{self.stack}/local"),
            "AWS::NoValue": REMOVED,
        }
        if name not in values:
            raise NotInterpreted(f"Ref {name}: the local stack has no such pseudo parameter")
        return values[name]

    def arn(self, service: str, resource: str) -> str:
        return f"arn:{PARTITION}:{service}:{self.region}:{self.account}:{resource}"

    @property
    def api_url(self) -> str:
        return f"https://{API_ID}.execute-api.{self.region}.{URL_SUFFIX}"


# The property that names a resource; without it the name is made from the stack's and the logical id.
NAME_PROPERTY = {
    "AWS::DynamoDB::Table": "TableName",
    "AWS::IAM::Role": "RoleName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SES::ConfigurationSet": "Name",
    "AWS::SES::EmailIdentity": "EmailIdentity",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SSM::Parameter": "Name",
    "AWS::Scheduler::Schedule": "Name",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::CloudWatch::Dashboard": "DashboardName",
}


def queue_url(scope: Scope, name: str) -> str:
    """Give the address that SQS itself would: it stays the same when the local stack starts anew on another port."""
    return f"https://sqs.{scope.region}.{URL_SUFFIX}/{scope.account}/{name}"


_ARN = {
    "AWS::CloudWatch::Alarm": "cloudwatch:{region}:{account}:alarm:{name}",
    "AWS::DynamoDB::Table": "dynamodb:{region}:{account}:table/{name}",
    "AWS::IAM::Role": "iam::{account}:role/{name}",
    "AWS::Lambda::Function": "lambda:{region}:{account}:function:{name}",
    "AWS::Logs::LogGroup": "logs:{region}:{account}:log-group:{name}:*",
    "AWS::S3::Bucket": "s3:::{name}",
    "AWS::SNS::Topic": "sns:{region}:{account}:{name}",
    "AWS::SQS::Queue": "sqs:{region}:{account}:{name}",
    "AWS::Scheduler::Schedule": "scheduler:{region}:{account}:schedule/default/{name}",
}


def _arn(scope: Scope, kind: str, name: str) -> str | None:
    form = _ARN.get(kind)
    return form and f"arn:{PARTITION}:" + form.format(region=scope.region, account=scope.account, name=name)


@dataclass(slots=True)
class Resolver:
    """Gives every intrinsic of an expanded template its value; refuses by name what it does not know."""

    scope: Scope
    resources: Mapping[str, Mapping[str, Any]]
    conditions: Mapping[str, Any] = field(default_factory=dict)
    mappings: Mapping[str, Any] = field(default_factory=dict)

    def resolve(self, value: Any) -> Any:
        """Return the value with every intrinsic in it resolved, and what is `AWS::NoValue` dropped."""
        if isinstance(value, Mapping):
            if len(value) == 1:
                name = next(iter(value))
                if name in ("Ref", "Condition") or str(name).startswith("Fn::"):
                    return self._intrinsic(str(name), value[name])
            resolved = {key: self.resolve(each) for key, each in value.items()}
            return {key: each for key, each in resolved.items() if each is not REMOVED}
        if isinstance(value, list | tuple):
            return [each for each in map(self.resolve, value) if each is not REMOVED]
        if isinstance(value, str):
            return value.replace(self.scope.api_url, self.scope.public_url)
        return value

    def _intrinsic(self, name: str, argument: Any) -> Any:
        functions: dict[str, Callable[[Any], Any]] = {
            "Ref": self.ref,
            "Fn::GetAtt": self._get_att,
            "Fn::Sub": self._sub,
            "Fn::Join": self._join,
            "Fn::Select": self._select,
            "Fn::Split": self._split,
            "Fn::If": self._if,
            "Fn::FindInMap": self._find_in_map,
            "Condition": self.condition,
        }
        if name in functions:
            return functions[name](argument)
        if name in ("Fn::Equals", "Fn::Not", "Fn::And", "Fn::Or"):
            return self._logic(name, argument)
        raise NotInterpreted(f"{name}: the local stack does not know this function")

    def ref(self, name: str) -> Any:
        """Give what `Ref` gives: a parameter's value, or a resource's own kind of name."""
        if name.startswith("AWS::"):
            return self.scope.pseudo(name)
        if name in self.scope.parameters:
            return self.scope.parameters[name]
        kind, physical = self.named(name)
        match kind:
            case "AWS::SQS::Queue":
                return queue_url(self.scope, physical)
            case "AWS::SNS::Topic":
                return _arn(self.scope, kind, physical)
            case "AWS::Lambda::Alias":
                return self.attribute(self.resources[name]["Properties"]["FunctionName"]["Ref"], "Arn")
            case _:
                return API_ID if kind == "AWS::ApiGatewayV2::Api" else physical

    def named(self, logical_id: str) -> tuple[str, str]:
        """Give a resource's type and its physical name."""
        if logical_id not in self.resources:
            raise NotInterpreted(f"{logical_id}: the template has no such resource or parameter")
        resource = self.resources[logical_id]
        kind = resource["Type"]
        given = resource.get("Properties", {}).get(NAME_PROPERTY.get(kind, ""))
        if given is not None:
            return kind, str(self.resolve(given))
        if kind == "AWS::S3::Bucket":
            return kind, f"{self.scope.stack}-{logical_id}-{self.scope.account}".lower()
        return kind, f"{self.scope.stack}-{logical_id}"

    def attribute(self, logical_id: str, name: str) -> str:
        """Give what `Fn::GetAtt` gives."""
        kind, physical = self.named(logical_id)
        arn = _arn(self.scope, kind, physical)
        values = {
            ("AWS::SNS::Topic", "TopicArn"): arn,
            ("AWS::SNS::Topic", "TopicName"): physical,
            ("AWS::SQS::Queue", "QueueName"): physical,
            ("AWS::SQS::Queue", "QueueUrl"): queue_url(self.scope, physical),
            ("AWS::ApiGatewayV2::Api", "ApiEndpoint"): self.scope.public_url,
            ("AWS::ApiGatewayV2::Api", "ApiId"): API_ID,
            ("AWS::Lambda::Version", "Version"): "$LATEST",
            (kind, "Arn"): arn,
        }
        found = values.get((kind, name))
        if found is None:
            raise NotInterpreted(f"Fn::GetAtt {logical_id}.{name}: the local stack does not know it of a {kind}")
        return found

    def condition(self, name: str) -> bool:
        if name not in self.conditions:
            raise NotInterpreted(f"Condition {name}: the template has no such condition")
        return bool(self.resolve(self.conditions[name]))

    def _get_att(self, argument: Any) -> str:
        logical_id, _, name = argument.partition(".") if isinstance(argument, str) else (argument[0], ".", argument[1])
        return self.attribute(logical_id, self.resolve(name))

    def _sub(self, argument: Any) -> str:
        text, given = (argument, {}) if isinstance(argument, str) else argument
        values = {name: self.resolve(value) for name, value in given.items()}

        def value_of(found: re.Match[str]) -> str:
            name = found[1]
            if name.startswith("!"):
                return "${" + name[1:] + "}"
            if name in values:
                return str(values[name])
            return str(self._get_att(name) if "." in name else self.ref(name))

        return str(self.resolve(re.sub(r"\$\{([^}]+)\}", value_of, text)))

    def _join(self, argument: Any) -> str:
        separator, parts = argument
        return str(separator).join(map(str, self.resolve(parts)))

    def _select(self, argument: Any) -> Any:
        index, parts = self.resolve(argument)
        return parts[int(index)]

    def _split(self, argument: Any) -> list[str]:
        separator, text = self.resolve(argument)
        return str(text).split(separator)

    def _if(self, argument: Any) -> Any:
        condition, then, otherwise = argument
        return self.resolve(then if self.condition(condition) else otherwise)

    def _find_in_map(self, argument: Any) -> Any:
        name, first, second = self.resolve(argument)
        return self.resolve(self.mappings[name][first][second])

    def _logic(self, name: str, argument: Any) -> bool:
        values = self.resolve(argument)
        match name:
            case "Fn::Equals":
                return str(values[0]) == str(values[1])
            case "Fn::Not":
                return not values[0]
            case "Fn::And":
                return all(values)
            case _:
                return any(values)
