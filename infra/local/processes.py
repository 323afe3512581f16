"""Functions as Lambda runs them: a process each, started at the first event, at most N of them, one event at a time."""

import os
import queue
import sys
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local.runtime_api import Channel, FaultSource, Invocation, Result, RuntimeApi, as_bytes, failed
from infra.local.spawning import Program, Spawner, spawner
from infra.local.stack import Function
from infra.local.virtual_clock import real_milliseconds

MOST_START_SECONDS = 60
"""Lambda gives ten to the loading of a function's code; a busy laptop is slower."""

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all functions of one stack have in common. `code` is the folder that the template's CodeUri names."""

    endpoint: str
    region: str
    clock_file: Path
    logs: Path
    code: Path
    fault_flag: Path


def environment(function: Function, where: Surroundings, runtime_api: str) -> dict[str, str]:
    """Give what Lambda gives and what the template gives, and nothing of the operator's own."""
    python = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return {
        "PATH": os.defpath,
        "LANG": "en_US.UTF-8",
        "TZ": "UTC",
        "PYTHONPATH": os.pathsep.join(dict.fromkeys([str(where.code), str(PROJECT)])),
        "_HANDLER": function.handler,
        "LAMBDA_TASK_ROOT": str(where.code),
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{python}",
        "AWS_LAMBDA_FUNCTION_NAME": function.physical_name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.physical_name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "local",
        "AWS_LAMBDA_RUNTIME_API": runtime_api,
        "AWS_REGION": where.region,
        "AWS_DEFAULT_REGION": where.region,
        "AWS_ACCESS_KEY_ID": function.access_key,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_ENDPOINT_URL": where.endpoint,
        # The files of whoever runs this must not lend a function other rights, or another region.
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AFTERORDER_CLOCK_FILE": str(where.clock_file),
        **function.environment,
    }


class _Process:
    """One process of one function. After an error of its own it is not used again."""

    def __init__(self, function: Function, where: Surroundings, api: RuntimeApi, spawner: Spawner) -> None:
        self.function = function
        self.channel = Channel(uuid.uuid4().hex)
        self._api = api
        api.channels[self.channel.key] = self.channel
        self._started = spawner.start(self._program(where))
        threading.Thread(target=self._watch, name=f"watch-{function.name}", daemon=True).start()

    def _program(self, where: Surroundings) -> Program:
        runtime_api = f"{self._api.address}/{self.channel.key}"
        return Program(
            handler=self.function.handler,
            runtime_api=runtime_api,
            environment=environment(self.function, where, runtime_api),
            code=where.code,
            log=where.logs / f"{self.function.name}.log",
            flag=where.fault_flag,
        )

    def _watch(self) -> None:
        status = self._started.wait()
        self.channel.fail(failed("Runtime.ExitError", f"Runtime exited with error: exit status {status}"))
        self.channel.close()
        self._api.channels.pop(self.channel.key, None)

    def invoke(self, event: bytes) -> Result:
        """Run one event to its answer or its deadline, which counts from when the code is loaded."""
        if not self.channel.ready.wait(MOST_START_SECONDS):
            self.kill()
            return failed("Sandbox.Timedout", f"Error: Init timed out after {MOST_START_SECONDS} seconds")
        request_id = str(uuid.uuid4())
        deadline = real_milliseconds() + self.function.timeout * 1000
        self.channel.give(Invocation(request_id, self.function.arn, deadline, event))
        try:
            return self.channel.answers.get(timeout=self.function.timeout)
        except queue.Empty:
            self.kill()
            seconds = f"{self.function.timeout:.2f}"
            return failed("Sandbox.Timedout", f"RequestId: {request_id} Error: Task timed out after {seconds} seconds")

    @property
    def alive(self) -> bool:
        return not self.channel.broken

    def kill(self) -> None:
        self.channel.broken = True
        self._started.kill()
        self._started.wait()


class _Pool:
    """The processes of one function; whoever comes while all are busy waits."""

    def __init__(self, start: Callable[[], _Process], most: int) -> None:
        self._start = start
        self._room = threading.BoundedSemaphore(most)
        self._lock = threading.Lock()
        self._idle: list[_Process] = []
        self._all: list[_Process] = []

    def invoke(self, event: bytes) -> Result:
        with self._room:
            process = self._take()
            result = process.invoke(event)
            if process.alive:
                self._idle.append(process)
            return result

    def _take(self) -> _Process:
        with self._lock:
            while self._idle:
                process = self._idle.pop()
                if process.alive:
                    return process
            process = self._start()
            self._all = [other for other in self._all if other.alive] + [process]
            return process

    def stop(self) -> None:
        for process in self._all:
            process.kill()


class Functions:
    """All functions of a stack, by logical id, ready to be invoked from any thread."""

    def __init__(
        self,
        functions: Mapping[str, Function],
        where: Surroundings,
        fault: FaultSource,
        *,
        concurrency: int = 1,
        started_by: Spawner | None = None,
    ) -> None:
        where.logs.mkdir(parents=True, exist_ok=True)
        self._api = RuntimeApi(fault)
        self._spawner = started_by or spawner()

        def pool(function: Function) -> _Pool:
            return _Pool(lambda: _Process(function, where, self._api, self._spawner), concurrency)

        self._pools = {name: pool(function) for name, function in functions.items()}

    def start(self) -> None:
        self._api.start()

    def invoke(self, function: str, event: Mapping[str, Any] | bytes) -> Result:
        """Run a function as Lambda's Invoke does. KeyError if the stack has no function of that logical id."""
        return self._pools[function].invoke(as_bytes(event))

    def stop(self) -> None:
        """End every process, also in the middle of an event."""
        for pool in self._pools.values():
            pool.stop()
        self._spawner.stop()
        self._api.stop()
