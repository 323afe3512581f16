"""The page on a platform's file tells every key that there is, and its example is read as it says."""

import json
import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cx_domain.toml_checks import Notes, Table
from infra.operator.cli import app
from infra.platforms import platforms, schemes
from infra.platforms.files import read_file
from tests.house.sources import ROOT

PAGE = (ROOT / "docs" / "platforms" / "file.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(found)


def keys() -> set[str]:
    """Every key that was asked for in any of our files; topics and currencies are free."""
    found: set[str] = set()
    for name in platforms():
        notes = Notes()
        text = (files("infra.platforms") / f"{name}.toml").read_text(encoding="utf-8")
        read_file(Table(tomllib.loads(text), notes), name)
        found |= {key for key in notes.keys if not key.startswith(("topics.", "minor_units."))}
    return found


@pytest.mark.parametrize("key", sorted(keys()))
def test_every_key_of_a_platforms_file_is_told(key: str) -> None:
    last = key.rpartition(".")[2]

    assert f"`{key}`" in PAGE or f"`{last}`" in PAGE or f"`[{key}" in PAGE or f"`{key}." in PAGE


@pytest.mark.parametrize("scheme", schemes.SCHEMES)
def test_every_scheme_is_told(scheme: str) -> None:
    assert f"`{scheme}`" in PAGE


def test_the_example_is_read_as_the_page_says(tmp_path: Path) -> None:
    till, payload = tmp_path / "till.toml", tmp_path / "payload.json"
    till.write_text(block("toml"), encoding="utf-8")
    payload.write_text(block("json"), encoding="utf-8")

    tried = CliRunner().invoke(app, ["platform", "try", str(till), str(payload), "--json"])

    told = json.loads(tried.output)
    assert (told["subject_id"], told["happened"], told["standing"]) == (
        "1001",
        {"fulfilled": "2026-01-05T09:00:00+00:00"},
        "live",
    )
    assert told["details"]["email"] == "anna@example.com"
    assert told["details"]["items"] == [{"title": "Tent", "sku": "T-1", "category": "", "quantity": 1}]
    assert told["details"]["consent"] is True
