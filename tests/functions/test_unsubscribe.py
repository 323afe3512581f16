"""Whoever does not want to be asked says so once, and can take it back."""

from typing import Any

import pytest

from cx_domain.surveys import SurveyId
from functions import survey_page, unsubscribe
from infra import links, previews
from tests.functions.envelopes import CONTEXT, form, request
from tests.functions.pages import cookies, header, page
from tests.functions.world import World, counted, order_1001, order_id, token_of


@pytest.fixture
def mailed(world: World) -> World:
    """Order 1001's mail has gone out."""
    world.mailed()
    return world


def look(token: str, **about: Any) -> dict[str, Any]:
    answer: dict[str, Any] = unsubscribe.handler(request("unsubscribe_look", {"token": token}, **about), CONTEXT)
    return answer


def head(token: str) -> dict[str, Any]:
    answer: dict[str, Any] = unsubscribe.handler(request("unsubscribe_head", {"token": token}), CONTEXT)
    return answer


def one_click(token: str) -> dict[str, Any]:
    answer: dict[str, Any] = unsubscribe.handler(request("one_click_unsubscribe", {"token": token}), CONTEXT)
    return answer


def press(token: str, choice: str, *fields: tuple[str, str]) -> dict[str, Any]:
    event = request("unsubscribe_form", {"token": token}, body=form(("choice", choice), *fields))
    answer: dict[str, Any] = unsubscribe.handler(event, CONTEXT)
    return answer


def unsubscribed(world: World) -> bool:
    customer = world.customer()
    return customer is not None and customer.unsubscribed_at is not None


def test_opening_the_link_asks_and_changes_nothing(mailed: World) -> None:
    before = mailed.items()

    answer = look(mailed.link("unsubscribe"))

    assert (answer["statusCode"], mailed.items()) == (200, before)
    assert page(answer).values("choice") == ["stop"]


def test_the_button_stops_the_questions(mailed: World) -> None:
    answer = press(mailed.link("unsubscribe"), "stop")

    assert answer["statusCode"] == 200
    assert unsubscribed(mailed)
    assert mailed.survey().unsubscribed_at is not None


def test_a_mailbox_providers_one_click_stops_the_questions(mailed: World, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()

    answer = one_click(mailed.link("unsubscribe"))

    assert answer["statusCode"] == 200
    assert unsubscribed(mailed)
    assert counted(mailed.log) == {"unsubscribed"}


def test_stopping_twice_is_stopping_once(mailed: World) -> None:
    one_click(mailed.link("unsubscribe"))
    once = mailed.items()
    mailed.at("2026-01-13T09:00:00Z")

    one_click(mailed.link("unsubscribe"))

    assert mailed.items() == once


def test_no_reminder_follows(mailed: World) -> None:
    one_click(mailed.link("unsubscribe"))
    mailed.at("2026-01-17T09:00:00Z")

    mailed.sweep()
    mailed.send(message="message-2")

    assert len(mailed.mails()) == 1


def test_no_later_order_is_asked_about_however_long_ago_it_was(mailed: World) -> None:
    one_click(mailed.link("unsubscribe"))
    mailed.at("2026-06-01T09:00:00Z")
    mailed.order(id="1002", number="1002", timestamp="2026-06-01T09:00:00Z", updated_at="2026-06-01T09:00:00Z")
    mailed.at("2026-06-08T09:00:00Z")

    mailed.send(order_id("1002"), message="message-2")

    assert (len(mailed.mails()), mailed.survey("1002").reason) == (1, "unsubscribed")


def test_a_customer_who_changes_their_mind_is_asked_again(mailed: World) -> None:
    press(mailed.link("unsubscribe"), "stop")

    answer = press(mailed.link("unsubscribe"), "back")

    assert answer["statusCode"] == 200
    assert not unsubscribed(mailed)


def test_the_page_after_stopping_offers_the_way_back(mailed: World) -> None:
    answer = press(mailed.link("unsubscribe"), "stop")

    assert page(answer).values("choice") == ["back"]


def test_who_has_stopped_is_offered_the_way_back_by_the_same_link(mailed: World) -> None:
    one_click(mailed.link("unsubscribe"))

    assert page(look(mailed.link("unsubscribe"))).values("choice") == ["back"]


def test_the_page_can_be_read_in_another_language(mailed: World) -> None:
    asked = look(mailed.link("unsubscribe"), query={"language": "en"})
    done = press(mailed.link("unsubscribe"), "stop", ("language", "en"))

    assert page(asked).title.startswith("Shall we stop asking?")
    assert "Messages about your orders still come." in page(done).text


def test_a_head_request_gets_200_and_changes_nothing(mailed: World) -> None:
    before = mailed.items()

    answers = [head(mailed.link("unsubscribe")), head(mailed.link("unsubscribe") + "x")]

    assert [answer["statusCode"] for answer in answers] == [200, 404]
    assert mailed.items() == before


def test_a_previews_link_shows_the_pages_and_stops_nobody(mailed: World) -> None:
    token, before = previews.seal(mailed.acme, "nps", "en"), mailed.items()

    asked, done, back = look(token), press(token, "stop"), press(token, "back")

    assert [page(answer).values("choice") for answer in (asked, done, back)] == [["stop"], ["back"], []]
    assert all("This is a preview: nothing is kept." in page(answer).text for answer in (asked, done, back))
    assert (head(token)["statusCode"], mailed.items()) == (200, before)


def test_no_page_sets_a_cookie(mailed: World) -> None:
    answers = [look(mailed.link("unsubscribe")), press(mailed.link("unsubscribe"), "stop")]

    assert [cookies(answer) for answer in answers] == [[], []]


def test_the_link_still_works_when_the_survey_has_long_expired(mailed: World) -> None:
    mailed.at("2027-01-12T09:00:00Z")

    assert one_click(mailed.link("unsubscribe"))["statusCode"] == 200
    assert unsubscribed(mailed)


@pytest.mark.parametrize("purpose", ["rate", "report", "visit", "preview"])
def test_a_token_made_for_another_purpose_is_404_and_stops_nobody(mailed: World, purpose: links.Purpose) -> None:
    before = mailed.items()

    answers = [look(mailed.link(purpose)), one_click(mailed.link(purpose))]

    assert [answer["statusCode"] for answer in answers] == [404, 404]
    assert mailed.items() == before


def test_a_link_that_stops_the_questions_rates_nothing(mailed: World) -> None:
    token = mailed.link("unsubscribe")

    answer = survey_page.handler(request("tap", {"token": token, "score": "9"}), CONTEXT)

    assert answer["statusCode"] == 404


@pytest.mark.parametrize("token", ["x", "x" * 5000, "a.b", "ą", 'a"'])
def test_a_tampered_token_is_404_on_a_kind_page_and_stops_nobody(mailed: World, token: str) -> None:
    before = mailed.items()

    answers = [look(token), one_click(token)]

    assert [answer["statusCode"] for answer in answers] == [404, 404]
    assert header(answers[0], "content-type").startswith("text/html")
    assert mailed.items() == before


def test_a_token_of_a_survey_that_is_gone_is_404(mailed: World) -> None:
    gone = token_of(SurveyId("a" * 26), "unsubscribe")

    assert mailed.survey().id == order_1001()
    assert [answer["statusCode"] for answer in (look(gone), head(gone), one_click(gone))] == [404, 404, 404]


def test_the_log_holds_no_token(mailed: World) -> None:
    one_click(mailed.link("unsubscribe"))
    one_click(mailed.link("rate"))

    assert mailed.link("unsubscribe") not in mailed.log
    assert mailed.link("rate") not in mailed.log
