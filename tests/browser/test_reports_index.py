"""The page of all reports, as a manager sees it on a phone, on a desk, in the dark, and with a keyboard alone."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from cx_domain.identities import manager_key
from cx_domain.readers import Reader, ReaderRecord
from infra import adapters, report_links
from infra.writing.words import languages
from tests.browser.conftest import NewPage
from tests.browser.site import Site
from tests.builders import KEY
from tests.functions.world import ACME_FILE, LINK_KEYS, World

Axe = Callable[[Page], list[str]]
PERIODS = (*(f"2026-W{week:02}" for week in range(1, 10)), "2026-01", "2025-12", "2025-Q4", "2025", "2026-01-12")
CSAT = {"kind": "csat", "touchpoint": "ticket", "n": 12, "score": 83.3, "interval": [55.2, 95.3]}
NPS = {"kind": "nps", "touchpoint": "order", "n": 51, "score": 50.98, "interval": [29.29, 67.0]}
TARGET = 44
TARGETS = """() => [...document.querySelectorAll('main a, summary')].filter(each => each.checkVisibility()).map(each => {
  const box = each.getBoundingClientRect();
  return [each.textContent, box.width, box.height];
})"""
WIDE = "() => document.documentElement.scrollWidth - innerWidth"


@pytest.fixture
def shelf(site: Site) -> Site:
    """Acme Outdoor has reports of each kind; the boss has a link to them."""
    for period in PERIODS:
        headlines = [{**each, "change": None, "target": None} for each in (NPS, CSAT)]
        adapters.files().put(f"reports/acme/{period}/report.html", b"<html>", "text/html")
        figures = json.dumps({"headlines": headlines}).encode()
        adapters.files().put(f"reports/acme/{period}/report.json", figures, "application/json")
    return site


def link(site: Site) -> str:
    key = manager_key(KEY, World.acme, "boss@acme.example")
    boss = Reader(key, "boss@acme.example", in_file=True, record=ReaderRecord())
    return f"{site.url}/r/{report_links.token(LINK_KEYS, World.acme, boss)}"


def speaks(site: Site, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERORDER_SHOP_CACHE_SECONDS", "0.000001")
    text = ACME_FILE.read_text(encoding="utf-8")
    (line,) = [each for each in text.splitlines() if each.startswith("languages")]
    site.world.put_shop(text.replace(line, f'languages = ["{language}"]'))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1200])
def test_axe_finds_nothing_also_with_the_older_ones_unfolded(
    shelf: Site, new_page: NewPage, axe: Axe, scheme: str, width: int
) -> None:
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 800})
    page.goto(link(shelf))

    page.locator("summary").click()

    expect(page.get_by_role("link", name="Tydzień 1", exact=True)).to_be_visible()
    assert axe(page) == []


def test_every_link_is_as_large_as_a_fingertip_on_the_narrowest_phone(shelf: Site, new_page: NewPage) -> None:
    page = new_page()
    page.goto(link(shelf))

    page.locator("summary").click()

    targets = page.evaluate(TARGETS)
    assert len(targets) == 4 * len(PERIODS) + 1
    assert [target for target in targets if min(target[1:]) < TARGET] == []


@pytest.mark.parametrize("language", languages())
def test_no_language_needs_scrolling_sideways_even_at_twice_the_size(
    shelf: Site, sheet: NewPage, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    speaks(shelf, language, monkeypatch)
    page = sheet()
    page.goto(link(shelf))
    assert page.locator("html").get_attribute("lang") == language

    plain = page.evaluate(WIDE)
    page.evaluate("document.documentElement.style.fontSize = '200%'")

    assert (plain, page.evaluate(WIDE)) == (0, 0)


def test_a_screen_reader_hears_of_which_report_a_file_is(shelf: Site, new_page: NewPage) -> None:
    page = new_page()

    page.goto(link(shelf))

    excel = page.get_by_role("link", name="Excel, Tydzień 9")
    assert excel.get_attribute("href") == f"{link(shelf).removeprefix(shelf.url)}/2026-W09/report.xlsx"
    headings = page.get_by_role("heading", level=2).all_text_contents()
    assert headings == ["Tygodnie", "Miesiące", "Kwartały", "Lata", "Dni"]


def test_the_page_is_one_request_breaks_none_of_its_rules_and_keeps_nothing(shelf: Site, new_page: NewPage) -> None:
    page = new_page()
    asked: list[str] = []
    said: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        said.append(message.text)

    page.on("request", lambda request: asked.append(request.url))
    page.on("console", listen)
    page.goto(link(shelf))
    page.wait_for_timeout(200)

    assert (asked, said, page.context.cookies()) == ([link(shelf)], [], [])
    assert page.locator("h2").first.evaluate("each => getComputedStyle(each).borderBottomWidth") == "2px"


def test_the_keyboard_alone_unfolds_the_older_ones(shelf: Site, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(link(shelf))
    page.locator("summary").focus()

    page.keyboard.press("Enter")

    expect(page.get_by_role("link", name="Tydzień 1", exact=True)).to_be_visible()
