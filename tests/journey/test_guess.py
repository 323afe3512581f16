"""A manager guesses on a running stack: asked before the month closes, kept by one form, read beside what the customer said."""

import re
from collections.abc import Callable
from pathlib import Path

import requests

from tests.journey.shop import ACME, Shop, order
from tests.journey.stack import Stack

ANNA = "customer1001@example.com"
BOSS = "boss@acme.example"


BEFORE_EIGHT_ON_THURSDAY = "2026-01-29T05:00:00Z"


def test_a_managers_guess_stands_beside_the_answers_of_the_month(
    start_stack: Callable[..., Stack], tmp_path: Path
) -> None:
    stack, file = start_stack(now=BEFORE_EIGHT_ON_THURSDAY), tmp_path / "acme.toml"
    text = ACME.read_text(encoding="utf-8").replace('every = ["week", "month"]', 'every = ["month"]\nguess = true')
    file.write_text(text.replace('delay = "7d"', 'delay = "1h"'), encoding="utf-8")
    Shop(stack, file).post(order(1001, at=BEFORE_EIGHT_ON_THURSDAY))
    stack.advance("135m")
    stack.confirm(stack.links(ANNA)["9"], 9)

    (asked,) = stack.mails(BOSS)
    body = stack.mail(asked["id"]).get_body(("plain",))
    assert body is not None
    (tap,) = re.findall(r"(http://\S+\?nps=40)\s", body.get_content())
    assert 'value="40" checked' in requests.get(tap, timeout=30).text
    form = tap.partition("?")[0]
    assert requests.post(form, data={"nps": "40", "excellent": "60"}, timeout=30).status_code == 200
    stack.advance("64h")

    gap = stack.report("acme", "2026-01")["perception_gap"]
    assert {name: (each["managers"], each["customers"]) for name, each in gap.items()} == {
        "nps": (40, 100),
        "excellent": (60, 100),
    }
    assert requests.post(form, data={"nps": "90"}, timeout=30).status_code == 410
