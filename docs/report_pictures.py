"""A report as pictures: on a phone, on a screen, and each sheet of the A4 paper that it is printed on."""
# ruff: noqa: INP001 (a folder of documents, no package)

import struct
import zlib
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pypdfium2
from playwright.sync_api import Browser, sync_playwright

from docs.take_page_pictures import chunk, written_small
from tests.browser.chromium import FLAGS, executable

WIDTHS = {"phone": 390, "screen": 1200}
TALLEST = 2800
"""A picture ends where a section does, and not below this if it can."""
PAPER_SCALE = 1.2
"""Pixels for each of the PDF's points, of which an inch has 72."""
SECTIONS = """() => [...document.querySelectorAll('main > section, footer')]
    .map(part => Math.round(part.getBoundingClientRect().top + scrollY)).concat(document.documentElement.scrollHeight)"""


def take_report(report: Path, folder: Path) -> list[Path]:
    """Take all pictures of a page into a folder that has none yet."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(playwright), args=FLAGS)
        taken = [picture for name in WIDTHS for picture in _pieces(browser, report, folder, name)]
        page = browser.new_page()
        page.goto(report.as_uri())
        taken += _sheets(page.pdf(prefer_css_page_size=True), folder)
        browser.close()
    return taken


def cuts(tops: list[int], tallest: int) -> list[tuple[int, int]]:
    """From where to where each picture goes: as many whole sections as fit, of those that begin at `tops`; the last is the page's end."""
    begins, found = 0, []
    for top, following in pairwise(tops):
        if following - begins > tallest and top > begins:
            found.append((begins, top))
            begins = top
    return [*found, (begins, tops[-1])]


def _pieces(browser: Browser, report: Path, folder: Path, name: str) -> Iterable[Path]:
    page = browser.new_page(viewport={"width": WIDTHS[name], "height": 900})
    page.goto(report.as_uri())
    for number, (begin, end) in enumerate(cuts(page.evaluate(SECTIONS), TALLEST), start=1):
        clip = {"x": 0.0, "y": float(begin), "width": float(WIDTHS[name]), "height": float(end - begin)}
        file = folder / f"{name}-{number}.png"
        file.write_bytes(written_small(page, page.screenshot(full_page=True, clip=clip)))  # type: ignore[arg-type]
        yield file
    page.close()


def _sheets(pdf: bytes, folder: Path) -> Iterable[Path]:
    for number, sheet in enumerate(pypdfium2.PdfDocument(pdf), start=1):
        bitmap = sheet.render(scale=PAPER_SCALE, grayscale=False, rev_byteorder=True)
        rows = bytes(bitmap.buffer)
        wide = bitmap.width * bitmap.n_channels
        lines = (rows[at : at + wide] for at in range(0, bitmap.stride * bitmap.height, bitmap.stride))
        file = folder / f"paper-{number}.png"
        file.write_bytes(_png(bitmap.width, bitmap.height, b"".join(b"\0" + line for line in lines)))
        yield file


def _png(width: int, height: int, rows: bytes) -> bytes:
    """Rows of red, green and blue, each behind a nought."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)
