"""What the README tells a newcomer to type, typed as it stands there."""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.journey.stack import COMMAND, HOME, Stack

ADDRESS = "http://127.0.0.1:8000"
CHAPTER = "## Your first survey, in five minutes"


def told() -> list[str]:
    """The chapter's blocks of commands: the stack's own terminal, the second one's shell, and then what is typed there."""
    chapter = (HOME / "README.md").read_text(encoding="utf-8").split(CHAPTER)[1].split("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", chapter, re.DOTALL)


def typed(commands: str, stack: Stack, exports: Mapping[str, str]) -> str:
    """Type a block of commands; what they print. The stack of a test has a port of its own."""
    environment = {"PATH": f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}", "HOME": str(HOME), **exports}
    script = commands.replace(ADDRESS, stack.url)
    shell = ["sh", "-e", "-c", script]
    done = subprocess.run(shell, cwd=HOME, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_newcomers_first_survey_goes_as_the_readme_tells(tmp_path: Path) -> None:
    start, shell, ask, wait, see = told()
    now = re.search(r'make local ARGS="--now (\S+)"', start)
    assert now is not None
    assert shell == ". .venv/bin/activate\n"
    stack = Stack(tmp_path / "data", now=now[1])

    try:
        planned = typed(ask, stack, stack.exports)
        typed(wait, stack, stack.exports)
        stack.confirm(stack.links("anna@example.com")["9"], 9)
        reported = typed(see, stack, stack.exports)
    finally:
        stack.stop()

    assert "\n200\n" in planned
    assert "will be asked Wed" in planned
    assert "counts as 9" in reported
    assert "reports/tarn/2026-W02/report.html" in reported
