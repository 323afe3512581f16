"""Why an answer counts is told with all that it was judged by; an operator's word on it holds, and is kept."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from typer.testing import Result

from cx_domain.identities import client_key, survey_id
from cx_domain.orders import OrderDetails, OrderFacts
from cx_domain.shops import KindName, ShopId
from cx_domain.surveys import Survey, SurveyId
from cx_domain.verdicts import VerdictReason, judged
from cx_domain.visits import Reply, Visit
from infra.operator.answer_views import REASONS, elapsed
from infra.operator.session import Stack
from tests.builders import KEY

Say = Callable[..., Result]
ACME = ShopId("acme")
DELIVERED_AT = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
ANNA = OrderDetails(number="#1001", email="anna@kowalska.example", first_name="Anna", country="PL")
TELEPHONE = client_key(KEY, "192.0.2.7", "Safari")
EARLY = Visit(DELIVERED_AT + timedelta(seconds=72), 9, TELEPHONE)


def survey(stack: Stack, *visits: Visit, kind: KindName = "nps", order: str = "1001") -> Survey:
    """Keep a survey about Anna's tent that these visits were made to."""
    made = Survey(
        survey_id(stack.secrets.key_ring().identity, ACME, kind, "order", order),
        ACME,
        kind,
        "order",
        "order",
        order,
        OrderFacts(details=ANNA),
        stage="sent",
        sent_at=DELIVERED_AT,
        delivered_at=DELIVERED_AT,
        visits=visits,
        replies=tuple(
            Reply(visit.at, visit.score, visit.client, "It leaks", ("quality",), may_reply=True)
            for visit in visits
            if visit.method == "POST"
        ),
    )
    stack.surveys.create(made, DELIVERED_AT)
    return made


def sent_form(score: int = 3) -> Visit:
    at = EARLY.at + timedelta(seconds=9)
    return Visit(at, score, TELEPHONE, "POST", evidence="touch", visible=timedelta(seconds=8))


def kept(stack: Stack, id_: SurveyId) -> Survey:
    found = stack.surveys.get(id_)
    assert found is not None
    return found


# --- show ---------------------------------------------------------------------------------------------------------------


def test_the_verdict_is_told_with_its_reason_in_plain_words(acme: Stack, afterorder: Say) -> None:
    survey(acme, EARLY)

    told = afterorder("answer", "show", "acme", "1001").stdout.splitlines()

    assert told[1:3] == [
        "  scanner: does not count",
        "  too-soon: a tap less than five minutes after delivery, when scanners are at work",
    ]
    assert told[-1] == "  without any protection it would count as 9"


def test_every_visit_is_told_with_its_time_since_delivery_its_client_and_its_evidence(
    acme: Stack, afterorder: Say
) -> None:
    survey(acme, EARLY, sent_form())

    told = afterorder("answer", "show", "acme", "1001").stdout

    who = f"address {TELEPHONE[:8]}, browser {TELEPHONE[8:]}"
    assert f"  tapped 9 2026-01-12 10:01:12 CET (1 min 12 s after delivery) by {who}\n" in told
    assert (
        f"  sent 3 2026-01-12 10:01:21 CET (1 min 21 s after delivery) by {who}, known by touch, 8 s in sight\n" in told
    )


def test_who_wants_an_answer_is_told_with_the_address_while_it_is_kept(acme: Stack, afterorder: Say) -> None:
    survey(acme, EARLY, sent_form())

    told = afterorder("answer", "show", "acme", "#1001").stdout

    assert "  answer 3 because of quality, 'It leaks'\n  wants an answer: anna@kowalska.example\n" in told


def test_the_address_of_who_did_not_allow_it_is_not_told(acme: Stack, afterorder: Say) -> None:
    survey(acme, EARLY)

    assert "anna@kowalska.example" not in afterorder("answer", "show", "acme", "1001").stdout


def test_scripts_read_the_same_as_json(acme: Stack, afterorder: Say) -> None:
    survey(acme, EARLY)

    (told,) = json.loads(afterorder("answer", "show", "acme", "1001", "--json").stdout)

    assert (told["verdict"], told["score"], told["score_without_protection"]) == ("scanner", None, 9)
    assert list(told["reasons"]) == ["too-soon"]
    assert told["visits"][0]["after_delivery"] == 72
    assert (told["visits"][0]["address"], told["visits"][0]["agent"]) == (TELEPHONE[:8], TELEPHONE[8:])


def test_an_order_without_a_survey_is_a_refusal(acme: Stack, afterorder: Say) -> None:
    del acme

    shown = afterorder("answer", "show", "acme", "9999")

    assert (shown.exit_code, shown.stdout) == (1, "")
    assert shown.stderr.startswith("acme has no survey about '9999'")


def test_a_survey_that_nobody_opened_is_told_so(acme: Stack, afterorder: Say) -> None:
    survey(acme)

    assert afterorder("answer", "show", "acme", "1001").stdout.splitlines()[1] == "  nobody has opened it"


def test_every_reason_has_plain_words() -> None:
    assert set(REASONS) == {reason for part in get_args(VerdictReason) for reason in get_args(part) or (part,)}


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0, "0 s"),
        (43.9, "43 s"),
        (72, "1 min 12 s"),
        (7500, "2 h 5 min"),
        (273_600, "3 d 4 h"),
        (-30, "-30 s"),
        (3600, "1 h"),
    ],
)
def test_a_span_is_written_in_its_largest_units(seconds: float, written: str) -> None:
    assert elapsed(seconds) == written


# --- include and exclude ------------------------------------------------------------------------------------------------


def test_an_answer_that_is_included_counts(acme: Stack, afterorder: Say) -> None:
    made = survey(acme, EARLY)

    said = afterorder("answer", "include", "acme", "1001", "--why", "Anna told us on the phone")

    assert said.stdout.splitlines()[1] == "  person: counts as 9"
    (ruling,) = kept(acme, made.id).rulings
    assert (ruling.counts, ruling.why) == (True, "Anna told us on the phone")
    assert judged(kept(acme, made.id), "balanced").score == 9


def test_an_answer_that_is_excluded_does_not_count(acme: Stack, afterorder: Say) -> None:
    made = survey(acme, EARLY, sent_form())

    said = afterorder("answer", "exclude", "acme", "1001", "--why", "a colleague tried the link")

    assert said.stdout.splitlines()[1] == "  excluded: does not count"
    assert judged(kept(acme, made.id), "balanced").score is None


def test_why_and_when_stand_in_what_is_shown(acme: Stack, afterorder: Say) -> None:
    survey(acme, EARLY, sent_form())

    afterorder("answer", "exclude", "acme", "1001", "--why", "a colleague tried the link")

    assert afterorder("answer", "show", "acme", "1001").stdout.rstrip().endswith(": a colleague tried the link")
    assert "  excluded 20" in afterorder("survey", "show", "acme", "1001").stdout


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("  ", "--why: is empty; say why, for whoever looks at the answer later\n"),
        ("one\ntwo", "--why: is more than one line, or holds control characters\n"),
        ("x" * 301, "--why: has 301 characters; at most 300 are kept\n"),
    ],
)
def test_a_ruling_without_one_line_of_reason_is_refused(acme: Stack, afterorder: Say, why: str, said: str) -> None:
    made = survey(acme, EARLY)

    refused = afterorder("answer", "include", "acme", "1001", "--why", why)

    assert (refused.exit_code, refused.stderr) == (1, said)
    assert kept(acme, made.id).rulings == ()


def test_a_ruling_needs_a_reason(acme: Stack, afterorder: Say) -> None:
    survey(acme, EARLY)

    assert afterorder("answer", "include", "acme", "1001").exit_code == 2


def test_of_an_order_with_several_surveys_the_kind_must_be_said(acme: Stack, afterorder: Say) -> None:
    survey(acme, EARLY)
    survey(acme, replace(EARLY, score=4), kind="csat")

    refused = afterorder("answer", "exclude", "acme", "1001", "--why", "a colleague")

    assert refused.stderr == "--kind: order '1001' has several surveys: csat, nps; say which\n"


def test_the_kind_that_is_said_is_the_one_that_is_ruled_on(acme: Stack, afterorder: Say) -> None:
    nps = survey(acme, EARLY)
    csat = survey(acme, replace(EARLY, score=4), kind="csat")

    afterorder("answer", "include", "acme", "1001", "--kind", "csat", "--why", "Anna told us")

    assert (len(kept(acme, nps.id).rulings), len(kept(acme, csat.id).rulings)) == (0, 1)


def test_a_kind_that_the_order_has_no_survey_of_is_refused(acme: Stack, afterorder: Say) -> None:
    survey(acme, EARLY)

    refused = afterorder("answer", "include", "acme", "1001", "--kind", "ces", "--why", "Anna told us")

    assert refused.stderr == "acme has no ces survey about '1001'; there is nps.\n"


def test_a_number_that_two_orders_have_is_refused(acme: Stack, afterorder: Say) -> None:
    survey(acme, EARLY, order="5001")
    survey(acme, EARLY, order="5002")

    refused = afterorder("answer", "include", "acme", "1001", "--why", "Anna told us")

    assert refused.stderr == "ORDER: '1001' is the number of several orders; give one's id\n"


def test_nobodys_answer_cannot_be_included(acme: Stack, afterorder: Say) -> None:
    survey(acme)

    refused = afterorder("answer", "include", "acme", "1001", "--why", "we need more answers")

    assert refused.stderr == "Nobody has answered the nps survey about '1001': there is nothing to decide.\n"


def test_an_erased_survey_is_no_survey(acme: Stack, afterorder: Say) -> None:
    made = survey(acme, EARLY)
    acme.surveys.overwrite(made, replace(made, stage="erased"), DELIVERED_AT)

    assert afterorder("answer", "include", "acme", "1001", "--why", "Anna told us").exit_code == 1


def address(survey: Survey) -> str | None:
    assert survey.order.details is not None
    return survey.order.details.email


def test_a_settled_matter_lets_the_address_leave_with_the_surveys_expiry(acme: Stack, afterorder: Say) -> None:
    made = survey(acme, EARLY, sent_form())

    told = afterorder("answer", "settle", "acme", "1001").stdout

    assert "Settled. The address leaves when the survey expires." in told
    assert kept(acme, made.id).settled_at is not None
    assert "wants an answer" not in afterorder("answer", "show", "acme", "1001").stdout


def test_a_matter_that_is_settled_after_the_expiry_lets_the_address_leave_at_once(acme: Stack, afterorder: Say) -> None:
    made = survey(acme, EARLY, sent_form())
    acme.surveys.change(made, lambda known: replace(known, stage="closed"), DELIVERED_AT)

    told = afterorder("answer", "settle", "acme", "1001").stdout

    assert "Settled. The address is gone." in told
    assert address(kept(acme, made.id)) is None


def test_of_an_order_with_two_surveys_the_one_to_settle_must_be_named(acme: Stack, afterorder: Say) -> None:
    survey(acme, EARLY, sent_form())
    survey(acme, EARLY, sent_form(), kind="csat")

    refused = afterorder("answer", "settle", "acme", "1001")

    assert refused.exit_code != 0
    assert "--kind" in refused.output


def test_of_different_numbers_that_were_tapped_the_operator_says_which_counts(acme: Stack, afterorder: Say) -> None:
    burst = [replace(EARLY, score=score, at=EARLY.at + timedelta(milliseconds=score)) for score in (0, 7, 10)]
    made = survey(acme, *burst)

    unsaid = afterorder("answer", "include", "acme", "1001", "--why", "Anna told us")
    said = afterorder("answer", "include", "acme", "1001", "--why", "Anna told us", "--score", "7")

    assert (unsaid.exit_code, unsaid.stderr) == (
        1,
        "--score: must say which counts: 0, 7, 10 were tapped, and none was sent\n",
    )
    assert said.exit_code == 0
    assert judged(kept(acme, made.id), "balanced").score == 7


def test_a_score_that_is_not_on_the_scale_is_refused(acme: Stack, afterorder: Say) -> None:
    survey(acme, EARLY)

    refused = afterorder("answer", "include", "acme", "1001", "--why", "Anna told us", "--score", "11")

    assert (refused.exit_code, refused.stderr) == (1, "score: must be a whole number from 0 to 10\n")
