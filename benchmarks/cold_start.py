"""How long it takes from the start of a function's process to its first answer, against a bare handler that puts one item.

    python -m benchmarks.cold_start [--write]

Each function runs from its built package, the bare one beside a whole boto3 of the same version, all under AWS's own runtime client and the
runtime's Python. Calls go to one moto that runs already, over plain HTTP. The starts take turns, so that what else the machine does
falls on all alike.
"""

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.marked_pages import MarkedPage, measured_here
from infra.local.stack import Function
from infra.packaging.deployed import deployed_functions, runtime
from infra.packaging.distributions import read_site
from infra.packaging.packages import packages
from infra.packaging.targets import Target, compile_all, for_this_machine, installed
from tests.packages.story import Story, a_story

PAGE = MarkedPage("performance.md", "cold_start")
STARTS = 15
OURS = {"SurveyPageFunction": "a tap on `survey_page`", "OrderWebhookFunction": "a webhook on `order_webhook`"}
BARE = """
import os
import boto3

dynamodb = boto3.client("dynamodb")


def handler(event, context):
    item = {"pk": {"S": "BARE"}, "sk": {"S": context.aws_request_id}}
    dynamodb.put_item(TableName=os.environ["AFTERORDER_TABLE"], Item=item)
    return {"statusCode": 200}
"""


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds by the clock until the answer, and of processor time until the end of the process."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Subject:
    """What is started, from where, and with which event."""

    name: str
    function: Function
    folder: Path
    event: Callable[[int], Mapping[str, Any]]

    def start(self, story: Story, number: int) -> Start:
        event, before = self.event(number), _processor()
        begun = time.perf_counter()
        answered = story.started(self.function, self.folder, event)
        wall = time.perf_counter() - begun
        if answered["statusCode"] != 200:
            raise AssertionError(answered)
        return Start(wall, _processor() - before)


def measured(target: Target, scratch: Path, starts: int = STARTS) -> dict[str, list[Start]]:
    """Start everything so often, in turns."""
    for package in packages(
        target, [deployed_functions()[name] for name in (*OURS, "DispatchFunction", "SendSurveyFunction")]
    ):
        package.write_folder(scratch / "packages" / package.function.name)
    with a_story(target, scratch / "packages", scratch) as story:
        story.until_the_mail()
        subjects = [*_bare(story, target, scratch), *_ours(story, scratch / "packages")]
        found: dict[str, list[Start]] = {subject.name: [] for subject in subjects}
        for number in range(starts):
            for subject in subjects:
                found[subject.name].append(subject.start(story, number))
    return found


def _ours(story: Story, folder: Path) -> Iterator[Subject]:
    tap = story.tap()
    events: Mapping[str, Callable[[int], Mapping[str, Any]]] = {
        "SurveyPageFunction": lambda _: tap,
        "OrderWebhookFunction": lambda number: story.webhook(str(2001 + number)),
    }
    for name, called in OURS.items():
        yield Subject(called, story.cloud.stack.functions[name], folder / name, events[name])


def _bare(story: Story, target: Target, scratch: Path) -> Iterator[Subject]:
    """Beside byte code, and as `sam build` leaves it: sources alone, in a folder that cannot be written to."""
    folder = scratch / "bare"
    site = read_site(installed(target))
    for name in site.needed(["boto3"], ""):
        for file in site.found[name].files or ():
            if ".." not in file.parts:
                (folder / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(site.folder / file, folder / file)
    (folder / "bare.py").write_text(BARE, encoding="utf-8")
    shutil.copytree(folder, scratch / "sources", ignore=shutil.ignore_patterns("__pycache__"))
    compile_all(target, folder)
    webhook = story.cloud.stack.functions["OrderWebhookFunction"]
    function = replace(webhook, handler="bare.handler")
    yield Subject("the bare handler", function, folder, lambda _: {})
    unwritten = replace(function, environment={**function.environment, "PYTHONDONTWRITEBYTECODE": "1"})
    yield Subject("the bare handler without byte code", unwritten, scratch / "sources", lambda _: {})


def tables(starts: int = STARTS) -> str:
    """Start everything; a minute or two."""
    target = for_this_machine(runtime())
    with tempfile.TemporaryDirectory() as scratch:
        found = measured(target, Path(scratch), starts)
    bare = found["the bare handler"]
    return "\n".join(
        [
            measured_here(_version(target)),
            "",
            f"| {starts} starts each | least | median | processor, least | least / bare | median / bare | processor / bare |",
            "|---|---|---|---|---|---|---|",
            *(_row(name, taken, bare) for name, taken in found.items()),
        ]
    )


def _version(target: Target) -> str:
    asked = [str(target.python), "-c", "import platform; print(platform.python_version())"]
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603 - an interpreter


def _row(name: str, taken: list[Start], bare: list[Start]) -> str:
    def figures(starts: list[Start]) -> tuple[float, float, float]:
        walls = [start.wall for start in starts]
        return min(walls), median(walls), min(start.cpu for start in starts)

    ours, theirs = figures(taken), figures(bare)
    times = " | ".join(f"{1000 * each:.0f} ms" for each in ours)
    ratios = " | ".join(f"{mine / other:.2f}" for mine, other in zip(ours, theirs, strict=True))
    return f"| {name} | {times} | {ratios} |"


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    PAGE.say(tables, sys.argv[1:])
