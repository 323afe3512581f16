"""One order, from its webhook to the manager's report."""

from pathlib import Path

import requests

from tests.journey.shop import Shop, acme, order
from tests.journey.stack import Stack

ANNA = "customer1001@example.com"
BOSS = "boss@acme.example"


def test_an_order_becomes_one_mail_one_answer_and_one_report(stack: Stack) -> None:
    shop = Shop(stack)

    assert shop.post(order(1001, at="2026-01-05T09:00:00Z")).status_code == 200
    stack.advance("8d")
    assert len(stack.mails(ANNA)) == 1
    page = stack.tap(stack.links(ANNA)["9"])
    assert page.status_code == 200
    assert "You chose 9" in page.text
    saved = stack.confirm(stack.links(ANNA)["9"], 9, comment="Kept us dry.", driver="quality")
    assert "Saved: 9" in saved.text
    stack.advance("7d")

    report = stack.report("acme", "2026-W03")
    assert report["headlines"][0]["n"] == 1
    assert report["headlines"][0]["score"] == 100.0
    assert report["verdicts"]["person"] == 1
    assert report["comments"][0]["comment"] == "Kept us dry."
    assert report["asked"]["sent"] == 1


def test_the_manager_opens_monday_s_report_from_the_digest(stack: Stack) -> None:
    shop = Shop(stack)
    shop.post(order(1001, at="2026-01-05T09:00:00Z"))
    stack.advance("8d")
    stack.confirm(stack.links(ANNA)["9"], 9)

    stack.advance("7d")

    link = stack.links(BOSS)["report"]
    answer = requests.get(link, allow_redirects=False, timeout=30)
    assert answer.status_code == 302
    assert "X-Amz-Expires=300" in answer.headers["location"]
    opened = requests.get(answer.headers["location"], timeout=30)
    assert opened.headers["content-type"].startswith("text/html")
    assert "Acme Outdoor" in opened.text


def test_a_cancelled_order_is_not_asked_about(stack: Stack) -> None:
    shop = Shop(stack)
    shop.post(order(1001, at="2026-01-05T09:00:00Z"))
    stack.advance("2d")

    shop.post(order(1001, at="2026-01-07T08:00:00Z", happening="cancelled"))
    stack.advance("8d")

    assert stack.mails(ANNA) == []
    assert stack.report("acme", "2026-W02")["asked"]["not_sent"] == {"cancelled": 1}


def test_whoever_unsubscribes_is_not_asked_about_the_next_order(stack: Stack) -> None:
    shop = Shop(stack)
    shop.post(order(1001, at="2026-01-05T09:00:00Z", email=ANNA))
    stack.advance("8d")

    one_click = {"List-Unsubscribe": "One-Click"}
    assert stack.http.post(stack.links(ANNA)["unsubscribe"], data=one_click).status_code == 200
    shop.post(order(1002, at="2026-01-13T09:00:00Z", email=ANNA.upper()))
    stack.advance("8d")

    assert len(stack.mails(ANNA)) == 1
    assert [survey["reason"] for survey in stack.surveys("acme", "--stage", "refused")] == ["unsubscribed"]


def test_a_customer_who_was_asked_recently_is_left_in_peace(stack: Stack) -> None:
    shop = Shop(stack)
    shop.post(order(1001, at="2026-01-05T09:00:00Z", email=ANNA))
    shop.post(order(1002, at="2026-01-06T09:00:00Z", email=ANNA))

    stack.advance("10d")

    assert len(stack.mails(ANNA)) == 1
    assert [survey["reason"] for survey in stack.surveys("acme", "--stage", "refused")] == ["asked-recently"]


def test_the_reminder_comes_once_and_only_to_who_did_not_answer(stack: Stack) -> None:
    shop = Shop(stack)
    shop.post(order(1001, at="2026-01-05T09:00:00Z"))
    shop.post(order(1002, at="2026-01-05T09:00:00Z"))
    stack.advance("8d")
    stack.confirm(stack.links(ANNA)["9"], 9)

    stack.advance("20d")

    assert len(stack.mails(ANNA)) == 1
    assert len(stack.mails("customer1002@example.com")) == 2


def test_a_hard_bounce_is_never_mailed_again(stack: Stack, tmp_path: Path) -> None:
    shop = Shop(stack, acme(tmp_path, ('ask_again_after = "90d"', 'ask_again_after = "1d"')))
    shop.post(order(1001, at="2026-01-05T09:00:00Z", email=ANNA))
    stack.advance("8d")

    bounce = {"id": stack.mails(ANNA)[0]["id"], "type": "Bounce", "subtype": "NoEmail"}
    assert stack.http.post(f"{stack.url}/_local/mail-events", json=bounce).status_code == 200
    stack.advance("2d")
    shop.post(order(1002, at="2026-01-14T09:00:00Z", email=ANNA))
    stack.advance("8d")

    assert len(stack.mails(ANNA)) == 1
    assert [survey["reason"] for survey in stack.surveys("acme", "--stage", "refused")] == ["suppressed"]
