"""An error, as the sentence that an operator can act on."""

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
)
from urllib3.exceptions import HTTPError

from cx_domain.errors import AfterorderError, BadFile, Trouble

REFUSALS = (AfterorderError, BotoCoreError, ClientError, HTTPError)
"""Whatever ends a command with a sentence instead of a traceback."""

_LOCAL = "For a stack on this machine, set the lines that `afterorder local` prints."


def sentence(trouble: Exception) -> str:  # noqa: PLR0911 - one for each
    """Return one sentence (a file: one line for each mistake) for any of `REFUSALS`."""
    match trouble:
        case BadFile():
            return "\n".join(f"{mistake.key}: {mistake.why}" for mistake in trouble.mistakes)
        case Trouble() if isinstance(trouble.__cause__, (BotoCoreError, ClientError)):
            return sentence(trouble.__cause__)
        case AfterorderError():
            return str(trouble)
        case ClientError():
            return _answered(trouble)
        case EndpointConnectionError() | ConnectTimeoutError():
            return f"Nothing answers at {trouble.kwargs.get('endpoint_url')}: is the stack running? {_LOCAL}"
        case NoCredentialsError():
            return f"There are no AWS credentials: sign in, or set AWS_PROFILE. {_LOCAL}"
        case NoRegionError():
            return f"No AWS region is set: set AWS_DEFAULT_REGION. {_LOCAL}"
        case HTTPError():
            return f"The stack's public address does not answer: {trouble}"
        case _:
            return f"{type(trouble).__name__}: {trouble}"


def _answered(trouble: ClientError) -> str:
    error = trouble.response.get("Error", {})
    code, why = error.get("Code", "?"), error.get("Message", "")
    if code.startswith("AccessDenied") or code == "UnauthorizedOperation":
        return f"These credentials may not do {trouble.operation_name}: {why}."
    if code in {"UnrecognizedClientException", "InvalidClientTokenId", "ExpiredToken", "ExpiredTokenException"}:
        return f"AWS does not know these credentials ({code}): sign in again. {_LOCAL}"
    return f"AWS refused {trouble.operation_name}: {code}: {why}"
