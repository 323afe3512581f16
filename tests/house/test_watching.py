"""What watches over the stack costs a small shop nothing, and docs/operations.md says what to do about each alarm."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from infra.logs import METRICS
from tests.house.sources import ROOT, files, nodes
from tests.template import functions, resources, template

ALARMS = sorted(resources("AWS::CloudWatch::Alarm"))
PAGE = ROOT / "docs" / "operations.md"
FREE = 10
"""aws.amazon.com/cloudwatch/pricing: ten metrics of one's own and ten metrics in alarms a month are free."""


def watched(alarm: str) -> list[dict[str, Any]]:
    """The metrics that an alarm looks at."""
    properties = resources("AWS::CloudWatch::Alarm")[alarm]
    if "Metrics" not in properties:
        return [dict(properties)]
    return [each["MetricStat"]["Metric"] for each in properties["Metrics"] if "MetricStat" in each]


def ours(metric: dict[str, Any]) -> bool:
    return bool(metric["Namespace"] == {"Ref": "AWS::StackName"})


@cache
def counting(path: Path) -> frozenset[str]:
    """The names that a file counts, where it says them outright."""
    return frozenset(_counted(path))


def _counted(path: Path) -> Iterator[str]:
    for node in nodes(path):
        match node:
            case ast.Call(func=ast.Name("count"), args=[ast.Constant(str(name)), *_]):
                yield name


def test_alarms_look_at_no_more_metrics_than_are_free() -> None:
    assert sum(len(watched(alarm)) for alarm in ALARMS) <= FREE


def test_we_have_no_more_metrics_than_are_free() -> None:
    assert len(METRICS) <= FREE


@pytest.mark.parametrize("name", sorted(METRICS))
def test_a_metric_is_counted_by_one_function_alone(name: str) -> None:
    counted_in = [path for path in files("functions", "infra") if name in counting(path)]

    assert len(counted_in) <= 1
    assert all(path.parts[0] == "functions" for path in counted_in)


@pytest.mark.parametrize("alarm", ALARMS)
def test_an_alarm_on_a_metric_of_ours_looks_at_one_that_there_is(alarm: str) -> None:
    for metric in filter(ours, watched(alarm)):
        assert metric["MetricName"] in METRICS
        assert metric["Dimensions"][0]["Value"] in functions()


@pytest.mark.parametrize("alarm", ALARMS)
def test_an_alarm_says_where_to_read_on(alarm: str) -> None:
    properties = resources("AWS::CloudWatch::Alarm")[alarm]

    assert properties["AlarmDescription"].endswith(f"see docs/operations.md, {alarm}.")
    assert "AlarmTopic" in str(properties["AlarmActions"])


def test_the_page_tells_of_every_alarm_and_of_no_other() -> None:
    told = re.findall(r"^### (\w+Alarm)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(told) == ALARMS


def test_the_page_tells_of_every_metric_and_of_no_other() -> None:
    section = PAGE.read_text(encoding="utf-8").split("## What is counted")[1].split("\n## ")[0]

    assert set(re.findall(r"^\| `([a-z-]+)` \|", section, re.MULTILINE)) == METRICS


def test_the_dashboard_shows_every_metric_of_ours() -> None:
    [dashboard] = resources("AWS::CloudWatch::Dashboard").values()
    body = json.loads(dashboard["DashboardBody"]["Fn::Sub"])
    shown = [line for widget in body["widgets"] for line in widget["properties"]["metrics"]]

    assert {line[1] for line in shown if line[0] == "${AWS::StackName}"} == METRICS
    assert {line[3] for line in shown if line[0] == "${AWS::StackName}"} <= set(functions())


def test_every_queue_and_topic_and_the_bucket_are_reached_over_tls_only() -> None:
    guarded: set[str] = set()
    for kind, holds in (("SQS::QueuePolicy", "Queues"), ("SNS::TopicPolicy", "Topics"), ("S3::BucketPolicy", "Bucket")):
        for policy in resources(f"AWS::{kind}").values():
            demands = [each for each in policy["PolicyDocument"]["Statement"] if each["Sid"] == "OnlyOverTls"]
            assert [each["Effect"] for each in demands] == ["Deny"]
            named = policy[holds] if isinstance(policy[holds], list) else [policy[holds]]
            guarded |= {each["Ref"] for each in named}

    stores = [*resources("AWS::SQS::Queue"), *resources("AWS::SNS::Topic"), *resources("AWS::S3::Bucket")]
    assert guarded == set(stores)


def test_what_is_kept_cannot_be_deleted_by_mistake_and_can_be_put_back() -> None:
    [table] = resources("AWS::DynamoDB::Table").values()

    assert table["DeletionProtectionEnabled"] is True
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


def test_what_costs_more_is_off_unless_it_is_asked_for() -> None:
    assert {name: template()["Parameters"][name]["Default"] for name in ("CanaryDeployment", "PageSnapStart")} == {
        "CanaryDeployment": "false",
        "PageSnapStart": "false",
    }
