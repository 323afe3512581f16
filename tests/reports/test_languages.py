"""A report speaks one language from its title to its last footnote, with that language's numbers."""

# ruff: noqa: RUF001 - Russian and Ukrainian letters look like Latin ones

import io
import string
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from html import unescape

import pytest
from openpyxl import load_workbook

from cx_domain.findings import Report
from cx_domain.shops import Shop
from infra.reports.html import render_html
from infra.reports.phrases import phrases
from infra.reports.xlsx import render_xlsx
from infra.writing.catalogues import LOCALES
from tests.reports.test_phrases import LANGUAGES
from tests.reports.test_support import busy  # noqa: F401 (a fixture)
from tests.words.catalogues import messages, texts

LONG = 12
"""Letters from which a piece of a sentence tells its language: shorter ones stand inside other words."""

translated = pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])


@pytest.fixture
def reports(request: pytest.FixtureRequest) -> list[Report]:
    """Together they have every section of the page."""
    return [request.getfixturevalue(name) for name in ("eventful_week", "reworded_week", "silent_week", "busy")]


def english_only(language: str) -> Iterator[str]:
    """Each long piece of an English message between its values, unless the language says the same."""
    own = messages(LOCALES / language / "reports.po")
    for name, message in messages(LOCALES / "en" / "reports.po").items():
        same = " ".join(texts(own[name]))
        pieces = [piece for text in texts(message) for piece, *_ in string.Formatter().parse(text)]
        yield from (piece.strip() for piece in pieces if len(piece.strip()) > LONG and piece.strip() not in same)


def strings(workbook: bytes) -> str:
    """Every text of every sheet, its tab's name first."""
    book = load_workbook(io.BytesIO(workbook))
    cells = (cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    return "\n".join([*book.sheetnames, *(cell for cell in cells if isinstance(cell, str))])


@translated
def test_a_page_has_no_english_sentence_left(reports: list[Report], acme: Shop, language: str) -> None:
    shop = replace(acme, languages=(language,))

    text = "\n".join(unescape(render_html(each, shop)) for each in reports)

    assert [piece for piece in english_only(language) if piece in text] == []


@translated
def test_a_workbook_has_no_english_words_left(reports: list[Report], acme: Shop, language: str) -> None:
    shop = replace(acme, languages=(language,))

    text = "\n".join(strings(render_xlsx(each, shop)) for each in reports)

    assert [piece for piece in english_only(language) if piece in text] == []


def test_an_english_sentence_would_be_noticed(eventful_week: Report, acme: Shop) -> None:
    page, book = unescape(render_html(eventful_week, acme)), strings(render_xlsx(eventful_week, acme))

    assert len([piece for piece in english_only("ru") if piece in page]) > 50
    assert len([piece for piece in english_only("ru") if piece in book]) > 20


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", ["69%", "4.1", "12,345", "\N{MINUS SIGN}12", "99.80 PLN"]),
        ("de", ["69 %", "4,1", "12.345", "\N{MINUS SIGN}12", "99,80 PLN"]),
        ("pl", ["69%", "4,1", "12 345", "\N{MINUS SIGN}12", "99,80 PLN"]),
        ("ru", ["69 %", "4,1", "12 345", "\N{MINUS SIGN}12", "99,80 PLN"]),
        ("uk", ["69 %", "4,1", "12 345", "\N{MINUS SIGN}12", "99,80 PLN"]),
    ],
)
def test_numbers_are_written_as_each_language_writes_them(acme: Shop, language: str, written: list[str]) -> None:
    say = phrases(replace(acme, languages=(language,)))

    numbers = [say.score("csat", 69.2), say.score("ces", 4.08), say.number(12345), say.score("nps", -12.3)]

    said = [*numbers, say.money("99.80", "PLN")]
    assert [number.replace("\N{NO-BREAK SPACE}", " ") for number in said] == written
    assert not [number for number in said if " " in number]


@pytest.mark.parametrize(
    ("language", "counted"),
    [
        ("de", ["1 Antwort", "3 Antworten", "5 Antworten", "1.021 Antworten"]),
        ("pl", ["1 odpowiedź", "3 odpowiedzi", "5 odpowiedzi", "1 021 odpowiedzi"]),
        ("ru", ["1 ответ", "3 ответа", "5 ответов", "1 021 ответ"]),
        ("uk", ["1 відповідь", "3 відповіді", "5 відповідей", "1 021 відповідь"]),
    ],
)
def test_answers_are_counted_in_each_languages_plurals(acme: Shop, language: str, counted: list[str]) -> None:
    say = phrases(replace(acme, languages=(language,)))

    said = [say.n("report.answers", number) for number in (1, 3, 5, 1021)]

    assert [each.replace("\N{NO-BREAK SPACE}", " ") for each in said] == counted


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("de", "6 Punkte mehr als in der Woche davor"),
        ("pl", "O 6 punktów więcej niż tydzień wcześniej"),
        ("ru", "На 6 пунктов больше, чем неделей ранее"),
        ("uk", "На 6 пунктів більше, ніж тижнем раніше"),
    ],
)
def test_a_change_is_a_sentence_in_each_language(acme: Shop, language: str, sentence: str) -> None:
    say = phrases(replace(acme, languages=(language,)))

    said = say.t("report.change.up", difference=say.difference("nps", Decimal(6)), before=say.t("report.before.week"))

    assert said.replace("\N{NO-BREAK SPACE}", " ") == sentence
