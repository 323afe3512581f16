"""The ways in which one AWS call can fail, and the hooks in botocore that let it."""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Final, Literal, get_args

import botocore.endpoint
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, ReadTimeoutError
from botocore.retries.quota import RetryQuota
from moto.core.models import botocore_stubber

from infra.aws import clients
from infra.local.aws_errors import throttled

Way = Literal[
    "refused once",
    "refused",
    "lost once",
    "lost",
    "timed out once",
    "timed out",
    "throttled once",
    "throttled",
    "killed before",
    "killed after",
]
"""`refused`: the call never left. `lost`: it was performed, and its answer never came. `timed out`: it left, was not performed, and
nobody answered. `throttled`: the service's own error. `once` is one attempt, which botocore may repeat; without it, each attempt of
the call. `killed`: the process ends there, before the call or when it was performed."""
WAYS: Final[tuple[Way, ...]] = get_args(Way)
_READS = ("Get", "Head", "List", "Query", "BatchGet")
_OF_READS: Final[tuple[Way, ...]] = ("refused once", "throttled", "killed before")
_OF_WRITES: Final[tuple[Way, ...]] = ("throttled once", "refused", "lost once", "lost", "killed before", "killed after")


def telling(operation: str) -> tuple[Way, ...]:
    """Say which ways tell something new of a call: of a read, nobody sees whether it was performed; and only a mail is not repeated.

    The errors that say no, or say nothing, come to one and the same in our code.
    """
    if operation == "SendEmail":
        return WAYS
    return _OF_READS if operation.startswith(_READS) else _OF_WRITES


class Killed(BaseException):
    """The process is no more. Nothing of ours may catch it."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of an operation, whatever its attempts; how it ended: the status of its last answer, or the error's name."""

    operation: str
    ended: str


class Strikes:
    """Counts the functions' calls; asks `begun` before each, and lets it fail in the way that this says."""

    def __init__(
        self, begun: Callable[[str], Way | None], ended: Callable[[Call], None], stand_ins: Mapping[str, bytes]
    ) -> None:
        self._stand_ins = stand_ins
        self._begun = begun
        self._ended = ended
        self._way: Way | None = None
        self._struck = False
        self._status = ""

    def install(self) -> None:
        """Hang the hooks on all clients; let nobody wait between attempts, and let none be left out for having been repeated too often."""
        botocore.endpoint.time = SimpleNamespace(sleep=lambda _seconds: None)  # type: ignore[attr-defined]
        RetryQuota.acquire = lambda *_: True  # type: ignore[method-assign]
        for client in (clients.dynamodb, clients.s3, clients.sqs, clients.ssm, clients.sesv2, clients.sesv2_reader):
            events = client().meta.events
            service = client().meta.service_model.service_id.hyphenize()
            events.register_first("before-call", self._before_call)
            events.register_first(f"before-send.{service}", self._before_send)  # type: ignore[arg-type]  # the stubs know of no answer
            # moto performs the call at `before-send`; what is registered last comes after it.
            events.register_last("before-send", self._after_performed)
            events.register_last("after-call", self._after_call)
            events.register_last("after-call-error", self._after_call_error)

    def _before_call(self, model: Any, **_: Any) -> None:
        self._struck = False
        self._way = self._begun(model.name)

    def _strikes_now(self) -> bool:
        return self._way is not None and not (self._struck and self._way.endswith("once"))

    def _before_send(self, request: AWSPreparedRequest, event_name: str, **_: Any) -> AWSResponse | None:
        if not self._strikes_now():
            return self._stand_in(event_name, request)
        match self._way:
            case "killed before":
                raise Killed
            case "refused" | "refused once":
                self._struck = True
                raise EndpointConnectionError(endpoint_url=request.url, error="refused")
            case "timed out" | "timed out once":
                self._struck = True
                raise ReadTimeoutError(endpoint_url=request.url, error="timed out")
            case "throttled" | "throttled once":
                botocore_stubber.enabled = False
                self._struck = True
                return _no(request)
            case _:
                return self._stand_in(event_name, request)

    def _stand_in(self, event_name: str, request: AWSPreparedRequest) -> AWSResponse | None:
        """Answer what moto does not know."""
        body = self._stand_ins.get(event_name.rsplit(".", 1)[1])
        if body is None:
            return None
        botocore_stubber.enabled = False
        return AWSResponse(request.url, 200, HTTPHeaders(), _Body(body))

    def _after_performed(self, request: AWSPreparedRequest, **_: Any) -> None:
        botocore_stubber.enabled = True
        if not self._strikes_now():
            return
        match self._way:
            case "killed after":
                raise Killed
            case "lost" | "lost once":
                self._struck = True
                raise ConnectionClosedError(endpoint_url=request.url, request=request)
            case _:
                return

    def _after_call(self, model: Any, http_response: Any, **_: Any) -> None:
        self._end(model.name, str(http_response.status_code))

    def _after_call_error(self, exception: Exception, **_: Any) -> None:
        self._end("", type(exception).__name__)

    def _end(self, operation: str, status: str) -> None:
        self._way = None
        self._ended(Call(operation, status))


def _no(request: AWSPreparedRequest) -> AWSResponse:
    host = request.url.split("/")[2]
    service = next(name for name in ("dynamodb", "s3", "sqs", "ssm", "email") if name in host)
    answer = throttled("ses" if service == "email" else service)
    return AWSResponse(request.url, answer.status, HTTPHeaders.from_dict(dict(answer.headers)), _Body(answer.body))


class _Body(io.BytesIO):
    """A body as urllib3 streams it."""

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self.read()
