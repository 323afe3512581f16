"""Histories on S3: nothing is lost or torn, whoever writes at the same time, and whoever is erased is gone from every file."""

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import boto3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto import mock_aws

from cx_domain.identities import customer_key, survey_id
from cx_domain.surveys import CustomerKey, Survey
from infra.aws.files import Files
from infra.rollups import histories
from infra.rollups.fold import fold
from infra.rollups.placements import of_surveys
from tests.builders import ACME, KEY, SENT_AT, answered, sent

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

NOW = datetime(2026, 1, 20, 23, tzinfo=UTC)
ALL = "histories/acme/all.jsonl.gz"
BUCKET = "afterorder-acme"
FEW = 4
"""Customers in a file before it comes apart, in these tests."""


class Crashed(Exception):
    """The function was killed."""


class Interrupted(Files):
    """The bucket, for a function that somebody else overtakes, or that is killed, just before one of its writes."""

    def __init__(self, client: "S3Client", before: Mapping[int, Callable[[], None]]) -> None:
        super().__init__(client, BUCKET)
        self._before = dict(before)
        self._writes = 0

    def write(self, key: str, body: bytes, if_match: str | None, content_type: str) -> str:
        self._writes += 1
        self._before.pop(self._writes, lambda: None)()
        return super().write(key, body, if_match, content_type)


@pytest.fixture(scope="module")
def s3() -> Iterator["S3Client"]:
    with mock_aws():
        client = boto3.client(
            "s3", region_name="eu-central-1", aws_access_key_id="stand-in", aws_secret_access_key="stand-in"
        )
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        yield client
        client.close()


@pytest.fixture
def files(s3: "S3Client") -> Files:
    files = Files(s3, BUCKET)
    for key in list(files.list("")):
        files.delete(key)
    return files


def survey(number: int, score: int | None = None, buyer: int | None = None) -> Survey:
    """The survey of an order of a buyer's own; sent, and answered if there is a score."""
    order = f"10{number:02}"
    owner = customer_key(KEY, ACME.id, f"buyer-{number if buyer is None else buyer}@shop.example")
    asked = replace(sent(), id=survey_id(KEY, ACME.id, "nps", "order", order), subject_id=order, customer=owner)
    return asked if score is None else answered(asked, score, SENT_AT + timedelta(hours=9))


def surveys(*numbers: int) -> list[Survey]:
    return [survey(number, score=number % 11) for number in numbers]


def keep(files: Files, *told: Survey, most: int = FEW) -> None:
    histories.keep(files, ACME, told, KEY, NOW, most=most)


def everything(files: Files) -> dict[str, bytes]:
    found = {key: files.read(key) for key in files.list("histories/")}
    return {key: stored.body for key, stored in found.items() if stored is not None}


def known(files: Files) -> dict[CustomerKey, tuple[list[str], list[str]]]:
    """By customer, the orders and the answers that a report would see; nobody stands in two files."""
    found = list(histories.read(files, ACME.id))
    assert len({history.customer for history in found}) == len(found)
    return {
        history.customer: ([order.id for order in history.orders], [answer.survey for answer in history.answers])
        for history in found
    }


def whole(*told: Survey) -> dict[CustomerKey, int]:
    """By customer, how many orders there must be."""
    owners = [one.customer for one in told if one.customer is not None]
    return {owner: owners.count(owner) for owner in owners}


def orders(files: Files) -> dict[CustomerKey, int]:
    return {customer: len(bought) for customer, (bought, _) in known(files).items()}


# --- one file ----------------------------------------------------------------------------------------------------------


def test_a_small_shop_has_one_file(files: Files) -> None:
    keep(files, *surveys(1, 2, 3))

    assert list(everything(files)) == [ALL]
    assert orders(files) == whole(*surveys(1, 2, 3))


def test_an_answer_is_known_with_its_order(files: Files) -> None:
    keep(files, survey(1, score=9))

    ((bought, said),) = known(files).values()
    assert (len(bought), said) == (1, [survey(1).id])


def test_a_night_in_which_nothing_changed_writes_nothing(files: Files, s3: "S3Client") -> None:
    keep(files, *surveys(1, 2, 3))

    def nothing_more() -> None:
        raise AssertionError("written although nothing changed")

    keep(Interrupted(s3, {1: nothing_more}), *surveys(3, 1))


def test_a_shop_of_whose_customers_nothing_is_known_has_no_file(files: Files) -> None:
    keep(files, replace(survey(1), customer=None))

    assert everything(files) == {}
    assert known(files) == {}


def test_a_file_holds_no_address_and_no_name(files: Files) -> None:
    keep(files, survey(1, score=9))

    text = gzip.decompress(everything(files)[ALL]).decode().lower()
    assert "@" not in text
    assert "anna" not in text


def test_an_order_that_was_refunded_leaves(files: Files) -> None:
    keep(files, survey(1), survey(2))
    refunded = replace(survey(1), order=replace(survey(1).order, standing="refunded"))

    keep(files, refunded)

    assert orders(files) == whole(survey(2))


def test_an_order_that_turns_out_to_be_somebody_elses_changes_hands(files: Files) -> None:
    refused = replace(survey(1, buyer=1), stage="refused", reason="cancelled", sent_at=None, refused_at=SENT_AT)
    keep(files, refused)
    fold(files, ACME, of_surveys([refused], ACME))

    keep(files, replace(survey(1, buyer=2), refused_at=SENT_AT))

    assert orders(files) == whole(survey(1, buyer=2))


def test_what_is_older_than_the_shop_keeps_leaves_all_files_with_the_month(files: Files) -> None:
    keep(files, *surveys(*range(9)))
    later = NOW + ACME.reports.retention

    histories.drop_old(files, ACME, later - timedelta(days=31), later)

    assert known(files) == {}


def test_within_a_month_nobody_reads_every_file_for_that(files: Files) -> None:
    keep(files, *surveys(*range(9)))
    later = NOW + ACME.reports.retention

    histories.drop_old(files, ACME, later - timedelta(days=1), later)
    histories.drop_old(files, ACME, None, later)

    assert len(known(files)) == 9


# --- many files --------------------------------------------------------------------------------------------------------


def test_a_file_with_too_many_customers_comes_apart(files: Files) -> None:
    keep(files, *surveys(*range(9)))

    stored = everything(files)
    assert b"parts" in gzip.decompress(stored.pop(ALL))
    assert len(stored) > 1
    assert orders(files) == whole(*surveys(*range(9)))


def test_a_part_with_too_many_customers_comes_apart_too(files: Files) -> None:
    told = surveys(*range(90))

    keep(files, *told)
    keep(files, *told)

    assert any(key.count("/") > 5 for key in everything(files))
    assert orders(files) == whole(*told)


def test_in_parts_a_change_touches_its_own_file_only(files: Files) -> None:
    keep(files, *surveys(*range(9)))
    before = everything(files)

    keep(files, survey(3, score=0))

    after = everything(files)
    assert len([key for key in after if after[key] != before[key]]) == 1
    assert orders(files) == whole(*surveys(*range(9)))


def test_an_order_in_parts_changes_hands_too(files: Files) -> None:
    refused = replace(survey(1, buyer=1), stage="refused", reason="cancelled", sent_at=None, refused_at=SENT_AT)
    keep(files, refused, *surveys(*range(2, 12)))
    fold(files, ACME, of_surveys([refused], ACME))

    keep(files, replace(survey(1, buyer=50), refused_at=SENT_AT))

    assert orders(files) == whole(survey(1, buyer=50), *surveys(*range(2, 12)))


UPSERTS = st.lists(st.lists(st.integers(0, 30), min_size=1, max_size=8), min_size=1, max_size=6)


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(UPSERTS)
def test_whatever_comes_in_whatever_nights_the_parts_together_are_the_whole(
    files: Files, nights: list[list[int]]
) -> None:
    for key in list(files.list("")):
        files.delete(key)
    for night in nights:
        keep(files, *surveys(*night))
        keep(files, *surveys(*night))

    assert orders(files) == whole(*surveys(*{number for night in nights for number in night}))


# --- at the same time --------------------------------------------------------------------------------------------------


def test_two_rollups_at_once_lose_nothing(files: Files, s3: "S3Client") -> None:
    keep(files, *surveys(1))
    overtaken = Interrupted(s3, {1: lambda: keep(files, *surveys(2))})

    keep(overtaken, *surveys(3))

    assert orders(files) == whole(*surveys(1, 2, 3))


@pytest.mark.parametrize("before_write", [1, 2, 3, 6, 8, 9, 10])
def test_whoever_writes_while_a_file_comes_apart_is_not_forgotten(
    files: Files, s3: "S3Client", before_write: int
) -> None:
    keep(files, *surveys(*range(4)))
    overtaken = Interrupted(s3, {before_write: lambda: keep(files, survey(20, score=3), survey(0, score=10))})

    keep(overtaken, *surveys(*range(4, 9)))
    keep(files, survey(20, score=3), survey(0, score=10))  # what the overtaker was to do, if it never came to it

    assert orders(files) == whole(*surveys(*range(9)), survey(20))


@pytest.mark.parametrize("before_write", [1, 2, 3, 6, 8, 9, 10])
def test_two_rollups_can_take_the_same_file_apart_at_once(files: Files, s3: "S3Client", before_write: int) -> None:
    keep(files, *surveys(*range(4)))
    overtaken = Interrupted(s3, {before_write: lambda: keep(files, *surveys(*range(9), 30))})

    keep(overtaken, *surveys(*range(9)))

    assert whole(*surveys(*range(9))).items() <= orders(files).items()
    assert {key for key in everything(files) if "/all/" in key} == set(parts_of(files, ALL))


@pytest.mark.parametrize("before_write", [1, 2, 3, 6, 8, 9, 10])
def test_a_rollup_that_is_killed_loses_nothing_that_was_there(files: Files, s3: "S3Client", before_write: int) -> None:
    keep(files, *surveys(*range(4)))

    def killed() -> None:
        raise Crashed

    try:
        keep(Interrupted(s3, {before_write: killed}), *surveys(*range(9)))
    except Crashed:
        assert whole(*surveys(*range(4))).items() <= orders(files).items()
    keep(files, *surveys(*range(9)))

    assert orders(files) == whole(*surveys(*range(9)))


def parts_of(files: Files, key: str) -> list[str]:
    """The files that are in force below this one."""
    stored = files.read(key)
    if stored is None:
        return []
    told = json.loads(gzip.decompress(stored.body).split(b"\n")[0] or b"{}")
    if "parts" not in told:
        return []
    folder = f"{key.removesuffix('.jsonl.gz')}/{told['parts']}/"
    direct = [name for name in files.list(folder) if "/" not in name.removeprefix(folder)]
    return direct + [below for name in direct for below in parts_of(files, name)]


# --- erasure -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("numbers", [range(3), range(9), range(60)], ids=["one-file", "parts", "parts-of-parts"])
def test_whoever_is_erased_is_gone_from_every_file(files: Files, numbers: range) -> None:
    keep(files, *surveys(*numbers))
    keep(files, *surveys(*numbers))
    anna = survey(1).customer
    assert anna is not None

    histories.forget(files, ACME.id, anna, [])

    assert orders(files) == whole(*[one for one in surveys(*numbers) if one.customer != anna])
    assert all(anna.encode() not in gzip.decompress(body) for body in everything(files).values())


def test_an_erased_customer_leaves_what_a_killed_rollup_left_behind(files: Files, s3: "S3Client") -> None:
    anna = survey(1).customer
    assert anna is not None

    def killed() -> None:
        raise Crashed

    # The file and some of its parts are written, and nobody was told of the parts.
    with pytest.raises(Crashed):
        keep(Interrupted(s3, {9: killed}), *surveys(*range(9)))

    histories.forget(files, ACME.id, anna, [])

    assert len(everything(files)) > 1
    assert all(anna.encode() not in gzip.decompress(body) for body in everything(files).values())


def test_an_erased_survey_is_found_whosever_it_was(files: Files) -> None:
    keep(files, *surveys(*range(9)))

    keep(files, replace(survey(1), stage="erased", customer=None))

    assert orders(files) == whole(*[one for one in surveys(*range(9)) if one.id != survey(1).id])


def test_nobody_comes_back_by_a_survey_that_was_erased(files: Files) -> None:
    keep(files, *surveys(1, 2))

    keep(files, replace(survey(1), stage="erased"))

    assert orders(files) == whole(survey(2))
