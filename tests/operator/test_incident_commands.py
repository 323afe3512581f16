"""An incident is listed, told with its answers, noted on, closed and opened again; what cannot be is refused in a sentence."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from typer.testing import Result

from cx_domain.excesses import Count, Watched
from cx_domain.incidents import Incident
from cx_domain.orders import OrderDetails, OrderFacts
from cx_domain.shops import ShopId
from cx_domain.surveys import Survey, SurveyId
from cx_domain.visits import ClientKey, Reply, Visit
from infra.operator.session import Stack

Say = Callable[..., Result]
ACME = ShopId("acme")
SENT_AT = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
ANNAS = SurveyId("pn2xkyq7vd5ryfhkz3mtcw6rte")
TELEPHONE = ClientKey("telephone")
LATE = "delivery-2026-w03"


@pytest.fixture
def late(acme: Stack) -> Stack:
    """Acme with an incident: deliveries were late, and Anna says so."""
    tapped_at = SENT_AT + timedelta(hours=4)
    acme.surveys.create(
        Survey(
            ANNAS,
            ACME,
            "nps",
            "order",
            "order",
            "5001",
            OrderFacts(happened={}, details=OrderDetails(number="1001", email="anna@example.test")),
            stage="sent",
            sent_at=SENT_AT,
            delivered_at=SENT_AT,
            visits=(Visit(tapped_at, 2, TELEPHONE), Visit(tapped_at + timedelta(seconds=20), 2, TELEPHONE, "POST")),
            replies=(
                Reply(tapped_at + timedelta(seconds=20), 2, TELEPHONE, "A week late", ("delivery",), may_reply=True),
            ),
        ),
        SENT_AT,
    )
    incident = Incident(
        id=LATE,
        number=1,
        watched=Watched("nps", "order", "driver", "delivery"),
        opened_at=datetime(2026, 1, 18, 23, 0, tzinfo=UTC),
        start=date(2026, 1, 12),
        end=date(2026, 1, 18),
        seen=Count(200, 24),
        usual=Count(2600, 78),
        p_value=0.00012,
        last_seen_on=date(2026, 1, 18),
        surveys=(ANNAS,),
    )
    acme.incidents.save(ACME, incident)
    return acme


def told(afterorder: Say) -> str:
    return afterorder("incident", "show", "acme", LATE).stdout


def test_open_incidents_are_listed(late: Stack, afterorder: Say) -> None:
    del late

    (listed,) = json.loads(afterorder("incident", "list", "acme", "--json").stdout)

    assert (listed["id"], listed["value"], listed["detractors"], listed["expected"]) == (LATE, "delivery", 24, 6.0)
    assert afterorder("incident", "list", "acme").exit_code == 0


def test_an_incident_is_told_with_what_its_detractors_said(late: Stack, afterorder: Say) -> None:
    del late

    story = told(afterorder)

    assert story.splitlines() == [
        "delivery-2026-w03: delivery, named by detractors (nps about order)",
        "  open, opened 2026-01-19 00:00 CET, last seen in the week to 2026-01-18",
        "  2026-01-12 to 2026-01-18: 24 of 200 answers; 6.0 expected, as 78 of 2600 before; p 0.00012",
        "  answer 2 about order 1001 because of delivery, 'A week late', may be written to",
    ]


def test_scripts_get_its_answers_too(late: Stack, afterorder: Say) -> None:
    del late

    shown = json.loads(afterorder("incident", "show", "acme", LATE, "--json").stdout)

    assert [(each["order"], each["comment"]) for each in shown["said"]] == [("1001", "A week late")]


def test_what_is_noted_is_told_as_it_was_written(late: Stack, afterorder: Say) -> None:
    del late

    done = afterorder(
        "incident", "note", "acme", LATE, "--step", "Called [red]<b>the courier</b>", "--owner", "Ewa",
        "--cause", "One van", "--changed", "Two vans",
    )  # fmt: skip

    assert (done.exit_code, done.stdout) == (0, "delivery-2026-w03: noted.\n")
    story = told(afterorder)
    assert "  owner: Ewa\n  root cause: One van\n  changed: Two vans\n" in story
    assert ": Called [red]<b>the courier</b>\n" in story


def test_an_owner_with_markup_stays_harmless_in_the_list(late: Stack, afterorder: Say) -> None:
    del late
    afterorder("incident", "note", "acme", LATE, "--owner", "[/]")

    listed = afterorder("incident", "list", "acme")

    assert (listed.exit_code, "[/]" in listed.stdout) == (0, True)


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ([], "note: say at least one of --step, --owner, --cause and --changed\n"),
        (["--step", " "], "--step: must not be empty\n"),
        (["--step", "Called\nthe courier"], "--step: must be one line, without control characters\n"),
        (["--cause", "x" * 501], "--cause: must be at most 500 characters long, not 501\n"),
        (["--owner", "x" * 101], "--owner: must be at most 100 characters long, not 101\n"),
    ],
)
def test_a_note_that_says_nothing_or_too_much_is_refused(
    late: Stack, afterorder: Say, words: list[str], refusal: str
) -> None:
    (before,) = late.incidents.list(ACME)

    done = afterorder("incident", "note", "acme", LATE, *words)

    assert (done.exit_code, done.stderr) == (1, refusal)
    assert late.incidents.list(ACME) == (before,)


def test_a_closed_incident_leaves_the_list_and_stays_in_the_whole_one(late: Stack, afterorder: Say) -> None:
    del late

    assert afterorder("incident", "close", "acme", LATE, "--why", "Two vans now").stdout == f"{LATE}: closed.\n"

    listed = afterorder("incident", "list", "acme")
    assert (listed.stdout, listed.stderr) == ("", "acme has no open incidents.\n")
    (one,) = json.loads(afterorder("incident", "list", "acme", "--all", "--json").stdout)
    assert (one["status"], one["closed_why"]) == ("closed", "Two vans now")


def test_a_closed_incident_takes_notes_when_it_is_opened_again(late: Stack, afterorder: Say) -> None:
    del late
    afterorder("incident", "close", "acme", LATE, "--why", "Two vans now")

    refused = afterorder("incident", "note", "acme", LATE, "--step", "Bought a third van")
    again = afterorder("incident", "reopen", "acme", LATE)

    assert refused.stderr == "delivery-2026-w03 is closed; `afterorder incident reopen` opens it again\n"
    assert again.stdout == f"{LATE}: open again.\n"
    assert afterorder("incident", "note", "acme", LATE, "--step", "Bought a third van").exit_code == 0
    assert "reopened" in told(afterorder)


@pytest.mark.parametrize("command", [["show"], ["note", "--owner", "Ewa"], ["close", "--why", "Over"], ["reopen"]])
def test_an_incident_that_there_is_not_is_refused_with_what_comes_near(
    late: Stack, afterorder: Say, command: list[str]
) -> None:
    del late
    name, *words = command

    done = afterorder("incident", name, "acme", "delivery-2026-w30", *words)

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "there is no incident 'delivery-2026-w30'; did you mean \"delivery-2026-w03\"?\n"


def test_a_shop_without_incidents_is_told_so(acme: Stack, afterorder: Say) -> None:
    del acme

    assert afterorder("incident", "list", "acme", "--all").stderr == "acme has no incidents.\n"


def test_a_segments_incident_is_told_as_one(late: Stack, afterorder: Say) -> None:
    (one,) = late.incidents.list(ACME)
    store = Watched("nps", "order", "tag:store", "wroclaw")
    late.incidents.save(ACME, replace(one, id="tag-store-wroclaw-2026-w03", watched=store, version=0))

    story = afterorder("incident", "show", "acme", "tag-store-wroclaw-2026-w03").stdout

    assert story.startswith("tag-store-wroclaw-2026-w03: detractors of tag:store wroclaw (nps about order)\n")
