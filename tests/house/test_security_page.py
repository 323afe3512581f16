"""The threat model names tests that there are, and what each function may do is what the template allows."""

import ast
import re
from collections import defaultdict

import pytest

from infra.local.policies import MANAGED
from tests.functions.permissions import deployed, granted
from tests.house.sources import ROOT
from tests.template import TEMPLATE, resources, sized

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", PAGE)
LITERAL_STAR = re.compile(r"^\s*Resource: \"\*\"$")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading."""
    section = PAGE.split(f"{heading}\n", 1)[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[1:]]


@pytest.mark.parametrize(("file", "name"), sorted(set(NAMED)))
def test_every_test_that_the_page_names_is_there(file: str, name: str) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))

    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_threat_is_held_by_a_test() -> None:
    threats = rows("# Who could want what, and what stops them")

    assert len(threats) > 20
    assert [threat for threat, _, held in threats if "::test_" not in held] == []


def test_the_page_says_what_each_function_may_do_and_what_for() -> None:
    allowed: dict[tuple[str, str], set[str]] = defaultdict(set)
    for grant in granted():
        allowed[grant.function, grant.of].add(grant.action)

    table = rows("## What each function may do")

    told = {(name.strip("`"), of.strip("`")): set(re.findall(r"`([^`]+)`", may)) for name, may, of, _ in table}
    assert told == allowed
    assert [row for row in table if not row[3].strip(" |")] == []


def test_the_page_says_which_managed_policies_every_function_brings_with_what_they_allow() -> None:
    attached = {
        name
        for function in deployed().values()
        for name, statements in MANAGED.items()
        if set(statements) <= set(function.policies)
    }

    table = {
        name.strip("`"): set(re.findall(r"`([^`]+)`", may)) for name, may, _ in rows("## What Lambda itself may do")
    }

    assert table == {name: {action for each in MANAGED[name] for action in each.actions} for name in attached}
    assert [row for row in rows("## What Lambda itself may do") if not row[2].strip(" |")] == []


def test_a_star_alone_has_its_reason_beside_it() -> None:
    lines = TEMPLATE.read_text(encoding="utf-8").splitlines()

    stars = [number for number, line in enumerate(lines) if LITERAL_STAR.match(line)]

    assert stars
    unexplained = [
        number + 1
        for number in stars
        if "#" not in "".join(lines[number - 2 : number]) and "Effect: Deny" not in "".join(lines[number - 4 : number])
    ]
    assert unexplained == []


def test_the_front_door_is_throttled() -> None:
    for api in resources("AWS::Serverless::HttpApi").values():
        assert sized(api["DefaultRouteSettings"]["ThrottlingRateLimit"]) <= 200
        assert sized(api["DefaultRouteSettings"]["ThrottlingBurstLimit"]) <= 500


def test_the_bucket_and_every_queue_are_reached_over_tls_alone() -> None:
    policies = [*resources("AWS::SQS::QueuePolicy").values(), *resources("AWS::S3::BucketPolicy").values()]
    covered = {
        target["Ref"]
        for policy in policies
        if any(_denies_plain(statement) for statement in policy["PolicyDocument"]["Statement"])
        for target in policy.get("Queues", [policy.get("Bucket")])
    }

    assert covered == {*resources("AWS::SQS::Queue"), *resources("AWS::S3::Bucket")}


def test_no_object_can_become_public() -> None:
    for bucket in resources("AWS::S3::Bucket").values():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}


def _denies_plain(statement: dict[str, object]) -> bool:
    condition = {"Bool": {"aws:SecureTransport": "false"}}
    return statement["Effect"] == "Deny" and statement["Principal"] == "*" and statement["Condition"] == condition
