"""Other people's words, made fit to stand in ours: orders hold names and titles in any script, and sometimes markup or worse."""

import unicodedata

_KEPT_JOINERS = "\u200c\u200d"  # Persian words and composed emoji need them
_DROPPED = {"Cf", "Cs", "Co", "Cn"}  # direction overrides, lone surrogates, nothing a reader can see
_SPACES = {"Cc", "Zl", "Zp"}  # line breaks of every kind

_SHORTEST_NAME = 2
_LONGEST_NAME = 30


def one_line(text: str, longest: int = 200) -> str:
    """Make one line of visible characters: no line break, no control, no direction override, at most `longest` characters."""
    shown = " ".join("".join(_shown(character) for character in text).split())
    return shown if len(shown) <= longest else shown[: longest - 1].rstrip() + "…"


def greetable(name: str | None) -> str | None:
    """The first name as a greeting can use it, or None: in capitals, with digits or marks, a letter alone, it is no name."""
    if name is None:
        return None
    shown = one_line(name)
    if not _SHORTEST_NAME <= len(shown) <= _LONGEST_NAME or shown.isupper() or shown.islower():
        return None
    return shown if all(map(_in_a_name, shown)) else None


def _in_a_name(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM" or character in " -'\u2019" or character in _KEPT_JOINERS


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category in _SPACES:
        return " "
    return "" if category in _DROPPED and character not in _KEPT_JOINERS else character
