"""Faults on demand: the nth AWS call of the functions fails so, once. `Faults` counts in the runner, `install` strikes in a function."""

import io
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, assert_never, get_args

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, ReadTimeoutError
from botocore.handlers import BUILTIN_HANDLERS
from botocore.httpsession import URLLib3Session
from botocore.session import get_session

from infra.local.aws_errors import throttled

FaultKind = Literal["before", "after", "throttle", "timeout"]
FAULT_KINDS: tuple[FaultKind, ...] = get_args(FaultKind)

SERVICES = ("dynamodb", "lambda", "s3", "sesv2", "sns", "sqs", "ssm")
"""What the template's functions may speak to."""

_UNANSWERED = 1.0
"""Real seconds that a call waits for an answer that does not come."""

Ask = Callable[[str], FaultKind | None]
"""Given an operation's name, says how this call of it fails; it must cost nothing while no fault is armed."""


@dataclass(slots=True)
class _Armed:
    operation: str
    kind: FaultKind
    left: int


@cache
def operations() -> frozenset[str]:
    """Name every operation that a fault can be armed for."""
    session = get_session()
    return frozenset(name for service in SERVICES for name in session.get_service_model(service).operation_names)


class Faults:
    """At most one armed fault. While one is armed the flag file exists, so that nobody asks in vain."""

    def __init__(self, flag: Path) -> None:
        self.flag = flag
        self._lock = threading.Lock()
        self._armed: _Armed | None = None
        flag.unlink(missing_ok=True)

    def arm(self, operation: str, nth: int, kind: FaultKind) -> None:
        """Let the nth call of an operation (`PutItem`), counted from now over all functions, fail."""
        with self._lock:
            self._armed = _Armed(operation, kind, nth)
            self.flag.touch()

    def clear(self) -> None:
        with self._lock:
            self._disarm()

    def strike(self, operation: str) -> FaultKind | None:
        """Count one call; say how it fails, if it is the one."""
        with self._lock:
            if self._armed is None or self._armed.operation != operation:
                return None
            self._armed.left -= 1
            if self._armed.left > 0:
                return None
            kind = self._armed.kind
            self._disarm()
            return kind

    def _disarm(self) -> None:
        self._armed = None
        self.flag.unlink(missing_ok=True)


def install(ask: Ask) -> None:
    """Make boto3 ask before it sends; to be called before this process makes its first client."""

    def before_send(event_name: str, request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
        service, operation = event_name.split(".", 2)[1:]
        return _enact(ask(operation), service, request)

    BUILTIN_HANDLERS.append(("before-send", before_send))


def _enact(kind: FaultKind | None, service: str, request: AWSPreparedRequest) -> AWSResponse | None:
    match kind:
        case None:
            return None
        case "before":
            raise EndpointConnectionError(endpoint_url=request.url, error="refused by an armed fault")
        case "after":
            _perform(request)
            raise ConnectionClosedError(endpoint_url=request.url, request=request)
        case "timeout":
            # As long as somebody needs who wants to kill the process while it waits.
            time.sleep(_UNANSWERED)
            raise ReadTimeoutError(endpoint_url=request.url, error="timed out by an armed fault")
        case "throttle":
            return _throttle(service, request)
        case never:
            assert_never(never)


def _perform(request: AWSPreparedRequest) -> None:
    session = URLLib3Session()
    session.send(request)
    session.close()


def _throttle(service: str, request: AWSPreparedRequest) -> AWSResponse:
    answer = throttled(service.removesuffix("v2"))
    headers = HTTPHeaders.from_dict(dict(answer.headers))
    return AWSResponse(request.url, answer.status, headers, _Body(answer.body))


class _Body(io.BytesIO):
    """A body as urllib3 streams it, which is how botocore reads one."""

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self.read()
