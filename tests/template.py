"""template.yaml as tests read it: CloudFormation's tags as `{"Ref": ...}` and `{"Fn::...": ...}`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse

TEMPLATE = Path(__file__).parents[1] / "template.yaml"

Properties = Mapping[str, Any]


@cache
def template() -> Mapping[str, Any]:
    read: Mapping[str, Any] = yaml_parse(TEMPLATE.read_text(encoding="utf-8"))
    return read


def resources(kind: str) -> dict[str, Properties]:
    """The properties of all resources of a type, by logical id."""
    found: Mapping[str, Any] = template()["Resources"]
    return {name: resource.get("Properties", {}) for name, resource in found.items() if resource["Type"] == kind}


def functions() -> dict[str, Properties]:
    """The properties of all functions, by the name of their file."""
    found = resources("AWS::Serverless::Function").values()
    return {properties["Handler"].split(".")[1]: properties for properties in found}


def environment(function: str) -> dict[str, Any]:
    """What the template sets for a function: its own variables and those of all."""
    everybodys: dict[str, Any] = template()["Globals"]["Function"]["Environment"]["Variables"]
    own: dict[str, Any] = functions()[function]["Environment"]["Variables"]
    return {**everybodys, **own}


def parameter(name: str) -> str:
    """A parameter's default."""
    return str(template()["Parameters"][name]["Default"])


def sizes() -> Mapping[str, Properties]:
    """What each value of the parameter `Size` stands for."""
    found: Mapping[str, Properties] = template()["Mappings"]["Sizes"]
    return found


def sized(value: Any, size: str = "usual") -> Any:
    """A property's value in a stack of this size."""
    match value:
        case {"Fn::FindInMap": ["Sizes", {"Ref": "Size"}, str(name)]}:
            return sizes()[size][name]
        case _:
            return value
