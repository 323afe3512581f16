"""The mail in Chromium: targets that a thumb meets, text at twice its size, colours that can be read, in light and in dark."""

import base64
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Any, TypedDict

import pytest
from playwright.sync_api import Page

from cx_domain.calendars import parse_period
from cx_domain.contrast import EDGE, TEXT, contrast
from cx_domain.guesses import CHOICES
from cx_domain.kinds import kind as kind_named
from cx_domain.shops import KindName
from infra.team.mails import digest_mail, guess_mail
from infra.writing.words import languages
from tests.browser.mails import KINDS, SHOP, html, in_brand, without_style
from tests.words.acme import NOON, WEEK
from tests.words.documents import part

NewPage = Callable[..., Page]


class Clip(TypedDict):
    x: float
    y: float
    width: float
    height: float


NOVEMBER = parse_period("2026-11")
WIDE = {"width": 600, "height": 900}
TARGET = 44
"""CSS pixels in each direction: Apple's Human Interface Guidelines, and WCAG 2.2's success criterion 2.5.5."""
BRANDS = (
    "#0b6e4f",
    "#ffe600",
    "#ffffff",
    "#000000",
    "#e4002b",
    "#1f4e79",
    "#7a7a7a",
    "#ffd60a",
    "#ff7f2a",
    "#00b3a4",
    "#f4c2c2",
)

TARGETS = """() => [...document.querySelectorAll('a')].map(link => {
  const box = link.getBoundingClientRect();
  return {words: link.textContent.trim(), width: box.width, height: box.height, rates: link.href.includes('/s/')};
})"""
ROOM = "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
DOUBLED = """() => {
  const elements = [...document.body.querySelectorAll('*')];
  const sizes = elements.map(element => parseFloat(getComputedStyle(element).fontSize));
  elements.forEach((element, at) => { element.style.fontSize = 2 * sizes[at] + 'px'; });
}"""
"""What a telephone's larger text does: every size twice, and boxes as wide as before."""
CUT_OFF = """() => [...document.querySelectorAll('td, p, h1, a')]
  .filter(element => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
  .map(element => element.textContent.trim())"""
COLOURS = """() => {
  const hex = colour => '#' + colour.match(/\\d+/g).slice(0, 3).map(n => (+n).toString(16).padStart(2, '0')).join('');
  const clear = colour => colour === 'rgba(0, 0, 0, 0)';
  const ground = element => { while (clear(getComputedStyle(element).backgroundColor)) element = element.parentElement;
    return hex(getComputedStyle(element).backgroundColor); };
  const says = element => [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
  return [...document.body.querySelectorAll('*')]
    .filter(element => element.getClientRects().length && says(element))
    .map(element => [element.textContent.trim(), hex(getComputedStyle(element).color), ground(element)]);
}"""
EXTREMES = """async picture => {
  const image = new Image();
  image.src = 'data:image/png;base64,' + picture;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
  canvas.drawImage(image, 0, 0);
  const data = canvas.getImageData(0, 0, image.width, image.height).data;
  const pixels = [];
  for (let at = 0; at < data.length; at += 4) pixels.push([...data.slice(at, at + 3)]);
  const light = ([red, green, blue]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  pixels.sort((one, other) => light(one) - light(other));
  const hex = pixel => '#' + pixel.map(n => n.toString(16).padStart(2, '0')).join('');
  return [hex(pixels[0]), hex(pixels[pixels.length - 1])];
}"""
"""The darkest and the lightest pixel of a picture."""
IN_A_READERS_PAGE = """() => {
  const main = document.createElement('main');
  main.append(...document.body.childNodes);
  document.body.append(main);
}"""
"""A mail is shown inside its reader's own page, which brings the landmarks."""


def shown(sheet: NewPage, document: str, **options: Any) -> Page:
    page = sheet(**options)
    page.set_content(document)
    return page


@pytest.mark.parametrize("document", ["whole", "without its style"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_answer_is_a_comfortable_target_on_the_narrowest_phone(
    sheet: NewPage, kind: KindName, document: str
) -> None:
    page = sheet()

    for language in languages():
        sent = html(kind, language)
        page.set_content(sent if document == "whole" else without_style(sent))
        answers = [link for link in page.evaluate(TARGETS) if link["rates"]]
        assert len(answers) == len(kind_named(kind).scale)
        assert [link for link in answers if min(link["width"], link["height"]) < TARGET] == [], language


@pytest.mark.parametrize("kind", KINDS)
def test_the_links_of_the_foot_are_as_high_as_a_thumb(sheet: NewPage, kind: KindName) -> None:
    page = sheet()

    for language in languages():
        page.set_content(html(kind, language))
        others = [link for link in page.evaluate(TARGETS) if not link["rates"]]
        assert [link["height"] >= TARGET for link in others] == [True, True], language


@pytest.mark.parametrize("kind", KINDS)
def test_text_at_twice_its_size_needs_no_scrolling_sideways(sheet: NewPage, kind: KindName) -> None:
    page = sheet()

    for language in languages():
        page.set_content(html(kind, language))
        page.evaluate(DOUBLED)
        needed, there = page.evaluate(ROOM)
        assert needed <= there, language
        assert page.evaluate(CUT_OFF) == [], language


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("brand", BRANDS)
def test_every_word_can_be_read_whatever_the_brand_colour(sheet: NewPage, brand: str, scheme: str) -> None:
    page = shown(sheet, html("csat", shop=in_brand(brand)), color_scheme=scheme)

    pairs = page.evaluate(COLOURS)

    assert len(pairs) > 10
    assert [pair for pair in pairs if contrast(pair[1], pair[2]) < TEXT] == []


@pytest.mark.parametrize("brand", BRANDS)
def test_an_answer_can_be_read_where_a_mail_program_darkens_by_force(sheet: NewPage, brand: str) -> None:
    """Chromium's own darkening is that of Android's WebView, in which Gmail and Samsung Email show mails."""
    page = shown(sheet, without_style(html("nps", shop=in_brand(brand))), device_scale_factor=3)
    page.context.new_cdp_session(page).send("Emulation.setAutoDarkModeOverride", {"enabled": True})

    box = page.get_by_text("10", exact=True).first.bounding_box()
    assert box is not None
    # The number and what is round it, without the corners of its button.
    middle: Clip = {"x": box["x"] + 8, "y": box["y"] + 8, "width": box["width"] - 16, "height": box["height"] - 16}
    picture = page.screenshot(clip=middle)

    darkest, lightest = page.evaluate(EXTREMES, base64.b64encode(picture).decode())
    # A large, bold number: WCAG 2.2 asks for 3:1.
    assert contrast(darkest, lightest) >= EDGE


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("kind", "language"), [*product(KINDS, ("de", "en")), *product(("nps",), ("pl", "ru", "uk"))])
def test_axe_finds_nothing(
    sheet: NewPage, axe: Callable[[Page], list[str]], kind: KindName, language: str, scheme: str
) -> None:
    page = shown(sheet, html(kind, language), color_scheme=scheme)

    page.evaluate(IN_A_READERS_PAGE)

    assert axe(page) == []


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_in_a_reminder(sheet: NewPage, axe: Callable[[Page], list[str]], kind: KindName) -> None:
    page = shown(sheet, html(kind, reminder=True), viewport=WIDE)

    page.evaluate(IN_A_READERS_PAGE)

    assert axe(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_a_digest(sheet: NewPage, axe: Callable[[Page], list[str]], scheme: str) -> None:
    sent = digest_mail(SHOP, WEEK, "boss@acme.example", "https://ask.acme.example/r/TOKEN", NOON)
    page = shown(sheet, part(sent, "html"), color_scheme=scheme)

    page.evaluate(IN_A_READERS_PAGE)

    assert axe(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_mail_that_asks_for_a_guess(
    sheet: NewPage, axe: Callable[[Page], list[str]], scheme: str
) -> None:
    sent = guess_mail(SHOP, NOVEMBER, "boss@acme.example", "https://ask.acme.example/g/TOKEN", NOON)
    page = shown(sheet, part(sent, "html"), color_scheme=scheme)

    page.evaluate(IN_A_READERS_PAGE)

    assert axe(page) == []


@pytest.mark.parametrize("language", languages())
def test_every_number_to_guess_is_a_comfortable_target_on_the_narrowest_phone(sheet: NewPage, language: str) -> None:
    shop = replace(SHOP, languages=(language,))
    sent = guess_mail(shop, NOVEMBER, "boss@acme.example", "https://ask.acme.example/g/TOKEN", NOON)
    page = shown(sheet, part(sent, "html"))

    numbers = page.evaluate(TARGETS)

    assert len(numbers) == sum(map(len, CHOICES.values()))
    assert [number for number in numbers if min(number["width"], number["height"]) < TARGET] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
