"""One function started from its package as Lambda starts it: AWS's runtime client, its own Python, and nothing else on the path."""

import json
import subprocess
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from infra.local.processes import Surroundings, environment
from infra.local.runtime_api import Channel, Invocation, RuntimeApi
from infra.local.stack import Function
from infra.local.virtual_clock import real_milliseconds
from infra.packaging.targets import Target, installed

# -S: what is installed in the interpreter is not there on Lambda either.
START = "import sys; sys.path.append(sys.argv.pop(1)); from awslambdaric.__main__ import main; main(sys.argv)"
SECONDS = 120


@contextmanager
def running(api: RuntimeApi, target: Target, function: Function, where: Surroundings) -> Iterator[Channel]:
    """Start it in the package's folder (`where.code`), and end it."""
    channel = Channel(uuid.uuid4().hex)
    api.channels[channel.key] = channel
    given = environment(function, where, f"{api.address}/{channel.key}") | {"PYTHONPATH": str(where.code)}
    command = [str(target.python), "-S", "-c", START, str(installed(target, "runtime")), function.handler]
    with (where.logs / f"{function.name}.log").open("wb") as log:
        process = subprocess.Popen(command, env=given, cwd=where.code, stdout=log, stderr=log)
    try:
        yield channel
    finally:
        process.kill()
        process.wait()


def answer(channel: Channel, function: Function, event: Mapping[str, Any]) -> Any:
    """Hand it one event; what it answered."""
    deadline = real_milliseconds() + function.timeout * 1000
    channel.give(Invocation(str(uuid.uuid4()), function.arn, deadline, json.dumps(event).encode()))
    result = channel.answers.get(timeout=SECONDS)
    assert result.error is None, result.payload
    return result.json()
