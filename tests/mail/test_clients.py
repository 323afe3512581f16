"""Nothing that a mail uses is lacking in a mail program, unless it is written here why that does no harm."""

from dataclasses import replace
from itertools import product

import pytest

from cx_domain.calendars import parse_period
from cx_domain.webhook_watch import Failure
from infra.team.mails import digest_mail, guess_mail, watch_mail
from infra.team.watch_words import Watched
from tests.browser.mails import ITEMS, KINDS, SHOP
from tests.mail.caniemail import FAMILIES, features
from tests.mail.used import Used
from tests.words.acme import ACME, NOON, WEEK, survey
from tests.words.documents import mail, part

WATCHED = Watched(SHOP, "woocommerce", "WooCommerce", "https://ask.acme.example/webhooks/acme/woocommerce")
WITH_LOGO = replace(SHOP, brand=ACME.brand)

HARMLESS = {
    "css-at-media": "Adds air on wide screens and dark colours; the mail is laid out for the narrowest without it.",
    "css-at-media-prefers-color-scheme": "Without it the mail stays light, or the program darkens it; both can be read.",
    "css-background-color": "bgcolor says the same, which every program knows.",
    "css-border": "Word draws at most 8 px; ours have 1 px and stand on table cells.",
    "css-border-radius": "Corners are square.",
    "css-display": "Links are as high as their text in Outlook for Windows, where a mouse meets them; the cell keeps its height.",
    "css-display-none": "Gmail's page for old telephones shows the preheader, a sentence fit to be read; mso-hide hides it from Word.",
    "css-float": "The digit of an answer in words stands behind the word.",
    "css-font-size": "Only rem and percentages are lacking; ours are px.",
    "css-font-weight": "Only 400, 600 and 700 are used, which everyone has.",
    "css-height": "The coloured band has a height attribute and a line height, too; Yahoo makes it a least height.",
    "css-important": "Stands only in <style>, on which nothing depends.",
    "css-letter-spacing": "The large figure of the digest stands a little wider in Word.",
    "css-line-height": "Word may set lines a little closer.",
    "css-margin": "No margin is negative or automatic; paragraphs stand in table cells.",
    "css-max-height": "Belongs to the hidden preheader, which mso-hide hides.",
    "css-max-width": "A table for Outlook alone, in a conditional comment, is 600 px wide.",
    "css-overflow": "Belongs to the hidden preheader; overflow:hidden itself is known.",
    "css-padding": "Padding that matters is on table cells; links lose theirs in Outlook for Windows.",
    "css-selector-class": "Classes are used only by <style>, on which nothing depends.",
    "css-table-layout": "Columns share the width evenly anyway: each holds one number, or words of about one length.",
    "css-text-align": "left and right are known; only start, end and match-parent are not.",
    "css-text-decoration": "Only none and underline are used, which everyone has.",
    "css-word-wrap": "A word longer than a line makes the mail wider in Outlook; titles are cut at 60 characters, and questions have no such word.",
    "html-align": "Not on tables, where Outlook for Mac forgets it, but on their cells.",
    "html-aria-label": "The number or the word is the link's text, and the ends of the scale stand beside it in words.",
    "html-body": "What it says is said again by the element inside it.",
    "html-dir": "Both directions read rightly by their letters; all languages so far go from left to right.",
    "html-doctype": "The mail is tables, which look alike in quirks mode.",
    "html-height": "Word scales sizes when the screen does; PixelsPerInch keeps them together.",
    "html-lang": "A screen reader falls back on the language of its user, who is the customer.",
    "html-meta-color-scheme": "Without it the mail stays light, or the program darkens it; both can be read.",
    "html-role": "A layout table has no header cell and no caption, by which screen readers tell it from a table of data.",
    "html-style": "Nothing depends on it: the tests in Chromium look at the mail without it, too.",
    "html-width": "All widths are 100 % of tables, or 600 px of Outlook's own.",
}

UNLISTED = {"css-color"}
"""Properties that caniemail does not list, for every program knows them."""


def used() -> set[str]:
    mails = [
        *(mail(survey("en", kind=kind, items=ITEMS), shop) for kind, shop in product(KINDS, (SHOP, WITH_LOGO))),
        mail(survey("en"), SHOP, reminder=True),
        mail(survey("en"), SHOP, preview=True),
        digest_mail(SHOP, WEEK, "boss@acme.example", "https://ask.acme.example/r/TOKEN", NOON),
        guess_mail(SHOP, parse_period("2026-11"), "boss@acme.example", "https://ask.acme.example/g/TOKEN", NOON),
        watch_mail(WATCHED, Failure(3, NOON), "dev@acme.example", NOON),
    ]
    return set().union(*(Used(part(each, "html")).slugs for each in mails))


@pytest.fixture(scope="module")
def slugs() -> set[str]:
    return used()


def test_every_feature_is_one_that_caniemail_has_tested(slugs: set[str]) -> None:
    assert slugs - set(features()) == UNLISTED


def test_what_a_mail_program_lacks_has_a_written_reason(slugs: set[str]) -> None:
    lacking = {slug: sorted(features()[slug].lacking) for slug in slugs - UNLISTED if features()[slug].lacking}

    assert {slug: programs for slug, programs in lacking.items() if slug not in HARMLESS} == {}


def test_no_reason_stands_that_is_needed_no_longer(slugs: set[str]) -> None:
    assert [slug for slug in HARMLESS if slug not in slugs or not features()[slug].lacking] == []


@pytest.mark.parametrize("family", FAMILIES)
def test_the_data_tell_of_every_program_that_we_ask_about(family: str) -> None:
    programs = {program for feature in features().values() for program in feature.lacking}

    assert any(program.startswith(f"{family}.") for program in programs)
