"""One order's whole way on the local stack: the mail's own link, opened in Chromium, by a machine first and then by its reader."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewPage
from tests.journey.shop import Shop, order
from tests.journey.stack import Stack

MONDAY = "2026-01-05T09:00:00Z"
READER = {"X-Forwarded-For": "203.0.113.7"}
SCANNER = {"X-Forwarded-For": "198.51.100.20"}


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    stack = Stack(tmp_path / "data", now=MONDAY)
    yield stack
    stack.stop()


def test_a_tap_in_the_mail_becomes_the_readers_answer_whatever_a_scanner_did_before(
    stack: Stack, new_page: NewPage
) -> None:
    Shop(stack).post(order(1001, at=MONDAY))
    stack.advance("7d")
    links = stack.links("customer1001@example.com")
    scanner = new_page(extra_http_headers=SCANNER)
    for score in range(0, 11, 2):
        scanner.goto(links[str(score)])
        with scanner.expect_navigation():
            scanner.evaluate("document.querySelector('button').click()")
    stack.advance("6h")

    reader = new_page(extra_http_headers=READER)
    reader.goto(links["9"])
    reader.mouse.click(160, 12)
    expect(reader.locator("h1")).to_have_text("Thank you. Saved: 9.")
    reader.get_by_label("What did you like most?").fill("Dry inside.")
    reader.get_by_role("button", name="Send").click()
    expect(reader.get_by_label("What did you like most?")).to_have_value("Dry inside.")

    stack.advance("1d")
    report = stack.report("acme", "2026-01-12")
    (headline,) = report["headlines"]
    assert (headline["n"], headline["distribution"]["9"]) == (1, 1)
    assert [comment["comment"] for comment in report["comments"]] == ["Dry inside."]
