"""A JMESPath expression (https://jmespath.org/specification.html) and the plain paths in it, so that a mistake can be told in the sender's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

from cx_domain.errors import BadField


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
    try:
        compiled = jmespath.compile(text.strip())
    except JMESPathError as error:
        raise ValueError(f"is not JMESPath: {str(error).splitlines()[0]}") from None
    return Expression(compiled, tuple(_paths(compiled.parsed)) or (text.strip(),))


def _paths(node: Mapping[str, Any]) -> list[str]:
    """The plain paths (`data.items`) that the parsed expression looks at, in the order they are written."""
    if (plain := _plain(node)) is not None:
        return [plain]
    return [path for child in node.get("children", ()) if isinstance(child, dict) for path in _paths(child)]


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
