"""Functions run in processes of their own, under AWS's runtime client."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from infra.local.processes import Functions, Surroundings
from infra.local.spawning import Anew, Forks, Spawner
from infra.local.stack import Function

FIXTURES = Path(__file__).parent / "fixtures"


def function(handler: str, timeout: int = 20) -> Function:
    name = handler.rpartition(".")[2].title() + "Function"
    return Function(
        name=name,
        physical_name=f"afterorder-{name}",
        arn=f"arn:aws:lambda:eu-central-1:123456789012:function:afterorder-{name}",
        handler=handler,
        timeout=timeout,
        memory=512,
        environment={"AFTERORDER_TABLE": "tents"},
        policies=(),
        access_key="key-of-" + name,
    )


def functions(
    folder: Path, concurrency: int = 1, code: Path = FIXTURES, started_by: Spawner | None = None
) -> Functions:
    where = Surroundings(
        endpoint="http://127.0.0.1:1",
        region="eu-central-1",
        clock_file=folder / "clock",
        logs=folder / "logs",
        code=code,
        fault_flag=folder / "armed",
    )
    every = [
        function("tiny_handlers.echo"),
        function("tiny_handlers.fail"),
        function("tiny_handlers.sleep", timeout=2),
        function("tiny_handlers.die"),
        function("broken_handlers.anything"),
    ]
    named = {each.name: each for each in every}
    return Functions(named, where, lambda _: None, concurrency=concurrency, started_by=started_by)


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Functions]:
    made = functions(tmp_path)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def wide_stack(tmp_path: Path) -> Iterator[Functions]:
    made = functions(tmp_path, concurrency=2)
    made.start()
    yield made
    made.stop()


def test_a_function_gets_its_event_its_arn_and_the_time_that_it_has_left(stack: Functions) -> None:
    answer = stack.invoke("EchoFunction", {"order": "1001"}).json()

    assert answer["event"] == {"order": "1001"}
    assert answer["arn"] == "arn:aws:lambda:eu-central-1:123456789012:function:afterorder-EchoFunction"
    assert 15_000 < answer["left"] <= 20_000


def test_a_function_inherits_nothing_of_the_operators_environment(
    stack: Functions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "the operator's own")

    given = stack.invoke("EchoFunction", {}).json()["environment"]

    assert given["AFTERORDER_TABLE"] == "tents"
    assert given["AWS_ACCESS_KEY_ID"] == "key-of-EchoFunction"
    assert given["_HANDLER"] == "tiny_handlers.echo"
    assert {"AWS_PROFILE", "AWS_SESSION_TOKEN", "HOME", "USER"}.isdisjoint(given)


def test_a_process_is_kept_for_the_next_event(stack: Functions) -> None:
    first = stack.invoke("EchoFunction", {}).json()["process"]

    assert stack.invoke("EchoFunction", {}).json()["process"] == first


def test_an_error_of_a_handler_is_told_as_lambda_tells_it_and_lands_in_the_functions_log(
    stack: Functions, tmp_path: Path
) -> None:
    result = stack.invoke("FailFunction", {"order": "order 1001 has no tent"})

    assert result.error == "Unhandled"
    assert result.json()["errorType"] == "ValueError"
    assert result.json()["errorMessage"] == "order 1001 has no tent"
    assert "order 1001 has no tent" in (tmp_path / "logs" / "FailFunction.log").read_text()


def test_a_handler_that_takes_too_long_is_killed_and_the_next_event_gets_a_new_process(stack: Functions) -> None:
    first = stack.invoke("SleepFunction", {"seconds": 0}).json()

    late = stack.invoke("SleepFunction", {"seconds": 60})

    assert late.error == "Unhandled"
    assert "Task timed out after 2.00 seconds" in late.json()["errorMessage"]
    assert stack.invoke("SleepFunction", {"seconds": 0}).json() != first


def test_a_process_that_dies_in_the_middle_of_an_event_is_an_error_of_that_event(stack: Functions) -> None:
    result = stack.invoke("DieFunction", {})

    assert result.error == "Unhandled"
    assert result.json()["errorType"] == "Runtime.ExitError"


def test_a_module_that_cannot_be_loaded_is_an_error_of_each_event(stack: Functions) -> None:
    results = [stack.invoke("AnythingFunction", {}) for _ in range(2)]

    assert [result.error for result in results] == ["Unhandled", "Unhandled"]
    assert all("the tent collapsed" in result.json()["errorMessage"] for result in results)


def test_a_process_that_is_started_after_a_change_of_the_code_has_it(tmp_path: Path) -> None:
    file = tmp_path / "tiny_handlers.py"
    stack = functions(tmp_path, code=tmp_path)
    stack.start()
    file.write_text((FIXTURES / "tiny_handlers.py").read_text())
    stack.invoke("DieFunction", {})

    file.write_text("def die(event, context):\n    return 'repaired'\n")
    answer = stack.invoke("DieFunction", {}).json()
    stack.stop()

    assert answer == "repaired"


def test_where_forking_is_not_safe_each_process_is_a_python_of_its_own(tmp_path: Path) -> None:
    stack = functions(tmp_path, started_by=Anew())
    stack.start()

    answer = stack.invoke("EchoFunction", {"order": "1001"}).json()
    died = stack.invoke("DieFunction", {})
    stack.stop()

    assert (answer["event"], answer["environment"]["AFTERORDER_TABLE"]) == ({"order": "1001"}, "tents")
    assert died.json()["errorMessage"] == "Runtime exited with error: exit status 3"


def test_functions_go_on_when_the_process_that_forks_them_was_killed(tmp_path: Path) -> None:
    stack = functions(tmp_path, started_by=Forks())
    stack.start()
    before = stack.invoke("EchoFunction", {}).json()

    os.kill(before["parent"], signal.SIGKILL)
    gone_within(before["process"], seconds=60)
    answers = [stack.invoke("EchoFunction", {"order": "1001"}) for _ in range(2)]
    stack.stop()

    assert answers[-1].json()["event"] == {"order": "1001"}


def test_no_more_events_of_one_function_run_at_once_than_it_has_processes(wide_stack: Functions) -> None:
    with ThreadPoolExecutor(6) as crowd:
        answers = [crowd.submit(wide_stack.invoke, "SleepFunction", {"seconds": 0.2}) for _ in range(6)]
        processes = {answer.result().json() for answer in answers}

    assert len(processes) == 2


RUNNER = """
import sys
from pathlib import Path
sys.path[:0] = [{tests!r}]
from test_runtime_api import functions
stack = functions(Path({folder!r}))
stack.start()
print(stack.invoke("EchoFunction", {{}}).json()["process"], flush=True)
sys.stdin.read()
"""


def test_functions_die_with_a_runner_that_is_killed(tmp_path: Path) -> None:
    program = RUNNER.format(tests=str(Path(__file__).parent), folder=str(tmp_path))
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as runner:
        assert runner.stdout is not None
        child = int(runner.stdout.readline())

        os.kill(runner.pid, signal.SIGKILL)

    assert gone_within(child, seconds=60)


def gone_within(process: int, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        state = Path(f"/proc/{process}/stat")
        if not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False
