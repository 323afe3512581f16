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
from infra.writing.questions import Question, driver_label, follow_up, question
from infra.writing.rendering import TEMPLATES, render
from infra.writing.words import Words, accepted_language, spoken_languages, words, words_for

RatingState = Literal["chosen", "saved"]
StopState = Literal["ask", "done", "back"]
NoticeKind = Literal[
    "bad-link", "expired", "already-answered", "bad-score", "trouble", "too-many", "report-missing", "guess-closed"
]

_FOR_COMPLAINTS_ONLY = frozenset({"advertising"})


@dataclass(frozen=True, slots=True)
class DriverBox:
    """One driver to tick."""

    key: str
    label: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """One language of the switch, by its own name, and the address of this page in it."""

    code: str
    name: str
    address: str


def rating_page(
    shop: Shop,
    survey: Survey,
    *,
    state: RatingState,
    score: int,
    action: str,
    visit_field: str,
    unsubscribe: str,
    earlier: int | None = None,
    comment: str = "",
    drivers: Sequence[str] = (),
    may_reply: bool = False,
    language: str | None = None,
    preview: bool = False,
) -> str:
    """The page behind every number of a mail: one form, posted to `action`, with everything that was said so far.

    `visit_field` is handed back in the form's hidden `visit`. Hidden `evidence` and `visible` come back empty unless a script ran:
    then what it saw of a person, and for how many milliseconds the page was in sight. `earlier` is another score that is still kept
    while this one is chosen, or was kept before this one was saved. `language` is what the reader chose instead of the survey's own.
    """
    spoken = words_for(_language(language, survey, shop), shop)
    asked = question(shop, survey, spoken)
    return page(
        "rating",
        spoken,
        shop.brand,
        shop=shop,
        switch=_switch(shop, f"{action}/{score}"),
        preview=preview,
        said=_said(state, asked, score, earlier, spoken),
        confirmed=state == "saved",
        kept=_kept(state, asked, earlier, spoken),
        question=asked,
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


def unsubscribe_page(
    shop: Shop, survey: Survey, *, state: StopState, action: str, language: str | None = None, preview: bool = False
) -> str:
    """Ask, before anything changes; then the way back. The form's `choice` is `stop` or `back`."""
    spoken = words_for(_language(language, survey, shop), shop)
    switch = _switch(shop, action)
    return page(
        "unsubscribe", spoken, shop.brand, shop=shop, switch=switch, preview=preview, state=state, action=action
    )


def kind_page(kind: NoticeKind, language: str = "", shop: Shop | None = None) -> str:
    """A kind word where a link does not open. `language` is a tag or a whole `Accept-Language` header; `shop` is whose link it is."""
    brand = Brand() if shop is None else shop.brand
    return page("notice", words(accepted_language(language)), brand, kind=kind, shop_name=shop.name if shop else "")


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


def page(template: str, spoken: Words, brand: Brand, **facts: Any) -> str:
    return render(
        f"pages/{template}.html",
        t=spoken.gettext,
        words=spoken,
        colours=palette(brand.colour),
        css=_inline("page.css"),
        **facts,
    )


def _language(chosen: str | None, survey: Survey, shop: Shop) -> str | None:
    """The reader's choice, where the shop speaks it."""
    return chosen if chosen in spoken_languages(shop) else survey.language


def _switch(shop: Shop, address: str) -> list[LanguageLink]:
    names = {code: words(code).gettext("language.name") for code in spoken_languages(shop)}
    # Many languages write their own name small; standing alone it begins like a sentence.
    return [
        LanguageLink(code, name[:1].upper() + name[1:], f"{address}?language={code}") for code, name in names.items()
    ]


def _said(state: RatingState, asked: Question, score: int, earlier: int | None, spoken: Words) -> str:
    """What has become of the answer, in one line."""
    answer = asked.shown(score)
    if state == "chosen":
        return spoken.gettext("page.chosen", answer=answer)
    if earlier is None:
        return spoken.gettext("page.saved", answer=answer)
    return spoken.gettext("page.changed", before=asked.shown(earlier), answer=answer)


def _kept(state: RatingState, asked: Question, earlier: int | None, spoken: Words) -> str | None:
    """What stands until the new choice is saved."""
    if state != "chosen" or earlier is None:
        return None
    return spoken.gettext("page.kept", answer=asked.shown(earlier))


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
