"""To whom the digest goes: the managers of the file and those who were added, less those who were removed."""

import json
from email.message import EmailMessage
from typing import Any

import pytest

from cx_domain.identities import manager_key
from functions import report_download, rollup
from infra import adapters, clock
from tests.builders import KEY
from tests.functions.envelopes import CONTEXT, batch, request
from tests.functions.pages import header
from tests.functions.world import World, links_in

BOSS, EWA = "boss@acme.example", "ewa@acme.example"
MONDAY_AT_EIGHT = "2026-01-19T07:00:00Z"
A_QUARTER_LATER = "2026-01-19T07:15:00Z"
LINK = "https://ask.acme.example/r/"


@pytest.fixture
def reported(world: World) -> World:
    """The week of the 12th of January has a report, and nobody has had its digest."""
    world.mailed()
    adapters.files().put("reports/acme/2026-W03/report.html", b"<html>", "text/html")
    return world


def roll_up(world: World, moment: str = MONDAY_AT_EIGHT) -> None:
    world.at(moment)
    told = rollup.handler(batch("rollup_queue", ("m-1", json.dumps({"shop": "acme"}))), CONTEXT)
    assert told == {"batchItemFailures": []}


def digests(world: World, *addresses: str) -> list[EmailMessage]:
    return [mail for mail in world.mails() if str(mail["To"]) in (addresses or (BOSS, EWA))]


def recipients(world: World) -> list[str]:
    return [str(mail["To"]) for mail in digests(world)]


def add(world: World, address: str = EWA) -> None:
    adapters.readers().add(world.acme, manager_key(KEY, world.acme, address), address, None, clock.now())


def remove(world: World, address: str = BOSS) -> None:
    adapters.readers().remove(world.acme, manager_key(KEY, world.acme, address), clock.now())


def clicked(link: str) -> dict[str, Any]:
    token, _, file = link.removeprefix(LINK).partition("/")
    event = request("report_file", {"token": token, "file": file}) if file else request("report", {"token": token})
    answer: dict[str, Any] = report_download.handler(event, CONTEXT)
    return answer


def test_who_was_added_gets_the_digest_beside_those_of_the_file(reported: World) -> None:
    add(reported)

    roll_up(reported)

    assert recipients(reported) == [BOSS, EWA]


def test_who_was_removed_gets_none_although_the_file_names_them(reported: World) -> None:
    remove(reported)

    roll_up(reported)

    assert recipients(reported) == []


def test_who_was_added_and_stands_in_the_file_gets_one(reported: World) -> None:
    add(reported, "Boss@Acme.example")

    roll_up(reported)

    assert recipients(reported) == [BOSS]


def test_who_was_removed_and_came_back_on_a_monday_gets_no_second_one(reported: World) -> None:
    roll_up(reported)
    remove(reported)
    add(reported, BOSS)

    roll_up(reported, A_QUARTER_LATER)

    assert recipients(reported) == [BOSS]


def test_who_is_added_on_monday_after_eight_gets_that_mondays_digest(reported: World) -> None:
    roll_up(reported)
    add(reported)

    roll_up(reported, A_QUARTER_LATER)

    assert recipients(reported) == [BOSS, EWA]


def test_a_digest_leads_to_its_report_and_to_the_list_of_all(reported: World) -> None:
    roll_up(reported)

    (mail,) = digests(reported)
    report, *_, everything = [link for link in links_in(mail) if link.startswith(LINK)]
    assert "/2026-W03/report.html" in header(clicked(report), "location")
    own_link = f"https://ask.acme.example{header(clicked(everything), 'location')}"
    assert "Tydzień 3" in clicked(own_link)["body"]


def test_the_next_digest_leads_to_the_same_list(reported: World) -> None:
    roll_up(reported)
    stored = adapters.files().read("reports/acme/2026-W03/report.json")
    assert stored is not None
    adapters.files().put("reports/acme/2026-W04/report.json", stored.body, "application/json")

    roll_up(reported, "2026-01-26T07:00:00Z")

    first, second = ([*links_in(mail)] for mail in digests(reported))
    assert first[0] != second[0]
    assert header(clicked(first[-1]), "location") == header(clicked(second[-1]), "location")


def test_two_managers_have_different_links(reported: World) -> None:
    add(reported)

    roll_up(reported)

    first, second = ({*links_in(mail)} for mail in digests(reported))
    assert not {link for link in first & second if link.startswith(LINK)}
