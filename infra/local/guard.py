"""The one gate to moto: it knows each caller by its access key, holds functions to their roles, and keeps results before it answers."""

import io
import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from infra.local.aws_errors import Answer, denied, error
from infra.local.calls import Call, CallReader, Request, read_request
from infra.local.capacity import CallCounts
from infra.local.journal import Journal
from infra.local.mailbox import Mailbox, MailRecord
from infra.local.policies import allows
from infra.local.presigned import PresignedAddresses
from infra.local.recording import Before, Recorder, is_known, is_write
from infra.local.stack import Function, Stack

log = logging.getLogger(__name__)

StartResponse = Callable[[str, list[tuple[str, str]]], object]
Invoke = Callable[[str, bytes], tuple[int, bytes, str | None]]
"""Given a function's logical id and a payload: a status, the answer, and the kind of function error, if any."""

STACK_KEY = "LOCALSTACK"
"""The access key of whoever makes the stack's resources: nothing that it does is looked at or kept."""
OPERATOR_KEY = "LOCALOPERATOR"
ACCEPTED = 202


@dataclass(frozen=True, slots=True)
class Hooks:
    """Whom the guard tells of what happened, after it is kept and outside the lock."""

    due_write: Callable[[datetime], None]
    send: Callable[[str], None]
    mail: Callable[[MailRecord], None]


@dataclass(frozen=True, slots=True)
class News:
    """What a call did that somebody waits for: when an item is due that entered the due index, and which queues got a message."""

    due_at: datetime | None
    sent: tuple[str, ...]


@dataclass(slots=True)
class Guard:
    """A WSGI application in front of moto's. `lock` is held by whoever reads or changes the stack's state."""

    stack: Stack
    moto: Any
    journal: Journal
    recorder: Recorder
    counts: CallCounts
    mailbox: Mailbox
    invoke: Invoke
    hooks: Hooks
    presigned: PresignedAddresses
    lock: threading.RLock

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        answer = self._answer(environ, read_request(environ, body))
        phrase = HTTPStatus(answer.status).phrase
        headers = {**answer.headers, "Content-Length": str(len(answer.body))}
        if environ["REQUEST_METHOD"] == "HEAD":
            headers["Content-Length"] = answer.headers.get("Content-Length", "0")
        start_response(f"{answer.status} {phrase}", list(headers.items()))
        return [answer.body]

    def _answer(self, environ: dict[str, Any], request: Request) -> Answer:
        scope = request.credential
        if scope and scope[0] == STACK_KEY:
            with self.lock:
                return _run(self.moto, environ)
        call = CallReader(self.stack.region, self.stack.account).read(request)
        if call is None:
            return error("sns", 501, "NotImplemented", f"The local stack does not know {request.method} {request.path}")
        function = self._function(call.access_key)
        refusal = self._refusal(call, function, expired=self._note(request, call, function))
        return refusal or self._carry_out(call, function, request, environ)

    def _note(self, request: Request, call: Call, function: Function | None) -> bool:
        """Count a function's call and note the time; say whether the request is a pre-signed address that is too old."""
        with self.lock:
            if function is not None:
                self.counts.called(function.name, call.operation)
            expired = self.presigned.expired(request.query)
            self.presigned.mark()
            return expired

    def _carry_out(self, call: Call, function: Function | None, request: Request, environ: dict[str, Any]) -> Answer:
        match call.service:
            case "lambda":
                return self._invoke(call, request)
            case "ses":
                return self._mail(call)
            case _:
                return self._pass_on(call, function, environ)

    def _function(self, access_key: str) -> Function | None:
        return next((each for each in self.stack.functions.values() if each.access_key == access_key), None)

    def _refusal(self, call: Call, function: Function | None, *, expired: bool) -> Answer | None:
        if expired:
            return denied(call.service, "Request has expired")
        if not call.access_key:
            return denied(call.service, "Access Denied")
        if function is None:
            if is_known(call) or call.service in ("lambda", "ses"):
                return None
            text = f"{call.operation}: the local stack's resources come from template.yaml"
            return error(call.service, 501, "NotImplemented", text)
        for action, *resources in call.needs:
            prefix = call.parameters.get("Prefix")
            if not any(allows(function.policies, action, resource, prefix) for resource in resources):
                role = f"arn:aws:sts::{self.stack.account}:assumed-role/{function.physical_name}Role/{function.name}"
                text = f"User: {role} is not authorized to perform: {action} on resource: {resources[0]}"
                log.warning("%s is not authorized to perform %s on %s", function.name, action, resources[0])
                return denied(call.service, f"{text} because no identity-based policy allows the {action} action")
        return None

    def _pass_on(self, call: Call, function: Function | None, environ: dict[str, Any]) -> Answer:
        with self.lock:
            before = self.recorder.before(call) if is_write(call) else None
            answer = _run(self.moto, environ)
            news = self.keep(call, before) if before is not None else None
            if function is not None and call.service == "dynamodb":
                self._bill(function, call, before, answer)
        if news is not None:
            self.tell(news)
        if call.service == "s3" and answer.status == HTTPStatus.NOT_FOUND and function and "Key" in call.parameters:
            return self._hide_absence(call, function, answer)
        return answer

    def keep(self, call: Call, before: Before) -> News:
        """Write what a call changed to the journal, under the lock."""
        self.journal.write(self.recorder.changes(call, before))
        sent = () if call.operation == "ReceiveMessage" else self.recorder.grown_queues(before)
        return News(self.recorder.newly_due(before), tuple(sent))

    def tell(self, news: News) -> None:
        """Tell the runner what happened, outside the lock."""
        if news.due_at is not None:
            self.hooks.due_write(news.due_at)
        for queue in news.sent:
            self.hooks.send(queue)

    def _bill(self, function: Function, call: Call, before: Before | None, answer: Answer) -> None:
        if before is None and answer.status == HTTPStatus.OK:
            self.counts.read(function.name, call, answer.body)
        elif before is not None and (answer.status == HTTPStatus.OK or b"ConditionalCheckFailed" in answer.body):
            self.counts.wrote(function.name, call, before.items)

    def _hide_absence(self, call: Call, function: Function, answer: Answer) -> Answer:
        # Who may not list a bucket is not told what is missing from it (S3 API Reference, GetObject, "Permissions").
        if allows(function.policies, "s3:ListBucket", f"arn:aws:s3:::{call.parameters['Bucket']}"):
            return answer
        return denied("s3", "Access Denied")

    def _mail(self, call: Call) -> Answer:
        with self.lock:
            outcome = self.mailbox.answer(call)
            if outcome.kept:
                self.journal.write(outcome.kept)
        if outcome.mail is not None:
            self.hooks.mail(outcome.mail)
        return outcome.answer

    def _invoke(self, call: Call, request: Request) -> Answer:
        name = str(call.parameters.get("FunctionName", ""))
        function = next((each for each in self.stack.functions.values() if name in _names(each)), None)
        if call.operation != "Invoke":
            return error("lambda", 501, "NotImplemented", f"The local stack does not know Lambda's {call.operation}.")
        if function is None:
            return error("lambda", 404, "ResourceNotFoundException", f"Function not found: {name}")
        if request.headers.get("x-amz-invocation-type", "RequestResponse") == "Event":
            threading.Thread(target=self.invoke, args=(function.name, request.body), daemon=True).start()
            return Answer(ACCEPTED, {}, b"")
        status, payload, function_error = self.invoke(function.name, request.body)
        headers = {"Content-Type": "application/json", "X-Amz-Executed-Version": "$LATEST"}
        return Answer(status, headers | ({"X-Amz-Function-Error": function_error} if function_error else {}), payload)


def _names(function: Function) -> tuple[str, ...]:
    return function.name, function.physical_name, function.arn


def _run(application: Any, environ: Mapping[str, Any]) -> Answer:
    """Call a WSGI application and collect its whole answer."""
    seen: list[tuple[int, dict[str, str]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], _: Any = None) -> None:
        seen.append((int(status.split(maxsplit=1)[0]), dict(headers)))

    chunks = application(environ, start_response)
    body = b"".join(chunks)
    if hasattr(chunks, "close"):
        chunks.close()
    status, headers = seen[-1]
    return Answer(status, headers, body)
