"""Every page in Chromium: readable by everyone, private, small, and of one piece."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from infra.writing.words import languages
from tests.browser.conftest import NewPage
from tests.browser.site import Site
from tests.browser.states import ANNA, EVENING, STATES, changed, chosen, posted, saved, stop
from tests.functions.world import ACME_FILE

Axe = Callable[[Page], list[str]]

TARGET = 44
"""CSS pixels in each direction: WCAG 2.2's success criterion 2.5.5, and Apple's Human Interface Guidelines."""

TARGETS = """() => [...document.querySelectorAll('a, button, textarea, .pick input, .box')].map(target => {
  const box = target.getBoundingClientRect();
  return [target.outerHTML.slice(0, 80), box.width, box.height];
})"""
TOO_WIDE = """() => {
  const words = [...document.querySelectorAll('h1, p, a, b, legend, label, span, button, textarea')];
  const cut = element => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0;
  const outside = element => { const box = element.getBoundingClientRect(); return box.left < 0 || box.right > innerWidth; };
  const found = words.filter(element => cut(element) || outside(element)).map(element => element.outerHTML.slice(0, 80));
  return document.documentElement.scrollWidth > innerWidth ? ['the page itself', ...found] : found;
}"""
OUTLINE = """() => {
  const at = document.activeElement;
  const seen = at.matches('.pick input') ? at.nextElementSibling : at;
  return [at.name || at.textContent.trim(), getComputedStyle(seen).outlineStyle, parseFloat(getComputedStyle(seen).outlineWidth)];
}"""
LISTEN = """() => { window.heard = []; const region = document.querySelector('[aria-live]');
  new MutationObserver(() => heard.push(region.textContent)).observe(region, {childList: true, characterData: true, subtree: true}); }"""


@pytest.fixture
def mailed(site: Site) -> Site:
    """Order 1001's mail went out in the morning, and it is evening. Acme Outdoor speaks every language."""
    every = ", ".join(f'"{code}"' for code in languages())
    site.world.put_shop(ACME_FILE.read_text(encoding="utf-8").replace('["pl", "en"]', f"[{every}]"))
    site.world.mailed(language="en")
    site.world.at(EVENING)
    return site


def test_every_state_says_what_it_is(mailed: Site, new_page: NewPage) -> None:
    page = new_page(extra_http_headers=ANNA, locale="en-GB")
    said = {}
    for name, reach in STATES.items():
        reach(mailed, page, "en")
        said[name] = page.locator("h1").inner_text()

    assert said == {
        "chosen": "You chose 7",
        "kept": "You chose 3",
        "changed": "Thank you. Changed from 7 to 3.",
        "saved": "Thank you. Saved: 7.",
        "preview": "You chose satisfied",
        "bad-link": "This link does not open.",
        "bad-score": "There is no such answer on the scale.",
        "gone": "This link does not open.",
        "trouble": "This did not work, and it is our fault.",
        "stop": "Shall we stop asking?",
        "unsubscribed": "Done.",
        "back": "We may ask again.",
        "already-answered": "This question has been answered.",
        "expired": "This question can no longer be answered.",
    }


# --- for everyone ------------------------------------------------------------------------------------------------------


def test_axe_finds_a_button_without_a_name(new_page: NewPage, axe: Axe) -> None:
    page = new_page()
    page.set_content("<main><h1>Acme Outdoor</h1><button></button></main>")

    assert any(found.startswith("button-name") for found in axe(page))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(mailed: Site, new_page: NewPage, axe: Axe, scheme: str) -> None:
    page = new_page(color_scheme=scheme, extra_http_headers=ANNA)
    found = {}
    for name, reach in STATES.items():
        reach(mailed, page, "en")
        found[name] = axe(page)

    assert found == {name: [] for name in STATES}


def test_axe_finds_nothing_in_any_language(mailed: Site, new_page: NewPage, axe: Axe) -> None:
    page = new_page()
    found = {}
    for code in languages():
        chosen(mailed, page, code)
        found[code] = axe(page)

    assert found == {code: [] for code in languages()}


def test_every_target_is_as_large_as_a_fingertip_on_the_narrowest_phone(mailed: Site, new_page: NewPage) -> None:
    page = new_page()
    small = []
    for reach in (chosen, saved, stop):
        reach(mailed, page, "en")
        small += [target for target in page.evaluate(TARGETS) if min(target[1:]) < TARGET]

    assert small == []


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_text_at_twice_its_size_needs_no_scrolling_sideways(mailed: Site, new_page: NewPage, direction: str) -> None:
    page = new_page()
    wide = {}
    for code in languages():
        chosen(mailed, page, code)
        page.evaluate("way => { document.dir = way; document.documentElement.style.fontSize = '200%'; }", direction)
        wide[code] = page.evaluate(TOO_WIDE)

    assert wide == {code: [] for code in languages()}


def test_the_keyboard_alone_can_rate_tick_write_and_send(mailed: Site, new_page: NewPage) -> None:
    page = new_page(extra_http_headers=ANNA)
    chosen(mailed, page, "en")
    page.get_by_role("radio", checked=True).focus()

    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    for _ in range(10):
        page.keyboard.press("Tab")
    page.keyboard.type("Dry inside.")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    expect(page.locator("h1")).to_contain_text("Saved: 8")
    (reply,) = mailed.world.survey().replies
    assert (reply.score, reply.drivers, reply.comment, reply.may_reply) == (8, ("delivery",), "Dry inside.", True)


def test_whoever_goes_by_keyboard_sees_where_they_are(mailed: Site, new_page: NewPage) -> None:
    page = new_page()
    chosen(mailed, page, "en")
    page.keyboard.press("Tab")
    stops = [page.evaluate(OUTLINE)]
    # The key confirmed the answer, and so the link to write a review is there as well.
    expect(page.locator("h1")).to_contain_text("Saved")
    for _ in range(len(languages()) - 2 + 1 + 1 + 10 + 3 + 2):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(OUTLINE))

    assert [name for name, style, width in stops if style == "none" or width < 2] == []
    assert {"score", "driver", "comment", "may_reply", "Send", "Don't ask me again"} <= {name for name, *_ in stops}


def test_a_screen_reader_hears_each_choice_and_that_it_is_saved(mailed: Site, new_page: NewPage) -> None:
    page = new_page(extra_http_headers=ANNA)
    chosen(mailed, page, "en")
    page.evaluate(LISTEN)

    page.get_by_role("radio", name="8 on a scale from 0 to 10").check()

    expect(page.locator("h1")).to_have_text("Thank you. Saved: 8.")
    assert page.evaluate("heard") == ["You chose 8", "Thank you. Saved: 8."]
    question = page.get_by_role("group", name="How likely are you to recommend Acme to a friend?")
    assert question.get_by_role("radio").count() == 11


# --- in their language -------------------------------------------------------------------------------------------------


def test_the_switch_shows_the_page_in_another_language_and_is_no_tap(mailed: Site, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(mailed.rate(7))

    page.get_by_role("link", name="Polski").click()

    expect(page.locator("h1")).to_have_text("Wybrana ocena: 7")
    assert page.locator("html").get_attribute("lang") == "pl"
    assert len(mailed.world.survey().visits) == 1


def test_the_saved_page_speaks_the_chosen_language_too(mailed: Site, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    chosen(mailed, page, "pl")

    page.get_by_role("button", name="Wyślij").click()

    expect(page.locator("h1")).to_have_text("Dziękujemy. Zapisana ocena: 7.")


def test_a_score_changed_on_the_page_stays_chosen_in_another_language(mailed: Site, new_page: NewPage) -> None:
    page = new_page(extra_http_headers=ANNA)
    page.goto(mailed.rate(7))
    page.get_by_role("radio", name="3 on a scale from 0 to 10").check()
    expect(page.locator("h1")).to_have_text("Thank you. Saved: 3.")

    page.get_by_role("link", name="Polski").click()

    expect(page.locator("h1")).to_have_text("Dziękujemy. Zapisana ocena: 3.")


# --- private and small -------------------------------------------------------------------------------------------------


def test_nothing_is_asked_of_anybody_else_and_the_whole_page_is_one_request(mailed: Site, new_page: NewPage) -> None:
    page = new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(mailed.rate(7))
    page.wait_for_timeout(300)

    assert asked == [mailed.rate(7)]


def test_the_page_with_ten_reasons_is_small_in_every_language(mailed: Site, new_page: NewPage) -> None:
    asked = new_page().request
    pages = [asked.get(mailed.rate(3, f"?language={code}")) for code in languages()]

    assert {len(re.findall('name="driver"', page.text())) for page in pages} == {10}
    assert max(len(page.body()) for page in pages) < 25_000


def test_nothing_is_kept_in_the_browser_before_the_form_is_sent(mailed: Site, new_page: NewPage) -> None:
    page = new_page(extra_http_headers=ANNA)
    page.goto(mailed.rate(7))
    page.get_by_role("link", name="Polski").focus()
    kept = "() => [document.cookie, localStorage.length, sessionStorage.length]"

    assert (page.context.cookies(), page.evaluate(kept)) == ([], ["", 0, 0])


def test_the_cookie_of_an_answer_is_for_this_link_and_no_script(mailed: Site, new_page: NewPage) -> None:
    page = new_page(extra_http_headers=ANNA)
    posted(mailed, page, 7, "en")

    (cookie,) = page.context.cookies(mailed.rate(7))
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Lax", f"/s/{mailed.world.link()}")
    assert page.context.cookies(mailed.stop()) == []


def test_no_page_breaks_its_own_rules(mailed: Site, new_page: NewPage) -> None:
    said: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        # Chromium itself notes that a page was answered with 404, 410 or 503.
        if "Failed to load resource" not in message.text:
            said.append(message.text)

    page = new_page(extra_http_headers=ANNA)
    page.on("console", listen)
    page.on("pageerror", lambda error: said.append(str(error)))
    for reach in STATES.values():
        reach(mailed, page, "en")

    assert said == []


def test_a_script_that_is_not_the_pages_own_does_not_run(mailed: Site, new_page: NewPage) -> None:
    page = new_page()
    page.goto(mailed.rate(7))

    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.foreign = 1'; document.body.append(s); }"
    )

    assert page.evaluate("'foreign' in window") is False


def test_where_a_link_leads_learns_nothing_of_where_it_stood(mailed: Site, new_page: NewPage) -> None:
    page = new_page(extra_http_headers=ANNA)
    changed(mailed, page, "en")
    heard: list[str | None] = []

    def answer(route: object, request: object) -> None:
        heard.append(request.headers.get("referer"))  # type: ignore[attr-defined]
        route.fulfill(body="reviews")  # type: ignore[attr-defined]

    page.route("https://acme.example/**", answer)
    page.get_by_role("link", name="Write a review for other customers").click()
    page.wait_for_url("https://acme.example/review")

    assert heard == [None]
