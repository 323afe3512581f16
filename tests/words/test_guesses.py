"""What a manager is asked before a month closes: the mail, and the page behind its numbers."""

from dataclasses import replace

import pytest

from cx_domain.calendars import parse_period
from cx_domain.guesses import CHOICES, Guess
from cx_domain.shops import KindName
from infra.team.guess_pages import guess_page
from infra.team.mails import guess_mail
from infra.writing.mails import Mail
from infra.writing.words import languages
from tests.words.acme import ACME, NOON
from tests.words.documents import Page, part

JANUARY = parse_period("2026-01")
LINK = "https://ask.acme.example/g/TOKEN"
ENGLISH = replace(ACME, languages=("en",))


def mail(language: str = "en", kind: KindName = "nps") -> Mail:
    shop = replace(ACME, languages=(language,), surveys=(replace(ACME.surveys[0], kind=kind),))
    return guess_mail(shop, JANUARY, "boss@acme.example", LINK, NOON)


def test_the_mail_asks_two_things_until_the_month_closes() -> None:
    sent = mail()

    assert sent.subject == "Guess for January 2026: what will our customers say?"
    text = part(sent, "plain")
    assert "What will the month’s NPS be?\n" in text  # noqa: RUF001  as it is printed
    assert "Of a hundred customers, how many would call us excellent?\n" in text
    assert "until midnight after 31 January" in text


@pytest.mark.parametrize("kind", ["html", "plain"])
def test_every_number_is_a_link_that_says_it(kind: str) -> None:
    said = part(mail(), kind)

    for subject, values in CHOICES.items():
        assert all(f"{LINK}?{subject}={value}" in said for value in values)
    assert said.count(LINK) == sum(map(len, CHOICES.values()))


def test_below_zero_stands_a_minus_and_no_hyphen() -> None:
    assert [link["aria-label"] for link in Page(part(mail(), "html")).all("a")][:2] == [
        "\N{MINUS SIGN}50: What will the month’s NPS be?",  # noqa: RUF001  as it is printed
        "\N{MINUS SIGN}25: What will the month’s NPS be?",  # noqa: RUF001
    ]


@pytest.mark.parametrize(
    ("kind", "marks"),
    [("nps", "9\u2060\N{EN DASH}\u206010"), ("nps5", "5"), ("csat", "very satisfied"), ("ces", "7"), ("yes-no", "Yes")],
)
def test_excellent_is_told_by_the_marks_of_the_shops_own_question(kind: KindName, marks: str) -> None:
    assert f"The highest marks count: {marks}." in part(mail(kind=kind), "plain")


def test_a_shop_that_does_not_ask_for_the_nps_is_not_asked_to_guess_it() -> None:
    assert "NPS" not in part(mail(kind="csat"), "plain")


@pytest.mark.parametrize("language", languages())
def test_every_guess_renders_in_every_language(language: str) -> None:
    sent = mail(language)

    assert "2026" in sent.subject
    assert len(part(sent, "html").encode()) < 50_000


def test_the_page_has_what_was_tapped_and_one_form() -> None:
    page = Page(guess_page(ENGLISH, JANUARY, Guess(40), state="chosen", action="/g/TOKEN"))

    assert [form["action"] for form in page.all("form")] == ["/g/TOKEN"]
    assert [box["value"] for box in page.all("input") if "checked" in box] == ["40"]
    assert "Nothing is saved yet" in page.words


def test_the_page_says_that_the_guess_is_saved() -> None:
    page = Page(guess_page(ENGLISH, JANUARY, Guess(40, 60), state="saved", action="/g/TOKEN"))

    assert "The guess is saved" in page.words
    assert [box["value"] for box in page.all("input") if "checked" in box] == ["40", "60"]
