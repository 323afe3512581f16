"""The pages: one form, nothing from elsewhere, honest about what is kept."""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from html import unescape
from itertools import product
from typing import get_args

import pytest

from cx_domain.calendars import parse_period
from cx_domain.guesses import Guess
from cx_domain.kinds import kind, kinds
from cx_domain.shops import KindName, Shop, Tone
from cx_domain.surveys import Survey
from infra.team.guess_pages import GuessState, guess_page
from infra.writing.pages import (
    SECURITY_HEADERS,
    NoticeKind,
    RatingState,
    StopState,
    kind_page,
    rating_page,
    unsubscribe_page,
)
from infra.writing.words import languages
from tests.words.acme import ACME, survey
from tests.words.documents import Page

JANUARY = parse_period("2026-01")


def page(
    state: RatingState = "chosen",
    score: int = 7,
    asked: Survey | None = None,
    shop: Shop = ACME,
    *,
    comment: str = "",
    drivers: Sequence[str] = (),
    may_reply: bool = False,
    earlier: int | None = None,
    language: str | None = None,
    preview: bool = False,
) -> str:
    return rating_page(
        shop,
        asked or survey(),
        state=state,
        score=score,
        comment=comment,
        drivers=drivers,
        may_reply=may_reply,
        action="/s/TOKEN",
        visit_field="visit-of-anna",
        unsubscribe="/u/TOKEN",
        earlier=earlier,
        language=language,
        preview=preview,
    )


def inputs(html: str, name: str) -> list[dict[str, str]]:
    return [field for field in Page(html).all("input") if field.get("name") == name]


@pytest.mark.parametrize("state", get_args(RatingState))
def test_the_rating_page_has_one_form_with_every_field(state: RatingState) -> None:
    html = page(state)

    assert [(form["method"], form["action"]) for form in Page(html).all("form")] == [("post", "/s/TOKEN")]
    assert [field["value"] for field in inputs(html, "score")] == [str(score) for score in range(11)]
    assert [field["value"] for field in inputs(html, "driver")] == list(ACME.drivers)
    assert len(inputs(html, "may_reply")) == 1
    assert [field["value"] for field in inputs(html, "visit")] == ["visit-of-anna"]
    assert [field["value"] for field in inputs(html, "evidence")] == [""]
    assert [field["value"] for field in inputs(html, "visible")] == [""]
    assert [area["name"] for area in Page(html).all("textarea")] == ["comment"]


def test_the_score_of_the_link_is_chosen_and_can_be_changed() -> None:
    fields = inputs(page(score=7), "score")

    assert [field["value"] for field in fields if "checked" in field] == ["7"]
    assert {field["type"] for field in fields} == {"radio"}


def test_a_tap_is_chosen_and_never_called_saved() -> None:
    assert '<h1 id="status" aria-live="polite" aria-atomic="true">You chose 7</h1>' in page("chosen", 7)
    assert "saved" not in page("chosen", 7).lower()
    assert "Wybrana ocena: 7" in page("chosen", 7, survey("pl"))
    assert "zapisan" not in page("chosen", 7, survey("pl")).lower()


def test_after_the_form_the_page_says_what_is_saved() -> None:
    assert ">Thank you. Saved: 7.</h1>" in page("saved", 7)
    assert ">Dziękujemy. Zapisana ocena: 7.</h1>" in page("saved", 7, survey("pl"))


def test_a_changed_answer_is_told_with_what_it_was() -> None:
    assert ">Thank you. Changed from 7 to 3.</h1>" in page("saved", 3, earlier=7)


def test_another_choice_is_not_saved_before_it_is_sent_and_says_what_still_stands() -> None:
    html = page("chosen", 3, earlier=7)

    assert ">You chose 3</h1>" in html
    assert "<p>Saved so far: 7.</p>" in html
    assert "data-confirmed" not in html


@pytest.mark.parametrize(("state", "earlier"), [("chosen", None), ("saved", None), ("saved", 7)])
def test_the_title_says_what_has_become_of_the_answer(state: RatingState, earlier: int | None) -> None:
    html = page(state, 3, earlier=earlier)

    title, heading = re.findall(r"<title>(.*) · Acme Outdoor</title>|<h1[^>]*>(.*)</h1>", html)
    assert title[0] == heading[1]


def test_what_was_said_stays_in_the_form() -> None:
    html = page("saved", 3, comment="Late.\nAnd <wet>.", drivers=["delivery", "price"], may_reply=True)

    assert ">\nLate.\nAnd &lt;wet&gt;.</textarea>" in html
    assert [field["value"] for field in inputs(html, "driver") if "checked" in field] == ["delivery", "price"]
    assert "checked" in inputs(html, "may_reply")[0]


@pytest.mark.parametrize(
    ("score", "follow_up"), [(3, "What went wrong?"), (8, "What could we do better?"), (9, "What did you like most?")]
)
def test_the_follow_up_question_fits_the_answer(score: int, follow_up: str) -> None:
    assert f'id="follow">{follow_up}</label>' in page(score=score)


def test_the_page_says_that_the_answer_is_not_anonymous() -> None:
    assert "Your answer is not anonymous: the shop sees it with your order." in page()


@pytest.mark.parametrize("score", [0, 7, 10])
def test_the_review_link_is_offered_to_everyone_alike_once_the_answer_is_saved(score: int) -> None:
    assert "https://acme.example/review" in page("saved", score)
    assert "https://acme.example/review" not in page("chosen", score)


def test_a_shop_without_a_review_link_has_none() -> None:
    assert "review" not in page("saved", shop=replace(ACME, review_link=None))


def test_a_driver_of_the_shops_own_shows_as_it_is_written() -> None:
    html = page(shop=replace(ACME, drivers=("delivery", "fitting-room <2>")), asked=survey("pl"))

    assert "<span>dostawa</span>" in html
    assert "<span>fitting-room &lt;2&gt;</span>" in html


def test_too_much_advertising_is_no_praise() -> None:
    shop = replace(ACME, drivers=("delivery", "advertising"))

    assert 'value="advertising"' in page(score=3, shop=shop)
    assert 'value="advertising"' not in page(score=10, shop=shop)


def test_the_page_can_be_read_in_each_language_of_the_shop_and_in_no_other() -> None:
    html = page(score=7)

    assert [(link["lang"], link["href"]) for link in Page(html).all("a") if "hreflang" in link] == [
        ("pl", "/s/TOKEN/7?language=pl")
    ]
    assert '<b lang="en" dir="auto" aria-current="true">English</b>' in html
    assert ">Polski</a>" in html


def test_the_chosen_language_stays_in_the_form() -> None:
    html = page(asked=survey("en"), language="pl")

    assert 'lang="pl"' in html
    assert [field["value"] for field in inputs(html, "language")] == ["pl"]


@pytest.mark.parametrize("language", ["de", "xx", "", "pl-PL", "../pl"])
def test_a_language_that_the_shop_does_not_speak_is_not_chosen(language: str) -> None:
    assert Page(page(asked=survey("en"), language=language)).all("html")[0]["lang"] == "en"


def test_a_shop_of_one_language_has_no_switch() -> None:
    assert "<nav" not in page(shop=replace(ACME, languages=("en",)))


def test_a_preview_says_that_nothing_is_kept() -> None:
    assert "This is a preview: nothing is kept." in page(preview=True)
    assert "This is a preview: nothing is kept." in page("saved", preview=True)
    assert "This is a preview" not in page("saved")


def test_every_answer_has_a_whole_name_for_a_screen_reader() -> None:
    names = [field["aria-label"] for field in inputs(page(), "score")]

    assert names == [f"{score} on a scale from 0 to 10" for score in range(11)]


def test_every_field_has_a_name() -> None:
    html = page()

    labelled = {label["for"] for label in Page(html).all("label") if "for" in label}
    assert {area["id"] for area in Page(html).all("textarea")} <= labelled
    assert html.count("<fieldset") == html.count("<legend") == 2


def test_markup_in_a_shops_name_or_a_hidden_field_is_not_obeyed() -> None:
    hostile = '"><script>alert(1)</script>'
    html = rating_page(
        replace(ACME, name=hostile),
        survey(),
        state="chosen",
        score=7,
        action=f"/s/{hostile}",
        visit_field=hostile,
        unsubscribe="/u/T",
    )

    assert len(Page(html).all("script")) == 1
    assert inputs(html, "visit")[0]["value"] == hostile


EVERY_PAGE = [
    *(
        page(state, score, survey(language))
        for state, score, language in product(get_args(RatingState), (0, 10), languages())
    ),
    *(
        unsubscribe_page(ACME, survey(language), state=state, action="/u/TOKEN")
        for state, language in product(get_args(StopState), languages())
    ),
    *(kind_page(kind, language) for kind, language in product(get_args(NoticeKind), languages())),
    *(
        guess_page(replace(ACME, languages=(language,)), JANUARY, Guess(40), state=state, action="/g/TOKEN")
        for state, language in product(get_args(GuessState), languages())
    ),
]


@pytest.mark.parametrize("html", EVERY_PAGE)
def test_every_page_stands_alone(html: str) -> None:
    """Nothing is fetched: what has an address is a link to follow, a form to send, or the empty icon."""
    page = Page(html)

    assert not page.all("img") + page.all("iframe") + page.all("object")
    assert not any("src" in attributes for _, attributes in page.tags)
    assert [link["href"] for link in page.all("link")] == ["data:,"]
    assert "url(" not in html
    assert "@import" not in html


@pytest.mark.parametrize("html", EVERY_PAGE)
def test_every_page_is_small_named_and_not_indexed(html: str) -> None:
    page = Page(html)

    assert len(html.encode()) < 25_000
    assert page.all("html")[0]["lang"] in languages()
    assert page.all("html")[0]["dir"] == "ltr"
    assert {"name": "robots", "content": "noindex, nofollow"} in page.all("meta")
    assert len(page.all("h1")) == len(page.all("main")) == 1
    assert "prefers-color-scheme:dark" in html


@pytest.mark.parametrize("html", EVERY_PAGE)
def test_the_policy_allows_exactly_the_style_and_script_that_pages_hold(html: str) -> None:
    policy = SECURITY_HEADERS["Content-Security-Policy"]

    for tag, directive in (("style", "style-src-elem"), ("script", "script-src")):
        for inline in re.findall(f"<{tag}>(.*?)</{tag}>", html, re.DOTALL):
            digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
            assert f"{directive} 'sha256-{digest}'" in policy


def test_no_page_handles_events_in_its_attributes() -> None:
    for html in EVERY_PAGE:
        assert not any(name.startswith("on") for _, attributes in Page(html).tags for name in attributes)


def test_pages_are_sent_so_that_nobody_keeps_indexes_or_frames_them() -> None:
    assert SECURITY_HEADERS["Referrer-Policy"] == "no-referrer"
    assert SECURITY_HEADERS["Cache-Control"] == "no-store"
    assert SECURITY_HEADERS["X-Content-Type-Options"] == "nosniff"
    assert "noindex" in SECURITY_HEADERS["X-Robots-Tag"]
    assert "frame-ancestors 'none'" in SECURITY_HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in SECURITY_HEADERS["Content-Security-Policy"]


EVERY_RATING = list(product(languages(), ["formal", "informal"], [kind.name for kind in kinds()]))


@pytest.mark.parametrize(("language", "tone", "kind_name"), EVERY_RATING)
def test_every_rating_page_renders_in_every_language_tone_and_kind(
    language: str, tone: Tone, kind_name: KindName
) -> None:
    shop = replace(ACME, tone={language: tone})
    scale = kind(kind_name).scale

    for state, score in product(get_args(RatingState), scale):
        html = page(state, score, survey(language, kind=kind_name), shop)
        assert len(inputs(html, "score")) == len(scale)
        assert len(html.encode()) < 25_000


def test_words_stand_on_answers_that_have_them() -> None:
    html = page(score=2, asked=survey(kind="csat"))

    assert ">You chose dissatisfied</h1>" in html
    assert inputs(html, "score")[0]["aria-label"] == "very dissatisfied: 1 on a scale from 1 to 5"


def test_stopping_is_asked_before_anything_changes() -> None:
    html = unsubscribe_page(ACME, survey(), state="ask", action="/u/TOKEN")

    assert [(form["method"], form["action"]) for form in Page(html).all("form")] == [("post", "/u/TOKEN")]
    assert [field["value"] for field in inputs(html, "choice")] == ["stop"]


def test_after_stopping_order_mails_still_come_and_there_is_a_way_back() -> None:
    html = unsubscribe_page(ACME, survey(), state="done", action="/u/TOKEN")

    assert "We will not ask again. Messages about your orders still come." in html
    assert [field["value"] for field in inputs(html, "choice")] == ["back"]


def test_having_come_back_there_is_nothing_more_to_press() -> None:
    assert not Page(unsubscribe_page(ACME, survey(), state="back", action="/u/TOKEN")).all("form")


def test_the_stop_page_has_the_switch_too() -> None:
    html = unsubscribe_page(ACME, survey("en"), state="ask", action="/u/TOKEN", language="pl")

    assert Page(html).all("html")[0]["lang"] == "pl"
    assert [link["href"] for link in Page(html).all("a") if "hreflang" in link] == ["/u/TOKEN?language=en"]
    assert [field["value"] for field in inputs(html, "language")] == ["pl"]


def test_a_dead_link_speaks_the_browsers_language() -> None:
    assert "Ten odnośnik nie działa." in kind_page("bad-link", "pl-PL,pl;q=0.9")
    assert "This link does not open." in kind_page("bad-link", "sv")


@pytest.mark.parametrize("kind", get_args(NoticeKind))
def test_no_notice_blames_the_reader_or_names_an_error(kind: NoticeKind) -> None:
    words = unescape(Page(kind_page(kind)).words).lower()

    assert not re.search(r"\b(error|invalid|illegal|denied|token|40\d|50\d)\b", words)
