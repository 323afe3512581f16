"""Every file that a shop is given can be read by its language, and what is packed is the same each time."""

import re
import zipfile
from pathlib import Path

import pytest

from docs.platforms.zip_module import MODULES, pack
from tests.senders.programs import PLATFORMS, STAND_INS, run

PHP = [*sorted(PLATFORMS.rglob("*.php")), *sorted(STAND_INS.glob("*.php"))]
GUARD = "if (!defined('_PS_VERSION_')) {\n    exit;\n}"

NEWER_THAN_PHP_7_2 = {
    "arrow function": r"\bfn\s*\(",
    "match": r"\bmatch\s*\(",
    "typed property": r"(private|protected|public)( static)?( readonly)? \??[\w\\]+ \$",
    "null-safe call": r"\?->",
    "assignment if null": r"\?\?=",
    "spread in a list": r"[\[(]\s*\.\.\.",
    "function for texts": r"\bstr_(contains|starts_with|ends_with)\(",
    "comma after the last argument": r"\w\([^()\[\]]*,\s*\)",
    "union type": r"\w\|\w+ \$",
}


def name(path: Path) -> str:
    return str(path.relative_to(PLATFORMS)) if PLATFORMS in path.parents else path.name


@pytest.mark.parametrize("file", PHP, ids=name)
def test_php_can_read_it(file: Path) -> None:
    assert run("php", "-l", file).returncode == 0


@pytest.mark.parametrize("newer", NEWER_THAN_PHP_7_2.values(), ids=NEWER_THAN_PHP_7_2)
def test_what_runs_in_a_prestashop_uses_no_word_that_its_oldest_php_does_not_know(newer: str) -> None:
    code = [*(PLATFORMS / "prestashop").rglob("*.php"), *(PLATFORMS / "senders").glob("*.php")]

    assert [name(file) for file in code if re.search(newer, file.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("module", MODULES)
def test_the_same_files_are_packed_as_the_same_bytes(module: str, tmp_path: Path) -> None:
    packed = [pack(module, tmp_path / place).read_bytes() for place in ("here", "there")]

    assert packed[0] == packed[1]


@pytest.mark.parametrize("module", MODULES)
def test_nothing_but_the_modules_own_files_is_packed(module: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(pack(module, tmp_path)) as archive:
        names = archive.namelist()

    suffixes = {Path(each).suffix for each in names}
    assert suffixes <= {".php", ".xml", ".json", ".tpl"}
    assert {each.split("/")[0] for each in names} == {MODULES[module].root.split("/")[0]}


def test_no_file_of_the_prestashop_module_runs_when_it_is_asked_for_by_its_address(tmp_path: Path) -> None:
    with zipfile.ZipFile(pack("prestashop", tmp_path)) as archive:
        code = {each: archive.read(each).decode() for each in archive.namelist() if each.endswith(".php")}

    # The shared files only define classes; a folder's index.php sends the visitor away.
    shared = ("/index.php", "src/Sender.php", "src/Telling.php")
    assert [each for each, text in code.items() if GUARD not in text and not each.endswith(shared)] == []


def test_no_folder_of_the_prestashop_module_can_be_listed(tmp_path: Path) -> None:
    with zipfile.ZipFile(pack("prestashop", tmp_path)) as archive:
        names = {Path(each) for each in archive.namelist()}

    folders = {folder for each in names for folder in each.parents if folder != Path()}
    assert {folder for folder in folders if folder / "index.php" not in names} == set()
