"""A sent mail and an HTML document as tests look at them."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser

from cx_domain.shops import Shop
from cx_domain.surveys import Survey
from infra.writing.mails import Mail, survey_mail
from tests.words.acme import ACME, LINKS, NOON, survey


class Page(HTMLParser):
    """The tags of an HTML document, with their attributes, and the words that people see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self._inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside not in {"style", "script"}:
            self.words += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


def mail(
    asked: Survey | None = None,
    shop: Shop = ACME,
    *,
    to: str = "anna@example.com",
    reminder: bool = False,
    preview: bool = False,
) -> Mail:
    return survey_mail(shop, asked or survey(), to, LINKS, reminder=reminder, sent_at=NOON, preview=preview)


def opened(sent: Mail) -> EmailMessage:
    return message_from_bytes(sent.raw, policy=default)


def part(sent: Mail, kind: str) -> str:
    body = opened(sent).get_body((kind,))
    assert body is not None
    content = body.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")


def header_lines(sent: Mail) -> list[bytes]:
    return sent.raw.partition(b"\r\n\r\n")[0].split(b"\r\n")


def unfolded(sent: Mail) -> list[bytes]:
    """The header lines, with those that go on over several put together as RFC 5322 says (2.2.3)."""
    return sent.raw.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b" ").split(b"\r\n")
