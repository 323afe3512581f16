"""What each function may do by its policies, and what it does while a shop's life is played: both as actions on resources."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from types import FrameType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from infra.aws import clients
from infra.local.calls import CallReader, Request
from infra.local.expansion import ACCOUNT, REGION, expand
from infra.local.policies import MANAGED, allows
from infra.local.stack import Function, Statement
from tests.template import TEMPLATE, functions

LAMBDA_ITSELF = {action for statements in MANAGED.values() for statement in statements for action in statement.actions}
"""Actions of the managed policies: Lambda writes the logs and empties the queues, with its function's role."""


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """One action on one resource, as a statement of a function's policies allows it."""

    function: str
    action: str
    resource: str
    prefixes: tuple[str, ...] | None = None

    @property
    def of(self) -> str:
        """The resource in short, as in a template: without the account and the stack's name."""
        name = self.resource.removeprefix("arn:aws:").split(":", 4)[-1].split(":")[-1]
        short = name.replace(f"-{ACCOUNT}", "").replace("/afterorder/afterorder", "").replace("afterorder-", "")
        return short + (f" ({', '.join(self.prefixes)})" if self.prefixes else "")


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """One action that a call needed; on any one of `resources`. `prefix` is what a list was asked to begin with."""

    function: str
    action: str
    resources: tuple[str, ...]
    prefix: str | None = None


@cache
def deployed() -> Mapping[str, Function]:
    """Every function as the template deploys it, by the name of its file."""
    by_handler = {
        each.handler: each for each in expand(TEMPLATE, public_url="https://ask.acme.example").functions.values()
    }
    return {name: by_handler[given["Handler"]] for name, given in functions().items()}


def granted() -> list[Grant]:
    """What the functions' own policies allow; the managed policies, which Lambda itself needs, are not among it."""
    return sorted(
        Grant(name, action, resource, statement.prefixes)
        for name, function in deployed().items()
        for statement in function.policies
        if statement.resources != ("*",) or not set(statement.actions) <= LAMBDA_ITSELF
        for action in statement.actions
        for resource in statement.resources
    )


def uses_of(grant: Grant, used: set[Use]) -> int:
    """Count the different calls that needed just this."""
    statement = Statement("Allow", (grant.action,), (grant.resource,), grant.prefixes)
    return sum(
        use.function == grant.function
        and any(allows([statement], use.action, resource, use.prefix) for resource in use.resources)
        for use in used
    )


def is_allowed(use: Use) -> bool:
    """Say whether the calling function's policies allow it."""
    policies = deployed()[use.function].policies
    return any(allows(policies, use.action, resource, use.prefix) for resource in use.resources)


@dataclass(slots=True)
class Watch:
    """Hears each call on its way to AWS, and reads it as the local stack's guard does."""

    bucket: str
    used: set[Use] = field(default_factory=set)
    actions: list[str] = field(default_factory=list)
    """Each action that was needed, in order, with its repetitions."""
    _last: str | None = None

    def hear(self, request: Any, **_: Any) -> None:
        """Note a call that a function makes; what the test itself does is passed over."""
        function = self._calling()
        if function is None:
            return
        call = CallReader(REGION, ACCOUNT).read(_read(request, self.bucket))
        assert call is not None, request.url
        for action, *resources in call.needs:
            self.actions.append(action)
            self.used.add(Use(function, action, tuple(resources), call.parameters.get("Prefix")))

    def _calling(self) -> str | None:
        """Find the function whose handler runs; a thread that a handler started works for the one that ran last."""
        frame: FrameType | None = sys._getframe()  # noqa: SLF001 - there is no other way to see who calls
        outermost: str | None = None
        threaded = False
        while frame is not None:
            module = frame.f_globals.get("__name__", "")
            if module.startswith("functions.") and frame.f_code.co_name == "handler":
                outermost = module.removeprefix("functions.")
            threaded |= module == "concurrent.futures.thread"
            frame = frame.f_back
        if outermost is None and threaded:
            return self._last
        self._last = outermost
        return outermost


_HEARD: set[Use] = set()


def heard() -> set[Use]:
    """What was heard in this process so far."""
    return _HEARD


@contextmanager
def watching(bucket: str) -> Iterator[Watch]:
    """Hear every call of every client."""
    watch = Watch(bucket)
    makers: tuple[Callable[[], Any], ...] = (
        clients.dynamodb,
        clients.s3,
        clients.sqs,
        clients.ssm,
        clients.sesv2,
        clients.sesv2_reader,
    )
    for make in makers:
        make().meta.events.register_first("before-send", watch.hear, unique_id="watch")
    try:
        yield watch
    finally:
        for make in makers:
            make().meta.events.unregister("before-send", unique_id="watch")
        _HEARD.update(watch.used)


def _read(request: Any, bucket: str) -> Request:
    """The request as the guard would see it; the bucket by the name that the template gives it."""
    parts = urlsplit(request.url)
    headers = {
        name.lower(): value.decode() if isinstance(value, bytes) else str(value)
        for name, value in request.headers.items()
    }
    body = request.body or b""
    path = parts.path if not parts.netloc.startswith(f"{bucket}.") else f"/{bucket}{parts.path}"
    named = path.replace(f"/{bucket}", f"/{_bucket_name()}", 1)
    return Request(
        request.method,
        named,
        dict(parse_qsl(parts.query, keep_blank_values=True)),
        headers,
        bytes(body) if not hasattr(body, "read") else b"",
    )


@cache
def _bucket_name() -> str:
    return deployed()["rollup"].environment["AFTERORDER_BUCKET"]
