"""What the template promises of every function, queue and store, and that functions are given the settings they read."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from infra import settings
from infra.settings import Setting
from tests.house.sources import ROOT, attributes, imports, tree
from tests.template import environment, functions, resources, sized, sizes, template

NAMES = sorted(functions())
OURS = "AFTERORDER_"
SETTINGS = {name: found for name, found in vars(settings).items() if isinstance(found, Setting)}
NOT_FROM_THE_TEMPLATE = {settings.ADOBE_KEYS_URL, settings.CLOCK_FILE, settings.STACK}
"""The local stack's clock, which its runner gives, and a setting of the command line."""
WITHOUT_RESOURCE = {"ses:ListSuppressedDestinations"}
"""Actions for which the Service Authorization Reference names no resource type: only the star allows them."""


def test_functions_run_on_arm_and_python_3_13() -> None:
    everybodys = template()["Globals"]["Function"]

    assert everybodys["Architectures"] == ["arm64"]
    assert everybodys["Runtime"] == "python3.13"
    assert not any({"Architectures", "Runtime", "CodeUri"} & set(own) for own in functions().values())


@pytest.mark.parametrize("name", NAMES)
def test_each_function_has_a_role_of_its_own_made_of_its_own_policies(name: str) -> None:
    assert "Role" not in functions()[name]
    assert functions()[name]["Policies"]


@pytest.mark.parametrize("name", NAMES)
def test_no_function_may_do_everything_or_to_everything(name: str) -> None:
    statements = [statement for policy in functions()[name]["Policies"] for statement in policy["Statement"]]

    for statement in statements:
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        assert not any("*" in action for action in actions)
        assert statement["Resource"] != "*" or set(actions) <= WITHOUT_RESOURCE


def test_every_queue_has_a_dead_letter_queue_except_those() -> None:
    queues = resources("AWS::SQS::Queue")
    redriven_to = {
        name: queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
        for name, queue in queues.items()
        if "RedrivePolicy" in queue
    }

    assert set(queues) - set(redriven_to) == set(redriven_to.values())
    assert len(set(redriven_to.values())) == len(redriven_to)


def test_dead_letters_are_kept_as_long_as_sqs_allows() -> None:
    queues = resources("AWS::SQS::Queue")

    kept = [queue["MessageRetentionPeriod"] for queue in queues.values() if "RedrivePolicy" not in queue]

    assert set(kept) == {14 * 24 * 60 * 60}


@pytest.mark.parametrize("size", sizes())
@pytest.mark.parametrize("name", NAMES)
def test_a_message_stays_hidden_six_times_as_long_as_its_function_may_run_and_its_batch_gathers(
    name: str, size: str
) -> None:
    timeout = sized(functions()[name].get("Timeout", template()["Globals"]["Function"]["Timeout"]), size)
    batches = [event["Properties"] for event in functions()[name]["Events"].values() if event["Type"] == "SQS"]

    # docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    spared = [
        sized(resources("AWS::SQS::Queue")[batch["Queue"]["Fn::GetAtt"][0]]["VisibilityTimeout"], size)
        - batch.get("MaximumBatchingWindowInSeconds", 0)
        for batch in batches
    ]

    assert all(seconds >= 6 * timeout for seconds in spared)


@pytest.mark.parametrize("name", NAMES)
def test_a_batch_reports_which_of_its_messages_failed(name: str) -> None:
    batches = [event["Properties"] for event in functions()[name]["Events"].values() if event["Type"] == "SQS"]

    assert all(batch["FunctionResponseTypes"] == ["ReportBatchItemFailures"] for batch in batches)


@pytest.mark.parametrize("kind", ["AWS::DynamoDB::Table", "AWS::S3::Bucket"])
def test_what_is_kept_outlives_the_stack(kind: str) -> None:
    kept = [resource for resource in template()["Resources"].values() if resource["Type"] == kind]

    assert kept
    assert all(store["DeletionPolicy"] == store["UpdateReplacePolicy"] == "Retain" for store in kept)


def test_every_policy_parameter_and_queue_is_told_by_reference_and_not_by_name() -> None:
    named = {"TableName", "QueueName", "BucketName", "FunctionName", "RoleName", "TopicName"}

    written = {key for resource in template()["Resources"].values() for key in resource.get("Properties", {})}

    assert named & written == set()


# --- settings ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_function_is_given_every_setting_that_it_reads(name: str) -> None:
    needed = {setting.name for setting in _read_by(Path("functions") / f"{name}.py") - NOT_FROM_THE_TEMPLATE}

    assert needed <= set(environment(name))


@pytest.mark.parametrize("name", NAMES)
def test_a_function_is_given_no_setting_that_it_does_not_read(name: str) -> None:
    own: dict[str, Any] = functions()[name]["Environment"]["Variables"]
    read = {setting.name for setting in _read_by(Path("functions") / f"{name}.py")}

    assert {variable for variable in own if variable.startswith(OURS)} <= read


@pytest.mark.parametrize("name", NAMES)
def test_every_variable_of_ours_is_a_setting_of_the_one_table(name: str) -> None:
    known = {setting.name for setting in settings.SETTINGS}

    assert {variable for variable in environment(name) if variable.startswith(OURS)} <= known


def test_the_table_of_settings_holds_them_all() -> None:
    assert set(settings.SETTINGS) == set(SETTINGS.values())


def _read_by(path: Path) -> set[Setting]:
    """The settings that a function's file reads: itself, by what it imports of infra, and by the adapters that it uses."""
    reached = list(_reached(path, set()))
    used = {use for file in reached for use in attributes(file)}
    named = {use.removeprefix("settings.") for use in used if use.startswith("settings.")}
    named |= {name for use in used if use.startswith("adapters.") for name in _adapters().get(use[9:], set())}
    return {SETTINGS[name] for name in named if name in SETTINGS}


def _reached(path: Path, seen: set[Path]) -> Iterator[Path]:
    if path in seen or path == Path("infra/adapters.py"):
        return
    seen.add(path)
    yield path
    for name in imports(path):
        for file in (Path(*name.split(".")).with_suffix(".py"), Path(*name.split("."), "__init__.py")):
            if name.startswith("infra") and (ROOT / file).exists():
                yield from _reached(file, seen)


@cache
def _adapters() -> dict[str, set[str]]:
    """For each adapter, the settings that it is made with, and those of the adapters that it uses."""
    made = {node.name: node for node in tree(Path("infra/adapters.py")).body if isinstance(node, ast.FunctionDef)}
    names = {name: {use.id for use in ast.walk(node) if isinstance(use, ast.Name)} for name, node in made.items()}

    def settings_of(name: str) -> set[str]:
        own = {use.attr for use in ast.walk(made[name]) if isinstance(use, ast.Attribute) and use.attr in SETTINGS}
        return own.union(*(settings_of(other) for other in names[name] & set(made) - {name}))

    return {name: settings_of(name) for name in made}
