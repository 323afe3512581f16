#!/usr/bin/env python3
"""Take the pictures of docs/pages.md: `make page-pictures`. Chromium shows each state of each page at the width of a phone.

The shop is that of docs/first-survey, with all its languages and a review link; nothing is served and nothing is fetched.
"""

import struct
import sys
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

from cx_domain.shop_files import read_shop_file
from cx_domain.shops import Brand, KindName, Legal, Shop
from infra import previews
from infra.writing.pages import NoticeKind, RatingState, StopState, kind_page, rating_page, unsubscribe_page
from infra.writing.words import languages
from tests.browser.chromium import FLAGS, executable

HOME = Path(__file__).resolve().parents[1]
PICTURES = HOME / "docs" / "pictures" / "pages"
LARGEST = 80_000
"""Bytes of one picture."""
PHONE = 320
WIDE = 720
YELLOW = "#ffd60a"
IN_TWO_LANGUAGES = ("en", "pl")
COMMENTS = {"en": "The tent leaks at the seam.", "pl": "Namiot przecieka na szwie."}
NOTICES: tuple[NoticeKind, ...] = ("already-answered", "expired", "bad-link", "trouble")
STOPS: Mapping[StopState, str] = {"ask": "stop", "done": "unsubscribed", "back": "asked-again"}

PIXELS = """async picture => {
  const image = new Image();
  image.src = 'data:image/png;base64,' + picture;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
  canvas.drawImage(image, 0, 0);
  const data = canvas.getImageData(0, 0, image.width, image.height).data;
  return [image.width, image.height, new Uint8Array(data.buffer).toBase64()];
}"""

Scheme = Literal["light", "dark"]


def shop(colour: str = "#0b6e4f", *names: str) -> Shop:
    read = read_shop_file((HOME / "docs" / "first-survey" / "shop.toml").read_text(encoding="utf-8"))
    return replace(
        read,
        languages=names or IN_TWO_LANGUAGES,
        brand=Brand(colour),
        review_link="https://tarn.example/review",
        legal=Legal("Tarn Outdoor Ltd", "4 Mill Lane, Keswick", "https://tarn.example/privacy"),
        drivers=("delivery", "waiting", "price", "quality", "assortment", "courtesy", "clear-information"),
    )


def rating(
    language: str,
    state: RatingState,
    score: int,
    *,
    of: Shop | None = None,
    kind: KindName = "nps",
    earlier: int | None = None,
    preview: bool = False,
) -> str:
    """The rating page, with reasons and words where something has been saved."""
    seller, said = of or shop(), state == "saved" and not preview
    return rating_page(
        seller,
        previews.example(seller, kind, language),
        state=state,
        score=score,
        earlier=earlier,
        comment=COMMENTS[language] if said and score < 7 else "",  # noqa: PLR2004 - whoever is pleased has no complaint
        drivers=("quality",) if said else (),
        may_reply=said and earlier is not None,
        action="/s/TOKEN",
        visit_field="",
        unsubscribe="/u/TOKEN",
        preview=preview,
    )


def documents() -> Mapping[str, str]:
    """Every picture's name, and what it shows."""
    every = shop("#0b6e4f", *languages())
    found = {f"chosen-{code}": rating(code, "chosen", 7, of=every) for code in languages()}
    for code in IN_TWO_LANGUAGES:
        found |= {
            f"saved-{code}": rating(code, "saved", 7),
            f"kept-{code}": rating(code, "chosen", 3, earlier=7),
            f"changed-{code}": rating(code, "saved", 3, earlier=7),
            f"preview-{code}": rating(code, "chosen", 4, kind="csat", preview=True),
        }
    for code, (state, name) in product(IN_TWO_LANGUAGES, STOPS.items()):
        asked = previews.example(shop(), "nps", code)
        found[f"{name}-{code}"] = unsubscribe_page(shop(), asked, state=state, action="/u/TOKEN")
    for code, notice in product(IN_TWO_LANGUAGES, NOTICES):
        found[f"{notice}-{code}"] = kind_page(notice, code)
    return found


def take(browser: Browser, name: str, html: str, width: int = PHONE, scheme: Scheme = "light") -> Path:
    page = browser.new_page(viewport={"width": width, "height": 200}, device_scale_factor=1, color_scheme=scheme)
    page.set_content(html)
    file = PICTURES / f"{name}.png"
    file.write_bytes(written_small(page, page.screenshot(full_page=True)))
    page.close()
    return file


def written_small(page: Page, picture: bytes) -> bytes:
    """Write the same pixels again. Chromium's own writer is quick, not thorough: of flat colours a quarter can go."""
    width, height, data = page.evaluate(PIXELS, b64encode(picture).decode())
    pixels = bytearray(b64decode(data))
    del pixels[3::4]
    rows = b"".join(b"\0" + pixels[at : at + 3 * width] for at in range(0, 3 * width * height, 3 * width))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return picture[:8] + b"".join(
        chunk(*part) for part in ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    )


def chunk(name: bytes, data: bytes) -> bytes:
    """One part of a PNG file: https://www.w3.org/TR/png-3/#5Chunk-layout."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for old in PICTURES.glob("*.png"):
        old.unlink()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(playwright), args=FLAGS)
        files = [take(browser, name, html) for name, html in documents().items()]
        files += [
            take(browser, "chosen-en-dark", rating("en", "chosen", 7), scheme="dark"),
            take(browser, "saved-pl-dark", rating("pl", "saved", 7), scheme="dark"),
            take(browser, "saved-en-wide", rating("en", "saved", 9), WIDE),
            take(browser, "saved-en-yellow", rating("en", "saved", 9, of=shop(YELLOW))),
        ]
        browser.close()
    for file in files:
        print(f"{file.relative_to(HOME)}  {file.stat().st_size} bytes")  # noqa: T201 - a program's output
    if too_large := [file.name for file in files if file.stat().st_size > LARGEST]:
        sys.exit(f"more than {LARGEST} bytes: {', '.join(too_large)}")


if __name__ == "__main__":
    main()
