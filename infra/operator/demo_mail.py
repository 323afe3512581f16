"""A survey's mail, opened as a customer's programs open it: by its links and by its headers."""

import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser

from cx_domain.errors import Trouble

_RATE = re.compile(r"https?://[^\s\"'<>]+/s/[^\s\"'<>/]+/(\d+)")
_ADDRESS = re.compile(r"<(https?://[^>]+)>")


@dataclass(frozen=True, slots=True)
class SurveyMail:
    """The links of a survey's mail: one for each score, and the one-click unsubscribe of RFC 8058."""

    scores: dict[int, str]
    unsubscribe: str


@dataclass
class Form:
    """The one form of a rating page: where it goes, and the fields that come with it."""

    action: str = ""
    hidden: list[tuple[str, str]] = field(default_factory=list)
    drivers: list[str] = field(default_factory=list)


def survey_mail(raw: bytes) -> SurveyMail | None:
    """Find the links of a survey's mail; None if it is another mail, such as a digest."""
    message = message_from_bytes(raw, policy=default)
    plain = message.get_body(("plain", "html"))
    text = str(plain.get_content()) if plain is not None else ""
    scores = {int(found[1]): found[0] for found in _RATE.finditer(text)}
    unsubscribe = _ADDRESS.search(str(message["List-Unsubscribe"] or ""))
    return SurveyMail(scores, unsubscribe[1]) if scores and unsubscribe else None


def rating_form(page: str) -> Form:
    """Read the form of a rating page."""
    reader = _FormReader()
    reader.feed(page)
    if not reader.form.action:
        raise Trouble("The rating page holds no form.")
    return reader.form


class _FormReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.form = Form()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form.action = named.get("action", "")
        if tag != "input":
            return
        name, value = named.get("name", ""), named.get("value", "")
        if named.get("type") == "hidden" and name != "score":
            self.form.hidden.append((name, value))
        if name == "driver":
            self.form.drivers.append(value)
