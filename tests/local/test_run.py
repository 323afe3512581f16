"""The whole local stack as a program: what it prints, how it stops, what it keeps."""

import json
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
from datetime import datetime
from pathlib import Path
from infra.local.run import LocalStack
stack = LocalStack(Path("template.yaml"), Path(sys.argv[1]), 0, datetime.fromisoformat("2026-01-05T09:00:00Z"))
stack.serve_forever(lambda text: print(text, flush=True))
"""
Stack = subprocess.Popen[str]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[[], Stack]]:
    started: list[Stack] = []

    def started_one() -> Stack:
        command = [sys.executable, "-c", PROGRAM, str(tmp_path / "a folder")]
        stack = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        started.append(stack)
        return stack

    yield started_one
    for stack in started:
        stack.kill()
        stack.communicate()


def lines_until_it_runs(stack: Stack) -> list[str]:
    assert stack.stdout is not None
    lines: list[str] = []
    while not lines or not lines[-1].startswith("afterorder runs at "):
        lines.append(stack.stdout.readline().rstrip("\n"))
        assert lines[-1], "the stack ended before it ran"
    return lines


def ask(address: str, path: str, value: object = None) -> object:
    body = None if value is None else json.dumps(value).encode()
    with urllib.request.urlopen(address + path, body, timeout=60) as answer:  # noqa: S310 - our own address
        return json.load(answer)


def test_the_lines_for_the_shell_come_before_the_address(run: Callable[[], Stack]) -> None:
    *exports, last = lines_until_it_runs(run())

    names = [line.removeprefix("export ").partition("=")[0] for line in exports]
    assert {"AWS_ENDPOINT_URL", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} <= set(names)
    assert any(line.startswith("export AFTERORDER_CLOCK_FILE='") for line in exports), "a path with a space is quoted"
    assert last.endswith("/_local/)")


def test_it_stops_cleanly_when_it_is_asked_to(run: Callable[[], Stack]) -> None:
    stack = run()
    lines_until_it_runs(stack)

    stack.send_signal(signal.SIGTERM)

    assert stack.wait(120) == 0


def test_a_killed_stack_goes_on_at_the_time_where_it_stood(run: Callable[[], Stack]) -> None:
    killed = run()
    address = lines_until_it_runs(killed)[-1].split()[3]
    ask(address, "/_local/clock", {"advance": "90s"})
    killed.kill()

    again = lines_until_it_runs(run())[-1].split()[3]

    assert ask(again, "/_local/clock") == {"now": "2026-01-05T09:01:30Z"}
