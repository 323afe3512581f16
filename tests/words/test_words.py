"""Which words a customer hears: language, tone, the shop's noun, and other people's words among ours."""

# ruff: noqa: RUF001 - Russian and Ukrainian letters look like Latin ones

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_domain.orders import Item
from cx_domain.shops import Noun
from infra.writing.words import (
    accepted_language,
    choose_language,
    own_words,
    shop_values,
    spoken_languages,
    words,
    words_for,
)
from tests.words.acme import ACME, survey
from tests.words.documents import Page, mail, part

FIVE = replace(ACME, languages=("pl", "en", "ru", "uk", "de"), tone=None)
ISOLATE, END = "\u2068", "\u2069"


def test_the_formal_tone_replaces_only_what_it_changes() -> None:
    formal = words("pl", "formal")

    assert formal.gettext("follow.promoter") == "Co podobało się Państwu najbardziej?"
    assert formal.gettext("page.send") == "Wyślij"


def test_a_language_without_that_tone_speaks_as_it_does() -> None:
    assert words("en", "formal").gettext("mail.greeting") == words("en").gettext("mail.greeting")
    assert words("de", "formal").gettext("question.csat.delivery") == words("de").gettext("question.csat.delivery")


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
        ("de-AT", "de"),
        ("ru-Latn-UA", "ru"),
        ("tlh", "pl"),
        (None, "pl"),
        ("", "pl"),
        ("x\r\n", "pl"),
    ],
)
def test_a_customer_is_addressed_in_the_orders_language_or_the_shops_first(wanted: str | None, chosen: str) -> None:
    assert choose_language(wanted, FIVE) == chosen


def test_a_language_that_the_shop_does_not_list_is_not_used() -> None:
    assert choose_language("en", replace(ACME, languages=("pl",))) == "pl"


def test_a_language_without_a_catalogue_is_passed_over() -> None:
    assert choose_language("tlh", replace(ACME, languages=("tlh", "pl"))) == "pl"
    assert choose_language("tlh", replace(ACME, languages=("tlh",))) == "en"


def test_a_shop_speaks_those_of_its_languages_that_have_words() -> None:
    assert spoken_languages(replace(ACME, languages=("tlh", "pl", "en"))) == ("pl", "en")
    assert spoken_languages(replace(ACME, languages=("tlh",))) == ("en",)


def test_the_shops_tone_is_heard() -> None:
    shop = replace(ACME, tone={"pl": "formal"})

    assert "Państwo" in words_for("pl", shop).gettext("question.nps")
    assert words_for("pl", shop).tone == "formal"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("pl", "pl"),
        ("pl-PL,pl;q=0.9,en;q=0.8", "pl"),
        ("de-CH, en;q=0.9", "de"),
        ("tlh-KX, pl;q=0.4, en;q=0.6", "en"),
        ("pl;q=0, en;q=0.1", "en"),
        ("*", "en"),
        ("../../etc/passwd", "en"),
        ("tlh", "en"),
    ],
)
def test_a_page_without_a_shop_speaks_what_the_browser_asks_for(header: str, language: str) -> None:
    assert accepted_language(header) == language


@pytest.mark.parametrize(
    ("language", "noun", "why"),
    [
        ("pl", "shop", "Ten adres podano przy zamówieniu w sklepie Acme Outdoor."),
        ("pl", "service", "Ten adres podano przy zamówieniu w serwisie Acme Outdoor."),
        ("pl", "company", "Ten adres podano przy zamówieniu w firmie Acme Outdoor."),
        ("ru", "shop", "На этот адрес оформлен заказ в магазине «Acme Outdoor»."),
        ("ru", "service", "На этот адрес оформлен заказ в сервисе «Acme Outdoor»."),
        ("ru", "company", "На этот адрес оформлен заказ в компании «Acme Outdoor»."),
        ("uk", "shop", "На цю адресу оформлено замовлення в магазині «Acme Outdoor»."),
        ("uk", "service", "На цю адресу оформлено замовлення в сервісі «Acme Outdoor»."),
        ("uk", "company", "На цю адресу оформлено замовлення в компанії «Acme Outdoor»."),
        ("de", "company", "Diese Adresse wurde bei einer Bestellung bei Acme Outdoor angegeben."),
        ("en", "company", "This address was given with an order at Acme Outdoor."),
    ],
)
def test_a_shop_stands_behind_its_noun_which_alone_is_declined(language: str, noun: Noun, why: str) -> None:
    assert words_for(language, replace(FIVE, noun=noun)).gettext("mail.why.order") == why


@pytest.mark.parametrize(
    ("language", "anonymous"),
    [
        ("en", "the service sees it"),
        ("de", "Der Dienst sieht sie"),
        ("pl", "serwis widzi ją"),
        ("ru", "сервис видит его"),
        ("uk", "сервіс бачить її"),
    ],
)
def test_who_sees_the_answer_is_called_by_its_noun(language: str, anonymous: str) -> None:
    assert anonymous in words_for(language, replace(FIVE, noun="service")).gettext("page.not-anonymous")


@pytest.mark.parametrize("number", ["1001", "#1001", "№ 1001"])
def test_a_number_that_has_a_sign_gets_no_second_one(number: str) -> None:
    russian, english = survey("ru", number=number), survey("en", number=number)

    assert mail(russian, FIVE).subject == "Заказ №\u00a01001: один вопрос"
    assert mail(english, FIVE).subject == f"Your order {number}: one question"


@pytest.mark.parametrize(
    ("language", "noun", "beginning"),
    [("pl", "company", "Firma Acme Outdoor"), ("ru", "shop", "Магазин «Acme"), ("uk", "service", "Сервіс «Acme")],
)
def test_a_noun_that_begins_a_sentence_has_a_capital(language: str, noun: Noun, beginning: str) -> None:
    assert words_for(language, replace(FIVE, noun=noun)).gettext("stop.ask").startswith(beginning)


def test_a_language_has_only_the_cases_that_it_needs() -> None:
    english = shop_values(ACME, words("en"))
    polish = shop_values(ACME, words("pl"))

    assert english == {"shop": "Acme Outdoor", "noun": "shop", "Noun": "Shop"}
    assert polish.keys() == {"shop", "noun", "noun_acc", "noun_gen", "noun_loc", "Noun"}


@pytest.mark.parametrize(
    ("theirs", "said"),
    [
        ({"pl": "Polecisz nas?", "pl-formal": "Polecą Państwo nas?"}, "Polecą Państwo nas?"),
        ({"pl": "Polecisz nas?", "pl-informal": "Polecisz?"}, "Polecisz nas?"),
        ({"en": "Would you?"}, None),
        ({}, None),
        (None, None),
    ],
)
def test_a_shops_own_words_for_the_tone_go_before_those_for_the_language(
    theirs: dict[str, str] | None, said: str | None
) -> None:
    assert own_words(theirs, words("pl", "formal")) == said


def test_the_languages_own_tone_is_one_that_a_shop_can_have_words_for() -> None:
    assert own_words({"de": "Gut?", "de-formal": "Sind Sie froh?"}, words("de")) == "Sind Sie froh?"


SCRIPTS = [
    "ქართული ჩაიდანი",
    "三人用帳篷",
    "Żółta łódź",
    "Палатка «Ёж»",
    "👨‍👩‍👧 🏕️ 🇺🇦",
    "テント",
    "ตะเกียง",
    "नीला तंबू",
    "a\u0301e\u0308",
]


@pytest.mark.parametrize("text", SCRIPTS)
@pytest.mark.parametrize("language", FIVE.languages)
def test_a_name_and_a_title_in_any_script_come_through_unharmed(text: str, language: str) -> None:
    sent = mail(survey(language, items=(Item(text),), number=text), replace(FIVE, name=text, surveys=()))

    assert part(sent, "plain").count(text) >= 3
    assert text in sent.subject
    assert Page(part(sent, "html")).words.count(text) >= 3
    assert ISOLATE not in part(sent, "plain") + part(sent, "html")


@pytest.mark.parametrize("title", ["אוהל לשלושה", "خيمة 3 أشخاص", "چادر"])
def test_a_title_that_runs_from_right_to_left_does_not_pull_its_neighbours_along(title: str) -> None:
    sent = mail(survey("en", items=(Item(title), Item("Mug", quantity=2))))

    for kind in ("plain", "html"):
        assert f"{ISOLATE}{title}{END}" in part(sent, kind)


def test_a_shop_named_from_right_to_left_stands_whole_in_a_sentence() -> None:
    spoken = words_for("en", replace(ACME, name="חנות"))

    assert spoken.gettext("mail.why.order") == f"This address was given with an order at {ISOLATE}חנות{END}."


def test_in_a_line_from_right_to_left_it_is_latin_that_is_kept_apart() -> None:
    hebrew = replace(words("en"), direction="rtl")

    assert hebrew.gettext("stop.ask", shop="Acme").startswith(f"{ISOLATE}Acme{END} ")
    assert shop_values(ACME, hebrew)["shop"] == f"{ISOLATE}Acme Outdoor{END}"
    assert hebrew.isolated("חנות 7") == "חנות 7"


@settings(deadline=None)
@given(st.text(max_size=40))
def test_what_is_kept_apart_once_is_not_kept_apart_again(text: str) -> None:
    spoken = words("en")
    plain = text.replace(ISOLATE, "").replace(END, "")

    once = spoken.isolated(plain)

    assert spoken.isolated(once) == once
    assert once.strip(ISOLATE + END) == plain.strip(ISOLATE + END)
