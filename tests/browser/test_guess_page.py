"""The page on which a manager guesses, on a phone, on a desk, in the dark, and with a keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from cx_domain.guesses import Guess
from cx_domain.identities import manager_key
from cx_domain.readers import Reader, ReaderRecord
from infra import adapters, report_links
from infra.writing.words import languages
from tests.browser.conftest import NewPage
from tests.browser.site import Site
from tests.builders import KEY
from tests.functions.world import ACME_FILE, LINK_KEYS, World

Axe = Callable[[Page], list[str]]
TARGET = 44
TARGETS = """() => [...document.querySelectorAll('.pick, button')].map(each => {
  const box = each.getBoundingClientRect();
  return [each.textContent, box.width, box.height];
})"""
WIDE = "() => document.documentElement.scrollWidth - innerWidth"


def link(site: Site, query: str = "?nps=40") -> str:
    key = manager_key(KEY, World.acme, "boss@acme.example")
    boss = Reader(key, "boss@acme.example", in_file=True, record=ReaderRecord())
    return f"{site.url}/g/{report_links.guess_token(LINK_KEYS, World.acme, boss, '2026-01')}{query}"


@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 1200)])
def test_axe_finds_nothing_before_and_after_saving(
    site: Site, new_page: NewPage, axe: Axe, scheme: str, width: int
) -> None:
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 800})
    page.goto(link(site))
    before = axe(page)

    page.get_by_role("button").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Prognoza zapisana")
    assert (before, axe(page)) == ([], [])


def test_two_taps_keep_the_guess_of_the_mail_without_a_script(site: Site, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(link(site))

    page.get_by_role("group", name="Ilu klientów").get_by_role("radio", name="60").check(force=True)
    page.get_by_role("button").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Prognoza zapisana")
    assert adapters.guesses().list(World.acme, "2026-01") == (Guess(40, 60),)


def test_every_number_is_as_large_as_a_fingertip_on_the_narrowest_phone(site: Site, new_page: NewPage) -> None:
    page = new_page()

    page.goto(link(site))

    assert [target for target in page.evaluate(TARGETS) if min(target[1:]) < TARGET] == []


@pytest.mark.parametrize("language", languages())
def test_no_language_needs_scrolling_sideways(
    site: Site, sheet: NewPage, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AFTERORDER_SHOP_CACHE_SECONDS", "0.000001")
    text = ACME_FILE.read_text(encoding="utf-8")
    (line,) = [each for each in text.splitlines() if each.startswith("languages")]
    site.world.put_shop(text.replace(line, f'languages = ["{language}"]'))
    page = sheet()

    page.goto(link(site))

    assert page.locator("html").get_attribute("lang") == language
    assert page.evaluate(WIDE) == 0
