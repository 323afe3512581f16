"""The bucket: day files, totals and reports, each written only over the version that was read."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from botocore.exceptions import ClientError

from cx_domain.errors import Conflict
from infra.aws.troubles import as_trouble, code_of, status_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LONGEST_PRESIGNED = 300
"""Seconds. A signed address dies with the function's own credentials, which may be hours or minutes away."""
# 409 is S3's answer to some conditional writes at once, 404 its answer to If-Match where nothing is any more.
NOT_FOUND = 404
_LOST_RACES = {NOT_FOUND, 409, 412}


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as it was read; `etag` names exactly this version of it."""

    body: bytes
    etag: str


class Files:
    """One bucket of one client."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def read(self, key: str) -> Stored | None:
        """Read a file; None when there is none."""
        with as_trouble("GetObject"):
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=key)
            except ClientError as error:
                if code_of(error) in {"NoSuchKey", "404"}:
                    return None
                raise
            return Stored(answer["Body"].read(), answer["ETag"])

    def has(self, key: str) -> bool:
        """Say whether there is such a file."""
        with as_trouble("HeadObject"):
            try:
                self._client.head_object(Bucket=self._bucket, Key=key)
            except ClientError as error:
                if status_of(error) == NOT_FOUND:
                    return False
                raise
        return True

    def write(self, key: str, body: bytes, if_match: str | None, content_type: str) -> str:
        """Write a file over the version `if_match`, or where there is none yet (None); its new etag. Raises Conflict."""
        condition: dict[str, Any] = {"IfNoneMatch": "*"} if if_match is None else {"IfMatch": if_match}
        with as_trouble("PutObject"):
            try:
                answer = self._client.put_object(
                    Bucket=self._bucket, Key=key, Body=body, ContentType=content_type, **condition
                )
            except ClientError as error:
                if status_of(error) in _LOST_RACES and code_of(error) != "NoSuchBucket":
                    raise Conflict(f"{key} was written by somebody else") from error
                raise
        return answer["ETag"]

    def put(self, key: str, body: bytes, content_type: str) -> str:
        """Write a file whatever stood there: for a report, which is made anew from totals each time; its new etag."""
        with as_trouble("PutObject"):
            return self._client.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType=content_type)["ETag"]

    def delete(self, key: str) -> None:
        """Remove a file, if there is one."""
        with as_trouble("DeleteObject"):
            self._client.delete_object(Bucket=self._bucket, Key=key)

    def presign(self, key: str, filename: str | None, seconds: int = LONGEST_PRESIGNED) -> str:
        """Sign a download address that lives at most five minutes. With a file name it is saved, without one it is shown."""
        asked: dict[str, Any] = {"Bucket": self._bucket, "Key": key}
        if filename is not None:
            asked["ResponseContentDisposition"] = f"attachment; filename*=UTF-8''{quote(filename, safe='')}"
        with as_trouble("presign"):
            return self._client.generate_presigned_url(
                "get_object", Params=asked, ExpiresIn=min(seconds, LONGEST_PRESIGNED)
            )

    def list(self, prefix: str) -> Iterator[str]:
        """List the keys that begin so, in their order."""
        with as_trouble("ListObjectsV2"):
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix):
                for entry in page.get("Contents", ()):
                    yield entry["Key"]
