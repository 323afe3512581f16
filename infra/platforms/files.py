"""A platform is a file: `<name>.toml` beside this one says how its webhooks are signed and where its payloads keep what we need.

Expressions are JMESPath over the body (https://jmespath.org/specification.html), compiled once. CONTRIBUTING.md tells how to
add one.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import jmespath
from jmespath.exceptions import JMESPathError

from cx_domain.errors import BadField, NotFound
from cx_domain.signatures import Scheme

Becomes = Literal["order", "ticket", "feedback"]
IgnoredReason = Literal["topic-ignored", "told-by-another-topic", "draft-order", "not-delivered-yet"]


@dataclass(frozen=True, slots=True)
class Ignored:
    """A webhook that is in order and tells nothing we need; it is answered 200, and counted by its reason."""

    reason: IgnoredReason


@dataclass(frozen=True, slots=True)
class Expression:
    """A JMESPath expression, and the plain paths in it, so that a mistake can be told in the sender's words."""

    compiled: Any
    paths: tuple[str, ...]

    def search(self, payload: Mapping[str, object]) -> object:
        try:
            found: object = self.compiled.search(payload)
        except JMESPathError:
            raise BadField(self.paths[0], "is not of the kind that the platform documents") from None
        return found

    def path_of(self, value: object, payload: Mapping[str, object]) -> str:
        """The path that the value came from; the first one that the expression looks at, if it came from none."""
        for path in self.paths:
            if value is not None and jmespath.search(path, payload) is value:
                return path
        return self.paths[0]


@dataclass(frozen=True, slots=True)
class Shape:
    """Where one kind of payload keeps each field. Without `item` it says nothing of an order's details."""

    becomes: Becomes
    fields: Mapping[str, Expression]
    headers: Mapping[str, str]
    item: Mapping[str, Expression]
    happened: Mapping[str, Expression]
    standing: Mapping[str, Expression]
    unless: Expression | None
    unless_reason: IgnoredReason
    means: str | None = None
    """What the topic alone says: a happening, or `cancelled`, also where the body does not."""


@dataclass(frozen=True, slots=True)
class Platform:
    """Everything that is particular to one platform.

    `steps` is for `shop connect`, with `{url}` and `{secret}` to fill in; `secret_from` says who makes the secret. The topic
    is in a header or in a field of the body, never in both.
    """

    name: str
    title: str
    scheme: Scheme
    steps: str
    secret_from: Literal["us", "platform"]
    topic_header: str | None
    topic_field: str | None
    example_topic: str
    topics: Mapping[str, Shape | Ignored]
    zoneless_is_utc: bool
    ping: re.Pattern[bytes] | None
    ping_without: str

    def test_headers(self, topic: str | None = None) -> dict[str, str]:
        """The headers, besides the signature's, that the platform would send with a payload of this topic."""
        return {} if self.topic_header is None else {self.topic_header: topic or self.example_topic}


@cache
def platforms() -> tuple[str, ...]:
    """The names of all platforms, in alphabetical order."""
    names = (entry.name for entry in files(__package__).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def platform(name: str) -> Platform:
    """The platform of this name, or NotFound."""
    if name not in platforms():
        raise NotFound(f"there is no platform {name[:40]!r}; there are {', '.join(platforms())}")
    return _read(name)


@cache
def _read(name: str) -> Platform:
    written = tomllib.loads((files(__package__) / f"{name}.toml").read_text(encoding="utf-8"))
    shapes = {key: _shape(shape) for key, shape in written["shapes"].items()}
    ping = written.get("ping", {})
    return Platform(
        name=name,
        title=written["title"],
        scheme=Scheme(written["signature"]["scheme"], written["signature"]["header"]),
        steps=written["steps"],
        secret_from=written["secret_from"],
        topic_header=written["topic"].get("header"),
        topic_field=written["topic"].get("field"),
        example_topic=written["topic"]["example"],
        topics={topic: _meaning(becomes, shapes) for topic, becomes in written["topics"].items()},
        zoneless_is_utc=written["zoneless_times_are_utc"],
        ping=re.compile(ping["body"].encode("ascii")) if ping else None,
        ping_without=ping.get("without_headers", ""),
    )


def _meaning(written: str | Mapping[str, Any], shapes: Mapping[str, Shape]) -> Shape | Ignored:
    if isinstance(written, str):
        return shapes[written]
    if "ignored" in written:
        return Ignored(written["ignored"])
    return replace(shapes[written["shape"]], means=written["means"])


def _shape(written: Mapping[str, Any]) -> Shape:
    return Shape(
        becomes=written["becomes"],
        fields=_expressions(written["fields"]),
        headers=written.get("headers", {}),
        item=_expressions(written.get("item", {})),
        happened=_expressions(written.get("happened", {})),
        standing=_expressions(written.get("standing", {})),
        unless=_expression(written["unless"]) if "unless" in written else None,
        unless_reason=written.get("unless_reason", "topic-ignored"),
    )


def _expressions(written: Mapping[str, str]) -> dict[str, Expression]:
    return {name: _expression(text) for name, text in written.items()}


def _expression(text: str) -> Expression:
    compiled = jmespath.compile(text.strip())
    return Expression(compiled, tuple(_paths(compiled.parsed)) or (text.strip(),))


def _paths(node: Mapping[str, Any]) -> list[str]:
    """The plain paths (`data.items`) that the parsed expression looks at, in the order they are written."""
    if (plain := _plain(node)) is not None:
        return [plain]
    return [path for child in node.get("children", ()) if isinstance(child, dict) for path in _paths(child)]


def _plain(node: Mapping[str, Any]) -> str | None:
    match node["type"]:
        case "field":
            return str(node["value"])
        case "subexpression":
            parts = [_plain(child) for child in node["children"]]
            return None if None in parts else ".".join(part for part in parts if part is not None)
        case _:
            return None
