"""Names that say nothing are not used, and nothing is fetched from an address in a file."""

import re
from pathlib import Path

import pytest

from tests.house.sources import PACKAGES, ROOT, files

SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "base", "manager", "managers", "core", "misc"}
CODE = files(*PACKAGES, "tests")
REQUIREMENTS = sorted(path.relative_to(ROOT) for path in (ROOT / "requirements").iterdir() if path.is_file())


def test_a_files_and_its_folders_names_say_what_is_in_them() -> None:
    words = {str(path): set(re.split(r"[/_.]", str(path.with_suffix("")))) & SAY_NOTHING for path in CODE}

    assert {path: found for path, found in words.items() if found} == {}


def test_every_file_says_first_what_it_is() -> None:
    texts = {str(path): (ROOT / path).read_text(encoding="utf-8") for path in CODE}

    assert [path for path, text in texts.items() if text and not text.startswith('"""')] == []


@pytest.mark.parametrize("path", REQUIREMENTS, ids=str)
def test_requirements_hold_no_address(path: Path) -> None:
    assert "://" not in (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", [path for path in REQUIREMENTS if path.suffix == ".txt"], ids=str)
def test_every_requirement_is_pinned_with_its_hash(path: Path) -> None:
    text = (ROOT / path).read_text(encoding="utf-8").replace("\\\n", " ")
    pinned = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]

    assert all("==" in line and "--hash=sha256:" in line for line in pinned)
