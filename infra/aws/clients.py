"""One boto3 client for each service, made when it is first needed, with time-outs shorter than a function's own.

botocore's standard retries are safe for everything that our conditions or natural keys make repeatable. SendEmail is neither.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient


def _config(connect: float, read: float, attempts: int) -> Config:
    retries = {"mode": "standard", "total_max_attempts": attempts}
    return Config(connect_timeout=connect, read_timeout=read, retries=retries)  # type: ignore[arg-type]  # the stubs want a TypedDict


@lru_cache(maxsize=1)
def dynamodb() -> "DynamoDBClient":
    return boto3.client("dynamodb", config=_config(connect=1, read=2, attempts=3))


@lru_cache(maxsize=1)
def s3() -> "S3Client":
    # Version 4 also where botocore would still sign download addresses as version 2 does.
    versioned = Config(signature_version="s3v4")
    return boto3.client("s3", config=_config(connect=2, read=10, attempts=3).merge(versioned))


@lru_cache(maxsize=1)
def sqs() -> "SQSClient":
    return boto3.client("sqs", config=_config(connect=1, read=5, attempts=3))


@lru_cache(maxsize=1)
def ssm() -> "SSMClient":
    return boto3.client("ssm", config=_config(connect=1, read=3, attempts=3))


@lru_cache(maxsize=1)
def sesv2() -> "SESV2Client":
    # SendEmail has no idempotency token: repeating it after a lost answer would mail the customer twice.
    return boto3.client("sesv2", config=_config(connect=3, read=10, attempts=1))


@lru_cache(maxsize=1)
def sesv2_reader() -> "SESV2Client":
    # What is only read may be asked for again, and SES answers some questions once a second.
    return boto3.client("sesv2", config=_config(connect=3, read=10, attempts=6))
