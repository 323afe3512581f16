"""What the question's mail and its reminder say, in text and in HTML."""

import re
from dataclasses import replace
from itertools import product

import pytest

from cx_domain.kinds import kinds
from cx_domain.orders import Item
from cx_domain.shops import Brand, KindName, SubjectType, Tone
from infra.writing.words import languages
from tests.words.acme import ACME, LINKS, TENT, survey
from tests.words.documents import Page, mail, part


def test_the_text_part_has_all_eleven_links_with_both_ends_in_words() -> None:
    lines = part(mail(), "plain").splitlines()

    assert f"0 (not at all likely): {LINKS.rate}/0" in lines
    assert f"10 (extremely likely): {LINKS.rate}/10" in lines
    assert [f"{score}: {LINKS.rate}/{score}" in lines for score in range(1, 10)] == [True] * 9
    assert f"Don't ask me again: {LINKS.unsubscribe}" in lines


def test_each_number_is_a_link_with_a_whole_name() -> None:
    links = Page(part(mail(), "html")).all("a")

    rated = {link["href"]: link["aria-label"] for link in links if link["href"].startswith(LINKS.rate)}
    assert rated == {f"{LINKS.rate}/{score}": f"{score} on a scale from 0 to 10" for score in range(11)}


def test_the_numbers_stand_in_two_rows_from_zero_to_five_and_from_six_to_ten() -> None:
    html = part(mail(), "html")

    rows = [re.findall(r'/(\d+)" aria-label', table) for table in html.split('cellspacing="3"')[1:]]
    assert rows == [["0", "1", "2", "3", "4", "5"], ["6", "7", "8", "9", "10"]]


def test_the_mail_names_its_language_and_hides_its_layout_from_screen_readers() -> None:
    page = Page(part(mail(survey("pl")), "html"))

    assert page.all("html")[0]["lang"] == "pl"
    assert {table.get("role") for table in page.all("table")} == {"presentation"}


def test_the_foot_says_who_asks_and_why_and_how_to_stop() -> None:
    page = Page(part(mail(), "html"))

    assert "This address was given with an order at Acme Outdoor." in page.words
    assert "Acme sp. z o.o., Teczowa 7, Wroclaw" in page.words
    assert {"https://acme.example/privacy", LINKS.unsubscribe} <= {link["href"] for link in page.all("a")}


def test_the_mail_has_no_review_link() -> None:
    assert "https://acme.example/review" not in part(mail(), "html") + part(mail(), "plain")


def test_the_shops_own_question_is_asked_in_its_language_and_ours_in_others() -> None:
    assert "How likely are you to recommend Acme to a friend?" in part(mail(survey("en")), "plain")
    assert "Jak bardzo prawdopodobne jest, że polecisz sklep Acme Outdoor" in part(mail(survey("pl")), "plain")


def test_a_first_name_is_greeted_in_english_and_never_in_polish() -> None:
    assert part(mail(survey("en")), "plain").startswith("Hello Anna,")
    assert part(mail(survey("pl")), "plain").startswith("Dzień dobry!")
    assert part(mail(survey("en", name="ANNA")), "plain").startswith("Hello,")


def test_the_order_line_lists_three_items_and_counts_the_rest() -> None:
    items = (TENT, Item("Mug", quantity=2), Item("Map"), Item("Stove"), Item("Rope"))

    assert "Your order 1001: Tent, 2 \u00d7 Mug, Map and 2 more" in part(mail(survey(items=items)), "plain")
    assert "Zamówienie 1001: Tent, 2 \u00d7 Mug, Map i jeszcze 2 produkty" in part(
        mail(survey("pl", items=items)), "plain"
    )


def test_an_order_without_items_is_named_by_its_number() -> None:
    assert "\nYour order 1001\n" in part(mail(survey(items=())), "plain")


def test_the_reminder_says_that_it_is_the_last() -> None:
    sent = mail(survey("pl"), reminder=True)

    assert "Więcej przypomnień o tym zamówieniu nie będzie." in part(sent, "plain").replace("\n", " ")
    assert "Więcej przypomnień o tym zamówieniu nie będzie." in Page(part(sent, "html")).words


def test_a_pale_brand_colour_has_black_numbers() -> None:
    html = part(mail(shop=replace(ACME, brand=Brand("#ffe600"))), "html")

    assert "text-decoration:none;color:#000000" in html


def test_the_mail_reads_without_images() -> None:
    images = Page(part(mail(), "html")).all("img")

    assert [image["alt"] for image in images] == ["Acme Outdoor"]


LONG_TITLED = Item("Спальний мішок, що не боїться морозу й дощу " * 9, quantity=12)

EVERY_MAIL = list(
    product(languages(), ["formal", "informal"], [kind.name for kind in kinds()], ["order", "ticket"], [False, True])
)


@pytest.mark.parametrize(("language", "tone", "kind", "about", "reminder"), EVERY_MAIL)
def test_every_mail_renders_in_every_language_tone_and_kind(
    language: str, tone: Tone, kind: KindName, about: SubjectType, reminder: bool
) -> None:
    shop = replace(ACME, tone={language: tone}, surveys=())
    sent = mail(survey(language, kind=kind, about=about, items=(LONG_TITLED,) * 9), shop, reminder=reminder)

    assert sent.subject
    assert LINKS.rate in part(sent, "plain")
    assert len(sent.raw) < 50_000
    assert not re.search(r"[{}]", part(sent, "plain"))
