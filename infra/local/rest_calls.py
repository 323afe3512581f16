"""Which operation a REST request is, told by botocore's own request templates."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from botocore.session import get_session


@dataclass(frozen=True, slots=True)
class _Template:
    operation: str
    method: str
    path: re.Pattern[str]
    query: frozenset[tuple[str, str]]
    headers: frozenset[str]

    def fits(self, query: Mapping[str, str], headers: Mapping[str, str]) -> bool:
        asked = all(name in query and value in ("", query[name]) for name, value in self.query)
        return asked and self.headers <= headers.keys()

    @property
    def demands(self) -> int:
        return len(self.query) + len(self.headers)


@dataclass(frozen=True, slots=True)
class RestCall:
    """The operation as botocore names it, and the parameters that its path holds."""

    operation: str
    path_parameters: Mapping[str, str]


def rest_call(
    service: str, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]
) -> RestCall | None:
    """Find the operation of a request: of the templates that fit, the one that demands most. Header names are lower-case."""
    found: tuple[_Template, re.Match[str]] | None = None
    for template in _templates(service, method):
        match = template.path.fullmatch(path)
        better = found is None or template.demands > found[0].demands
        if match and better and template.fits(query, headers):
            found = template, match
    return RestCall(found[0].operation, found[1].groupdict()) if found else None


@lru_cache
def _templates(service: str, method: str) -> tuple[_Template, ...]:
    return tuple(each for each in _all_templates(service) if each.method == method)


@lru_cache
def _all_templates(service: str) -> tuple[_Template, ...]:
    model = get_session().get_service_model(service)
    return tuple(_template(name, model.operation_model(name)) for name in model.operation_names)


def _template(name: str, operation: Any) -> _Template:
    path, _, query = operation.http["requestUri"].partition("?")
    demanded = {tuple(each.partition("=")[::2]) for each in query.split("&") if each}
    shape = operation.input_shape
    located = [shape.members[each].serialization for each in shape.required_members] if shape else []
    demanded |= {(each["name"], "") for each in located if each.get("location") == "querystring"}
    headers = frozenset(each["name"].lower() for each in located if each.get("location") == "header")
    return _Template(name, operation.http["method"], _path_pattern(path), frozenset(demanded), headers)


def _path_pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"(\{[^}]+\})", path.rstrip("/") or "/")
    return re.compile("".join(_part_pattern(part) for part in parts) + "/?", re.DOTALL)


def _part_pattern(part: str) -> str:
    if not part.startswith("{"):
        return re.escape(part)
    name = part.strip("{}+")
    return f"(?P<{name}>.+)" if part.endswith("+}") else f"(?P<{name}>[^/]+)"
