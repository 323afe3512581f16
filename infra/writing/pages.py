"""The pages that customers meet. Each is one HTML document with nothing from elsewhere; all work without JavaScript."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from markupsafe import Markup

from cx_domain.answers import LONGEST_COMMENT
from cx_domain.contrast import palette
from cx_domain.kinds import kind as kind_named
from cx_domain.shops import Brand, Shop
from cx_domain.surveys import Survey
from infra.writing.questions import driver_label, follow_up, question
from infra.writing.rendering import TEMPLATES, render
from infra.writing.words import Words, accepted_language, words, words_for

RatingState = Literal["chosen", "saved"]
StopState = Literal["ask", "done", "back"]
NoticeKind = Literal["bad-link", "expired", "already-answered", "bad-score", "trouble", "too-many", "report-missing"]

_FOR_COMPLAINTS_ONLY = frozenset({"advertising"})


@dataclass(frozen=True, slots=True)
class DriverBox:
    """One driver to tick."""

    key: str
    label: str
    ticked: bool


def rating_page(
    shop: Shop,
    survey: Survey,
    *,
    state: RatingState,
    score: int,
    action: str,
    visit_field: str,
    comment: str = "",
    drivers: Sequence[str] = (),
    may_reply: bool = False,
    unsubscribe: str | None = None,
) -> str:
    """The page behind every number of a mail: one form, posted to `action`, with everything that was said so far.

    `visit_field` is handed back in the form's hidden `visit`; hidden `evidence` comes back empty unless the script saw a person.
    """
    spoken = words_for(survey.language, shop)
    return _page(
        "rating",
        spoken,
        shop.brand,
        shop=shop,
        confirmed=state == "saved",
        question=question(shop, survey, spoken),
        score=score,
        follow_ups={each: follow_up(survey, each, spoken) for each in kind_named(survey.kind).scale},
        drivers=_driver_boxes(shop, survey, score, drivers, spoken),
        comment=comment,
        may_reply=may_reply,
        action=action,
        visit_field=visit_field,
        unsubscribe=unsubscribe,
        longest_comment=LONGEST_COMMENT,
        script=_inline("rating.js"),
    )


def unsubscribe_page(shop: Shop, survey: Survey, *, state: StopState, action: str) -> str:
    """Ask, before anything changes; then the way back. The form's `choice` is `stop` or `back`."""
    spoken = words_for(survey.language, shop)
    return _page("unsubscribe", spoken, shop.brand, shop=shop, state=state, action=action)


def kind_page(kind: NoticeKind, language: str = "") -> str:
    """A kind word where a link does not open. `language` is a tag or a whole `Accept-Language` header."""
    return _page("notice", words(accepted_language(language)), Brand(), kind=kind)


def _security_headers() -> Mapping[str, str]:
    """What every page is sent with. Elements of style and script are allowed by hash, the brand's colours as one style attribute."""
    policy = {
        "default-src": "'none'",
        "script-src": _source("rating.js"),
        # Browsers that do not know the two directives below read this one.
        "style-src": "'unsafe-inline'",
        "style-src-elem": _source("page.css"),
        "style-src-attr": "'unsafe-inline'",
        "img-src": "data:",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex, nofollow",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }


def _page(template: str, spoken: Words, brand: Brand, **facts: Any) -> str:
    return render(
        f"pages/{template}.html",
        t=spoken.gettext,
        words=spoken,
        colours=palette(brand.colour),
        css=_inline("page.css"),
        **facts,
    )


def _driver_boxes(shop: Shop, survey: Survey, score: int, ticked: Sequence[str], spoken: Words) -> list[DriverBox]:
    pleased = kind_named(survey.kind).bucket(score) == "promoter"
    hidden = _FOR_COMPLAINTS_ONLY - set(ticked) if pleased else frozenset()
    offered = [driver for driver in shop.drivers if driver not in hidden]
    return [DriverBox(driver, driver_label(driver, spoken), driver in ticked) for driver in offered]


@lru_cache
def _inline(name: str) -> Markup:
    """A file that stands in the page as it is; our own, so nothing in it is escaped."""
    return Markup((TEMPLATES / "pages" / name).read_text(encoding="utf-8"))  # noqa: S704 - our own file


def _source(name: str) -> str:
    digest = hashlib.sha256(_inline(name).encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


SECURITY_HEADERS: Mapping[str, str] = _security_headers()
