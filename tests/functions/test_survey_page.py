"""The rating page: a tap shows it and answers nothing, a form answers, and a link that does not open says so kindly."""

import gzip
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cx_domain import identities
from cx_domain.shops import KindName, ShopId
from cx_domain.surveys import SurveyId
from cx_domain.verdicts import judged
from functions import survey_page
from infra import links, previews
from tests.builders import KEY
from tests.functions.envelopes import CONTEXT, form, request
from tests.functions.pages import cookies, header, page
from tests.functions.world import ACME_FILE, LINK_KEYS, World, counted, order_1001, token_of, writes_throttled

EVENING = "2026-01-12T18:20:00Z"
OLD_KEY, NEW_KEY = LINK_KEYS
OTHER_PHONE = "203.0.113.99"


@pytest.fixture
def mailed(world: World) -> World:
    """Order 1001's mail went out in the morning, and it is evening."""
    world.mailed()
    world.at(EVENING)
    return world


def tap(token: str, score: str = "9", **about: Any) -> dict[str, Any]:
    answer: dict[str, Any] = survey_page.handler(request("tap", {"token": token, "score": score}, **about), CONTEXT)
    return answer


def look(token: str, score: str = "9") -> dict[str, Any]:
    answer: dict[str, Any] = survey_page.handler(request("look", {"token": token, "score": score}), CONTEXT)
    return answer


def post(token: str, *fields: tuple[str, str], **about: Any) -> dict[str, Any]:
    event = request("answer", {"token": token}, body=form(*fields), **about)
    answer: dict[str, Any] = survey_page.handler(event, CONTEXT)
    return answer


def proof(answer: dict[str, Any]) -> list[str]:
    """The cookie that an answer set, as the browser sends it back."""
    (cookie,) = cookies(answer)
    return [cookie.partition(";")[0]]


def visit_field(answer: dict[str, Any]) -> tuple[str, str]:
    (value,) = page(answer).values("visit")
    return "visit", value


# --- a tap -------------------------------------------------------------------------------------------------------------


def test_a_tap_shows_the_page_with_its_score_chosen(mailed: World) -> None:
    answer = tap(mailed.link(), "7")

    shown = page(answer)
    assert answer["statusCode"] == 200
    assert shown.chosen("score") == ["7"]
    assert shown.values("score") == [str(score) for score in range(11)]
    assert [said["action"] for said in shown.forms] == [f"/s/{mailed.link()}"]


def test_a_tap_is_kept_as_a_visit_and_is_no_reply(mailed: World) -> None:
    tap(mailed.link(), "7")

    (visit,) = mailed.survey().visits
    assert (visit.score, visit.method, visit.at) == (7, "GET", datetime(2026, 1, 12, 18, 20, tzinfo=UTC))
    assert mailed.survey().replies == ()


def test_a_tap_sets_no_cookie(mailed: World) -> None:
    assert cookies(tap(mailed.link())) == []


def test_the_page_is_in_the_language_of_the_order(mailed: World) -> None:
    answer = tap(mailed.link(), headers={"accept-language": "de"})

    assert 'lang="pl"' in answer["body"]


def test_the_page_never_says_saved_before_it_is(mailed: World) -> None:
    chosen = page(tap(mailed.link(), "7")).title
    saved = page(post(mailed.link(), ("score", "7"))).title

    assert chosen != saved


def test_every_page_forbids_what_it_does_not_need(mailed: World) -> None:
    answer = tap(mailed.link())

    assert "default-src 'none'" in header(answer, "content-security-policy")
    assert header(answer, "referrer-policy") == "no-referrer"
    assert "noindex" in header(answer, "x-robots-tag")
    assert header(answer, "cache-control") == "no-store"


def test_a_preview_that_says_so_is_remembered_as_one(mailed: World) -> None:
    tap(mailed.link(), headers={"user-agent": "Mozilla/5.0 (compatible; bingpreview/1.0)"})

    (visit,) = mailed.survey().visits
    assert visit.preview


def test_a_flood_of_machines_is_capped_and_still_shown_the_page(mailed: World) -> None:
    for second in range(24):
        mailed.at(f"2026-01-12T18:20:{second:02}Z")
        tap(mailed.link())
    mailed.at("2026-01-12T18:21:00Z")

    answer = tap(mailed.link())

    assert answer["statusCode"] == 200
    assert len(mailed.survey().visits) == 24


def test_a_person_can_still_answer_after_a_flood_of_machines(mailed: World) -> None:
    for second in range(24):
        mailed.at(f"2026-01-12T18:20:{second:02}Z")
        tap(mailed.link(), str(second % 11))
    mailed.at("2026-01-13T10:00:00Z")

    post(mailed.link(), ("score", "8"), address=OTHER_PHONE)

    assert judged(mailed.survey(), "balanced").score == 8


@pytest.mark.usefixtures("mailed")
def test_a_link_signed_with_the_older_key_still_opens() -> None:
    older = token_of(order_1001(), keys=[OLD_KEY])

    assert tap(older)["statusCode"] == 200


# --- only looking ------------------------------------------------------------------------------------------------------


def test_a_head_request_gets_200_and_changes_nothing(mailed: World) -> None:
    before = mailed.items()

    answer = look(mailed.link())

    assert (answer["statusCode"], answer["body"], mailed.items()) == (200, "", before)


def test_a_head_request_for_a_bad_link_is_404(mailed: World) -> None:
    assert look(mailed.link() + "x")["statusCode"] == 404


# --- an answer ---------------------------------------------------------------------------------------------------------


def test_a_form_keeps_the_answer_with_everything_that_was_said(mailed: World) -> None:
    first = tap(mailed.link())

    answer = post(
        mailed.link(),
        ("score", "9"),
        ("comment", "Świetny namiot!"),
        ("driver", "quality"),
        ("driver", "delivery"),
        ("may_reply", "yes"),
        visit_field(first),
    )

    (reply,) = mailed.survey().replies
    assert answer["statusCode"] == 200
    assert (reply.score, reply.comment, reply.drivers) == (9, "Świetny namiot!", ("delivery", "quality"))
    assert reply.may_reply


def test_an_answer_counts_as_a_persons(mailed: World) -> None:
    first = tap(mailed.link())

    post(mailed.link(), ("score", "9"), visit_field(first))

    judgement = judged(mailed.survey(), "balanced")
    assert (judgement.verdict, judgement.score) == ("person", 9)


def test_the_page_after_it_still_holds_one_form_with_what_was_said(mailed: World) -> None:
    answer = post(mailed.link(), ("score", "3"), ("comment", "It leaks"), ("driver", "quality"))

    shown = page(answer)
    assert len(shown.forms) == 1
    assert (shown.chosen("score"), shown.chosen("driver")) == (["3"], ["quality"])
    assert "It leaks" in shown.text


def test_a_cookie_is_set_only_now_and_only_for_this_link(mailed: World) -> None:
    (cookie,) = cookies(post(mailed.link(), ("score", "9")))

    said = cookie.lower()
    assert f"path=/s/{mailed.link()}".lower() in said
    assert "httponly" in said
    assert "secure" in said
    assert "samesite=lax" in said
    assert f"max-age={int(timedelta(days=29, hours=14, minutes=40).total_seconds())}" in said


def test_who_answered_may_change_their_mind_also_from_another_network(mailed: World) -> None:
    (cookie,) = cookies(post(mailed.link(), ("score", "9")))
    mailed.at("2026-01-13T08:00:00Z")

    post(mailed.link(), ("score", "4"), address=OTHER_PHONE, cookies=[cookie.partition(";")[0]])

    (reply,) = mailed.survey().replies
    assert reply.score == 4
    assert judged(mailed.survey(), "balanced").score == 4


def test_without_cookies_the_forms_own_field_says_who_it_is(mailed: World) -> None:
    first = tap(mailed.link())

    post(mailed.link(), ("score", "9"), visit_field(first), address=OTHER_PHONE)

    assert len({visit.client for visit in mailed.survey().visits}) == 1


def test_another_persons_answer_does_not_change_the_first(mailed: World) -> None:
    post(mailed.link(), ("score", "9"))
    mailed.at("2026-01-13T08:00:00Z")

    answer = post(mailed.link(), ("score", "1"), address=OTHER_PHONE)

    assert answer["statusCode"] == 200
    assert page(answer).forms == []
    assert judged(mailed.survey(), "balanced").score == 9


def test_who_comes_back_sees_what_they_said(mailed: World) -> None:
    (cookie,) = cookies(post(mailed.link(), ("score", "3"), ("comment", "It leaks")))

    answer = tap(mailed.link(), "3", cookies=[cookie.partition(";")[0]])

    assert "It leaks" in answer["body"]


def test_a_stranger_does_not_see_what_somebody_said(mailed: World) -> None:
    post(mailed.link(), ("score", "3"), ("comment", "It leaks"))

    answer = tap(mailed.link(), "3", address=OTHER_PHONE)

    assert "It leaks" not in answer["body"]


def test_an_answer_takes_the_reminder_back(mailed: World) -> None:
    post(mailed.link(), ("score", "9"))
    mailed.at("2026-01-17T09:00:00Z")

    mailed.send(message="message-2")

    assert len(mailed.mails()) == 1
    assert mailed.survey().due_at is None


def test_an_answer_is_counted(mailed: World, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()

    post(mailed.link(), ("score", "9"))

    assert counted(capsys.readouterr().out) == {"answered"}


def test_a_comment_with_markup_is_shown_and_does_nothing(mailed: World) -> None:
    answer = post(mailed.link(), ("score", "9"), ("comment", "</textarea><script>alert(1)</script>"))

    assert "<script>alert(1)" not in answer["body"]
    assert "&lt;script&gt;alert(1)" in answer["body"]


def test_a_cookie_of_another_survey_proves_nothing(mailed: World) -> None:
    foreign = links.seal(LINK_KEYS, "visit", f"{'a' * 26}.geztcnbvgy3tq")

    post(mailed.link(), ("score", "9"), cookies=[f"afterorder={foreign}"])

    (reply,) = mailed.survey().replies
    assert reply.client != "geztcnbvgy3tq"


def test_a_cookie_that_nobody_made_is_no_trouble(mailed: World) -> None:
    strange = ["afterorder=", "afterorder=.", "afterorder=ą", "=", "", "afterorder", "a=b; c"]

    answers = {cookie: post(mailed.link(), ("score", "9"), cookies=[cookie])["statusCode"] for cookie in strange}

    assert answers == dict.fromkeys(strange, 200)


# --- what the page says afterwards --------------------------------------------------------------------------------------


def test_who_comes_back_by_the_same_number_reads_that_it_is_saved(mailed: World) -> None:
    saved = post(mailed.link(), ("score", "7"))

    again = tap(mailed.link(), "7", cookies=proof(saved))

    assert page(again).title == page(saved).title


def test_who_taps_another_number_later_reads_which_one_is_kept(mailed: World) -> None:
    saved = post(mailed.link(), ("score", "7"), ("language", "en"))

    again = tap(mailed.link(), "3", cookies=proof(saved), query={"language": "en"})

    assert page(again).title.startswith("You chose 3")
    assert "Saved so far: 7." in page(again).text


def test_a_changed_answer_says_from_which_to_which(mailed: World) -> None:
    saved = post(mailed.link(), ("score", "7"))

    changed = post(mailed.link(), ("score", "3"), ("language", "en"), cookies=proof(saved))

    assert page(changed).title.startswith("Thank you. Changed from 7 to 3.")


def test_a_stranger_who_comes_later_reads_neither_words_nor_score_of_the_first(mailed: World) -> None:
    post(mailed.link(), ("score", "7"), ("comment", "It leaks"))

    answer = tap(mailed.link(), "3", address=OTHER_PHONE, query={"language": "en"})

    assert page(answer).title.startswith("You chose 3")
    assert "Saved" not in page(answer).text
    assert "It leaks" not in answer["body"]


def test_what_a_script_sent_without_a_hand_is_not_called_saved(mailed: World) -> None:
    mailed.at("2026-01-12T09:00:43Z")
    first = tap(mailed.link(), "2", address=OTHER_PHONE)

    answer = post(
        mailed.link(),
        ("score", "2"),
        ("evidence", "script"),
        ("visible", "150"),
        visit_field(first),
        address=OTHER_PHONE,
    )

    assert page(answer).title == page(first).title
    assert cookies(answer) == []


def test_what_a_script_sent_without_a_hand_shuts_no_person_out(mailed: World) -> None:
    mailed.at("2026-01-12T09:00:43Z")
    post(mailed.link(), ("score", "2"), ("evidence", "script"), ("visible", "150"), address=OTHER_PHONE)
    mailed.at(EVENING)

    post(mailed.link(), ("score", "9"), ("evidence", "touch"), ("visible", "4000"))

    assert judged(mailed.survey(), "balanced").score == 9


def test_a_script_behind_the_same_address_and_agent_does_not_change_what_a_person_said(mailed: World) -> None:
    post(mailed.link(), ("score", "9"), ("evidence", "touch"), ("visible", "4000"))
    before = mailed.items()
    mailed.at("2026-01-12T18:20:35Z")

    answer = post(mailed.link(), ("score", "2"), ("evidence", "script"), ("visible", "60000"), ("language", "en"))

    assert page(answer).title.startswith("You chose 2")
    assert "Saved so far: 9." in page(answer).text
    assert mailed.items() == before


def test_how_long_the_page_was_in_sight_is_kept_with_the_visit(mailed: World) -> None:
    post(mailed.link(), ("score", "9"), ("evidence", "touch"), ("visible", "4200"))

    (visit,) = mailed.survey().visits
    assert (visit.evidence, visit.visible) == ("touch", timedelta(seconds=4.2))


def test_a_form_sent_as_it_stands_confirms_at_once(mailed: World) -> None:
    first = page(tap(mailed.link(), "8"))
    fields = [(name, first.values(name)[0]) for name in ("visit", "evidence", "visible", "language")]

    answer = post(mailed.link(), ("score", "8"), *fields)

    assert judged(mailed.survey(), "strict").score == 8
    assert answer["statusCode"] == 200
    (visit,) = [visit for visit in mailed.survey().visits if visit.method == "POST"]
    assert (visit.evidence, visit.visible) == ("form", None)


# --- the language ------------------------------------------------------------------------------------------------------


def test_another_language_is_shown_and_is_no_tap(mailed: World) -> None:
    before = mailed.items()

    answer = tap(mailed.link(), "7", query={"language": "en"})

    assert (answer["statusCode"], mailed.items()) == (200, before)
    assert 'lang="en"' in answer["body"]
    assert page(answer).chosen("score") == ["7"]


def test_the_saved_page_speaks_the_chosen_language_too(mailed: World) -> None:
    answer = post(mailed.link(), ("score", "7"), ("language", "en"))

    assert 'lang="en"' in answer["body"]


def test_a_switch_of_language_opens_nothing_that_is_shut(mailed: World) -> None:
    gone = token_of(SurveyId("a" * 26))
    mailed.at("2026-02-11T09:00:00Z")

    answers = [tap(token, "7", query={"language": "en"}) for token in (mailed.link(), gone, mailed.link() + "x")]

    assert [answer["statusCode"] for answer in answers] == [410, 404, 404]
    assert 'lang="en"' in answers[0]["body"]


def test_the_page_is_packed_for_a_browser_that_unpacks_it(mailed: World) -> None:
    token = mailed.link()

    packed = tap(token, headers={"accept-encoding": "gzip, deflate, br"})
    plain = tap(token)

    assert (header(packed, "content-encoding"), packed["isBase64Encoded"]) == ("gzip", True)
    assert header(packed, "vary") == "accept-encoding"
    unpacked = gzip.decompress(b64decode(packed["body"])).decode()
    assert page({**packed, "body": unpacked}).text == page(plain).text
    assert len(b64decode(packed["body"])) < len(plain["body"]) / 2


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "br, gzip; q=0.000", "GZIP;Q=0"])
def test_no_page_is_packed_for_a_browser_that_does_not_unpack_it(mailed: World, accepted: str) -> None:
    tokens = (mailed.link(), mailed.link() + "x")

    answers = [tap(token, headers={"accept-encoding": accepted}) for token in tokens]

    assert [header(answer, "content-encoding") for answer in answers] == ["", ""]


# --- a preview ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(("kind_name", "scores"), [("nps", 11), ("csat", 5), ("yes-no", 2)])
def test_a_previews_link_shows_the_page_of_its_kind_in_its_language(kind_name: KindName, scores: int) -> None:
    answer = tap(previews.seal(World.acme, kind_name, "en"), "1")

    assert len(page(answer).values("score")) == scores
    assert 'lang="en"' in answer["body"]
    assert "This is a preview: nothing is kept." in page(answer).text


def test_a_previews_form_shows_the_saved_page_and_keeps_nothing(world: World) -> None:
    token, before = previews.seal(World.acme, "nps", "en"), world.items()

    answer = post(token, ("score", "3"), ("comment", "It leaks"))

    assert page(answer).title.startswith("Thank you. Saved: 3.")
    assert "This is a preview: nothing is kept." in page(answer).text
    assert (cookies(answer), world.items()) == ([], before)


@pytest.mark.usefixtures("world")
def test_a_previews_page_leads_to_the_previews_own_stop_page() -> None:
    token = previews.seal(World.acme, "nps", "en")

    assert f'href="/u/{token}"' in tap(token, "3")["body"]


@pytest.mark.usefixtures("world")
def test_a_preview_refuses_what_its_scale_does_not_have() -> None:
    token = previews.seal(World.acme, "csat", "en")

    assert [tap(token, score)["statusCode"] for score in ("5", "6", "0", "x")] == [200, 400, 400, 400]
    assert post(token, ("score", "6"))["statusCode"] == 400


@pytest.mark.usefixtures("world")
def test_a_preview_of_a_shop_that_is_gone_does_not_open() -> None:
    token = previews.seal(ShopId("nobody"), "nps", "en")

    assert [tap(token)["statusCode"], post(token, ("score", "9"))["statusCode"]] == [404, 404]


@pytest.mark.usefixtures("world")
def test_whoever_only_looks_at_a_preview_is_answered() -> None:
    assert look(previews.seal(World.acme, "nps", "en"))["statusCode"] == 200


# --- what is refused ---------------------------------------------------------------------------------------------------

BAD_SCORES = ["11", "-1", "7.5", "null", "٩", "+9", "09", "9 ", "1e1", "NaN", "", "9" * 400, "⑨", "true"]


def test_a_tap_outside_the_scale_is_refused_and_not_kept(mailed: World) -> None:
    before = mailed.items()
    typed = [score for score in BAD_SCORES if score]

    answers = {score: tap(mailed.link(), score)["statusCode"] for score in typed}

    assert answers == dict.fromkeys(typed, 400)
    assert mailed.items() == before


def test_a_score_outside_the_scale_is_answered_by_a_kind_page_without_a_form(mailed: World) -> None:
    answer = tap(mailed.link(), "11")

    assert header(answer, "content-type").startswith("text/html")
    assert page(answer).forms == []


def test_a_form_with_a_score_outside_the_scale_is_refused_and_not_kept(mailed: World) -> None:
    before = mailed.items()

    answers = {score: post(mailed.link(), ("score", score), ("comment", "Great"))["statusCode"] for score in BAD_SCORES}

    assert answers == dict.fromkeys(BAD_SCORES, 400)
    assert mailed.items() == before


def test_a_form_without_exactly_one_score_is_refused_and_not_kept(mailed: World) -> None:
    before = mailed.items()

    answers = [
        post(mailed.link()),
        post(mailed.link(), ("comment", "Great")),
        post(mailed.link(), ("score", "9"), ("score", "3")),
    ]

    assert [answer["statusCode"] for answer in answers] == [400, 400, 400]
    assert mailed.items() == before


def test_a_form_of_a_thousand_fields_is_refused_and_not_kept(mailed: World) -> None:
    before = mailed.items()

    answer = post(mailed.link(), ("score", "9"), *(("driver", str(count)) for count in range(1000)))

    assert (answer["statusCode"], mailed.items()) == (400, before)


def test_a_score_on_the_longer_scale_is_refused_for_a_shorter_one(world: World) -> None:
    world.put_shop(ACME_FILE.read_text(encoding="utf-8").replace('kind = "nps"  ', 'kind = "csat"'))
    world.order()
    world.at("2026-01-12T09:00:00Z")
    about_satisfaction = identities.survey_id(KEY, world.acme, "csat", "order", "1001")
    world.send(about_satisfaction)
    token = token_of(about_satisfaction)

    answers = [tap(token, score) for score in ("5", "6", "0")]

    assert [answer["statusCode"] for answer in answers] == [200, 404, 404]


def test_a_tampered_token_is_404_on_a_kind_page_and_nothing_is_kept(mailed: World) -> None:
    before, good = mailed.items(), mailed.link()
    name, _, signature = good.rpartition(".")
    tampered = [good[:-1], good + "x", good.swapcase(), name, f".{signature}", good * 50, f"{name}ą.{signature}"]
    tampered += ["a" * 31 + good[31:], good.replace("acme.", "tundra."), "null"]

    taps, posts = [tap(token) for token in tampered], [post(token, ("score", "9")) for token in tampered]

    assert {answer["statusCode"] for answer in (*taps, *posts)} == {404}
    assert all(page(answer).text.strip() for answer in (*taps, *posts))
    assert mailed.items() == before


@pytest.mark.parametrize("purpose", ["unsubscribe", "report", "visit", "preview"])
def test_a_token_made_for_another_purpose_is_404(mailed: World, purpose: links.Purpose) -> None:
    before = mailed.items()

    answers = [tap(mailed.link(purpose)), post(mailed.link(purpose), ("score", "9"))]

    assert [answer["statusCode"] for answer in answers] == [404, 404]
    assert mailed.items() == before


@pytest.mark.usefixtures("mailed")
def test_a_token_signed_by_somebody_else_is_404() -> None:
    forged = token_of(order_1001(), keys=[b"somebody else's key, 32 bytes ok"])

    assert tap(forged)["statusCode"] == 404


@pytest.mark.usefixtures("mailed")
def test_a_good_token_of_a_survey_that_is_gone_is_404() -> None:
    gone = token_of(SurveyId("a" * 26))

    assert [tap(gone)["statusCode"], post(gone, ("score", "9"))["statusCode"]] == [404, 404]


def test_a_token_of_a_survey_that_was_not_sent_is_404_and_nothing_is_kept(world: World) -> None:
    world.order()
    before = world.items()

    answers = [tap(world.link()), post(world.link(), ("score", "9"))]

    assert [answer["statusCode"] for answer in answers] == [404, 404]
    assert world.items() == before


def test_an_expired_token_is_410_on_a_kind_page_and_nothing_is_kept(mailed: World) -> None:
    mailed.at("2026-02-11T09:00:00Z")
    before = mailed.items()

    answers = [tap(mailed.link()), post(mailed.link(), ("score", "9"))]

    assert [answer["statusCode"] for answer in answers] == [410, 410]
    assert all(page(answer).text.strip() for answer in answers)
    assert mailed.items() == before


def test_a_second_before_it_expires_the_link_still_works(mailed: World) -> None:
    mailed.at("2026-02-11T08:59:59Z")

    assert tap(mailed.link())["statusCode"] == 200


def test_a_link_that_a_mail_program_lengthened_gets_a_kind_page_too(mailed: World) -> None:
    before = mailed.items()
    endings = ['"', "#", "\\", "`", "\u2028", "💥"]

    taps = [tap(mailed.link(), "9" + ending) for ending in endings]
    posts = [post(mailed.link() + ending, ("score", "9")) for ending in endings]

    assert {answer["statusCode"] for answer in (*taps, *posts)} == {404}
    assert all(header(answer, "content-type").startswith("text/html") for answer in (*taps, *posts))
    assert mailed.items() == before


def test_the_kind_page_speaks_the_readers_language(mailed: World) -> None:
    polish = tap(mailed.link() + "x", headers={"accept-language": "pl-PL,pl;q=0.9"})
    english = tap(mailed.link() + "x", headers={"accept-language": "en-GB"})

    assert 'lang="pl"' in polish["body"]
    assert 'lang="en"' in english["body"]


def test_the_log_holds_neither_token_nor_address_nor_comment(mailed: World) -> None:
    tap(mailed.link() + "x")
    tap(mailed.link())
    post(mailed.link(), ("score", "9"), ("comment", "Świetny namiot!"))

    assert mailed.link() not in mailed.log
    assert "203.0.113.7" not in mailed.log
    assert "namiot" not in mailed.log


def test_our_own_trouble_is_told_kindly_and_asks_to_try_again(mailed: World) -> None:
    with writes_throttled("survey"):
        answer = tap(mailed.link())

    assert answer["statusCode"] == 503
    assert "<html" in answer["body"]
    assert mailed.survey().visits == ()


# --- links and forms that are not whole -----------------------------------------------------------------------------------


@pytest.mark.parametrize("left", ["/s/abc", "/s/", "/s/abc/7/", "/s/abc/7/more"])
def test_a_link_that_was_cut_short_opens_a_page_with_kind_words(mailed: World, left: str) -> None:
    del mailed
    event = request("tap", {"token": "abc", "score": "7"})
    event |= {"routeKey": "GET /s/{proxy+}", "rawPath": left, "pathParameters": {"proxy": left.removeprefix("/s/")}}
    event["requestContext"] |= {"routeKey": event["routeKey"], "http": event["requestContext"]["http"] | {"path": left}}

    answer = survey_page.handler(event, CONTEXT)

    assert answer["statusCode"] == 404
    assert "Ten odnośnik nie działa." in answer["body"]


def test_a_form_without_a_score_is_refused_in_the_surveys_language_and_its_shops_name(mailed: World) -> None:
    answer = post(mailed.link(), ("comment", "Namiot"), headers={"accept-language": "en"})

    assert answer["statusCode"] == 400
    assert "Na skali nie ma takiej odpowiedzi." in answer["body"]
    assert "Acme Outdoor" in answer["body"]
