"""Chromium at a phone's size, axe-core, and the functions behind an HTTP port of this process."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.chromium import FLAGS, executable
from tests.browser.site import Site
from tests.functions.conftest import aws, deployed, world
from tests.functions.world import World
from tests.tools import fetched

__all__ = ["aws", "deployed", "world"]

PHONE = {"width": 320, "height": 640}
AGENT = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36"
)
"""As a phone says it, and as scanners do: a browser without a window announces itself by its own name."""
AXE = ("axe-core@4.14.1", "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745")

PATIENCE = 30_000
"""Milliseconds: a machine that has much to do is slow, and no test is about that."""

NewPage = Callable[..., Page]
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let Powertools' remark pass that an invocation counted nothing: many rightly do."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("ignore:No application metrics to publish"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of this process; without one they fail, and say why."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(playwright), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Open a page of a browser that knows nothing yet, at a phone's size; any option of Playwright's `new_context` may be given."""
    opened: list[BrowserContext] = []

    def open_page(**options: Any) -> Page:
        opened.append(browser.new_context(**{"viewport": PHONE, "user_agent": AGENT, **options}))
        page = opened[-1].new_page()
        page.set_default_timeout(PATIENCE)
        return page

    yield open_page
    for context in opened:
        context.close()


@pytest.fixture(scope="session")
def sheet(browser: Browser) -> Iterator[NewPage]:
    """Give the page that was opened with the same options before, for what is put there whole: to open one takes longer than to look at it."""
    opened: dict[str, Page] = {}

    def same_page(**options: Any) -> Page:
        wanted = {"viewport": PHONE, "user_agent": AGENT, **options}
        known = repr(sorted(wanted.items()))
        if known not in opened:
            opened[known] = browser.new_context(**wanted).new_page()
            opened[known].set_default_timeout(PATIENCE)
        return opened[known]

    yield same_page
    for page in opened.values():
        page.context.close()


@pytest.fixture
def site(world: World) -> Iterator[Site]:
    """Acme Outdoor's pages on a port of this machine."""
    site = Site(world)
    yield site
    site.close()


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    return violations


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong with the page as it is now, each with the element it is about."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    found = page.evaluate("() => axe.run(document)")
    return [f"{rule['id']}: {node['html']}" for rule in found["violations"] for node in rule["nodes"]]


@cache
def _axe() -> str:
    return (fetched(*AXE) / "axe.min.js").read_text(encoding="utf-8")
