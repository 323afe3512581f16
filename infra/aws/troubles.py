"""AWS's own failures, as the one error that callers know: Trouble. What a call means to refuse is told apart before."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from cx_domain.errors import Trouble


def code_of(error: ClientError) -> str:
    """Read the service's name for what went wrong."""
    return str(error.response.get("Error", {}).get("Code", ""))


def status_of(error: ClientError) -> int:
    """Read the HTTP status of the answer; 0 where there is none."""
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


@contextmanager
def as_trouble(doing: str) -> Iterator[None]:
    """Raise Trouble for whatever AWS, or the way to it, fails at. `doing` is for the log: no keys, no addresses."""
    try:
        yield
    except ClientError as error:
        raise Trouble(f"{doing}: {code_of(error)}") from error
    except (BotoCoreError, HTTPClientError) as error:
        raise Trouble(f"{doing}: {type(error).__name__}") from error
