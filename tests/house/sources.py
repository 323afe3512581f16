"""The code as text and as syntax trees, for the tests that hold the house's own rules."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("cx_domain", "functions", "infra")


def files(*folders: str) -> list[Path]:
    """Every Python file below these folders, relative to the repository."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(path.relative_to(ROOT) for path in found)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), str(path))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a file's tree."""
    return tuple(ast.walk(tree(path)))


def imports(path: Path) -> set[str]:
    """Every module that a file imports, and every `module.name` that it takes from one."""
    return {name for node in nodes(path) for name in _imported(node)}


def _imported(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            yield from (alias.name for alias in names)
        case ast.ImportFrom(module=str(module), names=names, level=0):
            yield module
            yield from (f"{module}.{alias.name}" for alias in names)
        case ast.ImportFrom(level=level) if level:
            yield "." * level
        case _:
            return


def attributes(path: Path) -> set[str]:
    """Every `name.attribute` that a file uses."""
    return {
        f"{node.value.id}.{node.attr}"
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")
