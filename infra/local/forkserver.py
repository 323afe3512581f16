"""A process that has loaded what every function loads, and forks one for each that is wanted: that takes a third of starting anew.

Run as `python -m infra.local.forkserver RUNNER_PID`, never by hand. It reads orders, a line each, and answers with lines: `{"started": 123}`,
and `{"ended": 123, "status": 0}` when that process is no more. Its input's end is its own.
"""

import gc
import importlib
import json
import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infra.local.parents import die_with

LOADED = (
    "aws_lambda_powertools",
    "aws_lambda_powertools.event_handler",
    "aws_lambda_powertools.metrics",
    "aws_lambda_powertools.utilities.batch",
    "boto3",
    "boto3.dynamodb.types",
    "email.message",
    "fractions",
    "jinja2",
    "statistics",
    "tomllib",
    "xml.etree.ElementTree",
    "zoneinfo",
)
"""Libraries that read nothing of a function's environment. Our own code is not among them: a process that is started later has what was changed since."""

ORDERS, ANSWERS = 0, 1
MOST_BYTES = 65_536


class _Server:
    """The loop of the one process, from whose `serve` each forked one returns with its order."""

    def __init__(self) -> None:
        self._children: set[int] = set()
        self._read = b""
        # A signal of a child's end is a byte here, so that one `select` waits for both.
        self._rung, self._bell = os.pipe()
        os.set_blocking(self._bell, False)

    def serve(self) -> dict[str, Any] | None:
        """Give, in a forked process, what it is to run; in this one nothing, when there are no more orders."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._bell)
        while True:
            ready, _, _ = select.select([ORDERS, self._rung], [], [])
            if self._rung in ready:
                os.read(self._rung, MOST_BYTES)
                self._tell_ends()
            if ORDERS in ready:
                more = os.read(ORDERS, MOST_BYTES)
                if not more:
                    return None
                for order in self._orders(more):
                    if "kill" in order:
                        self._kill(order["kill"])
                    elif self._forked():
                        return order

    def _orders(self, more: bytes) -> Iterator[dict[str, Any]]:
        *lines, self._read = (self._read + more).split(b"\n")
        yield from map(json.loads, lines)

    def _forked(self) -> bool:
        child = os.fork()
        if child == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.close(self._rung)
            os.close(self._bell)
            return True
        self._children.add(child)
        _tell({"started": child})
        return False

    def _kill(self, child: int) -> None:
        # One that was waited for is not killed: its number may be another's by now.
        if child in self._children:
            os.kill(child, signal.SIGKILL)

    def _tell_ends(self) -> None:
        while self._children:
            child, status = os.waitpid(-1, os.WNOHANG)
            if child == 0:
                return
            self._children.remove(child)
            _tell({"ended": child, "status": os.waitstatus_to_exitcode(status)})


def _tell(answer: dict[str, int]) -> None:
    os.write(ANSWERS, json.dumps(answer).encode() + b"\n")


def _become(order: dict[str, Any]) -> None:
    """Be what was started anew: with its own environment, log and nothing to read."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    nothing = os.open(os.devnull, os.O_RDONLY)
    log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    for number, file in ((0, nothing), (1, log), (2, log)):
        os.dup2(file, number)
    os.environ.clear()
    os.environ.update(order["environment"])
    time.tzset()


def main(runner: str) -> None:
    die_with(int(runner))
    gc.disable()  # what is loaded here stays
    # Ctrl-C reaches everything that runs in a terminal; it is the runner who ends us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for module in LOADED:
        importlib.import_module(module)
    gc.freeze()
    here = os.getpid()
    order = _Server().serve()
    if order is not None:
        _become(order)
        _run(order, here)


def _run(order: dict[str, Any], parent: int) -> None:
    from infra.local import launcher  # noqa: PLC0415 - AWS's runtime client reads the environment when it is loaded

    gc.enable()
    launcher.run(order["handler"], order["runtime_api"], parent=parent, flag=Path(order["flag"]))


if __name__ == "__main__":
    main(*sys.argv[1:])
