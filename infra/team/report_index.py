"""The page behind a manager's own link: all reports of a shop, in the first of its languages that has words."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import assert_never

from babel.dates import format_date, format_interval, format_skeleton
from markupsafe import Markup

from cx_domain.calendars import Period
from cx_domain.contrast import palette
from cx_domain.digests import DigestScore
from cx_domain.report_shelves import Shelf
from cx_domain.shops import Shop
from infra.team.digest_words import ScoreLine, number, score_lines
from infra.writing import pages
from infra.writing.rendering import TEMPLATES, render
from infra.writing.words import Words, words_for

FILES: Mapping[str, str] = {"report.xlsx": "Excel", "answers.csv": "CSV", "report.json": "JSON"}
"""The files beside the page, by the names that they have in every language."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One report: what it is called, its dates where the name does not say them, its scores with their notes, its files' addresses."""

    title: str
    dates: str | None
    scores: tuple[tuple[str, tuple[str, ...]], ...]
    page: str
    files: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The reports of one kind of period."""

    heading: str
    in_sight: tuple[Entry, ...]
    older: tuple[Entry, ...]
    more: str


def report_index(
    shop: Shop, shelves: Sequence[Shelf], scores: Mapping[str, Sequence[DigestScore]], *, link: str, name: str | None
) -> str:
    """Write the page; `scores` are the headlines of those reports whose score is told, by period.

    `link` is the address of this very page, below which the files lie; `name` is the manager's.
    """
    spoken = words_for(None, shop)
    return render(
        "pages/reports_index.html",
        t=spoken.gettext,
        words=spoken,
        colours=palette(shop.brand.colour),
        css=_style(),
        shop=shop,
        sections=[_section(shelf, scores, link, spoken) for shelf in shelves],
        name=name,
    )


def _section(shelf: Shelf, scores: Mapping[str, Sequence[DigestScore]], link: str, spoken: Words) -> Section:
    return Section(
        heading=spoken.gettext(f"reports.kind.{shelf.kind}"),
        in_sight=tuple(_entry(period, scores.get(period.name, ()), link, spoken) for period in shelf.in_sight),
        older=tuple(_entry(period, (), link, spoken) for period in shelf.older),
        more=spoken.ngettext("reports.older", len(shelf.older)),
    )


def _entry(period: Period, scores: Sequence[DigestScore], link: str, spoken: Words) -> Entry:
    here = f"{link}/{period.name}"
    return Entry(
        title=_title(period, spoken),
        dates=_dates(period, spoken) if period.kind == "week" else None,
        scores=tuple(
            _told(score, line, scores, spoken) for score, line in zip(scores, score_lines(scores, spoken), strict=True)
        ),
        page=f"{here}/report.html",
        files=tuple((called, f"{here}/{file}") for file, called in FILES.items()),
    )


def _told(
    score: DigestScore, line: ScoreLine, scores: Sequence[DigestScore], spoken: Words
) -> tuple[str, tuple[str, ...]]:
    """Name a score shortly where it is the only one of its kind, else in full; its interval and its answers beside it."""
    if score.score is None:
        return (f"{line.name}:" if len(scores) > 1 else ""), line.notes[:1]
    alone = [other.kind for other in scores].count(score.kind) == 1
    notes = [spoken.ngettext("digest.answers", score.n)]
    if score.interval is not None:
        low, high = (number(end, spoken) for end in score.interval)
        notes.insert(0, spoken.gettext("reports.interval", low=low, high=high))
    return (line.short if alone and line.short else f"{line.name}: {line.figure}"), tuple(notes)


def _title(period: Period, spoken: Words) -> str:
    """Many languages write months and days small; alone on a line they begin it."""
    locale = spoken.locale
    match period.kind:
        case "week":
            title = spoken.gettext("reports.week", week=period.start.isocalendar().week)
        case "month":
            title = str(format_skeleton("yMMMM", period.start, locale=locale))
        case "quarter":
            title = str(format_skeleton("yQQQQ", period.start, locale=locale))
        case "year":
            title = str(period.start.year)
        case "day":
            title = str(format_date(period.start, "full", locale=locale))
        case _:
            assert_never(period.kind)
    return title[:1].upper() + title[1:]


def _dates(period: Period, spoken: Words) -> str:
    return str(format_interval(period.start, period.end, skeleton="yMMMd", locale=spoken.locale))


@lru_cache
def _style() -> Markup:
    """The pages' own style, and after it what only this page has: our own files, so nothing in them is escaped."""
    files = (TEMPLATES / "pages" / name for name in ("page.css", "reports_index.css"))
    return Markup("".join(file.read_text(encoding="utf-8") for file in files))  # noqa: S704 - our own files


def _security_headers() -> Mapping[str, str]:
    """Those of the other pages, but for this one's own style, and without the script and the forms that it does not have."""
    digest = hashlib.sha256(_style().encode()).digest()
    policy = {
        "default-src": "'none'",
        # Browsers that do not know the two directives below read this one.
        "style-src": "'unsafe-inline'",
        "style-src-elem": f"'sha256-{base64.b64encode(digest).decode()}'",
        "style-src-attr": "'unsafe-inline'",
        "img-src": "data:",
        "form-action": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    written = "; ".join(f"{name} {value}" for name, value in policy.items())
    return {**pages.SECURITY_HEADERS, "Content-Security-Policy": written}


SECURITY_HEADERS: Mapping[str, str] = _security_headers()
