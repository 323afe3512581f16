"""What a person sees on a page, and what a program sees of an answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any


@dataclass(slots=True)
class Page:
    """One page: its words, its forms, and the fields of the one that matters."""

    title: str = ""
    forms: list[Mapping[str, str]] = field(default_factory=list)
    inputs: list[Mapping[str, str]] = field(default_factory=list)
    text: str = ""

    def values(self, name: str) -> list[str]:
        return [found["value"] for found in self.inputs if found.get("name") == name]

    def chosen(self, name: str) -> list[str]:
        return [found["value"] for found in self.inputs if found.get("name") == name and "checked" in found]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._in: list[str] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        match tag:
            case "form":
                self.page.forms.append(said)
            case "input" | "textarea":
                self.page.inputs.append(said)
            case "title" | "h1" | "script" | "style":
                self._in.append(tag)
            case _:
                pass

    def handle_endtag(self, tag: str) -> None:
        if self._in and self._in[-1] == tag:
            self._in.pop()

    def handle_data(self, data: str) -> None:
        if "title" in self._in:
            self.page.title += data
        elif "script" not in self._in and "style" not in self._in:
            self.page.text += data


def page(answer: Mapping[str, Any]) -> Page:
    reader = _Reader()
    reader.feed(answer["body"])
    return reader.page


def header(answer: Mapping[str, Any], name: str) -> str:
    """One header of an answer, whatever letters its name is written in."""
    single = {key.lower(): value for key, value in (answer.get("headers") or {}).items()}
    several = {key.lower(): ", ".join(values) for key, values in (answer.get("multiValueHeaders") or {}).items()}
    return str({**several, **single}.get(name, ""))


def cookies(answer: Mapping[str, Any]) -> list[str]:
    return list(answer.get("cookies") or [])
