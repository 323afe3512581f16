"""botocore's description of a service, cut down to the operations that a function's modules name: the whole of it is megabytes to read."""

import ast
import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from botocore import xform_name

from infra.packaging.modules import ROOT

_BOTOCORES_OWN = frozenset({"HeadBucket"})
"""What botocore asks by itself: where a bucket is, when it is not where it was thought to be."""


def words(files: Iterable[Path]) -> frozenset[str]:
    """Every name behind a dot and every text of these modules: a call must be one of them, `client.get_item` or `"get_item"`."""
    return frozenset(word for file in files for word in _words(ast.parse((ROOT / file).read_text(encoding="utf-8"))))


def _words(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name):
                yield name
            case ast.Constant(value=str(text)):
                yield text


def described(file: Path, named: frozenset[str]) -> bytes:
    """Cut a `service-2.json.gz` down to the operations that are named as Python does (`get_item`), with the shapes they need."""
    known = json.loads(gzip.decompress(file.read_bytes()))
    operations = {
        name: each for name, each in known["operations"].items() if name in _BOTOCORES_OWN or xform_name(name) in named
    }
    errors = (name for name, shape in known["shapes"].items() if shape.get("exception"))
    needed = _with_all_behind([*_of_operations(operations), *errors], known["shapes"])
    shapes = {name: shape for name, shape in known["shapes"].items() if name in needed}
    cut = {"operations": _undocumented(operations), "shapes": _undocumented(shapes)}
    short = json.dumps({**known, **cut}, separators=(",", ":"))
    return gzip.compress(short.encode(), mtime=0)


def _of_operations(operations: Mapping[str, Any]) -> Iterator[str]:
    for each in operations.values():
        yield from (end["shape"] for end in (each.get("input"), each.get("output"), *each.get("errors", ())) if end)


def _with_all_behind(waiting: list[str], shapes: Mapping[str, Any]) -> set[str]:
    needed: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            shape = shapes[name]
            parts = (*shape.get("members", {}).values(), shape.get("member"), shape.get("key"), shape.get("value"))
            waiting += [part["shape"] for part in parts if part]
    return needed


def _undocumented(told: Any) -> Any:
    """The same without its pages of documentation, which are texts; a member of that name is a shape."""
    match told:
        case dict():
            return {
                name: _undocumented(each)
                for name, each in told.items()
                if name != "documentation" or not isinstance(each, str)
            }
        case list():
            return [_undocumented(each) for each in told]
        case _:
            return told
