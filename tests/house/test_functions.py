"""Each function's file says what triggers it, and says the same as the template."""

import ast
import importlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.house.sources import ROOT, files, tree
from tests.template import functions

NAMES = sorted(functions())


def lines(name: str) -> list[str]:
    docstring = ast.get_docstring(tree(Path("functions") / f"{name}.py"))
    assert docstring is not None
    return docstring.splitlines()


def said(name: str, label: str) -> str:
    (line,) = [line for line in lines(name) if line.startswith(f"{label}: ")]
    return line.removeprefix(f"{label}: ")


def triggers(events: Mapping[str, Any]) -> Iterator[str]:
    """The template's events, as docstrings write them."""
    for event in events.values():
        properties = event["Properties"]
        match event["Type"]:
            case "HttpApi":
                yield f"{properties['Method']} {properties['Path']}"
            case "SQS":
                yield properties["Queue"]["Fn::GetAtt"][0]
            case "ScheduleV2":
                yield properties["ScheduleExpression"]
            case unknown:
                raise AssertionError(f"no docstring can name a trigger of type {unknown}")


def test_there_is_one_file_for_each_function_of_the_template() -> None:
    found = [path.stem for path in files("functions") if path.stem != "__init__"]

    assert sorted(found) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_functions_file_opens_with_a_sentence(name: str) -> None:
    first, blank, *_ = lines(name)

    assert first[0].isupper()
    assert first.endswith(".")
    assert not blank


@pytest.mark.parametrize("name", NAMES)
def test_its_trigger_is_the_templates(name: str) -> None:
    assert said(name, "Trigger").split("; ") == list(triggers(functions()[name]["Events"]))


@pytest.mark.parametrize("name", NAMES)
def test_it_says_who_tries_again(name: str) -> None:
    assert said(name, "Retries").endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_the_templates_handler_exists(name: str) -> None:
    module, _, handler = functions()[name]["Handler"].rpartition(".")

    assert callable(getattr(importlib.import_module(module), handler))


@pytest.mark.parametrize("name", NAMES)
def test_a_functions_file_is_read_in_one_sitting(name: str) -> None:
    text = (ROOT / "functions" / f"{name}.py").read_text(encoding="utf-8")

    assert len(text.splitlines()) <= 250
