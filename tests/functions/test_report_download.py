"""A manager's link lasts; what it leads to lives five minutes, and is made at that moment."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from cx_domain import identities
from functions import report_download, rollup, survey_page
from infra import adapters, links
from tests.builders import KEY
from tests.functions.envelopes import CONTEXT, batch, request
from tests.functions.pages import header
from tests.functions.world import ACME_FILE, LINK_KEYS, World, counted, links_in

LINK = "https://ask.acme.example/r/"
FILES = ("report.html", "report.xlsx", "report.json", "answers.csv")


@pytest.fixture
def reported(world: World) -> World:
    """The week of the 12th of January is reported, and the managers have the digest."""
    world.mailed()
    world.at("2026-01-19T07:00:00Z")
    rollup.handler(batch("rollup_queue", ("m-1", json.dumps({"shop": "acme"}))), CONTEXT)
    return world


def token_in_the_digest(world: World) -> str:
    (mail,) = [mail for mail in world.mails() if mail["To"] == "boss@acme.example"]
    (token, *_) = {link.removeprefix(LINK).partition("/")[0] for link in links_in(mail) if link.startswith(LINK)}
    return token


def token(shop: str = "acme", period: str = "2026-W03", manager: str = "boss@acme.example") -> str:
    return links.seal(LINK_KEYS, "report", f"{shop}.{period}.{identities.manager_key(KEY, World.acme, manager)}")


def click(link: str, file: str | None = None) -> dict[str, Any]:
    event = (
        request("report", {"token": link}) if file is None else request("report_file", {"token": link, "file": file})
    )
    answer: dict[str, Any] = report_download.handler(event, CONTEXT)
    return answer


def test_the_digests_link_leads_to_the_report(reported: World) -> None:
    answer = click(token_in_the_digest(reported))

    assert answer["statusCode"] == 302
    assert urlsplit(header(answer, "location")).path.endswith("/reports/acme/2026-W03/report.html")


def test_whoever_only_looks_is_answered_alike_and_leaves_no_trace(reported: World) -> None:
    link = token_in_the_digest(reported)

    looked = report_download.handler(request("report_head", {"token": link}), CONTEXT)

    assert (looked["statusCode"], looked["body"]) == (302, "")
    assert urlsplit(header(looked, "location")).path.endswith("/reports/acme/2026-W03/report.html")
    assert (
        adapters.readers().get(World.acme, identities.manager_key(KEY, World.acme, "boss@acme.example")).opened_at
        is None
    )
    assert "report-opened" not in counted(reported.log)


def test_whoever_only_looks_at_a_link_that_is_nobodys_is_told_so() -> None:
    looked = report_download.handler(request("report_head", {"token": "nobodys"}), CONTEXT)

    assert looked["statusCode"] == 404


@pytest.mark.usefixtures("reported")
@pytest.mark.parametrize("file", FILES)
def test_each_file_of_the_report_has_its_own_address(file: str) -> None:
    answer = click(token(), file)

    assert answer["statusCode"] == 302
    assert urlsplit(header(answer, "location")).path.endswith(f"/reports/acme/2026-W03/{file}")


@pytest.mark.usefixtures("reported")
def test_the_address_lives_five_minutes_at_most() -> None:
    asked = parse_qs(urlsplit(header(click(token()), "location")).query)

    assert 0 < int(asked["X-Amz-Expires"][0]) <= 300
    assert asked["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]


@pytest.mark.usefixtures("reported")
def test_the_page_is_shown_and_the_files_are_saved_under_a_name() -> None:
    page = parse_qs(urlsplit(header(click(token()), "location")).query)
    workbook = parse_qs(urlsplit(header(click(token(), "report.xlsx"), "location")).query)

    assert "response-content-disposition" not in page
    assert workbook["response-content-disposition"] == ["attachment; filename*=UTF-8''acme-2026-W03-report.xlsx"]


@pytest.mark.usefixtures("reported")
def test_nobody_keeps_the_address_or_learns_where_it_was_clicked() -> None:
    answer = click(token())

    assert header(answer, "cache-control") == "no-store"
    assert header(answer, "referrer-policy") == "no-referrer"


def test_the_link_still_works_a_year_later(reported: World) -> None:
    reported.at("2027-01-19T07:00:00Z")

    assert click(token())["statusCode"] == 302


def test_who_is_no_manager_any_more_gets_404(reported: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERORDER_SHOP_CACHE_SECONDS", "0.000001")
    renamed = ACME_FILE.read_text(encoding="utf-8").replace("boss@acme.example", "new.boss@acme.example")
    reported.put_shop(renamed)

    assert click(token())["statusCode"] == 404


@pytest.mark.usefixtures("reported")
@pytest.mark.parametrize("file", ["report.pdf", "..", "report.json.gz", "%2e%2e", "REPORT.JSON"])
def test_a_file_that_a_report_has_not_is_404(file: str) -> None:
    assert click(token(), file)["statusCode"] == 404


@pytest.mark.usefixtures("reported")
@pytest.mark.parametrize("link", ["x", "a.b.c", "x" * 5000, "acme.2026-W03.boss", 'a"'])
def test_a_tampered_link_is_404_on_a_kind_page(link: str) -> None:
    answer = click(link)

    assert answer["statusCode"] == 404
    assert header(answer, "content-type").startswith("text/html")


@pytest.mark.usefixtures("reported")
def test_a_link_to_another_shops_report_is_404() -> None:
    assert click(token(shop="brook"))["statusCode"] == 404


@pytest.mark.usefixtures("reported")
@pytest.mark.parametrize("purpose", ["rate", "unsubscribe", "visit", "preview"])
def test_a_link_made_for_another_purpose_is_404(purpose: links.Purpose) -> None:
    subject = f"acme.2026-W03.{identities.manager_key(KEY, World.acme, 'boss@acme.example')}"

    assert click(links.seal(LINK_KEYS, purpose, subject))["statusCode"] == 404


def test_a_report_link_rates_nothing(reported: World) -> None:
    before = reported.items()

    answer = survey_page.handler(request("tap", {"token": token(), "score": "9"}), CONTEXT)

    assert (answer["statusCode"], reported.items()) == (404, before)


def test_the_log_holds_neither_link_nor_address(reported: World) -> None:
    click(token())
    click("forged")

    assert token() not in reported.log
    assert "X-Amz-Signature" not in reported.log
    assert "boss@" not in reported.log
