"""The catalogues: complete, used, and looked up in the right order."""

import re
import string
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from cx_domain.kinds import kinds
from infra.writing.rendering import TEMPLATES
from infra.writing.words import LOCALES, accepted_language, choose_language, languages, words, words_for
from tests.words.acme import ACME

PO_FILES = sorted(LOCALES.glob("*/*.po"))
_CALL = re.compile(r"""(?:\bt|\bn|gettext|has)\(\s*\(?f?["']([a-z][a-z0-9.-]*\.[a-z0-9.{}_-]*)["']""")


def catalogue(file: Path) -> Catalog:
    with file.open("rb") as source:
        return read_po(source, abort_invalid=True)


def messages(file: Path) -> dict[str, Message]:
    return {_id(message): message for message in catalogue(file) if message.id}


def _id(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _texts(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _called() -> Iterator[str]:
    """Every message that templates and code name outright; one that ends in a dot is put together from data."""
    root = TEMPLATES.parent
    files = [
        *TEMPLATES.glob("email/**/*.*"),
        *TEMPLATES.glob("pages/*.html"),
        *(root / "infra" / "writing").glob("*.py"),
    ]
    for file in files:
        yield from _CALL.findall(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", languages())
def test_every_language_has_every_message(language: str) -> None:
    assert messages(LOCALES / language / "messages.po").keys() == messages(LOCALES / "en" / "messages.po").keys()


@pytest.mark.parametrize("file", PO_FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_no_message_is_fuzzy_empty_or_obsolete(file: Path) -> None:
    for message in messages(file).values():
        assert not message.fuzzy, message.id
        assert all(_texts(message)), message.id
    assert not catalogue(file).obsolete


@pytest.mark.parametrize("file", PO_FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_translation_asks_for_no_value_that_english_does_not_have(file: Path) -> None:
    same = LOCALES / "en" / file.name
    english = messages(same if same.exists() else LOCALES / "en" / "messages.po")
    for name, message in messages(file).items():
        given = set().union(*map(_fields, _texts(english[name])))
        assert set().union(*map(_fields, _texts(message))) <= given, name


def test_a_tone_overlay_holds_only_messages_that_differ() -> None:
    informal = messages(LOCALES / "pl" / "messages.po")
    for name, message in messages(LOCALES / "pl" / "formal.po").items():
        assert _texts(message) != _texts(informal[name]), name


def test_every_message_that_is_named_exists() -> None:
    english = messages(LOCALES / "en" / "messages.po").keys()
    for name in _called():
        beginning = name.partition("{")[0]
        assert name in english or any(known.startswith(beginning) for known in english), name


@pytest.mark.parametrize("about", ["order", "ticket"])
def test_every_kind_has_its_question_its_subject_and_its_words(about: str) -> None:
    spoken = words("en")
    for kind in kinds():
        questions = (f"question.{kind.name}.{about}", f"question.{kind.name}")
        assert spoken.has(spoken.first(*questions)), kind.name
        assert spoken.has(f"subject.{kind.name}.{about}"), kind.name
        ends = all(spoken.has(f"end.{kind.name}.{end}") for end in ("low", "high"))
        answers = all(spoken.has(f"answer.{kind.name}.{score}") for score in kind.scale)
        assert ends != answers, kind.name


def test_a_polish_mail_counts_in_polish_plurals() -> None:
    spoken = words("pl")

    counted = [spoken.ngettext("digest.answers", number) for number in (1, 2, 5, 12, 22)]

    assert counted == ["1 odpowiedź", "2 odpowiedzi", "5 odpowiedzi", "12 odpowiedzi", "22 odpowiedzi"]
    assert spoken.ngettext("mail.more-items", 5) == "i jeszcze 5 produktów"


def test_the_formal_tone_replaces_only_what_it_changes() -> None:
    formal = words("pl", "formal")

    assert formal.gettext("question.nps", shop="Acme").startswith("Jak bardzo prawdopodobne jest, że polecą Państwo")
    assert formal.gettext("page.send") == "Wyślij"


def test_a_message_that_no_catalogue_has_is_an_error() -> None:
    with pytest.raises(KeyError):
        words("pl").gettext("mail.farewell")


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("EN_us", "en"),
        ("pl", "pl"),
        ("sv", "pl"),
        (None, "pl"),
        ("", "pl"),
        ("x\r\n", "pl"),
    ],
)
def test_a_customer_is_addressed_in_the_orders_language_or_the_shops_first(wanted: str | None, chosen: str) -> None:
    assert choose_language(wanted, ACME) == chosen


def test_a_language_that_the_shop_does_not_list_is_not_used() -> None:
    assert choose_language("en", replace(ACME, languages=("pl",))) == "pl"


def test_a_language_without_a_catalogue_is_passed_over() -> None:
    assert choose_language("sv", replace(ACME, languages=("sv", "pl"))) == "pl"
    assert choose_language("sv", replace(ACME, languages=("sv",))) == "en"


def test_the_shops_tone_is_heard() -> None:
    shop = replace(ACME, tone={"pl": "formal"})

    assert "Państwo" in words_for("pl", shop).gettext("question.nps", shop="Acme")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("pl", "pl"),
        ("pl-PL,pl;q=0.9,en;q=0.8", "pl"),
        ("sv-SE, pl;q=0.4, en;q=0.6", "en"),
        ("pl;q=0, en;q=0.1", "en"),
        ("*", "en"),
        ("../../etc/passwd", "en"),
        ("sv", "en"),
    ],
)
def test_a_page_without_a_shop_speaks_what_the_browser_asks_for(header: str, language: str) -> None:
    assert accepted_language(header) == language


@pytest.mark.parametrize("overlay", ["messages", "formal"])
def test_polish_never_addresses_a_reader_as_a_man_or_a_woman(overlay: str) -> None:
    gendered = re.compile(r"\w(?:łeś|łaś|łbyś|łabyś)\b|zadowolon[ya]\b")

    for name, message in messages(LOCALES / "pl" / f"{overlay}.po").items():
        assert not any(gendered.search(text) for text in _texts(message)), name


@pytest.mark.parametrize("language", languages())
def test_no_subject_shouts_or_pretends_to_be_a_reply(language: str) -> None:
    for name, message in messages(LOCALES / language / "messages.po").items():
        if name.startswith("subject."):
            assert not any("!" in text or text.lower().startswith("re:") for text in _texts(message)), name
