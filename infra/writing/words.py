"""What customers and managers read, in their language: gettext catalogues under `templates/locales/`.

A message is looked up in the tone's overlay (`pl/formal.po`), then in the language (`pl/messages.po`), then in English.
"""

import gettext
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from cx_domain.shops import Shop, Tone
from infra.writing.rendering import TEMPLATES

LOCALES = TEMPLATES / "locales"
LAST_RESORT = "en"

_ACCEPTED = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9_-]+)?\s*(?:;\s*q=([01](?:\.\d{1,3})?))?")


@dataclass(frozen=True, slots=True)
class Words:
    """One language in one tone. Values are put in as they are: names are never declined, and escaping is the template's."""

    language: str
    direction: Literal["ltr", "rtl"]
    catalogues: tuple[gettext.GNUTranslations, ...]

    def gettext(self, message: str, /, **values: Any) -> str:
        """The message with its values, or KeyError where no catalogue has it."""
        return self._found(message).format_map(values)

    def ngettext(self, message: str, number: int, /, **values: Any) -> str:
        """The message in the plural form that the number takes; `{n}` is the number."""
        for catalogue in self.catalogues:
            if (found := catalogue.ngettext(message, message, number)) != message:
                return found.format_map({"n": number, **values})
        raise KeyError(message)

    def has(self, message: str, /) -> bool:
        return any(catalogue.gettext(message) != message for catalogue in self.catalogues)

    def first(self, *messages: str) -> str:
        """The first of the messages that exists: from the most particular to the general one, which must exist."""
        return next((message for message in messages if self.has(message)), messages[-1])

    def _found(self, message: str) -> str:
        for catalogue in self.catalogues:
            if (found := catalogue.gettext(message)) != message:
                return found
        raise KeyError(message)


@lru_cache
def words(language: str, tone: Tone | None = None) -> Words:
    """Load a language, kept for the life of the process; a tone without an overlay is the language's own."""
    names = ([f"{language}/{tone}.po"] if tone else []) + [f"{language}/messages.po", f"{LAST_RESORT}/messages.po"]
    files = [LOCALES / name for name in dict.fromkeys(names)]
    return Words(
        language=language,
        direction="rtl" if Locale.parse(language, sep="-").text_direction == "rtl" else "ltr",
        catalogues=tuple(_catalogue(file) for file in files if file.exists()),
    )


@lru_cache
def languages() -> tuple[str, ...]:
    """The languages that have a catalogue, in the order of their names."""
    return tuple(sorted(file.parent.name for file in LOCALES.glob("*/messages.po")))


def words_for(language: str | None, shop: Shop) -> Words:
    """The words in which a shop speaks to this customer."""
    chosen = choose_language(language, shop)
    return words(chosen, (shop.tone or {}).get(chosen))


def choose_language(wanted: str | None, shop: Shop) -> str:
    """The order's language if the shop speaks it and there is a catalogue; else the first of the shop's that has one, else English."""
    spoken = [language for language in shop.languages if language in languages()]
    return _match(wanted, spoken) or next(iter(spoken), LAST_RESORT)


def accepted_language(header: str) -> str:
    """The best language for an `Accept-Language` header, or for a plain tag like `pl`; English where none is ours."""
    wishes = [match for part in header.split(",") if (match := _ACCEPTED.fullmatch(part.strip()))]
    ranked = sorted(wishes, key=lambda wish: -float(wish[2] or 1))
    ours = (wish[1].lower() for wish in ranked if float(wish[2] or 1) > 0)
    return next((language for language in ours if language in languages()), LAST_RESORT)


def _match(wanted: str | None, spoken: Sequence[str]) -> str | None:
    tag = (wanted or "").replace("_", "-").lower()
    return next((language for language in spoken if language.lower() in (tag, tag.partition("-")[0])), None)


@lru_cache
def _catalogue(file: Path) -> gettext.GNUTranslations:
    """Compiled in memory: what is in the repository is what a translator can read."""
    compiled = io.BytesIO()
    with file.open("rb") as source:
        write_mo(compiled, read_po(source, abort_invalid=True))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
