"""The functions of template.yaml, as far as their packages depend on it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse

TEMPLATE = Path(__file__).resolve().parents[2] / "template.yaml"
_SERVICES = {"ses": "sesv2"}
"""Where permissions call a service otherwise than botocore does."""


@dataclass(frozen=True, slots=True)
class DeployedFunction:
    """One function: its logical id, the module of its handler, and the services (as botocore names them) that it may speak to.

    `actions` is what it may do there, in the words of permissions: `dynamodb:GetItem`.
    """

    name: str
    module: str
    services: frozenset[str]
    actions: frozenset[str]


def deployed_functions(template: Path = TEMPLATE) -> dict[str, DeployedFunction]:
    """Read every function of the template, by its logical id."""
    resources: Mapping[str, Any] = yaml_parse(template.read_text(encoding="utf-8"))["Resources"]
    return {
        name: _function(name, each["Properties"])
        for name, each in resources.items()
        if each["Type"] == "AWS::Serverless::Function"
    }


def runtime(template: Path = TEMPLATE) -> str:
    """The version of the functions' Python, such as `3.13`."""
    everybodys = yaml_parse(template.read_text(encoding="utf-8"))["Globals"]["Function"]
    return str(everybodys["Runtime"]).removeprefix("python")


def _function(name: str, properties: Mapping[str, Any]) -> DeployedFunction:
    """What a function has no permission for, it does not speak to."""
    actions = frozenset(_actions(properties))
    services = {action.partition(":")[0] for action in actions}
    named = frozenset(_SERVICES.get(service, service) for service in services)
    return DeployedFunction(name, properties["Handler"].rpartition(".")[0], named, actions)


def _actions(properties: Mapping[str, Any]) -> Iterator[str]:
    for policy in properties.get("Policies", ()):
        for statement in policy["Statement"]:
            yield from statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
