"""What happened to an order is told by its id or number, with the reason, the visits and the answer."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import Result

from cx_domain.identities import survey_id
from cx_domain.orders import OrderDetails, OrderFacts
from cx_domain.shops import ShopId
from cx_domain.surveys import Survey
from cx_domain.visits import ClientKey, Reply, Visit
from infra import clock
from infra.operator.session import Stack

Say = Callable[..., Result]
ACME = ShopId("acme")
ACME_FILE = Path(__file__).parents[1] / "shop_files" / "acme.toml"
SENT_AT = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
ANNA = OrderDetails(number="#1001", email="anna@example.test", first_name="Anna", country="PL")
TELEPHONE = ClientKey("telephone")


def survey(stack: Stack, order: str, details: OrderDetails = ANNA) -> Survey:
    """Return Acme's NPS survey about an order, waiting."""
    named = survey_id(stack.secrets.key_ring().identity, ACME, "nps", "order", order)
    facts = OrderFacts(happened={"placed": SENT_AT - timedelta(days=9)}, details=details)
    return Survey(named, ACME, "nps", "order", "order", order, facts)


@pytest.fixture
def answered(acme: Stack) -> Survey:
    """Anna's tent: asked on Monday at ten in Warsaw, tapped and answered in the afternoon."""
    tapped_at = SENT_AT + timedelta(hours=4)
    made = replace(
        survey(acme, "5001"),
        stage="sent",
        sent_at=SENT_AT,
        delivered_at=SENT_AT,
        expires_at=clock.now() + timedelta(days=1),
        visits=(Visit(tapped_at, 9, TELEPHONE), Visit(tapped_at + timedelta(seconds=20), 9, TELEPHONE, "POST")),
        replies=(Reply(tapped_at + timedelta(seconds=20), 9, TELEPHONE, "A fine tent", ("quality",)),),
    )
    acme.surveys.create(made, SENT_AT)
    return made


@pytest.mark.parametrize("order", ["5001", "#1001", "1001"])
def test_an_order_is_found_by_its_id_or_its_number(answered: Survey, afterorder: Say, order: str) -> None:
    shown = json.loads(afterorder("survey", "show", "acme", order, "--json").stdout)

    assert [one["id"] for one in shown] == [answered.id]


def test_the_story_tells_visits_and_answer_in_the_shops_own_time(answered: Survey, afterorder: Say) -> None:
    del answered

    told = afterorder("survey", "show", "acme", "5001").stdout

    assert "sent 2026-01-12 10:00:00 CET" in told
    assert "visit 2026-01-12 14:00:00 CET: GET 9" in told
    assert "answer 9 because of quality, 'A fine tent'" in told
    assert "verdict person: confirmed" in told


def test_an_order_that_is_not_known_is_a_refusal(acme: Stack, afterorder: Say) -> None:
    del acme

    shown = afterorder("survey", "show", "acme", "9999")

    assert (shown.exit_code, shown.stdout) == (1, "")


@pytest.mark.parametrize(
    ("word", "orders"),
    [
        ("refused", ["1002"]),
        ("cancelled", ["1002"]),
        ("outcome-unknown", ["1003"]),
        ("expired", ["1004"]),
        ("answered", ["5001"]),
    ],
)
def test_a_list_is_filtered_by_stage_reason_or_what_is_computed(
    acme: Stack, answered: Survey, afterorder: Say, word: str, orders: list[str]
) -> None:
    del answered
    acme.surveys.create(replace(survey(acme, "1002"), stage="refused", reason="cancelled", refused_at=SENT_AT), SENT_AT)
    acme.surveys.create(replace(survey(acme, "1003"), stage="sending", reason="outcome-unknown"), SENT_AT)
    acme.surveys.create(replace(survey(acme, "1004"), stage="sent", sent_at=SENT_AT, expires_at=SENT_AT), SENT_AT)

    listed = json.loads(afterorder("survey", "list", "acme", "--stage", word, "--json").stdout)

    assert [one["order"] for one in listed] == orders


def test_an_unknown_stage_is_told_which_there_are(acme: Stack, afterorder: Say) -> None:
    del acme

    listed = afterorder("survey", "list", "acme", "--stage", "snet")

    assert listed.exit_code == 1
    assert listed.stderr.startswith("--stage: 'snet' is no stage or reason; there are waiting, planned,")


def test_the_list_for_people_says_how_many(answered: Survey, afterorder: Say) -> None:
    del answered

    listed = afterorder("survey", "list", "acme")

    assert listed.exit_code == 0
    assert listed.stderr == "1 survey\n"


def test_a_survey_in_a_warm_up_says_when_its_place_is(acme: Stack, afterorder: Say) -> None:
    due_at = datetime(2026, 1, 13, 9, 20, tzinfo=UTC)
    waiting = replace(survey(acme, "5002"), stage="planned", due_at=due_at, admitted_on=due_at.date())
    acme.surveys.create(waiting, SENT_AT)

    told = afterorder("survey", "show", "acme", "5002").stdout

    assert "waits for its place in the warm-up, Tue 13 Jan 10:20" in told


def test_a_list_tells_when_each_was_sent_or_is_due_to_the_minute(acme: Stack, afterorder: Say) -> None:
    due_at = datetime(2026, 1, 13, 9, 20, 59, tzinfo=UTC)
    acme.surveys.create(replace(survey(acme, "5002"), stage="planned", due_at=due_at), SENT_AT)
    acme.surveys.create(replace(survey(acme, "5003"), stage="sent", due_at=due_at, sent_at=SENT_AT), SENT_AT)

    listed = afterorder("survey", "list", "acme").stdout

    assert listed.count(" 2026-01-13 10:20 ") == 1
    assert listed.count(f" {SENT_AT.astimezone(acme.shop(ShopId('acme')).zone):%Y-%m-%d %H:%M} ") == 1


def with_fallback(acme: Stack, afterorder: Say, folder: Path) -> Stack:
    """Acme asks a day after the delivery, or, where nobody tells of one, a fortnight after the fulfilment."""
    asked = 'on = "delivered"\nfallback = { on = "fulfilled", delay = "14d" }'
    text, changed = re.subn(r'(?m)^on = "fulfilled".*$', asked, ACME_FILE.read_text(encoding="utf-8"))
    assert changed == 1
    file = folder / "acme.toml"
    file.write_text(text, encoding="utf-8")
    assert afterorder("shop", "put", str(file)).exit_code == 0
    return acme


def test_a_survey_that_waits_names_the_trigger_and_what_would_do_instead(
    acme: Stack, afterorder: Say, tmp_path: Path
) -> None:
    stack = with_fallback(acme, afterorder, tmp_path)
    stack.surveys.create(survey(stack, "5002"), SENT_AT)

    told = afterorder("survey", "show", "acme", "5002").stdout

    assert "waits until the order is delivered or, failing that, fulfilled" in told


def test_a_survey_that_its_fallback_planned_says_so(acme: Stack, afterorder: Say, tmp_path: Path) -> None:
    stack = with_fallback(acme, afterorder, tmp_path)
    made = survey(stack, "5002")
    fulfilled = replace(made.order, happened={"fulfilled": SENT_AT})
    stack.surveys.create(replace(made, stage="planned", due_at=SENT_AT + timedelta(days=14), order=fulfilled), SENT_AT)

    told = afterorder("survey", "show", "acme", "5002").stdout
    (shown,) = json.loads(afterorder("survey", "show", "acme", "5002", "--json").stdout)

    assert "will be asked Mon 26 Jan 10:00: it was fulfilled, and nobody has told that it was delivered" in told
    assert shown["started_by"] == {"on": "fulfilled", "fallback": True}


def test_the_proof_of_consent_is_shown(acme: Stack, afterorder: Say) -> None:
    agreed = replace(
        ANNA,
        consent=True,
        consent_at=SENT_AT - timedelta(days=9),
        consent_source="standard data.consent",
        consent_wording="You may ask me.",
    )
    acme.surveys.create(survey(acme, "5002", agreed), SENT_AT)

    told = afterorder("survey", "show", "acme", "5002").stdout
    (shown,) = json.loads(afterorder("survey", "show", "acme", "5002", "--json").stdout)

    assert "consent given, in standard data.consent, 2026-01-03 10:00:00 CET, 'You may ask me.'" in told
    assert shown["buyer"]["consent"] == {
        "said": True,
        "at": "2026-01-03T09:00:00Z",
        "source": "standard data.consent",
        "wording": "You may ask me.",
    }


@pytest.mark.parametrize(("said", "words"), [(None, "consent not told"), (False, "consent not given")])
def test_an_order_without_consent_says_which_way(acme: Stack, afterorder: Say, said: bool | None, words: str) -> None:
    acme.surveys.create(survey(acme, "5002", replace(ANNA, consent=said)), SENT_AT)

    told = afterorder("survey", "show", "acme", "5002").stdout

    assert f"  {words}\n" in told


def test_an_order_that_does_not_wholly_stand_says_so(acme: Stack, afterorder: Say) -> None:
    made = survey(acme, "5002")
    acme.surveys.create(replace(made, order=replace(made.order, standing="partly-refunded")), SENT_AT)

    told = afterorder("survey", "show", "acme", "5002").stdout

    assert "  order partly-refunded\n" in told


def test_the_address_is_shown_while_a_customer_waits_for_a_reply(acme: Stack, afterorder: Say) -> None:
    tapped_at = SENT_AT + timedelta(hours=4)
    reply = Reply(tapped_at, 2, TELEPHONE, "It leaks", may_reply=True)
    form = Visit(tapped_at, 2, TELEPHONE, "POST", evidence="form")
    made = replace(survey(acme, "5003"), stage="closed", sent_at=SENT_AT, visits=(form,), replies=(reply,))
    acme.surveys.create(made, SENT_AT)

    told = afterorder("survey", "show", "acme", "5003").stdout

    assert "the address stays until the matter is settled" in told
    assert "wants an answer: anna@example.test" in told
