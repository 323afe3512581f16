"""A manager's own link on a running stack: from the digest to the list, from the list to a file, and dead when they are removed."""

import re

import requests

from tests.journey.shop import Shop, order
from tests.journey.stack import Stack

ANNA = "customer1001@example.com"
BOSS = "boss@acme.example"


def test_a_manager_goes_from_the_digest_to_all_reports_until_they_are_removed(stack: Stack) -> None:
    shop = Shop(stack)
    shop.post(order(1001, at="2026-01-05T09:00:00Z"))
    stack.advance("8d")
    stack.confirm(stack.links(ANNA)["9"], 9)
    stack.advance("7d")

    everything = requests.get(stack.links(BOSS)["all"], timeout=30)
    assert everything.status_code == 200
    assert everything.url == stack.run("manager", "link", "acme", BOSS).strip()
    (workbook,) = re.findall(r'href="([^"]+/2026-W03/report\.xlsx)"', everything.text)
    assert requests.get(f"{stack.url}{workbook}", timeout=30).content.startswith(b"PK")
    assert everything.url.removeprefix(stack.url) in requests.get(f"{stack.url}/_local/", timeout=30).text

    stack.run("manager", "remove", "acme", BOSS)

    assert requests.get(everything.url, timeout=30).status_code == 404
    assert requests.get(stack.links(BOSS)["report"], timeout=30).status_code == 404
    assert requests.get(f"{stack.url}{workbook}", timeout=30).status_code == 404
