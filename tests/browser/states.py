"""Every state that a customer can meet a page in, each reached through the real links."""

from collections.abc import Callable, Mapping

from playwright.sync_api import Page

from cx_domain.surveys import SurveyId
from infra import previews
from tests.browser.site import Site
from tests.functions.world import token_of, writes_throttled

EVENING = "2026-01-12T18:20:00Z"
FOREVER_LATER = "2026-03-12T18:20:00Z"
ANNA = {"X-Forwarded-For": "203.0.113.7"}
NEIGHBOUR = {"X-Forwarded-For": "203.0.113.99"}

State = Callable[[Site, Page, str], object]


def language(code: str) -> str:
    return f"?language={code}"


def posted(site: Site, page: Page, score: int, code: str) -> None:
    """Send the form from this browser without opening the page."""
    form: dict[str, str | float | bool] = {"score": score, "language": code}
    page.request.post(site.rate(score).rsplit("/", 1)[0], form=form, headers=ANNA)


def chosen(site: Site, page: Page, code: str) -> None:
    page.goto(site.rate(7, language(code)))


def saved(site: Site, page: Page, code: str) -> None:
    posted(site, page, 7, code)
    page.goto(site.rate(7, language(code)))


def kept(site: Site, page: Page, code: str) -> None:
    posted(site, page, 7, code)
    page.goto(site.rate(3, language(code)))


def changed(site: Site, page: Page, code: str) -> None:
    kept(site, page, code)
    with page.expect_navigation():
        page.locator("button").click()


def already_answered(site: Site, page: Page, code: str) -> None:
    posted(site, page, 9, code)
    page.context.clear_cookies()
    page.set_extra_http_headers(dict(NEIGHBOUR))
    page.goto(site.rate(7, language(code)))
    with page.expect_navigation():
        page.locator("button").click()
    page.set_extra_http_headers(dict(ANNA))


def expired(site: Site, page: Page, code: str) -> None:
    site.world.at(FOREVER_LATER)
    page.goto(site.rate(7, language(code)))


def bad_link(site: Site, page: Page, _code: str) -> None:
    page.goto(f"{site.url}/s/nothing/7")


def bad_score(site: Site, page: Page, _code: str) -> None:
    page.goto(site.rate(11))


def trouble(site: Site, page: Page, _code: str) -> None:
    with writes_throttled("survey"):
        page.goto(site.rate(7))


def preview(site: Site, page: Page, code: str) -> None:
    page.goto(f"{site.url}/s/{previews.seal(site.world.acme, 'csat', code)}/4")


def stop(site: Site, page: Page, code: str) -> None:
    page.goto(site.stop(language(code)))


def unsubscribed(site: Site, page: Page, code: str) -> None:
    page.request.post(site.stop(), form={"choice": "stop"})
    stop(site, page, code)


def back(site: Site, page: Page, code: str) -> None:
    unsubscribed(site, page, code)
    with page.expect_navigation():
        page.locator("button").click()


def gone(site: Site, page: Page, _code: str) -> None:
    page.goto(f"{site.url}/s/{token_of(SurveyId('a' * 26))}/7")


STATES: Mapping[str, State] = {
    "chosen": chosen,
    "kept": kept,
    "changed": changed,
    "saved": saved,
    "preview": preview,
    "bad-link": bad_link,
    "bad-score": bad_score,
    "gone": gone,
    "trouble": trouble,
    "stop": stop,
    "unsubscribed": unsubscribed,
    "back": back,
    "already-answered": already_answered,
    "expired": expired,
}
"""In an order in which one can follow the other in one world."""
