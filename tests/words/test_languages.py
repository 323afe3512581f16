"""Every language is complete, and keeps to the rules of docs/languages.md; where a rule has exceptions, a native speaker decides."""

# ruff: noqa: RUF001 - Russian and Ukrainian letters look like Latin ones

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from babel import Locale
from babel.localedata import locale_identifiers
from babel.messages.plurals import get_plural

from cx_domain.kinds import kinds
from cx_domain.shops import Tone
from infra.writing.catalogues import LOCALES
from infra.writing.rendering import TEMPLATES
from infra.writing.words import RIGHT_TO_LEFT, languages, own_tone, words
from tests.words.catalogues import (
    OVERLAYS,
    PO_FILES,
    SPOKEN_FILES,
    called,
    catalogue,
    every_text,
    fields,
    messages,
    texts,
)

ENGLISH = messages(LOCALES / "en" / "messages.po")
OPTIONAL = {"mail.objection"}
"""Messages that only some languages have: a template asks `words.has` before it shows one."""
NOUNS = {"noun", "noun_acc", "noun_gen", "noun_loc", "Noun"}
OF_THE_SHOP = NOUNS | {"shop"}
DOCS = TEMPLATES.parent / "docs"
_CALL = re.compile(r"""(?:\bt|\bn|gettext|has)\(\s*\(?f?["']([a-z][a-z0-9.-]*\.[a-z0-9.{}_-]*)["']""")

every_file = pytest.mark.parametrize("file", PO_FILES, ids=called)
every_spoken_file = pytest.mark.parametrize("file", SPOKEN_FILES, ids=called)
every_language = pytest.mark.parametrize("language", languages())


def _named() -> Iterator[str]:
    """Every message that templates and code name outright; one that ends in a dot is put together from data."""
    code = TEMPLATES.parent / "infra" / "writing"
    for file in [*TEMPLATES.glob("email/**/*.*"), *TEMPLATES.glob("pages/*.html"), *code.glob("*.py")]:
        yield from _CALL.findall(file.read_text(encoding="utf-8"))


def test_languages_from_right_to_left_are_those_that_unicode_has() -> None:
    plain = {name for name in locale_identifiers() if "_" not in name}

    assert {name for name in plain if Locale.parse(name).text_direction == "rtl"} == RIGHT_TO_LEFT


def test_five_languages_are_spoken() -> None:
    assert {"de", "en", "pl", "ru", "uk"} <= set(languages())


@every_language
def test_a_language_has_every_message_and_only_those(language: str) -> None:
    there = messages(LOCALES / language / "messages.po").keys()

    assert not ENGLISH.keys() - there
    assert {name for name in there - ENGLISH.keys() if not name.startswith("noun.")} <= OPTIONAL


def test_the_five_languages_have_every_word_of_the_managers_report() -> None:
    """A language of somebody else's may do without: its managers read English."""
    english = messages(LOCALES / "en" / "reports.po").keys()

    for language in ("de", "pl", "ru", "uk"):
        assert messages(LOCALES / language / "reports.po").keys() == english, language


def test_an_optional_message_is_heard_only_in_its_language() -> None:
    assert [language for language in languages() if words(language).has("mail.objection")] == ["de"]
    assert "Ihrer E-Mail-Adresse" in words("de").gettext("mail.objection")
    assert "deiner E-Mail-Adresse" in words("de", "informal").gettext("mail.objection")


@every_file
def test_no_message_is_fuzzy_empty_or_obsolete(file: Path) -> None:
    for name, message in messages(file).items():
        assert not message.fuzzy, name
        assert all(texts(message)), name
    assert not catalogue(file).obsolete


@every_file
def test_every_plural_form_of_the_language_is_there(file: Path) -> None:
    forms = get_plural(file.parent.name.replace("-", "_")).num_plurals

    assert catalogue(file).num_plurals == forms
    assert {len(texts(message)) for message in messages(file).values()} <= {1, forms}


@every_file
def test_a_translation_asks_for_no_value_that_english_does_not_have(file: Path) -> None:
    """The shop and its noun are given to every message, except to pages and notices that belong to no shop."""
    same = LOCALES / "en" / file.name
    english = messages(same) if same.exists() else ENGLISH
    for name, message in messages(file).items():
        known = fields(english[name]) if name in english else set()
        assert fields(message) <= known | OF_THE_SHOP, name
        assert not (fields(message) & OF_THE_SHOP and name.startswith(("notice.", "language."))), name


@every_language
def test_every_value_of_the_english_message_is_said(language: str) -> None:
    """Only a name may be left out, and the shop's where a sentence does without."""
    for name, message in messages(LOCALES / language / "messages.po").items():
        if name in ENGLISH:
            assert fields(ENGLISH[name]) - fields(message) <= {"name"} | OF_THE_SHOP, name


@pytest.mark.parametrize("file", OVERLAYS, ids=called)
def test_a_tone_overlay_holds_only_messages_that_differ(file: Path) -> None:
    own = messages(file.parent / "messages.po")
    for name, message in messages(file).items():
        assert texts(message) != texts(own[name]), name


@pytest.mark.parametrize(
    ("language", "tone"), [("de", "formal"), ("en", None), ("pl", "informal"), ("ru", "informal"), ("uk", "informal")]
)
def test_a_languages_own_tone_is_the_one_without_an_overlay(language: str, tone: Tone | None) -> None:
    assert own_tone(language) == tone
    assert words(language).tone == tone


def test_every_message_that_is_named_exists() -> None:
    for name in _named():
        beginning = name.partition("{")[0]
        known = ENGLISH.keys() | OPTIONAL
        assert name in known or any(other.startswith(beginning) for other in ENGLISH), name


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


@pytest.mark.parametrize(
    ("language", "counted"),
    [
        ("en", ["1 answer", "2 answers", "5 answers", "12 answers", "21 answers"]),
        ("de", ["1 Antwort", "2 Antworten", "5 Antworten", "12 Antworten", "21 Antworten"]),
        ("pl", ["1 odpowiedź", "2 odpowiedzi", "5 odpowiedzi", "12 odpowiedzi", "21 odpowiedzi"]),
        ("ru", ["1 ответ", "2 ответа", "5 ответов", "12 ответов", "21 ответ"]),
        ("uk", ["1 відповідь", "2 відповіді", "5 відповідей", "12 відповідей", "21 відповідь"]),
    ],
)
def test_a_language_counts_in_its_own_plurals(language: str, counted: list[str]) -> None:
    assert [words(language).ngettext("digest.answers", number) for number in (1, 2, 5, 12, 21)] == counted


@pytest.mark.parametrize(
    ("language", "more"),
    [
        ("de", ["und 1 weiterer Artikel", "und 3 weitere Artikel", "und 5 weitere Artikel"]),
        ("pl", ["i jeszcze 1 produkt", "i jeszcze 3 produkty", "i jeszcze 5 produktów"]),
        ("ru", ["и ещё 1 товар", "и ещё 3 товара", "и ещё 5 товаров"]),
        ("uk", ["і ще 1 товар", "і ще 3 товари", "і ще 5 товарів"]),
    ],
)
def test_items_that_find_no_room_are_counted(language: str, more: list[str]) -> None:
    assert [words(language).ngettext("mail.more-items", number) for number in (1, 3, 5)] == more


QUOTES = {"en": ('"', '"'), "de": ("„", "“"), "pl": ("„", "”"), "ru": ("«", "»"), "uk": ("«", "»")}
"""A new language adds its own."""
GENDERED = {
    "pl": r"\w(?:łeś|łaś|łbyś|łabyś)\b|\w(?:łem|łam)\b|zadowolon[ya]\b",
    "ru": r"\bвы\s+\w+(?:л|ла|лся|лась)\b|\w\((?:а|ла|ая)\)|доволен\b|довольна\b|\bуверен(?:а)?\b",
    "uk": r"\bви\s+\w+(?:в|ла|вся|лася)\b|\w\((?:а|ла)\)|задоволен(?:ий|а)\b|\bвпевнен(?:ий|а)\b",
}


@every_file
def test_nobody_is_addressed_as_a_man_or_a_woman(file: Path) -> None:
    gendered = re.compile(GENDERED.get(file.parent.name, r"\b(?:Herr|Frau|Mr|Mrs|Ms)\b"), re.IGNORECASE)
    for name, text in every_text(file):
        assert not gendered.search(text), name


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("pl", "Czy kupiłeś?"),
        ("pl", "zadowolona"),
        ("ru", "вы заказал(а)"),
        ("ru", "Вы заказала"),
        ("uk", "ви замовив"),
        ("uk", "задоволений"),
    ],
)
def test_a_gendered_form_would_be_noticed(language: str, text: str) -> None:
    assert re.search(GENDERED[language], text, re.IGNORECASE)


@every_spoken_file
def test_no_subject_shouts_or_pretends_to_be_a_reply(file: Path) -> None:
    subjects = [text for name, text in every_text(file) if name.startswith("subject.")]
    assert not [text for text in subjects if "!" in text or re.match(r"(?i)(re|aw|odp|fwd?)\s*:", text)]
    assert not [text for text in subjects if "{name}" in text]


@every_file
def test_quotation_marks_are_the_languages_own(file: Path) -> None:
    opening, closing = QUOTES[file.parent.name]
    foreign = set('„“”«»"') - {opening, closing}
    assert not [text for _, text in every_text(file) if foreign & set(text)]


@every_file
def test_quotation_marks_come_in_pairs(file: Path) -> None:
    opening, closing = QUOTES[file.parent.name]
    for name, text in every_text(file):
        assert text.count(opening) == text.count(closing), name
        assert text.count(opening) % (2 if opening == closing else 1) == 0, name


@pytest.mark.parametrize("language", ["ru", "uk"])
def test_a_russian_or_ukrainian_shop_stands_in_quotation_marks_behind_its_noun(language: str) -> None:
    for file in (file for file in SPOKEN_FILES if file.parent.name == language):
        for name, text in every_text(file):
            behind_a_noun = re.findall(r"\{(?:noun_acc|noun_gen|noun_loc|Noun)\} «\{shop\}»", text)
            assert len(behind_a_noun) == text.count("{shop}") or name.startswith("digest.subject"), name


def test_a_polish_shop_stands_behind_its_noun() -> None:
    for file in (file for file in SPOKEN_FILES if file.parent.name == "pl"):
        for name, text in every_text(file):
            behind_a_noun = re.findall(r"\{(?:noun_acc|noun_gen|noun_loc|Noun)\} \{shop\}", text)
            assert len(behind_a_noun) == text.count("{shop}") or name.startswith("digest.subject"), name


@pytest.mark.parametrize("language", ["ru", "uk"])
def test_an_order_has_its_number_sign_and_no_line_breaks_behind_it(language: str) -> None:
    for file in (file for file in SPOKEN_FILES if file.parent.name == language):
        for name, text in every_text(file):
            assert text.count("№") == text.count("№\u00a0{number}"), name
            about_an_order = "{number}" in text and not re.search(r"ticket", name)
            assert ("№\u00a0{number}" in text) == about_an_order, name


@every_spoken_file
def test_a_name_stands_only_in_a_greeting(file: Path) -> None:
    named = {name for name, text in every_text(file) if "{name}" in text}
    assert named <= {"mail.greeting.named"}


@pytest.mark.parametrize("language", ["pl", "uk"])
def test_where_a_name_would_need_its_vocative_nobody_is_greeted_by_name(language: str) -> None:
    tones: tuple[Tone, ...] = get_args(Tone)
    for tone in tones:
        assert "Anna" not in words(language, tone).gettext("mail.greeting.named", name="Anna")


@pytest.mark.parametrize(
    ("language", "tone", "greeting"),
    [
        ("en", None, "Hello Anna,"),
        ("ru", None, "Anna, здравствуйте!"),
        ("de", "formal", "Guten Tag,"),
        ("de", "informal", "Hallo Anna,"),
        ("pl", "formal", "Dzień dobry!"),
        ("uk", "formal", "Вітаємо!"),
    ],
)
def test_each_language_greets_in_its_way(language: str, tone: Tone | None, greeting: str) -> None:
    assert words(language, tone).gettext("mail.greeting.named", name="Anna") == greeting


@pytest.mark.parametrize(
    ("file", "other"),
    [
        ("de/messages.po", r"\b[dD](u|ich|ir|ein\w*)\b"),
        ("de/informal.po", r"\b(Sie|Ihnen|Ihr\w*)\b"),
        ("ru/messages.po", r"(?<!^)(?<![.!?] )\b(Вы|Вам|Вас|Ваш\w*)\b|\b(ты|тебе|твой)\b"),
        ("ru/formal.po", r"\b(вы|вам|вас|ваш\w*)\b"),
        ("uk/messages.po", r"(?<!^)(?<![.!?] )\b(Ви|Вам|Вас|Ваш\w*)\b|\b(ти|тобі|твій)\b"),
        ("uk/formal.po", r"\b(ви|вам|вас|ваш\w*)\b"),
        ("pl/messages.po", r"\bPa(ń|n)\w*\b"),
        ("pl/formal.po", r"\b(Ci|Ty|Tobie|Tw\w+)\b"),
    ],
)
def test_a_tone_is_not_mixed_with_the_other(file: str, other: str) -> None:
    assert not [text for _, text in every_text(LOCALES / file) if re.search(other, text)]


@every_language
def test_a_language_says_first_that_no_native_speaker_has_read_it(language: str) -> None:
    """English is the language of this repository. Whoever has read another takes it out of this list, and corrects the comment."""
    read = {"en"}
    for file in (file for file in PO_FILES if file.parent.name == language):
        first = file.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("# Not yet read by a native speaker: corrections are welcome.") == (
            language not in read
        )


@every_language
def test_a_language_is_named_in_itself_and_in_the_documentation(language: str) -> None:
    name = words(language).gettext("language.name")

    assert name == Locale.parse(language, sep="-").get_display_name()
    assert f"`{language}`" in (DOCS / "languages.md").read_text(encoding="utf-8")
    assert f"`{language}`" in (DOCS / "configuration.md").read_text(encoding="utf-8")
