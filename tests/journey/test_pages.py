"""The pages about platforms and about moving in, followed as they stand: what they tell to paste is said to a stack, and ends as they promise."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest
import requests
from typer.testing import CliRunner

from infra.operator.cli import app
from tests.journey.conftest import MONDAY
from tests.journey.stack import HOME, Stack

PAGES = HOME / "docs" / "platforms"
MOVING_IN = HOME / "docs" / "moving-in.md"
SHOP = HOME / "docs" / "first-survey" / "shop.toml"
SH = re.compile(r"```sh\n(.*?)```\n(?:\nIt prints, among other things:\n\n```\n(.*?)```\n)?", re.DOTALL)
MARKED = re.compile(r"<!-- ([\w.-]+) -->\n```\w+\n(.*?)```", re.DOTALL)
STACK, STAND_IN = "http://127.0.0.1:8000", "http://127.0.0.1:8200"


@dataclass(frozen=True, slots=True)
class Story:
    """Commands that a page tells to paste for the shop of the first survey, what it promises of them, and the files to be saved before."""

    page: str
    heading: str
    commands: tuple[str, ...]
    promised: tuple[str, ...]
    files: dict[str, str]

    @property
    def shop(self) -> str:
        """A shop of its own, so that no story hears of another's orders."""
        return re.sub(r"\W+", "-", f"{self.page} {self.heading}".lower())


def stories() -> Iterator[Story]:
    for page in [*sorted(PAGES.glob("*.md")), MOVING_IN]:
        text = page.read_text(encoding="utf-8")
        files = dict(MARKED.findall(text))
        for section in text.split("\n## "):
            blocks = [
                (pasted.splitlines(), promised.splitlines()) for pasted, promised in SH.findall(section) if promised
            ]
            if blocks:
                commands = tuple(line for pasted, _ in blocks for line in pasted)
                promised = tuple(line for _, each in blocks for line in each)
                yield Story(page.stem, section.partition("\n")[0], commands, promised, files)


STORIES = list(stories())


@dataclass(frozen=True, slots=True)
class Desk:
    """A developer's desk: the stack, the stand-in, the folder with saved files, and one command line for all."""

    stack: Stack
    stand_in: str
    folder: Path

    def said(self, story: Story) -> str:
        """Everything that a story's commands print, in the order of typing."""
        for name, text in story.files.items():
            (self.folder / name).write_text(text, encoding="utf-8")
        shop = SHOP.read_text(encoding="utf-8").replace('"tarn"', f'"{story.shop}"')
        (self.folder / "shop.toml").write_text(shop, encoding="utf-8")
        self._typed("afterorder shop put shop.toml", story)
        return "".join(self._typed(command, story) for command in story.commands)

    def _typed(self, command: str, story: Story) -> str:
        program, *words = [self._meant(word, story) for word in shlex.split(command)]
        match program:
            case "curl":
                (address,) = words
                return requests.get(address, timeout=10).text + "\n"
            case "afterorder":
                if words[:2] == ["survey", "show"]:
                    self.stack.advance("1s")  # whoever reads on gives an order that is read elsewhere the time to come
                done = CliRunner().invoke(app, words, env={"COLUMNS": "80"})
                assert done.exit_code == 0, f"{command}\n{done.output}"
                return str(done.output).replace(story.shop, "tarn").replace(self.stand_in, STAND_IN)
            case _:
                raise AssertionError(f"nobody knows how to type {command}")

    def _meant(self, word: str, story: Story) -> str:
        if word == "tarn":
            return story.shop
        if word in {*story.files, "shop.toml"}:
            return str(self.folder / word)
        if word.startswith(("docs/", "tests/")):
            return str(HOME / word)
        return word.replace(STAND_IN, self.stand_in).replace(
            f"{STACK}/webhooks/tarn", f"{self.stack.url}/webhooks/{story.shop}"
        )


@pytest.fixture(scope="module")
def stand_in() -> Iterator[str]:
    command = [sys.executable, str(PAGES / "stand_in.py"), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:
        assert running.stdout is not None
        yield running.stdout.readline().strip()
        running.kill()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, stand_in: str) -> Iterator[Desk]:
    """One stack for all pages."""
    folder = tmp_path_factory.mktemp("pages")
    stack = Stack(folder / "data", now=MONDAY)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in stack.exports.items():
            patch.setenv(name, value)
        one = boto3.Session()
        patch.setattr(boto3, "Session", lambda: one)  # reads what it knows of AWS once, not anew for each command
        yield Desk(stack, stand_in, folder)
    stack.kill()


def matches(promised: str, printed: str) -> bool:
    return re.fullmatch(".*".join(re.escape(part) for part in promised.split("…")), printed) is not None


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.shop)
def test_what_a_page_tells_to_paste_ends_as_it_promises(desk: Desk, story: Story) -> None:
    printed = iter(desk.said(story).splitlines())

    assert [line for line in story.promised if not any(matches(line, other) for other in printed)] == []


@pytest.mark.parametrize(
    "page", sorted(page.stem for page in (*PAGES.glob("*.md"), MOVING_IN) if page.name != "README.md")
)
def test_every_page_can_be_tried(page: str) -> None:
    assert [story for story in STORIES if (story.page, story.heading) == (page, "Try it")] != []
