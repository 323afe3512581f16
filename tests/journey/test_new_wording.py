"""A shop puts its question in new words: from that mail on, answers are counted apart."""

from pathlib import Path

from tests.journey.shop import ACME, Shop, order
from tests.journey.stack import Stack

ANNA, EWA = "customer1001@example.com", "customer1002@example.com"


def test_answers_to_new_words_have_a_headline_of_their_own(stack: Stack, tmp_path: Path) -> None:
    shop = Shop(stack)
    shop.post(order(1001, at="2026-01-05T09:00:00Z"))
    stack.advance("2d")
    shop.post(order(1002, at="2026-01-07T09:00:00Z"))
    stack.advance("6d")
    stack.confirm(stack.links(ANNA)["10"], 10)
    reworded = tmp_path / "acme.toml"
    reworded.write_text(ACME.read_text().replace("recommend Acme to a friend?", "buy from Acme again?"))

    put = stack.try_run("shop", "put", reworded)
    page = stack.tap(stack.links(ANNA)["10"]).text
    stack.advance("2d")
    stack.confirm(stack.links(EWA)["3"], 3)

    assert put.stderr.startswith("nps: a new series begins today, because the question changed in en;")
    assert "recommend Acme to a friend?" in page
    headlines = [(each["series"], each["n"], each["score"]) for each in stack.report("acme", "2026-W03")["headlines"]]
    assert headlines == [("2026-01-13", 1, -100.0), (None, 1, 100.0)]
