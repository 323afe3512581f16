"""A shop sends a mail to itself: it comes like any other, and nothing that happens to it counts."""

from tests.journey.shop import Shop
from tests.journey.stack import Stack

OWNER = "owner@acme.example"


def test_a_test_mail_arrives_its_pages_open_and_nothing_is_kept(stack: Stack) -> None:
    Shop(stack)

    stack.run("mail", "test", "acme", OWNER, "--language", "en")
    stack.advance("5m")
    (mail,) = stack.mails(OWNER)
    links = stack.links(OWNER)
    chosen, saved = stack.tap(links["9"]), stack.confirm(links["9"], 9)
    stopping = stack.http.post(links["unsubscribe"], data={"choice": "stop"})
    for happening in ("Bounce", "Complaint"):
        told = stack.http.post(f"{stack.url}/_local/mail-events", json={"id": mail["id"], "type": happening})
        assert told.status_code == 200
    stack.advance("1h")

    assert [page.status_code for page in (chosen, saved, stopping)] == [200, 200, 200]
    assert "You chose 9" in chosen.text
    assert stack.surveys("acme") == []
    stack.run("mail", "test", "acme", OWNER)
    assert len(stack.mails(OWNER)) == 2
