#!/usr/bin/env python3
"""Take the pictures of docs/mails.md: `make mail-pictures`. Chromium shows each mail at the width of a phone or of a card.

The shop is that of docs/first-survey, with a logo drawn here; nothing is sent and nothing is fetched.
"""

import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Literal, get_args

from playwright.sync_api import Browser, Route, sync_playwright

from cx_domain.calendars import parse_period
from cx_domain.privacy_requests import PrivacyKind
from cx_domain.shop_files import read_shop_file
from cx_domain.shops import Brand, KindName, Shop
from cx_domain.surveys import CustomerKey
from cx_domain.webhook_watch import Failure, Silence, TokenRefusal
from infra.operator.sample_mails import sample_mail
from infra.privacy_messages import Passed
from infra.team.mails import guess_mail, privacy_mail, watch_mail
from infra.team.watch_words import Watched
from infra.writing.mails import Mail, MailLinks
from infra.writing.words import languages

HOME = Path(__file__).resolve().parents[1]
PICTURES = HOME / "docs" / "pictures" / "mails"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
LARGEST = 100_000
"""Bytes of one picture."""
SCALES = (2, 1.5, 1.25, 1)
"""Pixels of a picture for each of the mail's."""
COLOUR = "#0b6e4f"
YELLOW = "#ffd60a"
LOGO = "https://tarn.example/logo.svg"
DRAWN = f"""<svg xmlns="http://www.w3.org/2000/svg" width="216" height="80" viewBox="0 0 216 80">
<path d="M4 68 L40 12 L56 37 L66 24 L96 68 Z" fill="{COLOUR}"/><path d="M40 12 L50 28 L42 34 L36 27 L30 28 Z" fill="#fff"/>
<text x="110" y="56" font-family="Arial, sans-serif" font-size="44" font-weight="700" fill="{COLOUR}">Tarn</text></svg>"""
NEWS = {"en": "You told us that returns took too long. Since May the money is back within two days."}
MANAGER, DEVELOPER = "boss@tarn.example", "dev@tarn.example"
LINKS = MailLinks("https://ask.tarn.example/s/TOKEN", "https://ask.tarn.example/u/TOKEN")
DOUBLED = """() => {
  const elements = [...document.body.querySelectorAll('*')];
  const sizes = elements.map(element => parseFloat(getComputedStyle(element).fontSize));
  elements.forEach((element, at) => { element.style.fontSize = 2 * sizes[at] + 'px'; });
}"""

Look = Literal["light", "dark", "darkened", "large", "no-images"]


@dataclass(frozen=True, slots=True)
class Picture:
    """One mail as it is shown: `darkened` by a mail program that knows no dark mode of ours, `large` at twice the text's size."""

    kind: KindName
    language: str
    width: int = 320
    look: Look = "light"
    reminder: bool = False
    colour: str = COLOUR

    @property
    def name(self) -> str:
        what = "reminder" if self.reminder else self.kind
        colour = "" if self.colour == COLOUR else "-yellow"
        return f"{what}-{self.language}-{self.width}-{self.look}{colour}.png"


WANTED = (
    *(Picture("nps", language) for language in languages()),
    Picture("nps", "pl", look="dark"),
    Picture("nps", "pl", 600),
    Picture("nps", "pl", 600, "dark"),
    Picture("csat", "de"),
    Picture("ces", "uk"),
    Picture("yes-no", "ru"),
    Picture("nps", "en", reminder=True),
    Picture("nps", "en", look="darkened", colour=YELLOW),
    Picture("nps", "en", look="no-images", colour=YELLOW),
    Picture("csat", "en", look="large"),
)


def shop(colour: str) -> Shop:
    read = read_shop_file((HOME / "docs" / "first-survey" / "shop.toml").read_text(encoding="utf-8"))
    legal = replace(read.legal, privacy="https://tarn.example/privacy")
    return replace(read, languages=languages(), surveys=(), brand=Brand(colour, LOGO), legal=legal, news=NEWS)


def document(picture: Picture) -> str:
    """The mail's HTML; without <style> and <meta>, as most webmail leaves it, where it is to be darkened."""
    told = shop(picture.colour)
    mail = sample_mail(
        replace(told, news=None) if picture.look == "large" else told,
        picture.kind,
        picture.language,
        LINKS,
        sent_at=datetime(2026, 11, 20, 12, tzinfo=UTC),
        reminder=picture.reminder,
    )
    part = message_from_bytes(mail.raw, policy=policy.default).get_body(("html",))
    html: str = part.get_content() if part is not None else ""
    if picture.look == "darkened":
        return re.sub(r"<style>.*?</style>|<meta name=\"(?!viewport)[^>]*>", "", html, flags=re.DOTALL)
    return html


def take(browser: Browser, picture: Picture) -> Path:
    """Take it as sharp as its size allows."""
    for scale in SCALES:
        file = take_at(browser, picture, scale)
        if file.stat().st_size <= LARGEST:
            return file
    sys.exit(f"{picture.name} has more than {LARGEST} bytes")


def take_at(browser: Browser, picture: Picture, scale: float) -> Path:
    context = browser.new_context(
        viewport={"width": picture.width, "height": 200},
        device_scale_factor=scale,
        color_scheme="dark" if picture.look == "dark" else "light",
    )

    def answer(route: Route) -> None:
        if picture.look in {"no-images", "darkened"}:
            route.abort()
        else:
            route.fulfill(body=DRAWN, content_type="image/svg+xml")

    page = context.new_page()
    page.route("**/*", answer)
    page.set_content(document(picture))
    if picture.look == "large":
        page.evaluate(DOUBLED)
    if picture.look == "darkened":
        context.new_cdp_session(page).send("Emulation.setAutoDarkModeOverride", {"enabled": True})
    file = PICTURES / picture.name
    page.screenshot(path=file, full_page=True)
    context.close()
    return file


def managers_mails() -> Iterator[tuple[str, Mail]]:
    """The mails to those who run the shop, by the names of their pictures."""
    shops = {language: replace(shop(COLOUR), languages=(language,)) for language in ("en", "pl")}
    sent_at = datetime(2026, 11, 27, 7, tzinfo=UTC)
    for language, asking in shops.items():
        link = "https://ask.tarn.example/g/TOKEN"
        yield f"guess-{language}", guess_mail(asking, parse_period("2026-11"), MANAGER, link, sent_at)
    told = shops["en"]
    woocommerce = Watched(told, "woocommerce", "WooCommerce", "https://ask.tarn.example/webhooks/tarn/woocommerce")
    last_at = datetime(2026, 11, 25, 9, 12, tzinfo=UTC)
    yield "silence-en", watch_mail(woocommerce, Silence(last_at, 240, timedelta(hours=15)), DEVELOPER, sent_at)
    yield "failure-en", watch_mail(woocommerce, Failure(3, last_at), DEVELOPER, sent_at)
    squarespace = Watched(told, "squarespace", "Squarespace", "https://ask.tarn.example/webhooks/tarn/squarespace")
    yield "refused-en", watch_mail(squarespace, TokenRefusal(last_at), DEVELOPER, sent_at)
    for kind in get_args(PrivacyKind):
        passed = Passed(kind, "Shopify", "9999", 1, CustomerKey("somebody"), ("1001", "1002"))
        yield f"{kind}-en", privacy_mail(told, passed, MANAGER, sent_at)


def take_mail(browser: Browser, name: str, mail: Mail, width: int = 320) -> Path:
    part = message_from_bytes(mail.raw, policy=policy.default).get_body(("html",))
    page = browser.new_page(viewport={"width": width, "height": 200}, device_scale_factor=SCALES[-1])
    page.route("**/*", lambda route: route.fulfill(body=DRAWN, content_type="image/svg+xml"))
    page.set_content(part.get_content() if part is not None else "")
    file = PICTURES / f"{name}-{width}-light.png"
    page.screenshot(path=file, full_page=True)
    page.close()
    return file


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for old in PICTURES.glob("*.png"):
        old.unlink()
    with sync_playwright() as playwright:
        # Without one on PATH, Playwright's own.
        found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        files = [take(browser, picture) for picture in WANTED]
        files += [take_mail(browser, name, mail) for name, mail in managers_mails()]
        browser.close()
    for file in files:
        print(f"{file.relative_to(HOME)}  {file.stat().st_size} bytes")  # noqa: T201 - a program's output


if __name__ == "__main__":
    main()
