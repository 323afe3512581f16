"""What the question's mail and its reminder say, in text and in HTML."""

import re
from dataclasses import replace
from itertools import product

import pytest

from cx_domain.kinds import kinds
from cx_domain.orders import Item
from cx_domain.shops import Brand, KindName, SubjectType, Tone
from infra.writing.questions import question
from infra.writing.words import languages, words, words_for
from tests.words.acme import ACME, LINKS, TENT, survey
from tests.words.documents import Page, mail, part

GERMAN = replace(ACME, languages=("de", "en"), surveys=())


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


@pytest.mark.parametrize("subtype", ["plain", "html"])
def test_the_mail_leads_nowhere_but_to_the_answers_the_privacy_page_and_the_way_out(subtype: str) -> None:
    """No review link, no coupon, nothing to buy: a mail that asks must not advertise."""
    shown = part(mail(), subtype)

    # The logo is fetched, not followed.
    addresses = set(re.findall(r"https?://[\w./:-]+", shown)) - {ACME.brand.logo}
    assert addresses == {
        *(f"{LINKS.rate}/{score}" for score in range(11)),
        "https://acme.example/privacy",
        LINKS.unsubscribe,
    }


def test_five_answers_in_words_stand_one_below_the_other_with_the_digit_second() -> None:
    html = part(mail(survey("de", kind="csat"), GERMAN), "html")

    rows = [re.findall(r">([^<>]+) <span[^>]*>(\d)</span></a>", table) for table in html.split('cellspacing="3"')[1:]]
    assert rows[0] == [("Sehr unzufrieden", "1")]
    assert rows[4] == [("Sehr zufrieden", "5")]
    assert [len(row) for row in rows] == [1] * 5


@pytest.mark.parametrize("subtype", ["plain", "html"])
def test_the_shops_news_are_shown_as_text_and_nothing_else(subtype: str) -> None:
    shop = replace(ACME, news={"en": "You said <b>slow</b> & late: {we} deliver in a day."})

    shown = part(mail(shop=shop), subtype)

    assert ("&lt;b&gt;slow&lt;/b&gt; &amp; late" if subtype == "html" else "<b>slow</b> & late: {we}") in shown
    assert "You said" not in part(mail(survey("pl"), shop), subtype)


@pytest.mark.parametrize("reminder", [False, True])
@pytest.mark.parametrize("subtype", ["plain", "html"])
def test_german_readers_are_told_that_they_may_object(subtype: str, reminder: bool) -> None:
    told = " ".join(part(mail(survey("de"), GERMAN, reminder=reminder), subtype).split())

    assert "jederzeit widersprechen" in told
    assert "widersprechen" not in part(mail(survey("en"), GERMAN, reminder=reminder), subtype)


@pytest.mark.parametrize("subtype", ["plain", "html"])
def test_a_test_mail_says_so_before_anything_else(subtype: str) -> None:
    told = words("en").gettext("mail.preview")

    shown = part(mail(preview=True), subtype)

    assert shown.index(told) < shown.index("Hello Anna")
    assert told not in part(mail(), subtype)


@pytest.mark.parametrize(("kind", "language"), [*product([kind.name for kind in kinds()], languages())])
def test_every_scale_says_its_direction_in_words(kind: KindName, language: str) -> None:
    shop = replace(ACME, languages=languages(), surveys=())
    asked = question(shop, survey(language, kind=kind), words_for(language, shop))
    first, last = asked.low or asked.choices[0].shown, asked.high or asked.choices[-1].shown

    for subtype in ("plain", "html"):
        shown = part(mail(survey(language, kind=kind), shop), subtype).lower()
        assert first.lower() in shown
        assert last.lower() in shown
    assert not (first + last).isdigit()


def test_lines_of_text_are_no_longer_than_a_narrow_window() -> None:
    title = Item("A tent for two people, their dog, and all that they carry up")
    told = part(mail(survey("de", items=(title, title, title)), GERMAN, reminder=True), "plain")

    lines = [line for line in told.splitlines() if "https://" not in line]
    assert max(map(len, lines)) <= 72


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
