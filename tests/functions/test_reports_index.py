"""A manager's own link leads to all reports of their shop, stays the same, and is dead from the moment when they are removed."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest

from cx_domain.identities import manager_key
from cx_domain.readers import Reader, ReaderRecord
from functions import report_download
from infra import adapters, clock, links, report_links
from infra.aws import clients, keys
from tests.builders import KEY
from tests.functions.envelopes import CONTEXT, request
from tests.functions.pages import header, page
from tests.functions.world import ACME_FILE, LINK_KEYS, World, counted, writes_throttled

BOSS, EWA = "boss@acme.example", "ewa@acme.example"
FILES = ("report.html", "report.xlsx", "report.json", "answers.csv")
ANSWERED = {
    "kind": "nps",
    "touchpoint": "order",
    "n": 51,
    "score": 50.98,
    "interval": [29.29, 67.0],
    "change": None,
    "target": None,
}


@pytest.fixture
def shelf(world: World) -> World:
    """Acme Outdoor has reports of two weeks and a month."""
    for period in ("2026-W02", "2026-W03", "2025-12"):
        put_report(period)
    return world


def put_report(period: str, *headlines: dict[str, Any], shop: str = "acme") -> None:
    for file in FILES:
        figures = json.dumps({"headlines": headlines or [ANSWERED]}) if file == "report.json" else file
        adapters.files().put(f"reports/{shop}/{period}/{file}", figures.encode(), "text/plain")


def own_link(address: str = BOSS, generation: int = 1, period: str | None = None) -> str:
    key = manager_key(KEY, World.acme, address)
    whose = Reader(key, address, in_file=True, record=ReaderRecord(generation=generation))
    return report_links.token(LINK_KEYS, World.acme, whose, period)


def opened(link: str, period: str | None = None, file: str | None = None) -> dict[str, Any]:
    match period, file:
        case None, None:
            event = request("report", {"token": link})
        case None, str():
            event = request("report_file", {"token": link, "file": file})
        case _:
            event = request("report_of_period", {"token": link, "period": period or "", "file": file or ""})
    answer: dict[str, Any] = report_download.handler(event, CONTEXT)
    return answer


def hrefs(answer: dict[str, Any]) -> list[str]:
    return [href for href in re.findall(r'href="([^"]+)"', answer["body"]) if href.startswith("/")]


def added(world: World, address: str = EWA, name: str | None = None) -> None:
    key = manager_key(KEY, world.acme, address)
    adapters.readers().add(world.acme, key, address, name, clock.now())


def removed(world: World, address: str = BOSS) -> None:
    adapters.readers().remove(world.acme, manager_key(KEY, world.acme, address), clock.now())


# --- the page ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("shelf")
def test_the_managers_own_link_shows_all_reports_the_newest_first() -> None:
    answer = opened(own_link())

    assert answer["statusCode"] == 200
    weeks = [href for href in hrefs(answer) if href.endswith("report.html")]
    assert weeks == [f"/r/{own_link()}/{period}/report.html" for period in ("2026-W03", "2026-W02", "2025-12")]


@pytest.mark.usefixtures("shelf")
def test_each_report_has_its_four_files_behind_the_same_link() -> None:
    of_the_week = [href for href in hrefs(opened(own_link())) if "/2026-W02/" in href]

    assert sorted(href.rsplit("/", 1)[1] for href in of_the_week) == sorted(FILES)
    for href in of_the_week:
        _, _, token, period, file = href.split("/")
        led_to = urlsplit(header(opened(token, period, file), "location")).path
        assert led_to.endswith(f"/reports/acme/2026-W02/{file}")


@pytest.mark.usefixtures("world")
def test_a_report_stands_with_its_score_interval_and_number_of_answers() -> None:
    put_report("2026-W02")

    text = " ".join(page(opened(own_link())).text.split())

    assert "Tydzień 2 5\u201311 sty 2026 NPS 51 od 29 do 67 51 odpowiedzi Excel CSV JSON" in text


@pytest.mark.usefixtures("world")
def test_a_report_without_answers_says_so() -> None:
    put_report("2026-W02", {**ANSWERED, "n": 0, "score": None, "interval": None})

    assert "nie ma jeszcze odpowiedzi" in page(opened(own_link())).text


@pytest.mark.usefixtures("world")
def test_two_touchpoints_of_one_kind_are_told_apart() -> None:
    put_report("2026-W02", ANSWERED, {**ANSWERED, "touchpoint": "delivery", "score": 12.0})

    text = page(opened(own_link())).text

    assert "Wskaźnik NPS (skłonność do polecenia) · zamówienie: 51" in text
    assert "Wskaźnik NPS (skłonność do polecenia) · dostawa: 12" in text


@pytest.mark.usefixtures("world")
def test_of_many_weeks_the_older_ones_are_folded_away_and_only_the_others_are_read() -> None:
    for week in range(2, 12):
        put_report(f"2026-W{week:02}")

    answer = opened(own_link())

    assert "4 starsze raporty" in page(answer).text
    assert len([href for href in hrefs(answer) if href.endswith("report.html")]) == 10
    assert answer["body"].count("NPS 51") == 6


@pytest.mark.usefixtures("world")
def test_a_shop_without_reports_says_when_the_first_one_comes() -> None:
    answer = opened(own_link())

    assert (answer["statusCode"], hrefs(answer)) == (200, [])
    assert "Nie ma jeszcze raportu." in page(answer).text


@pytest.mark.usefixtures("world")
def test_another_shops_reports_are_not_on_the_page() -> None:
    put_report("2026-W02", shop="acme-two")

    assert hrefs(opened(own_link())) == []


def test_the_page_says_for_whom_its_link_is(shelf: World) -> None:
    added(shelf, name="Ewa <b>Nowak</b>")

    assert "(Ewa &lt;b&gt;Nowak&lt;/b&gt;)" in opened(own_link(EWA))["body"]
    assert "To osobisty odnośnik. Kto go ma" in opened(own_link())["body"]


@pytest.mark.usefixtures("shelf")
def test_nobody_keeps_the_page_finds_it_or_learns_from_where_its_links_were_clicked() -> None:
    answer = opened(own_link())

    assert header(answer, "cache-control") == "no-store"
    assert header(answer, "referrer-policy") == "no-referrer"
    assert header(answer, "x-robots-tag") == "noindex, nofollow"
    policy = header(answer, "content-security-policy")
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy


# --- whose link it is --------------------------------------------------------------------------------------------------


def test_the_link_is_the_same_a_year_later(shelf: World) -> None:
    shelf.at("2027-01-19T07:00:00Z")

    assert opened(own_link())["statusCode"] == 200


def test_who_was_added_reads_and_who_was_not_does_not(shelf: World) -> None:
    before = opened(own_link(EWA))["statusCode"]

    added(shelf)

    assert (before, opened(own_link(EWA))["statusCode"]) == (404, 200)


@pytest.mark.parametrize("address", [BOSS, EWA], ids=["of-the-file", "added"])
def test_every_link_of_who_is_removed_is_dead_at_once(shelf: World, address: str) -> None:
    added(shelf)
    opened(own_link(address))

    removed(shelf, address)

    answers = (
        opened(own_link(address)),
        opened(own_link(address), "2026-W02", "report.html"),
        opened(own_link(address, period="2026-W02")),
        opened(own_link(address, period="2026-W02"), file="report.xlsx"),
    )
    assert [answer["statusCode"] for answer in answers] == [404] * 4
    assert "Ten odnośnik nie działa." in answers[0]["body"]


def test_who_comes_back_has_new_links_and_the_old_ones_stay_dead(shelf: World) -> None:
    removed(shelf)
    added(shelf, BOSS)

    assert opened(own_link(generation=1))["statusCode"] == 404
    assert opened(own_link(generation=1, period="2026-W02"))["statusCode"] == 404
    assert opened(own_link(generation=2))["statusCode"] == 200


def test_links_in_mails_of_an_earlier_release_open_until_their_manager_is_removed(shelf: World) -> None:
    old = links.seal(LINK_KEYS, "report", f"acme.2026-W02.{manager_key(KEY, shelf.acme, BOSS)}")
    before = opened(old)["statusCode"]

    removed(shelf)
    added(shelf, BOSS)

    assert (before, opened(old)["statusCode"]) == (302, 404)


def test_who_left_the_shops_file_reads_no_more_unless_they_were_added(
    shelf: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AFTERORDER_SHOP_CACHE_SECONDS", "0.000001")
    shelf.put_shop(ACME_FILE.read_text(encoding="utf-8").replace(BOSS, "new.boss@acme.example"))
    alone = opened(own_link())["statusCode"]

    added(shelf, BOSS)

    assert (alone, opened(own_link())["statusCode"]) == (404, 200)


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("purpose", ["rate", "unsubscribe", "report", "visit", "preview"])
def test_a_link_made_for_another_purpose_opens_no_list(purpose: links.Purpose) -> None:
    subject = f"acme.{manager_key(KEY, World.acme, BOSS)}.1"

    assert opened(links.seal(LINK_KEYS, purpose, subject))["statusCode"] == 404


@pytest.mark.usefixtures("shelf")
def test_a_link_that_was_changed_opens_nothing() -> None:
    changed = own_link().replace("acme.", "acma.", 1)

    assert opened(changed)["statusCode"] == 404
    assert opened(own_link()[:-1])["statusCode"] == 404


# --- what it leads to --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("period", ["2026-W60", "..", "../acme-two/2026-W02", "2026-w02", "2026-W02.", "%2e%2e", ""])
def test_what_is_no_period_is_404(period: str) -> None:
    assert opened(own_link(), period, "report.html")["statusCode"] == 404


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("file", ["report.pdf", "..", "REPORT.JSON", "report.json/.."])
def test_a_file_that_a_report_has_not_is_404(file: str) -> None:
    assert opened(own_link(), "2026-W02", file)["statusCode"] == 404


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("period", ["2026-W02", None])
def test_every_link_of_a_manager_leads_on_to_their_own(period: str | None) -> None:
    answer = opened(own_link(period=period), file="all")

    assert (answer["statusCode"], header(answer, "location")) == (302, f"/r/{own_link()}")


@pytest.mark.usefixtures("shelf")
def test_the_list_itself_has_no_files() -> None:
    assert opened(own_link(), file="report.xlsx")["statusCode"] == 404


@pytest.mark.usefixtures("shelf")
def test_the_link_to_one_report_opens_no_other() -> None:
    week = own_link(period="2026-W02")

    assert opened(week, "2026-W02", "report.xlsx")["statusCode"] == 302
    assert opened(week, "2026-W03", "report.xlsx")["statusCode"] == 404


# --- who came, and when ------------------------------------------------------------------------------------------------


def test_the_log_says_who_opened_what_and_holds_neither_address_nor_name_nor_link(shelf: World) -> None:
    added(shelf, name="Ewa Nowak")
    opened(own_link(EWA))
    opened(own_link(EWA), "2026-W02", "report.xlsx")

    told = [line for line in map(json.loads, shelf.log.splitlines()) if "counted" not in line]
    key = manager_key(KEY, shelf.acme, EWA)
    assert [(line["message"], line["manager"]) for line in told] == [
        ("list of reports opened", key),
        ("report opened", key),
    ]
    assert (told[1]["shop"], told[1]["period"], told[1]["file"]) == ("acme", "2026-W02", "report.xlsx")
    assert not [secret for secret in (EWA, "Ewa Nowak", own_link(EWA), "X-Amz-Signature") if secret in shelf.log]
    assert {"report-index-opened", "report-opened"} <= counted(shelf.log)


def noted_at(world: World, address: str = BOSS) -> str | None:
    at = adapters.readers().get(world.acme, manager_key(KEY, world.acme, address)).opened_at
    return at.isoformat() if at is not None else None


def test_that_a_manager_came_is_noted_once_a_day_of_the_shops(shelf: World) -> None:
    noted = []
    # Midnight in Warsaw is eleven at night in Greenwich.
    for moment in ("2026-01-12T08:00:00Z", "2026-01-12T22:59:00Z", "2026-01-12T23:00:00Z"):
        shelf.at(moment)
        opened(own_link())
        noted.append(noted_at(shelf))

    assert noted == ["2026-01-12T08:00:00+00:00", "2026-01-12T08:00:00+00:00", "2026-01-12T23:00:00+00:00"]


def test_a_link_that_does_not_open_notes_nothing(shelf: World) -> None:
    removed(shelf)

    opened(own_link())

    assert noted_at(shelf) is None


def test_the_reports_open_also_where_it_cannot_be_noted_who_came(shelf: World) -> None:
    with writes_throttled("shop"):
        answer = opened(own_link())

    assert answer["statusCode"] == 200
    assert "opening not noted" in shelf.log


def test_a_report_that_went_while_the_page_was_made_stands_without_a_score(shelf: World) -> None:
    key = keys.report_file(shelf.acme, "2026-W03", "report.json")
    adapters.files().delete(key)

    answer = opened(own_link())

    assert answer["statusCode"] == 200
    assert answer["body"].count("NPS 51") == 2


def test_the_page_costs_one_list_and_a_read_for_each_report_in_sight(shelf: World) -> None:
    opened(own_link())
    asked: list[str] = []
    for client in (clients.s3(), clients.dynamodb()):
        client.meta.events.register(
            "before-call", lambda model, **_: asked.append(model.name), unique_id=f"count-{client.meta.service_model}"
        )

    opened(own_link())

    assert sorted(asked) == ["GetItem", "GetObject", "GetObject", "GetObject", "ListObjectsV2"]
    del shelf
