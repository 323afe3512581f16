"""template.yaml as CloudFormation would deploy it; what the local stack does not know is refused by name."""

from pathlib import Path
from typing import Any

import pytest

from infra.local.expansion import expand
from infra.local.intrinsics import NotInterpreted
from infra.local.policies import allows
from infra.local.stack import Route, Stack

URL = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def stack() -> Stack:
    return expand(Path("template.yaml"), public_url=URL)


def small(tmp_path: Path, resources: str, head: str = "") -> Path:
    template = tmp_path / "template.yaml"
    template.write_text(f"Transform: AWS::Serverless-2016-10-31\n{head}\nResources:\n{resources}\n")
    return template


def parameter_value(tmp_path: Path, expression: str, head: str = "", **given: str) -> Any:
    """Resolve an expression as a parameter's value, which is the simplest resource there is."""
    resource = f"  Answer: {{Type: AWS::SSM::Parameter, Properties: {{Name: a, Type: String, Value: {expression}}}}}\n"
    queue = "  Orders: {Type: AWS::SQS::Queue}"
    stack = expand(small(tmp_path, resource + queue, head), stack="acme", public_url=URL, parameters=given)
    return stack.resources["Answer"].properties["Value"]


def test_every_function_has_its_handler_its_variables_and_a_key_of_its_own(stack: Stack) -> None:
    webhook = stack.functions["OrderWebhookFunction"]

    assert webhook.handler == "functions.order_webhook.handler"
    assert webhook.environment["AFTERORDER_TABLE"] == "afterorder-Table"
    assert len({each.access_key for each in stack.functions.values()}) == len(stack.functions)


def test_the_public_address_is_where_the_local_front_door_listens(stack: Stack) -> None:
    assert stack.functions["SendSurveyFunction"].environment["AFTERORDER_PUBLIC_URL"] == URL
    assert stack.outputs["PublicUrl"] == URL


def test_routes_lead_to_the_functions_that_the_template_names(stack: Stack) -> None:
    assert Route("POST", "/webhooks/{shop}/{platform}", "OrderWebhookFunction") in stack.routes
    assert Route("HEAD", "/s/{token}/{score}", "SurveyPageFunction") in stack.routes


def test_a_queue_feeds_its_function_in_batches_with_partial_failures(stack: Stack) -> None:
    source = next(each for each in stack.sources if each.function == "SendSurveyFunction")

    assert source.queue_name == "afterorder-SendQueue"
    assert (source.batch_size, source.partial_failures) == (10, True)


def test_a_large_stack_lets_more_senders_work_at_once_and_gives_the_rollup_more_memory() -> None:
    large = expand(Path("template.yaml"), public_url=URL, parameters={"Size": "large"})

    source = next(each for each in large.sources if each.function == "SendSurveyFunction")

    assert source.max_concurrency == 60
    assert large.functions["RollupFunction"].memory == 10240


def test_schedules_keep_their_expressions_in_utc(stack: Stack) -> None:
    expressions = {each.function: (each.expression, each.timezone) for each in stack.schedules}

    assert expressions == {
        "DispatchFunction": ("rate(1 minute)", "UTC"),
        "FetchOrdersFunction": ("rate(1 hour)", "UTC"),
        "RollupFunction": ("cron(0/15 * * * ? *)", "UTC"),
    }


def test_a_role_grants_what_its_function_needs_and_nothing_beside_it(stack: Stack) -> None:
    dispatch = stack.functions["DispatchFunction"].policies
    table = stack.tables[0].arn

    assert allows(dispatch, "dynamodb:Query", f"{table}/index/due")
    assert not allows(dispatch, "dynamodb:UpdateItem", table)


def test_references_get_the_values_that_cloudformation_gives(tmp_path: Path) -> None:
    assert parameter_value(tmp_path, "!GetAtt Orders.Arn") == "arn:aws:sqs:eu-central-1:123456789012:acme-Orders"
    assert parameter_value(tmp_path, "!Ref Orders") == "https://sqs.eu-central-1.amazonaws.com/123456789012/acme-Orders"
    assert (
        parameter_value(tmp_path, "!Sub '${AWS::StackName}/${Orders.QueueName}/${!kept}'") == "acme/acme-Orders/${kept}"
    )
    assert parameter_value(tmp_path, "!Join ['-', [a, !Ref 'AWS::Region']]") == "a-eu-central-1"
    assert parameter_value(tmp_path, "!Select [1, !Split [',', 'tent,stove']]") == "stove"


def test_a_condition_chooses_by_a_parameter(tmp_path: Path) -> None:
    head = "Parameters: {Mode: {Type: String, Default: quiet}}\nConditions: {Loud: !Equals [!Ref Mode, loud]}"

    assert parameter_value(tmp_path, "!If [Loud, shout, whisper]", head) == "whisper"
    assert parameter_value(tmp_path, "!If [Loud, shout, whisper]", head, Mode="loud") == "shout"


@pytest.mark.parametrize(
    ("resource", "named"),
    [
        ("Cache: {Type: AWS::ElastiCache::CacheCluster}", "AWS::ElastiCache::CacheCluster"),
        ("Orders: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}", "FifoQueue"),
        ("Orders: {Type: AWS::SQS::Queue, Properties: {QueueName: !ImportValue orders}}", "Fn::ImportValue"),
        ("Orders: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref Missing}}", "Missing"),
        (
            "A: {Type: AWS::SNS::Topic}\n  B: {Type: AWS::SQS::Queue, Properties: {QueueName: !GetAtt A.Colour}}",
            "Colour",
        ),
        ("Orders: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref 'AWS::NotificationARNs'}}", "NotificationARNs"),
    ],
)
def test_what_is_not_known_is_refused_by_name(tmp_path: Path, resource: str, named: str) -> None:
    with pytest.raises(NotInterpreted, match=named):
        expand(small(tmp_path, f"  {resource}"), public_url=URL)


def test_a_parameter_that_the_template_does_not_have_is_refused() -> None:
    with pytest.raises(NotInterpreted, match="Colour"):
        expand(Path("template.yaml"), public_url=URL, parameters={"Colour": "green"})


def test_an_alias_stands_for_its_function_for_there_is_one_version_here(stack: Stack) -> None:
    aliases = [each for each in stack.of_type("AWS::Lambda::Alias") if each.properties["Name"] == "live"]

    assert len(aliases) == 2
    assert Route("GET", "/s/{token}/{score}", "SurveyPageFunction") in stack.routes


def test_a_canary_and_a_snapshot_change_nothing_here(stack: Stack) -> None:
    asked = {"CanaryDeployment": "true", "PageSnapStart": "true", "DailyMailsExpected": "false"}

    expanded = expand(Path("template.yaml"), public_url=URL, parameters=asked)

    assert expanded.routes == stack.routes
