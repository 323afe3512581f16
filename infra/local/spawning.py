"""How the functions' processes are started: on Linux forked from one that has loaded what all of them load, elsewhere each anew."""

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Program:
    """What a process runs: a handler, under the Runtime API at an address, in a folder of code. While `flag` exists, a fault is armed."""

    handler: str
    runtime_api: str
    environment: Mapping[str, str]
    code: Path
    log: Path
    flag: Path


class Started(Protocol):
    """A process."""

    def kill(self) -> None: ...

    def wait(self) -> int:
        """Wait for its end; its exit status, or the negative number of the signal that ended it."""


class Spawner(Protocol):
    """Starts processes that end with this one, also when it is killed."""

    def start(self, program: Program) -> Started: ...

    def stop(self) -> None: ...


def spawner() -> Spawner:
    """Fork where that is safe: what macOS's own libraries do in a forked process is not."""
    return Forks() if sys.platform == "linux" else Anew()


class _Starter:
    """Start processes from one thread that lives on: Linux sends the parent-death signal when the *thread* ends."""

    def __init__(self) -> None:
        self._wanted: queue.SimpleQueue[tuple[Callable[[], subprocess.Popen[bytes]], Future[subprocess.Popen[bytes]]]]
        self._wanted = queue.SimpleQueue()
        threading.Thread(target=self._run, name="process-starter", daemon=True).start()

    def start(self, make: Callable[[], subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
        done: Future[subprocess.Popen[bytes]] = Future()
        self._wanted.put((make, done))
        return done.result()

    def _run(self) -> None:
        while True:
            make, done = self._wanted.get()
            try:
                done.set_result(make())
            except OSError as error:
                done.set_exception(error)


class Anew:
    """Each process is a Python of its own."""

    def __init__(self) -> None:
        self._starter = _Starter()

    def start(self, program: Program) -> Started:
        return self._starter.start(lambda: self._open(program))

    def stop(self) -> None:
        """Each ends with its `kill`."""

    def _open(self, program: Program) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "infra.local.launcher", program.handler, program.runtime_api]
        command += [str(os.getpid()), str(program.flag)]
        with program.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own launcher
                command,
                env=dict(program.environment),
                cwd=program.code,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )


@dataclass(slots=True)
class _Fork:
    """A process that the fork server started."""

    number: int
    server: "Forks"
    ended: Future[int] = field(default_factory=Future)

    def kill(self) -> None:
        self.server.tell({"kill": self.number})

    def wait(self) -> int:
        return self.ended.result()


class Forks:
    """The fork server, started with the first process that is wanted, and anew when it died; all that it forked end with it."""

    def __init__(self) -> None:
        self._starter = _Starter()
        self._lock = threading.Lock()
        self._server: subprocess.Popen[bytes] | None = None
        self._started: queue.SimpleQueue[_Fork | None] = queue.SimpleQueue()

    def start(self, program: Program) -> Started:
        """OSError if the server dies meanwhile."""
        order = {
            "handler": program.handler,
            "runtime_api": program.runtime_api,
            "environment": dict(program.environment),
            "log": str(program.log),
            "flag": str(program.flag),
        }
        with self._lock:
            if self._server is None or self._server.poll() is not None:
                self._server = self._serve(program)
            self._write(self._server, order)
            started = self._started.get()
        if started is None:
            raise ConnectionError("the fork server ended before it started a process")
        return started

    def tell(self, order: Mapping[str, Any]) -> None:
        """Say something to the server, unless it is no more."""
        with self._lock:
            if self._server is not None and self._server.poll() is None:
                self._write(self._server, order)

    def stop(self) -> None:
        with self._lock:
            if self._server is not None:
                self._server.kill()
                self._server.wait()

    def _serve(self, program: Program) -> subprocess.Popen[bytes]:
        # Each has a queue of its own: the last word of one that died is not for the next.
        server, self._started = self._starter.start(lambda: self._open(program)), queue.SimpleQueue()
        threading.Thread(target=self._listen, args=(server, self._started), name="forks", daemon=True).start()
        return server

    def _open(self, program: Program) -> subprocess.Popen[bytes]:
        """Start it with what is the same for all functions: where their code is, and the language of their output."""
        same = {name: program.environment[name] for name in ("PATH", "LANG", "PYTHONPATH")}
        command = [sys.executable, "-m", "infra.local.forkserver", str(os.getpid())]
        return subprocess.Popen(  # noqa: S603 - our own
            command, env=same, cwd=program.code, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def _write(self, server: subprocess.Popen[bytes], order: Mapping[str, Any]) -> None:
        if server.stdin is not None:
            server.stdin.write(json.dumps(order).encode() + b"\n")
            server.stdin.flush()

    def _listen(self, server: subprocess.Popen[bytes], started: "queue.SimpleQueue[_Fork | None]") -> None:
        living: dict[int, _Fork] = {}
        for line in server.stdout or ():
            match json.loads(line):
                case {"started": int(number)}:
                    living[number] = _Fork(number, self)
                    started.put(living[number])
                case {"ended": int(number), "status": int(status)}:
                    living.pop(number).ended.set_result(status)
        status = server.wait()
        for fork in living.values():
            fork.ended.set_result(status)
        started.put(None)
        with self._lock, server:
            """Nobody writes to it any more."""
