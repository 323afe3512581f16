"""Each manager is asked once what customers will have said, guesses by a link of their own, and reads it beside the answers."""

import json
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

import pytest

from cx_domain.identities import manager_key
from functions import report_download, rollup
from infra import adapters, clock, links
from tests.builders import KEY
from tests.functions.envelopes import CONTEXT, batch, form, request
from tests.functions.pages import header, page
from tests.functions.world import ACME_FILE, LINK_KEYS, World, links_in, ses_answers

BOSS, EWA = "boss@acme.example", "ewa@acme.example"
TWO_WORKDAYS_LEFT = "2026-01-29T07:00:00Z"
THE_LAST_MINUTE = "2026-01-31T22:59:59Z"
MIDNIGHT = "2026-01-31T23:00:00Z"
JUST_AFTER = "2026-01-31T23:15:00Z"
LINK = "https://ask.acme.example/g/"


@pytest.fixture
def guessing(world: World) -> World:
    """Anna was asked in January. Acme Outdoor has two managers, whom it wants to guess."""
    text = ACME_FILE.read_text(encoding="utf-8")
    world.put_shop(text.replace("[reports]\n", "[reports]\nguess = true\n"))
    adapters.readers().add(world.acme, manager_key(KEY, world.acme, EWA), EWA, None, clock.now())
    world.mailed()
    return world


@pytest.fixture
def asked(guessing: World) -> World:
    """Both were just asked for their guess."""
    roll_up(guessing, TWO_WORKDAYS_LEFT)
    return guessing


def roll_up(world: World, moment: str) -> None:
    world.at(moment)
    told = rollup.handler(batch("rollup_queue", ("m-1", json.dumps({"shop": "acme"}))), CONTEXT)
    assert told == {"batchItemFailures": []}


def questions(world: World) -> list[EmailMessage]:
    return [mail for mail in world.mails() if any(link.startswith(LINK) for link in links_in(mail))]


def link_of(world: World, address: str = BOSS, subject: str = "nps", value: int = 40) -> str:
    (mail,) = [mail for mail in questions(world) if str(mail["To"]) == address]
    (link,) = [link for link in links_in(mail) if link.endswith(f"?{subject}={value}")]
    return link


def token_of(world: World, address: str = BOSS) -> str:
    return urlsplit(link_of(world, address)).path.removeprefix("/g/")


def look(token: str, **query: str) -> dict[str, Any]:
    answer: dict[str, Any] = report_download.handler(request("guess_look", {"token": token}, query=query), CONTEXT)
    return answer


def save(token: str, *fields: tuple[str, str]) -> dict[str, Any]:
    event = request("guess_form", {"token": token}, body=form(*fields))
    answer: dict[str, Any] = report_download.handler(event, CONTEXT)
    return answer


def picked(answer: dict[str, Any]) -> dict[str, str]:
    boxes = page(answer).inputs
    return {box["name"]: box["value"] for box in boxes if "checked" in box}


def gap(period: str = "2026-01") -> dict[str, Any]:
    stored = adapters.files().read(f"reports/acme/{period}/report.json")
    assert stored is not None
    found: dict[str, Any] = json.loads(stored.body)["perception_gap"]
    return found


# --- the mail ----------------------------------------------------------------------------------------------------------


def test_every_manager_is_asked_once_each_by_a_link_of_their_own(asked: World) -> None:
    roll_up(asked, "2026-01-29T07:15:00Z")

    assert [str(mail["To"]) for mail in questions(asked)] == [BOSS, EWA]
    assert token_of(asked, BOSS) != token_of(asked, EWA)


def test_who_was_removed_is_not_asked(guessing: World) -> None:
    adapters.readers().remove(guessing.acme, manager_key(KEY, guessing.acme, BOSS), clock.now())

    roll_up(guessing, TWO_WORKDAYS_LEFT)

    assert [str(mail["To"]) for mail in questions(guessing)] == [EWA]


def test_nobody_is_asked_where_the_shop_did_not_want_it(world: World) -> None:
    roll_up(world, TWO_WORKDAYS_LEFT)

    assert questions(world) == []


def test_a_question_that_ses_refused_is_asked_at_the_next_rollup(guessing: World) -> None:
    with ses_answers("TooManyRequestsException", status=429):
        roll_up(guessing, TWO_WORKDAYS_LEFT)
    assert questions(guessing) == []

    roll_up(guessing, "2026-01-29T07:15:00Z")

    assert [str(mail["To"]) for mail in questions(guessing)] == [BOSS, EWA]


@pytest.mark.usefixtures("guessing")
def test_the_schedule_wakes_for_the_hour_of_the_question(world: World) -> None:
    world.at("2026-01-28T23:00:00Z")

    told = rollup.handler({}, CONTEXT)

    assert told["idle_until"] == "2026-01-29T07:00:00+00:00"


# --- the page ----------------------------------------------------------------------------------------------------------


def test_a_tap_in_the_mail_shows_the_number_chosen_and_keeps_nothing(asked: World) -> None:
    answer = look(token_of(asked), nps="40")

    assert (answer["statusCode"], picked(answer)) == (200, {"nps": "40"})
    assert "Nic jeszcze nie zapisano" in page(answer).text
    assert adapters.guesses().list(asked.acme, "2026-01") == ()


def test_the_button_keeps_both_guesses_and_the_link_shows_them_again(asked: World) -> None:
    answer = save(token_of(asked), ("nps", "40"), ("excellent", "60"))

    assert (answer["statusCode"], picked(answer)) == (200, {"nps": "40", "excellent": "60"})
    again = look(token_of(asked))
    assert "Prognoza zapisana" in page(again).text
    assert picked(again) == {"nps": "40", "excellent": "60"}


def test_another_tap_is_shown_but_not_kept(asked: World) -> None:
    save(token_of(asked), ("nps", "40"), ("excellent", "60"))

    answer = look(token_of(asked), nps="70")

    assert picked(answer) == {"nps": "70", "excellent": "60"}
    assert "Nic jeszcze nie zapisano" in page(answer).text


def test_nobody_sees_what_another_guessed(asked: World) -> None:
    save(token_of(asked, BOSS), ("nps", "40"), ("excellent", "60"))

    assert picked(look(token_of(asked, EWA))) == {}


@pytest.mark.parametrize("fields", [(), (("nps", "41"),), (("excellent", "60"),)])
def test_a_form_that_no_page_of_ours_sends_is_refused(asked: World, fields: tuple[tuple[str, str], ...]) -> None:
    answer = save(token_of(asked), *fields)

    assert answer["statusCode"] == 400
    assert adapters.guesses().list(asked.acme, "2026-01") == ()


@pytest.mark.parametrize("purpose", ["report", "reports", "rate", "unsubscribe"])
def test_a_link_made_for_another_purpose_guesses_nothing(asked: World, purpose: links.Purpose) -> None:
    subject = links.open_token(LINK_KEYS, "guess", token_of(asked))

    answer = save(links.seal(LINK_KEYS, purpose, subject), ("nps", "40"))

    assert answer["statusCode"] == 404


def test_the_link_of_who_was_removed_is_dead(asked: World) -> None:
    adapters.readers().remove(asked.acme, manager_key(KEY, asked.acme, BOSS), clock.now())

    assert look(token_of(asked))["statusCode"] == 404
    assert save(token_of(asked), ("nps", "40"))["statusCode"] == 404


def test_the_page_is_kept_by_no_cache_and_told_to_no_other_site(asked: World) -> None:
    answer = look(token_of(asked))

    assert (header(answer, "cache-control"), header(answer, "referrer-policy")) == ("no-store", "no-referrer")


def test_the_log_holds_neither_link_nor_guess(asked: World) -> None:
    save(token_of(asked), ("nps", "40"), ("excellent", "60"))

    assert token_of(asked) not in asked.log
    assert '"nps"' not in asked.log


# --- the close, and the report -----------------------------------------------------------------------------------------


def test_the_last_minute_of_the_month_counts(asked: World) -> None:
    asked.at(THE_LAST_MINUTE)

    assert save(token_of(asked), ("nps", "40"))["statusCode"] == 200


def test_after_the_close_the_page_says_so_and_takes_nothing(asked: World) -> None:
    asked.at(MIDNIGHT)

    looked, saved = look(token_of(asked)), save(token_of(asked), ("nps", "40"))

    assert (looked["statusCode"], saved["statusCode"]) == (410, 410)
    assert "Ten miesiąc jest zamknięty." in page(looked).text
    assert adapters.guesses().list(asked.acme, "2026-01") == ()


def test_the_months_report_puts_the_mean_of_the_guesses_beside_the_answers(asked: World) -> None:
    save(token_of(asked, BOSS), ("nps", "40"), ("excellent", "60"))
    save(token_of(asked, EWA), ("nps", "90"))

    roll_up(asked, JUST_AFTER)

    assert gap()["nps"] == {"managers": 65, "customers": None, "n": 2, "lowest": 40, "highest": 90}
    assert gap()["excellent"] == {
        "managers": 60,
        "customers": None,
        "interval": None,
        "answers": 0,
        "n": 1,
        "lowest": 60,
        "highest": 60,
    }


def test_a_report_before_the_close_keeps_the_guesses_to_itself(asked: World) -> None:
    save(token_of(asked), ("nps", "40"), ("excellent", "60"))

    rollup.handler({"shop": "acme", "period": "2026-01"}, CONTEXT)

    assert gap() == {"nps": {"managers": 60, "customers": None}}


def test_a_weeks_report_shows_the_guess_of_the_shops_file(asked: World) -> None:
    save(token_of(asked), ("nps", "40"), ("excellent", "60"))

    asked.at(JUST_AFTER)
    rollup.handler({"shop": "acme", "period": "2026-W03"}, CONTEXT)

    assert gap("2026-W03") == {"nps": {"managers": 60, "customers": None}}


def test_a_report_made_again_says_the_same(asked: World) -> None:
    save(token_of(asked), ("nps", "40"), ("excellent", "60"))
    roll_up(asked, JUST_AFTER)
    before = adapters.files().read("reports/acme/2026-01/report.json")

    asked.at("2026-02-05T09:00:00Z")
    save(token_of(asked), ("nps", "90"))
    rollup.handler({"shop": "acme", "period": "2026-01"}, CONTEXT)

    again = adapters.files().read("reports/acme/2026-01/report.json")
    assert before is not None
    assert again is not None
    assert again.body == before.body
