"""What customers and managers read, in their language: gettext catalogues under `templates/locales/`.

A message is looked up in the tone's overlay (`pl/formal.po`), then in the language (`pl/messages.po`), then in English.
docs/languages.md tells how a language is added, and what its words keep to.
"""

import gettext
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, get_args

from cx_domain.names import Direction, isolated, one_line
from cx_domain.shops import Shop, Tone
from infra.writing.catalogues import LOCALES, load

LAST_RESORT = "en"
_BRITISH = {"en": "en_GB"}
"""Shops here write 5 January, not January 5."""
RIGHT_TO_LEFT = frozenset(
    "apc ar bal bgn ckb dv fa he ks lrc mzn nqo ps rhg sd sdh skr syr trw ug ur yi".split()  # noqa: SIM905 - easier to read
)
"""Languages that are written from right to left, as Unicode's CLDR has them."""

_ACCEPTED = re.compile(r"([A-Za-z]{2,3}(?:[-_][A-Za-z0-9_-]+)?)\s*(?:;\s*q=([01](?:\.\d{1,3})?))?")
_TWO_SIGNS = re.compile("№\u00a0[#№]\\s*")
"""Our sign before a number that has one of its own, as Shopify's `#1001`."""
_NOUN_FIELDS = {"noun": "nominative", "noun_acc": "accusative", "noun_gen": "genitive", "noun_loc": "locative"}
"""What a translation writes to have the shop's noun before its name, and the message's last part that holds the case."""


@dataclass(frozen=True, slots=True)
class Words:
    """One language in one tone. Values are put in as they are: names are never declined, and escaping is the template's.

    `given` are values that every message may use: those of `shop_values`, where a shop speaks.
    """

    language: str
    direction: Direction
    catalogues: tuple[gettext.GNUTranslations, ...]
    tone: Tone | None = None
    given: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def locale(self) -> str:
        """The name under which Babel has this language's dates and numbers."""
        return _BRITISH.get(self.language, self.language.replace("-", "_"))

    def gettext(self, message: str, /, **values: Any) -> str:
        """The message with its values, or KeyError where no catalogue has it."""
        return self._filled(self._found(message), values)

    def ngettext(self, message: str, number: int, /, **values: Any) -> str:
        """The message in the plural form that the number takes; `{n}` is the number."""
        for catalogue in self.catalogues:
            if (found := catalogue.ngettext(message, message, number)) != message:
                return self._filled(found, {"n": number, **values})
        raise KeyError(message)

    def isolated(self, text: str) -> str:
        """Somebody's text, fit to stand on a line of this language. `gettext` does it to the values it is given."""
        return isolated(text, self.direction)

    def has(self, message: str, /) -> bool:
        return any(catalogue.gettext(message) != message for catalogue in self.catalogues)

    def first(self, *messages: str) -> str:
        """The first of the messages that exists: from the most particular to the general one, which must exist."""
        return next((message for message in messages if self.has(message)), messages[-1])

    def _filled(self, text: str, values: Mapping[str, Any]) -> str:
        shown = {name: self.isolated(value) if isinstance(value, str) else value for name, value in values.items()}
        filled = text.format_map({**self.given, **shown})
        return _TWO_SIGNS.sub("№\u00a0", filled)

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
        direction="rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr",
        catalogues=tuple(load(file) for file in files if file.exists()),
        tone=tone or own_tone(language),
    )


@lru_cache
def languages() -> tuple[str, ...]:
    """The languages that have a catalogue, in the order of their names."""
    return tuple(sorted(file.parent.name for file in LOCALES.glob("*/messages.po")))


def own_tone(language: str) -> Tone | None:
    """The tone of the language's `messages.po`: the one that has no overlay, where the other has one. None where there is no difference."""
    tones: tuple[Tone, ...] = get_args(Tone)
    plain = [tone for tone in tones if not (LOCALES / language / f"{tone}.po").exists()]
    return plain[0] if len(plain) == 1 else None


def words_for(language: str | None, shop: Shop) -> Words:
    """The words in which a shop speaks to this customer; each message may use what `shop_values` has."""
    chosen = choose_language(language, shop)
    spoken = words(chosen, (shop.tone or {}).get(chosen))
    return replace(spoken, given=shop_values(shop, spoken))


def shop_values(shop: Shop, spoken: Words) -> Mapping[str, str]:
    """The shop's name and, where the language puts one before it, the shop's noun in each case (`noun_acc`; `Noun` begins a sentence)."""
    cases = {name: f"noun.{shop.noun}.{case}" for name, case in _NOUN_FIELDS.items()}
    nouns = {name: spoken.gettext(message) for name, message in cases.items() if spoken.has(message)}
    first = nouns.get("noun", "")
    return {
        "shop": spoken.isolated(one_line(shop.name)),
        **nouns,
        **({"Noun": first[:1].upper() + first[1:]} if first else {}),
    }


def own_words(theirs: Mapping[str, str] | None, spoken: Words) -> str | None:
    """A shop's own words out of those for `pl` and `pl-formal`: the tone's before the language's. They are shown as they are, braces too."""
    said = theirs or {}
    return said.get(f"{spoken.language}-{spoken.tone}") or said.get(spoken.language)


def spoken_languages(shop: Shop) -> tuple[str, ...]:
    """The shop's languages that have a catalogue, in its order; English where none has."""
    return tuple(language for language in shop.languages if language in languages()) or (LAST_RESORT,)


def choose_language(wanted: str | None, shop: Shop) -> str:
    """The order's language if the shop speaks it and there is a catalogue; else the first of the shop's that has one, else English."""
    spoken = spoken_languages(shop)
    return next(_nearest(wanted or "", spoken), spoken[0])


def accepted_language(header: str) -> str:
    """The best language for an `Accept-Language` header, or for a plain tag like `pl`; English where none is ours."""
    wishes = [match for part in header.split(",") if (match := _ACCEPTED.fullmatch(part.strip()))]
    ranked = sorted(wishes, key=lambda wish: -float(wish[2] or 1))
    ours = (found for wish in ranked if float(wish[2] or 1) > 0 for found in _nearest(wish[1], languages()))
    return next(ours, LAST_RESORT)


def _nearest(wanted: str, spoken: Sequence[str]) -> Iterator[str]:
    """The tag itself, then the language without its region, then the language of another region: `pt-PT` may read `pt-BR`."""
    tag = wanted.replace("_", "-").lower()
    language = tag.partition("-")[0]
    yield from (each for each in spoken if each.lower() == tag)
    yield from (each for each in spoken if each.lower() == language)
    yield from (each for each in spoken if each.lower().partition("-")[0] == language)
