"""The rating page as people use it and as machines do: a hand confirms, and nothing else does."""

import time
from collections.abc import Callable
from contextlib import nullcontext

import pytest
from playwright.sync_api import Page, expect

from cx_domain.verdicts import judged
from tests.browser.conftest import NewPage
from tests.browser.site import Site
from tests.functions.world import writes_throttled

EVENING = "2026-01-12T18:20:00Z"
ANNA = {"X-Forwarded-For": "203.0.113.7"}
SCANNER = {"X-Forwarded-For": "198.51.100.20"}
NEIGHBOUR = {"X-Forwarded-For": "203.0.113.99"}


@pytest.fixture
def mailed(site: Site) -> Site:
    """Order 1001's mail went out in the morning, in English, and it is evening."""
    site.world.mailed(language="en")
    site.world.at(EVENING)
    return site


def score(site: Site) -> int | None:
    """What is confirmed; a tap alone is not."""
    return judged(site.world.survey(), "strict").score


def comes(fact: Callable[[], bool], within: float = 30.0) -> bool:
    """Wait until something is so, for what a page sends when nobody looks at it any more."""
    give_up_at = time.monotonic() + within
    while not fact() and time.monotonic() < give_up_at:
        time.sleep(0.02)
    return fact()


def says(page: Page, words: str) -> None:
    expect(page.locator("h1")).to_have_text(words)


# --- a person ----------------------------------------------------------------------------------------------------------


def test_one_touch_of_the_page_confirms_the_tapped_score(mailed: Site, new_page: NewPage) -> None:
    page = new_page(has_touch=True, extra_http_headers=ANNA)
    page.goto(mailed.rate(7))

    page.touchscreen.tap(160, 12)

    says(page, "Thank you. Saved: 7.")
    assert score(mailed) == 7
    (visit,) = [visit for visit in mailed.world.survey().visits if visit.method == "POST"]
    assert visit.evidence == "touch"
    assert visit.visible is not None
    assert visit.visible.total_seconds() > 0


def test_a_click_alone_is_enough_as_assistive_technology_makes_it(mailed: Site, new_page: NewPage) -> None:
    page = new_page(extra_http_headers=ANNA)
    page.goto(mailed.rate(7))

    page.get_by_role("radio", name="8 on a scale from 0 to 10", exact=True).check()

    says(page, "Thank you. Saved: 8.")
    assert [visit.evidence for visit in mailed.world.survey().visits] == [None, "click"]


@pytest.mark.parametrize("leave", ["close", "go elsewhere"])
def test_who_touches_the_page_and_leaves_at_once_has_answered(mailed: Site, new_page: NewPage, leave: str) -> None:
    page = new_page(extra_http_headers=ANNA)
    page.goto(mailed.rate(7))

    page.mouse.click(160, 12)
    if leave == "close":
        page.close(run_before_unload=True)
    else:
        page.goto("about:blank")

    assert comes(lambda: score(mailed) == 7)


def test_a_change_of_mind_is_saved_and_told(mailed: Site, new_page: NewPage) -> None:
    page = new_page(extra_http_headers=ANNA)
    page.goto(mailed.rate(7))
    page.mouse.click(160, 12)
    says(page, "Thank you. Saved: 7.")

    page.get_by_role("radio", name="3 on a scale from 0 to 10").check()

    says(page, "Thank you. Changed from 7 to 3.")
    assert page.title() == "Thank you. Changed from 7 to 3. · Acme Outdoor"
    assert score(mailed) == 3


def test_another_tap_in_the_mail_says_what_is_kept_until_it_is_confirmed(mailed: Site, new_page: NewPage) -> None:
    page = new_page(extra_http_headers=ANNA)
    page.goto(mailed.rate(7))
    page.mouse.click(160, 12)
    says(page, "Thank you. Saved: 7.")

    mailed.world.at("2026-01-12T18:25:00Z")
    page.goto(mailed.rate(3))
    says(page, "You chose 3")
    expect(page.get_by_text("Saved so far: 7.")).to_be_visible()
    assert score(mailed) == 7

    page.mouse.click(160, 12)
    says(page, "Thank you. Changed from 7 to 3.")
    assert score(mailed) == 3


def test_words_and_reasons_go_by_the_button_and_stay_in_the_form(mailed: Site, new_page: NewPage) -> None:
    page = new_page(extra_http_headers=ANNA)
    page.goto(mailed.rate(3))

    page.get_by_label("delivery").check()
    page.get_by_label("What went wrong?").fill("It leaks.")
    page.get_by_label("May we write back about this?").check()
    page.get_by_role("button", name="Send").click()

    says(page, "Thank you. Saved: 3.")
    (reply,) = mailed.world.survey().replies
    assert (reply.score, reply.comment, reply.drivers, reply.may_reply) == (3, "It leaks.", ("delivery",), True)
    assert page.get_by_label("What went wrong?").input_value() == "It leaks."
    assert page.get_by_label("delivery").is_checked()


def test_without_javascript_the_button_confirms(mailed: Site, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False, extra_http_headers=ANNA)
    page.goto(mailed.rate(7))
    expect(page.locator("noscript .hint")).to_be_visible()

    page.get_by_role("radio", name="9 on a scale from 0 to 10").check()
    page.get_by_role("button", name="Send").click()

    says(page, "Thank you. Saved: 9.")
    assert score(mailed) == 9
    assert [visit.evidence for visit in mailed.world.survey().visits] == [None, "form"]


def test_the_answer_arrives_when_our_own_trouble_is_over(mailed: Site, new_page: NewPage) -> None:
    page = new_page(extra_http_headers=ANNA)
    page.goto(mailed.rate(7))

    with writes_throttled("survey"):
        with page.expect_response(lambda answer: answer.request.method == "POST") as refused:
            page.mouse.click(160, 12)
        assert refused.value.status == 503
        says(page, "You chose 7")

    says(page, "Thank you. Saved: 7.")
    assert score(mailed) == 7


def test_whose_link_was_answered_by_somebody_else_is_told_so(mailed: Site, new_page: NewPage) -> None:
    first, second = new_page(extra_http_headers=ANNA), new_page(extra_http_headers=NEIGHBOUR)
    first.goto(mailed.rate(9))
    first.mouse.click(160, 12)
    says(first, "Thank you. Saved: 9.")

    second.goto(mailed.rate(1))
    says(second, "You chose 1")
    second.mouse.click(160, 12)

    says(second, "This question has been answered.")
    assert second.title() == "This question has been answered."
    assert score(mailed) == 9


# --- a machine ---------------------------------------------------------------------------------------------------------

BY_SCRIPT = {
    "idles": "() => {}",
    "clicks another number": "() => document.querySelectorAll('[name=score]')[2].click()",
    "presses the button": "() => document.querySelector('[type=submit]').click()",
    "sends the form": "() => document.querySelector('form').requestSubmit()",
    "makes events": """() => ['pointerdown', 'mousedown', 'click', 'keydown', 'touchend'].forEach(
        name => document.querySelector('[name=score]').dispatchEvent(new Event(name, {bubbles: true})))""",
    "says that a number changed": """() => { const one = document.querySelectorAll('[name=score]')[2];
        one.checked = true; one.dispatchEvent(new Event('change', {bubbles: true})); }""",
}
LEADS_ON = ("presses the button", "sends the form")


def test_a_scanner_that_loads_the_page_and_leaves_confirms_nothing(mailed: Site, new_page: NewPage) -> None:
    scanner = new_page(extra_http_headers=SCANNER)

    scanner.goto(mailed.rate(2))
    scanner.goto("about:blank")

    survey = mailed.world.survey()
    assert [visit.method for visit in survey.visits] == ["GET"]
    assert survey.replies == ()


@pytest.mark.parametrize("does", BY_SCRIPT)
def test_a_scanner_that_runs_javascript_confirms_nothing_and_the_person_after_it_does(
    mailed: Site, new_page: NewPage, does: str
) -> None:
    mailed.world.at("2026-01-12T09:00:43Z")
    scanner = new_page(extra_http_headers=SCANNER)
    scanner.goto(mailed.rate(2))
    with scanner.expect_navigation() if does in LEADS_ON else nullcontext():
        scanner.evaluate(BY_SCRIPT[does])
    scanner.wait_for_timeout(400)  # for whatever the page might send by itself
    assert scanner.locator("h1").inner_text().startswith("You chose")
    assert score(mailed) is None
    scanner.close()

    mailed.world.at(EVENING)
    person = new_page(extra_http_headers=ANNA)
    person.goto(mailed.rate(9))
    person.mouse.click(160, 12)

    says(person, "Thank you. Saved: 9.")
    assert score(mailed) == 9


def test_a_scanner_that_comes_after_the_person_changes_nothing(mailed: Site, new_page: NewPage) -> None:
    person = new_page(extra_http_headers=ANNA)
    person.goto(mailed.rate(9))
    person.mouse.click(160, 12)
    says(person, "Thank you. Saved: 9.")

    mailed.world.at("2026-01-12T18:20:35Z")
    scanner = new_page(extra_http_headers=SCANNER)
    scanner.goto(mailed.rate(0))
    with scanner.expect_navigation():
        scanner.evaluate(BY_SCRIPT["sends the form"])

    assert len(mailed.world.survey().replies) == 2
    assert score(mailed) == 9
    assert "Saved" not in scanner.content().split("<script>")[0]
