"""Words of the report: complete in each language, and with the same values in each."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import get_args

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from cx_domain.kinds import kinds
from cx_domain.shops import Shop
from cx_domain.surveys import Reason
from infra.reports.phrases import phrases
from infra.writing.catalogues import LOCALES

LANGUAGES = sorted(file.parent.name for file in LOCALES.glob("*/reports.po"))


def catalogue(language: str) -> Catalog:
    with (LOCALES / language / "reports.po").open("rb") as source:
        return read_po(source, abort_invalid=True)


def texts(language: str) -> dict[str, list[str]]:
    """Every message with its text, or with each of its plural forms."""
    found = {}
    for message in catalogue(language):
        name = message.id if isinstance(message.id, str) else message.id[0]
        found[name] = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return {name: forms for name, forms in found.items() if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_message_and_no_other(language: str) -> None:
    assert texts(language).keys() == texts("en").keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_empty(language: str) -> None:
    assert [name for name, forms in texts(language).items() if not all(forms)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_takes_the_same_values_in_every_language(language: str) -> None:
    def values(forms: list[str]) -> set[str]:
        return set(re.findall(r"{(\w+)}", " ".join(forms)))

    english = texts("en")

    assert {name: values(forms) for name, forms in texts(language).items()} == {
        name: values(forms) for name, forms in english.items()
    }


@pytest.mark.parametrize("reason", get_args(Reason))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_not_to_send_has_words(acme: Shop, language: str, reason: str) -> None:
    say = phrases(replace(acme, languages=(language,)))

    assert say.reason(reason) != reason


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_its_words(acme: Shop, language: str) -> None:
    say = phrases(replace(acme, languages=(language,)))

    for kind in kinds():
        assert say.t(f"report.kind.{kind.name}")
        assert say.t(f"report.unit.{kind.name}")
        assert all(say.bucket(kind.name, kind.bucket(score)) for score in kind.scale)


def test_numbers_are_written_as_the_language_writes_them(acme: Shop) -> None:
    english, polish = phrases(acme), phrases(replace(acme, languages=("pl",)))

    assert (english.number(Decimal("7.0")), polish.number(Decimal("7.0"))) == ("7.0", "7,0")
    assert english.number(-12) == "\N{MINUS SIGN}12"
    assert (english.score("csat", 69.16), english.score("ces", 4.08), english.score("nps", -0.4)) == ("69%", "4.1", "0")


@pytest.mark.parametrize(("hours", "words"), [(0.5, "0.5 h"), (42.04, "42 h"), (75.0, "3.1 d"), (None, "\N{EN DASH}")])
def test_long_waits_are_told_in_days(acme: Shop, hours: float | None, words: str) -> None:
    assert phrases(acme).hours(hours) == words


def test_segments_are_called_by_the_names_people_know(acme: Shop) -> None:
    polish = phrases(replace(acme, languages=("pl",)))

    assert (polish.value("country", "PL"), polish.value("language", "de")) == ("Polska", "niemiecki")
    assert (polish.value("customer", "new"), polish.value("category", "other")) == ("nowi", "wszystkie inne")
    assert (polish.value("category", "tents"), polish.dimension("tag:store")) == ("tents", "store")


@pytest.mark.parametrize("dimension", ["country", "language", "source", "tag:store", "topic"])
def test_what_is_left_over_is_said_in_the_language_of_the_report(acme: Shop, dimension: str) -> None:
    say = phrases(replace(acme, languages=("pl",)))

    assert say.value(dimension, "other") == "wszystkie inne"
