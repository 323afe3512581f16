"""Since when a shop asks in the words it asks in now: a changed wording starts a new series, which is compared with none before.

A series has the name of the day it began, `2026-01-05`, and a second one of that day is `2026-01-05-2`. What was asked from the
beginning has no name: None. What another service asked is a series too, `imported:Delighted`, and older than any of ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from cx_domain.names import one_line
from cx_domain.shops import SurveyRule

_DAY = len("2026-01-05")
_FINGERPRINT = 16
_IMPORTED = "imported:"
_LONGEST_SERVICE = 40

MOST_EARLIER = 8
"""Of so many earlier series the shop's own words are kept; a survey that is older still has long expired."""

Wordings = Mapping[str, Mapping[str, str]]
"""By rule (`rule_name`) and language, the words in which it is asked."""


@dataclass(frozen=True, slots=True)
class Series:
    """One rule's series: its name, and by language a fingerprint of the words that it has been asked in.

    `own` are the shop's own words as its file has them, `earlier` those of the series before, the oldest first.
    """

    name: str | None
    words: Mapping[str, str]
    own: Mapping[str, str] = field(default_factory=dict)
    earlier: Mapping[str | None, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewSeries:
    """What a shop is told: which rule asks in new words, and in which languages they changed."""

    rule: str
    name: str
    languages: tuple[str, ...]


def rule_name(rule: SurveyRule) -> str:
    """What a rule is known by, whatever else its file changes: a kind is asked once of an order, and once of a ticket."""
    return f"{rule.kind}/{rule.subject_type}"


def begun(before: Series | None, wordings: Mapping[str, str], own: Mapping[str, str], today: date) -> Series:
    """The series of a rule that is asked in these words from today on, by the shop's own day; `own` are those of its file.

    It is a new one if the words changed in a language in which the series has been asked. A language that is added starts none,
    and neither does one that is dropped: its words are remembered, in case it comes back with others.
    """
    words = {language: fingerprint(text) for language, text in sorted(wordings.items())}
    if before is None:
        return Series(None, words, own)
    if changed_languages(before, wordings):
        earlier = list({**before.earlier, before.name: before.own}.items())[-MOST_EARLIER:]
        return Series(_next_name(before.name, today), words, own, dict(earlier))
    return Series(before.name, {**before.words, **words}, own, before.earlier)


def changed_languages(before: Series, wordings: Mapping[str, str]) -> tuple[str, ...]:
    """The languages in which these words are not those of the series."""
    return tuple(
        language
        for language, text in sorted(wordings.items())
        if language in before.words and before.words[language] != fingerprint(text)
    )


def all_begun(
    before: Mapping[str, Series], wordings: Wordings, own: Mapping[str, Mapping[str, str]], today: date
) -> tuple[dict[str, Series], tuple[NewSeries, ...]]:
    """The series of every rule of a shop, and those among them that begin today. A rule that is not asked now keeps its own."""
    after = {
        **before,
        **{rule: begun(before.get(rule), words, own.get(rule, {}), today) for rule, words in wordings.items()},
    }
    new = tuple(
        NewSeries(rule, name, changed_languages(known, wordings[rule]))
        for rule, known in sorted(before.items())
        if (name := after[rule].name) is not None and name != known.name
    )
    return after, new


def imported_series(service: str) -> str:
    """The series of answers that another service took."""
    return _IMPORTED + one_line(service, _LONGEST_SERVICE)


def imported_from(name: str | None) -> str | None:
    """The service that asked; None for a series of our own."""
    return name.removeprefix(_IMPORTED) if name is not None and name.startswith(_IMPORTED) else None


def begins_on(name: str) -> date:
    """The first day of a series of our own."""
    return date.fromisoformat(name[:_DAY])


def age_order(name: str | None) -> tuple[date, int]:
    """Sorts series from the oldest to the newest; of two services none is the older, so they go by their names."""
    if name is None:
        return date.min, 0
    if imported_from(name) is not None:
        return date.min, -int.from_bytes(name.encode(), "big")
    return begins_on(name), int(name[_DAY + 1 :] or 1)


def fingerprint(text: str) -> str:
    """Tell words apart. Another line break or a second space is no other wording."""
    return sha256(" ".join(text.split()).encode()).hexdigest()[:_FINGERPRINT]


def _next_name(before: str | None, today: date) -> str:
    """Never older than the one before, also where the shop's zone has just become one that is a day behind."""
    last, number = age_order(before)
    return today.isoformat() if last < today else f"{last.isoformat()}-{number + 1}"
