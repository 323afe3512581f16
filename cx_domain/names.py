"""Other people's words, made fit to stand in ours: orders hold names and titles in any script, and sometimes markup or worse."""

import re
import unicodedata
from typing import Literal

Direction = Literal["ltr", "rtl"]

_KEPT_JOINERS = "\u200c\u200d"  # Persian words and composed emoji need them
_DROPPED = {"Cf", "Cs", "Co"}  # direction overrides, lone surrogates, nothing a reader can see
_NEWER_THAN_PYTHON = re.compile("[\U00010000-\U0001fffd\U00020000-\U0002fffd\U00030000-\U0003fffd]")
"""Where new emoji and new letters come: of these planes, also what this Python's tables (Unicode 14 in 3.11) do not know is kept."""
_SPACES = {"Cc", "Zl", "Zp"}  # line breaks of every kind

_STRONG: dict[Direction, set[str]] = {"ltr": {"L"}, "rtl": {"R", "AL"}}
_ISOLATED = re.compile("\u2068[^\u2068\u2069]*\u2069")

_SHORTEST_NAME = 2
_LONGEST_NAME = 30
_MOST_WORDS = 4
_LIKE_A_DOT_OR_NOTHING = "\ua4f8\ua4f9\ua4fa\ua4fb\ua4fc\ua4fd\u115f\u1160\u3164\uffa0"
"""Letters to Unicode: Lisu tones look like full stops and commas, Hangul fillers like nothing."""
_IN_AN_ADDRESS = re.compile(
    r"(?<=\w)[.\u2024\u3002\ufe52\uff0e\uff61@](?=[\u200c\u200d]*[^\W\d_])|:(?=[\u200c\u200d]*/)"
    r"|(?<![\d.])\d{1,3}\.(?=\d{1,3}\.\d{1,3}\.\d{1,3}(?![\d.]*\d))"
)
"""A sign that is or looks like a dot, or an at, before a letter; what follows a scheme; the first number of four, as of a machine."""


def one_line(text: str, longest: int = 200) -> str:
    """Make one line of visible characters: no line break, no control, no direction override, at most `longest` characters."""
    parts = "".join(_shown(character) for character in text).split(" ")
    shown = " ".join(part for part in parts if part).strip()
    return shown if len(shown) <= longest else shown[: longest - 1].rstrip() + "…"


def isolated(text: str, direction: Direction) -> str:
    """Keep the order of a line that `text` stands on, where it has letters that run against the line.

    A Hebrew title in an English list would pull the numbers beside it to its other side. It stands between U+2068 and U+2069
    (Unicode's annex 9), which have no width; text that runs the same way stays as it is.
    """
    if direction == "ltr" and text.isascii():
        return text
    against = _STRONG["rtl" if direction == "ltr" else "ltr"]
    open_text = _ISOLATED.sub("", text)
    runs_against = any(unicodedata.bidirectional(character) in against for character in open_text)
    return f"\u2068{text}\u2069" if runs_against else text


def greetable(name: str | None) -> str | None:
    """The first name as a greeting can use it, or None: in capitals, with digits or marks, a letter alone, it is no name."""
    if name is None:
        return None
    shown = one_line(name)
    if not _SHORTEST_NAME <= len(shown) <= _LONGEST_NAME or shown.isupper() or shown.islower():
        return None
    if len(shown.split()) > _MOST_WORDS:
        return None
    return shown if all(map(_in_a_name, shown)) else None


def unlinked(text: str) -> str:
    """Keep mail programs from making a link of words that somebody else chose: `evil.example` becomes `evil. example`."""
    # What no reader sees could stand between, and is gone by the time that a mail program looks.
    return _IN_AN_ADDRESS.sub(r"\g<0> ", "".join(map(_shown, text)))


def _in_a_name(character: str) -> bool:
    if character in _LIKE_A_DOT_OR_NOTHING:
        return False
    return unicodedata.category(character)[0] in "LM" or character in " -'\u2019" or character in _KEPT_JOINERS


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category in _SPACES:
        return " "
    if category == "Cn":
        return character if _NEWER_THAN_PYTHON.match(character) else ""
    return "" if category in _DROPPED and character not in _KEPT_JOINERS else character
