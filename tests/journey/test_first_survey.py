"""What the README tells a newcomer to type, typed as it stands there."""

import os
import re
import subprocess
from collections.abc import Callable

from tests.journey.stack import COMMAND, HOME, Stack

ADDRESS = "http://127.0.0.1:8000"
CHAPTER = "## Your first survey, in five minutes"


def told() -> list[str]:
    """The chapter's blocks of commands: the stack's own terminal, the second one's shell, and then what is typed there."""
    chapter = (HOME / "README.md").read_text(encoding="utf-8").split(CHAPTER)[1].split("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", chapter, re.DOTALL)


def typed(commands: str, stack: Stack) -> str:
    """Type a block of commands in the stack's own folder of code; what they print."""
    path = f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "HOME": str(HOME), **stack.exports}
    shell = ["sh", "-e", "-c", commands]
    done = subprocess.run(shell, cwd=HOME, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_newcomers_first_survey_goes_as_the_readme_tells(start_stack: Callable[..., Stack]) -> None:
    start, shell, ask, wait, see = told()
    now = re.fullmatch(r'make local ARGS="--now (\S+)"\n', start)
    moved = re.fullmatch(rf"curl -d '(.+)' {ADDRESS}/_local/clock\n", wait)
    assert now is not None
    assert moved is not None
    assert shell == ". .venv/bin/activate\n"
    stack = start_stack(now=now[1])

    planned = typed(ask, stack)
    # As curl sends it; a machine that runs the tests need not have curl.
    stack.http.post(
        f"{stack.url}/_local/clock", moved[1], headers={"content-type": "application/x-www-form-urlencoded"}
    )
    stack.confirm(stack.links("anna@example.com")["9"], 9)
    reported = typed(see, stack)

    assert "\n200\n" in planned
    assert "will be asked Wed" in planned
    assert "counts as 9" in reported
    assert "reports/tarn/2026-W02/report.html" in reported
