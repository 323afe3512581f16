"""What a mail asks of the program that shows it: its elements, attributes, properties and rules, named as caniemail names them."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

_ELEMENTS = {
    "b": "html-strong",
    "body": "html-body",
    "div": "html-div",
    "h1": "html-h1-h6",
    "h2": "html-h1-h6",
    "img": "html-img",
    "p": "html-p",
    "span": "html-span",
    "style": "html-style",
    "table": "html-table",
    "td": "html-table",
    "tr": "html-table",
}
_EVERYWHERE = {"a", "br", "head", "html", "meta", "title"}
"""Elements that caniemail does not list: a mail program that lacked them would be none."""

_ATTRIBUTES = {
    name: f"html-{name}"
    for name in (
        "align",
        "aria-label",
        "cellpadding",
        "cellspacing",
        "dir",
        "height",
        "lang",
        "role",
        "valign",
        "width",
    )
}
_OTHER_ATTRIBUTES = {"alt", "bgcolor", "border", "charset", "class", "content", "href", "name", "src", "style"}
"""Attributes that caniemail does not list. `bgcolor` and `border` are of HTML 3.2; `class` counts as a selector."""

_LONGHANDS = re.compile(r"(border|margin|padding)-(?:top|right|bottom|left|color)")
_SKIPPED = re.compile(r"font-family$|mso-|-webkit-text-size-adjust$")
"""A family of which the last is everywhere, and hints to one program, which every other skips."""

_CONDITIONAL = re.compile(r"<!--\[if.*?<!\[endif\]-->", re.DOTALL)


class Used(HTMLParser):
    """The slugs of all that a document uses. ValueError for what is neither in caniemail's list nor in ours."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.slugs: set[str] = set()
        self._in_style = False
        # What stands in Outlook's conditional comments is read by Word alone.
        self.feed(_CONDITIONAL.sub("", html))

    def handle_decl(self, decl: str) -> None:
        if decl.lower() == "doctype html":
            self.slugs.add("html-doctype")

    def handle_comment(self, data: str) -> None:
        del data
        self.slugs.add("html-comments")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        if tag not in _EVERYWHERE:
            self.slugs.add(_known(_ELEMENTS, tag))
        for name, value in attrs:
            if name not in _OTHER_ATTRIBUTES:
                self.slugs.add(_known(_ATTRIBUTES, name))
            if name == "style":
                self.slugs |= set(_declared(value or ""))
            if (tag, name, value) == ("meta", "name", "color-scheme"):
                self.slugs.add("html-meta-color-scheme")

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._in_style = False

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self.slugs |= set(_ruled(data))


def _known(names: dict[str, str], name: str) -> str:
    if name not in names:
        raise ValueError(f"{name} is in no list: look it up on caniemail.com")
    return names[name]


def _ruled(style: str) -> Iterator[str]:
    for rule in re.findall(r"@media\s*\(([a-z-]+)", style):
        yield "css-at-media"
        if rule == "prefers-color-scheme":
            yield "css-at-media-prefers-color-scheme"
    for selector, declarations in re.findall(r"([^{}]+)\{([^{}]*)\}", style):
        if not re.fullmatch(r"\s*\.[a-z]+\s*", selector):
            raise ValueError(f"{selector.strip()} is more than one class: few mail programs know that")
        yield "css-selector-class"
        yield from _declared(declarations)


def _declared(declarations: str) -> Iterator[str]:
    for declaration in filter(str.strip, declarations.split(";")):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if _SKIPPED.match(name):
            continue
        yield "css-" + (long[1] if (long := _LONGHANDS.fullmatch(name)) else name)
        if "!important" in value:
            yield "css-important"
        if (name, value) == ("display", "none"):
            yield "css-display-none"
        yield from (
            f"css-unit-{unit.replace('%', 'percent')}" for unit in re.findall(r"(?<=\d)(px|%|em|rem|vw)", value)
        )
