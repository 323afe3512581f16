"""What a module imports, directly or through others, read from the source: nothing is run, and no import is missed for being lazy."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("cx_domain", "functions", "infra")
NEVER_PACKED = {
    "infra.writing.po_files": "packages hold compiled catalogues",
}
"""Modules that are imported lazily, and on Lambda never, with the reason."""


@dataclass(frozen=True, slots=True)
class Reached:
    """Our own modules by their names (a package by that of its `__init__`), and the names that are imported of everybody else's."""

    own: dict[str, Path]
    foreign: frozenset[str]

    @property
    def tops(self) -> set[str]:
        """The first word of each of everybody else's names."""
        return {name.partition(".")[0] for name in self.foreign}


def reached(module: str) -> Reached:
    """Everything that can be imported once this module is."""
    own: dict[str, Path] = {}
    foreign: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in own or name in NEVER_PACKED:
            continue
        if name.partition(".")[0] not in PACKAGES:
            foreign.add(name)
            continue
        file = _file(name)
        if file is not None:
            own[name] = file
            waiting += [*_imports(file), *_parents(name)]
    return Reached(own, frozenset(foreign))


def _file(module: str) -> Path | None:
    """None for what is no module: a name that was imported from one."""
    path = Path(*module.split("."))
    found = (file for file in (path.with_suffix(".py"), path / "__init__.py") if (ROOT / file).is_file())
    return next(found, None)


def _parents(module: str) -> Iterator[str]:
    while "." in module:
        module = module.rpartition(".")[0]
        yield module


def _imports(file: Path) -> list[str]:
    finder = _Imports()
    finder.visit(ast.parse((ROOT / file).read_text(encoding="utf-8"), str(file)))
    return finder.found


class _Imports(ast.NodeVisitor):
    """Gathers what is imported anywhere in a file, but for type checkers only."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def visit_If(self, node: ast.If) -> None:
        if not (isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"):
            self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        self.found += [alias.name for alias in node.names]

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.module is not None:
            self.found += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
