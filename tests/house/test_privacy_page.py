"""The page about people's data names everything that is kept, and nothing else."""

import re
from collections.abc import Iterable
from dataclasses import fields
from typing import Any, get_args

import pytest

from cx_domain.deliveries import KEPT_DAYS, DeliveryDay
from cx_domain.guesses import GuessSubject
from cx_domain.order_fields import FeedbackEvent
from cx_domain.orders import Item, OrderDetails, OrderFacts
from cx_domain.planning import KEPT_WAITING
from cx_domain.readers import ReaderRecord
from cx_domain.sending import KEPT_FOR_A_REPLY
from cx_domain.shops import ReportRule, ShopId
from cx_domain.surveys import Ruling, Survey
from cx_domain.tickets import Ticket
from cx_domain.visits import Reply, Visit
from infra.aws import keys
from infra.aws.customer_table import Customer
from infra.aws.erasure_table import Erased
from tests.house.sources import ROOT
from tests.template import functions, parameter, resources, template

PAGE = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
KEPT: dict[str, tuple[Any, ...]] = {
    "a survey": (Survey, OrderFacts, OrderDetails, Item, Visit, Reply, Ruling),
    "a customer": (Customer,),
    "an erasure": (Erased,),
    "a support case": (Ticket,),
    "feedback from elsewhere": (FeedbackEvent,),
    "a manager": (ReaderRecord,),
    "deliveries of webhooks": (DeliveryDay,),
}


def rows(section: str) -> list[list[str]]:
    """The cells of the table under a heading."""
    body = PAGE.split(f"## {section}\n")[1].split("\n## ")[0]
    lines = [line.strip("|").split("|") for line in body.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line] for line in lines[1:]]


def named(cells: Iterable[str]) -> set[str]:
    """What stands in backticks."""
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


@pytest.mark.parametrize("family", KEPT)
def test_every_attribute_of_a_person_or_of_the_shops_people_is_on_the_page_and_no_other(family: str) -> None:
    told = [row[1] for row in rows("In the table") if row[0] == family or row[0].startswith(f"{family}: ")]

    kept = {one.name for each in KEPT[family] for one in fields(each)}

    assert named(told) == kept


def test_what_managers_guess_is_on_the_page() -> None:
    (told,) = [row[1] for row in rows("In the table") if row[0] == "a manager's guess"]

    assert named([told]) == set(get_args(GuessSubject))


def test_every_folder_of_the_bucket_is_on_the_page() -> None:
    assert [row[0] for row in rows("In the bucket")] == [f"`{folder}/`" for folder in keys.FOLDERS]


def test_every_queue_and_every_log_is_on_the_page() -> None:
    told = named(row[0] for row in rows("Elsewhere"))

    assert told == {*resources("AWS::SQS::Queue"), *resources("AWS::Logs::LogGroup")}


def test_every_parameter_is_on_the_page() -> None:
    (told,) = [row[1] for row in rows("Elsewhere") if row[0] == "the parameter store"]
    names = [*keys.secrets_of("", ShopId("acme")), keys.key_ring(""), keys.operator("")]

    assert named([told]) == {name.removeprefix("/afterorder").split("/")[1] or "operator" for name in names}


def test_the_times_on_the_page_are_those_of_the_code_and_of_the_template() -> None:
    (bucket,) = resources("AWS::S3::Bucket").values()
    old, exports = bucket["LifecycleConfiguration"]["Rules"]

    assert f"{ReportRule().retention.days} days if its file says nothing" in PAGE
    assert f"{KEPT_WAITING.days} days after its last news" in PAGE
    assert f"{KEPT_FOR_A_REPLY.days} days later at most" in PAGE
    assert [row[3] for row in rows("In the table") if row[0] == "deliveries of webhooks"] == [f"{KEPT_DAYS} days"]
    assert f"overwritten or deleted for {old['NoncurrentVersionExpiration']['NoncurrentDays']} days more" in PAGE
    assert [row[2] for row in rows("In the bucket")][-1] == f"{exports['ExpirationInDays']} days"
    assert f"`LogRetentionDays`, {parameter('LogRetentionDays')} if you say nothing" in PAGE
    assert all(
        "MessageRetentionPeriod" not in queue
        for queue in resources("AWS::SQS::Queue").values()
        if "RedrivePolicy" in queue
    )


def test_no_traces_are_made_as_the_page_says() -> None:
    everybodys = template()["Globals"]["Function"]

    assert "Tracing" not in everybodys
    assert not any("Tracing" in function for function in functions().values())
