"""What the bucket's adapter promises: nobody writes over what they have not read."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.stub import Stubber
from moto import mock_aws
from mypy_boto3_s3 import S3Client

from cx_domain.errors import Conflict, Trouble
from infra.aws.files import Files
from tests.contract.backends import STAND_IN_KEYS
from tests.contract.examples import all_at_once

BUCKET = "afterorder-acme"
DAY = "answers/acme/2026-01-05.jsonl.gz"
GZIP = "application/gzip"


@pytest.fixture
def s3() -> Iterator[S3Client]:
    with mock_aws():
        config = Config(signature_version="s3v4", max_pool_connections=32)
        client = boto3.client("s3", config=config, **STAND_IN_KEYS)
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        yield client
        client.close()


@pytest.fixture
def files(s3: S3Client) -> Files:
    return Files(s3, BUCKET)


def test_a_file_that_nobody_wrote_is_not_there(files: Files) -> None:
    assert files.read(DAY) is None


def test_a_file_comes_back_with_the_etag_of_its_version(files: Files) -> None:
    etag = files.write(DAY, b"answers", None, GZIP)

    stored = files.read(DAY)

    assert stored is not None
    assert (stored.body, stored.etag) == (b"answers", etag)


def test_a_new_file_over_one_that_is_there_is_a_conflict(files: Files) -> None:
    files.write(DAY, b"first", None, GZIP)

    with pytest.raises(Conflict):
        files.write(DAY, b"second", None, GZIP)


def test_a_file_is_replaced_by_whoever_read_it_last(files: Files) -> None:
    etag = files.write(DAY, b"first", None, GZIP)

    files.write(DAY, b"second", etag, GZIP)

    with pytest.raises(Conflict):
        files.write(DAY, b"third", etag, GZIP)


def test_a_file_that_was_removed_meanwhile_is_a_conflict(files: Files) -> None:
    etag = files.write(DAY, b"first", None, GZIP)
    files.delete(DAY)

    with pytest.raises(Conflict):
        files.write(DAY, b"second", etag, GZIP)


def test_of_twenty_rollups_at_once_exactly_one_makes_the_day_file(files: Files) -> None:
    def make(place: int) -> bool:
        try:
            files.write(DAY, f"rollup {place}".encode(), None, GZIP)
        except Conflict:
            return False
        return True

    assert all_at_once(20, make).count(True) == 1


def test_of_twenty_rollups_at_once_exactly_one_replaces_the_day_file(files: Files) -> None:
    etag = files.write(DAY, b"first", None, GZIP)

    def change(place: int) -> bool:
        try:
            files.write(DAY, f"rollup {place}".encode(), etag, GZIP)
        except Conflict:
            return False
        return True

    assert all_at_once(20, change).count(True) == 1


def test_the_409_of_s3_is_a_conflict_like_its_412(s3: S3Client, files: Files) -> None:
    with Stubber(s3) as stubbed:
        stubbed.add_client_error("put_object", "ConditionalRequestConflict", http_status_code=409)

        with pytest.raises(Conflict):
            files.write(DAY, b"first", None, GZIP)


def test_a_bucket_that_is_not_there_is_trouble_and_no_conflict(s3: S3Client) -> None:
    with pytest.raises(Trouble, match="PutObject: NoSuchBucket") as caught:
        Files(s3, "no-such-bucket").write(DAY, b"first", None, GZIP)

    assert not isinstance(caught.value, Conflict)


def test_a_report_is_written_whatever_stood_there(files: Files) -> None:
    files.put("reports/acme/2026-W02/report.json", b"{}", "application/json")

    files.put("reports/acme/2026-W02/report.json", b'{"n": 1}', "application/json")

    stored = files.read("reports/acme/2026-W02/report.json")
    assert stored is not None
    assert stored.body == b'{"n": 1}'


def test_a_download_address_lives_five_minutes_at_most_and_names_the_file(files: Files) -> None:
    address = files.presign("reports/acme/2026-W02/report.xlsx", "acme-2026-W02-report.xlsx", 86400)

    asked = parse_qs(urlsplit(address).query)
    assert asked["X-Amz-Expires"] == ["300"]
    assert asked["response-content-disposition"] == ["attachment; filename*=UTF-8''acme-2026-W02-report.xlsx"]


def test_a_report_to_be_read_in_the_browser_is_not_saved(files: Files) -> None:
    address = files.presign("reports/acme/2026-W02/report.html", None)

    assert "response-content-disposition" not in parse_qs(urlsplit(address).query)


def test_a_list_longer_than_a_page_is_read_to_its_end(files: Files, s3: S3Client) -> None:
    first = {"Contents": [{"Key": "reports/acme/1"}], "IsTruncated": True, "NextContinuationToken": "more"}
    second = {"Contents": [{"Key": "reports/acme/2"}], "IsTruncated": False}
    asked = {"Bucket": BUCKET, "Prefix": "reports/acme/"}
    with Stubber(s3) as stubbed:
        stubbed.add_response("list_objects_v2", first, asked)
        stubbed.add_response("list_objects_v2", second, asked | {"ContinuationToken": "more"})

        keys = list(files.list("reports/acme/"))

    assert keys == ["reports/acme/1", "reports/acme/2"]


def test_a_list_holds_what_begins_so_and_nothing_else(files: Files) -> None:
    for key in ("reports/acme/b", "reports/acme/a", "reports/zenith/a"):
        files.put(key, b"", "text/html")

    assert list(files.list("reports/acme/")) == ["reports/acme/a", "reports/acme/b"]


def test_whether_a_file_is_there_is_known_without_reading_it(files: Files) -> None:
    files.put("reports/acme/2026-W02/report.json", b"{}", "application/json")

    assert files.has("reports/acme/2026-W02/report.json")
    assert not files.has("reports/acme/2026-W03/report.json")
