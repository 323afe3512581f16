"""Every way to connect a shop is in the index, and every platform that is a file has samples that are tested."""

import re

import pytest

from infra import platforms
from tests.house.sources import ROOT

PAGES = ROOT / "docs" / "platforms"
INDEX = (PAGES / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", sorted(path.name for path in PAGES.glob("*.md") if path.name != "README.md"))
def test_every_page_about_a_platform_is_in_the_index(page: str) -> None:
    assert f"]({page})" in INDEX


@pytest.mark.parametrize("name", platforms.platforms())
def test_every_platform_has_samples(name: str) -> None:
    samples = ROOT / "tests" / "platforms" / "samples" / name

    assert [path for path in samples.glob("*") if path.suffix in {".json", ".graphql"}] != []


@pytest.mark.parametrize("name", platforms.platforms())
def test_every_platform_is_in_the_index(name: str) -> None:
    assert f"{name}.md)" in INDEX


@pytest.mark.parametrize("folder", sorted(path.name for path in PAGES.iterdir() if path.is_dir()))
def test_every_sender_is_linked_from_a_page(folder: str) -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in PAGES.glob("*.md"))

    assert re.search(rf"\]\({folder}[/)]", pages)
