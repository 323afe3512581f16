"""Checks of single values: each takes a raw value and returns what it means, or raises ValueError with what is wrong."""

import math
import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import TypeVar
from urllib.parse import urlsplit

S = TypeVar("S", bound=str)

_KINDS = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list", dict: "a table"}
_WORD = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_URL = 2000


def called(raw: object) -> str:
    """Say in plain words what kind of value this is."""
    return _KINDS.get(type(raw), "a date or time")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean "x"?`, or nothing if no known word comes near."""
    near = get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f'; did you mean "{near[0]}"?' if near else ""


def any_text(raw: object) -> str:
    if not isinstance(raw, str):
        raise ValueError(f"must be text, not {called(raw)}")  # noqa: TRY004 - a mistake in a file, not in a program - every check says ValueError
    return raw


def line(longest: int) -> Callable[[object], str]:
    """Text on one line, not empty, of at most so many characters."""

    def check(raw: object) -> str:
        text = any_text(raw).strip()
        if not text:
            raise ValueError("must not be empty")
        if not text.isprintable():
            raise ValueError("must be one line, without control characters")
        if len(text) > longest:
            raise ValueError(f"must be at most {longest} characters long, not {len(text)}")
        return text

    return check


def one_of(*choices: S) -> Callable[[object], S]:
    """One of these words, and no other."""

    def check(raw: object) -> S:
        text = any_text(raw)
        for choice in choices:
            if text == choice:
                return choice
        raise ValueError(f'must be one of {", ".join(choices)}, not "{text[:40]}"' + did_you_mean(text, choices))

    return check


def matching(pattern: str, meaning: str) -> Callable[[object], str]:
    """Text of exactly this form, which `meaning` says in words."""

    def check(raw: object) -> str:
        text = any_text(raw)
        if re.fullmatch(pattern, text) is None:
            raise ValueError(f'must be {meaning}, not "{text[:80]}"')
        return text

    return check


def word(raw: object) -> str:
    """A kebab-case word of at most 40 characters, such as `clear-information`."""
    text = any_text(raw)
    if _WORD.fullmatch(text) is None or len(text) > 40:  # noqa: PLR2004 - the docstring says so
        raise ValueError(
            f'must be a short word of a-z, 0-9 and hyphens, such as "clear-information", not "{text[:60]}"'
        )
    return text


def flag(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise ValueError("must be true or false")  # noqa: TRY004 - a mistake in a file, not in a program
    return raw


def number(lowest: float, highest: float) -> Callable[[object], float]:
    def check(raw: object) -> float:
        if isinstance(raw, bool) or not isinstance(raw, (int, float)):
            raise ValueError(f"must be a number, not {called(raw)}")  # noqa: TRY004 - a mistake in a file, not in a program
        if not lowest <= raw <= highest or not math.isfinite(raw):
            raise ValueError(f"must be from {lowest:g} to {highest:g}, not {str(raw)[:40]}")
        return float(raw)

    return check


def whole_number(lowest: int, highest: int) -> Callable[[object], int]:
    def check(raw: object) -> int:
        if isinstance(raw, bool) or not isinstance(raw, int):
            raise ValueError(f"must be a whole number, not {called(raw)}")  # noqa: TRY004 - a mistake in a file, not in a program
        if not lowest <= raw <= highest:
            raise ValueError(f"must be from {lowest} to {highest}, not {str(raw)[:40]}")
        return raw

    return check


def https_url(raw: object) -> str:
    text = any_text(raw)
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(""), None
    clean = text.isprintable() and not re.search(r"[\s\"'<>\\]", text) and len(text) <= _LONGEST_URL
    if parts.scheme != "https" or not host or parts.username is not None or not clean:
        raise ValueError(f'must be an address that begins with https://, not "{text[:80]}"')
    return text
