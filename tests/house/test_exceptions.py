"""Every rule that is switched off for a whole file, resource or project has its reason beside it."""

import re
from pathlib import Path

import pytest

from tests.house.sources import ROOT

FILES = {
    "template.yaml": re.compile(r"^\s*(?:- (?P<code>[EW]S?\d{4})$|Metadata: .*ignore_checks: \[(?P<codes>[^]]+)\])"),
    ".checkov.yaml": re.compile(r"^\s*- CKV\w+$"),
    "pyproject.toml": re.compile(r'^\s*(?:"[A-Z]+\d*", )*"[A-Z]+\d*",'),
}
"""How a rule is switched off there. In TOML the reason stands on the same line, in YAML in the comment above."""


def unexplained(path: Path, switched_off: re.Pattern[str]) -> tuple[int, list[str]]:
    """How many lines switch a rule off, and which of them have no reason."""
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [number for number, line in enumerate(lines) if switched_off.match(line)]
    bare = [
        f"{path.name}:{number + 1}"
        for number in found
        if "  # " not in lines[number] and not lines[number - 1].lstrip().startswith("# ")
    ]
    return len(found), bare


@pytest.mark.parametrize("name", FILES)
def test_every_rule_that_is_switched_off_has_its_reason(name: str) -> None:
    number, bare = unexplained(ROOT / name, FILES[name])

    assert number > 5
    assert bare == []
