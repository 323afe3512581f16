"""A JMESPath expression (https://jmespath.org/specification.html) and the plain paths in it, so that a mistake can be told in the sender's words."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

from cx_domain.errors import BadField

LONGEST = 1000
MOST_COPIES = 16
"""How often an answer may hold what it was found in: `[@, @] | [@, @]` holds it four times, and twenty more such steps a million."""
MOST_WRITTEN = 40
"""Characters of the expression's own, beside `join` and `to_string`: `lines[*].'a long text' | join('', @)` writes them once a line."""
_WRITING = ("join", "to_string")
_MULTIPLYING = ("map", *_WRITING)
"""What one of their arguments gives stands in the answer once for each part of another, or each character as six."""
_ESCAPED = 6


@dataclass(frozen=True, slots=True)
class Expression:
    """Where a payload keeps something. `paths` are the plain paths that it looks at, in the order they are written; at least one."""

    compiled: Any
    paths: tuple[str, ...]

    def search(self, payload: Mapping[str, object]) -> object:
        """Find the value, None where there is none; a BadField where the payload is not as the platform documents it."""
        try:
            found: object = self.compiled.search(payload)
        except (JMESPathError, TypeError, ValueError, OverflowError, RecursionError):
            # Comparing text with a number is Python's own error in the library, as is a number that is too long.
            raise BadField(self.paths[0], "is not of the kind that the platform documents") from None
        return found

    def path_of(self, value: object, payload: Mapping[str, object]) -> str:
        """The path that the value came from; the first one that the expression looks at, if it came from none."""
        for path in self.paths:
            if value is not None and jmespath.search(path, payload) is value:
                return path
        return self.paths[0]


def expression(text: object) -> Expression:
    """Compile an expression; ValueError says what is wrong with it."""
    if not isinstance(text, str) or not text.strip():
        raise ValueError("must be a JMESPath expression, as text")
    if len(text) > LONGEST:
        raise ValueError(f"must be at most {LONGEST} characters long, not {len(text)}")
    try:
        compiled = jmespath.compile(text.strip())
        mistake = _growth(compiled.parsed)
    except JMESPathError as error:
        raise ValueError(f"is not JMESPath: {str(error).splitlines()[0]}") from None
    except RecursionError:
        raise ValueError("nests too deeply") from None
    if mistake is not None:
        raise ValueError(mistake)
    return Expression(compiled, tuple(_paths(compiled.parsed)) or (text.strip(),))


def _paths(node: Mapping[str, Any]) -> list[str]:
    """The plain paths (`data.items`) that the parsed expression looks at, in the order they are written."""
    if (plain := _plain(node)) is not None:
        return [plain]
    return [path for child in node.get("children", ()) if isinstance(child, dict) for path in _paths(child)]


def _growth(parsed: Mapping[str, Any]) -> str | None:
    """Say how an answer could become far larger than what it was found in; None where it cannot."""
    if _copies(parsed) > MOST_COPIES:
        return f"copies what it finds too often: {MOST_COPIES} times is the most"
    functions = [node for node in _nodes(parsed) if node["type"] == "function_expression"]
    joins = [node["children"][0] for node in functions if node["value"] == "join" and node["children"]]
    if any(glue["type"] != "literal" for glue in joins):
        # A glue of the payload's, between as many parts of the payload's, is the square of it.
        return "must join by a text that stands in the expression itself, such as join(', ', lines[].name)"
    writes = any(node["value"] in _WRITING for node in functions)
    if writes and sum(map(_written, _nodes(parsed))) > MOST_WRITTEN:
        return f"has more than {MOST_WRITTEN} characters of its own texts and names, beside join or to_string"
    return None


def _nodes(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield node
    for child in node.get("children", ()):
        if isinstance(child, dict):
            yield from _nodes(child)


def _written(node: Mapping[str, Any]) -> int:
    """How many characters a part of the expression can add to an answer by itself."""
    match node["type"]:
        case "literal":
            return len(str(node["value"]))
        case "key_val_pair":
            return len(node["value"])
        case _:
            return 0


def _copies(node: Mapping[str, Any]) -> int:
    """How often the answer can hold what it was found in, at most; each step of a pipe multiplies."""
    inner = [_copies(child) for child in node.get("children", ()) if isinstance(child, dict)]
    match node["type"]:
        case "or_expression" | "and_expression":
            return max(inner)
        case "function_expression":
            return math.prod(inner) * _ESCAPED if node["value"] in _MULTIPLYING else max(1, sum(inner))
        case "pipe" | "subexpression" | "projection" | "value_projection" | "filter_projection" | "index_expression":
            return math.prod(inner)
        case _:
            return max(1, sum(inner))


def _plain(node: Mapping[str, Any]) -> str | None:
    match node["type"]:
        case "field":
            return _quoted(str(node["value"]))
        case "subexpression":
            parts = [_plain(child) for child in node["children"]]
            return None if None in parts else ".".join(part for part in parts if part is not None)
        case _:
            return None


def _quoted(name: str) -> str:
    return name if name.isidentifier() and name.isascii() else f'"{name}"'
