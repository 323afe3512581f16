"""A survey's life: every pair of stage and happening is in the table, and every one that means nothing says why."""

from itertools import product
from typing import get_args

import pytest

from cx_domain.lifecycle import TABLE, Happening, Ignored, is_allowed, next_stage
from cx_domain.surveys import Stage

STAGES: tuple[Stage, ...] = get_args(Stage)
HAPPENINGS: tuple[Happening, ...] = get_args(Happening)
PAIRS = tuple(product(STAGES, HAPPENINGS))


@pytest.mark.parametrize(("stage", "happening"), PAIRS)
def test_every_pair_is_a_stage_that_exists_or_is_ignored_with_a_sentence(stage: Stage, happening: Happening) -> None:
    outcome = TABLE[stage, happening]

    if isinstance(outcome, Ignored):
        assert len(outcome.why.split()) >= 4
    else:
        assert outcome in STAGES


def test_the_table_holds_nothing_but_the_product() -> None:
    assert set(TABLE) == set(PAIRS)


@pytest.mark.parametrize(("stage", "happening"), PAIRS)
def test_what_is_ignored_changes_no_stage(stage: Stage, happening: Happening) -> None:
    if not is_allowed(stage, happening):
        assert next_stage(stage, happening) == stage


def test_every_stage_can_be_reached_from_the_first_webhook() -> None:
    reached: set[Stage] = {"waiting"}

    for _ in STAGES:
        reached |= {next_stage(stage, happening) for stage in reached for happening in HAPPENINGS}

    assert reached == set(STAGES)


def test_the_usual_life_is_planned_sending_sent_closed() -> None:
    life = ["waiting"]
    happenings: tuple[Happening, ...] = ("is-planned", "is-claimed", "is-accepted", "closes")

    stage: Stage = "waiting"
    for happening in happenings:
        stage = next_stage(stage, happening)
        life.append(stage)

    assert life == ["waiting", "planned", "sending", "sent", "closed"]


def test_only_one_of_two_senders_gets_a_survey() -> None:
    first = next_stage("planned", "is-claimed")

    assert not is_allowed(first, "is-claimed")


def test_a_mail_whose_outcome_is_unknown_is_never_claimed_again() -> None:
    lost = next_stage("sending", "outcome-is-lost")

    assert lost == "sending"
    assert not is_allowed(lost, "is-claimed")


def test_a_mail_that_certainly_did_not_leave_is_planned_again() -> None:
    assert next_stage("sending", "is-put-off") == "planned"


def test_a_reminder_that_certainly_did_not_leave_leaves_a_sent_survey() -> None:
    assert next_stage("reminding", "is-put-off") == "sent"


def test_an_order_that_is_whole_again_is_planned_again() -> None:
    assert next_stage("refused", "is-planned") == "planned"


@pytest.mark.parametrize("happening", ["waits", "is-planned"])
def test_news_of_the_order_never_takes_back_a_mail_that_went_out(happening: Happening) -> None:
    later: tuple[Stage, ...] = ("sending", "sent", "reminding", "reminded", "closed")

    assert [next_stage(stage, happening) for stage in later] == list(later)


def test_there_is_at_most_one_reminder() -> None:
    assert not is_allowed("reminded", "is-claimed")


@pytest.mark.parametrize("happening", ["is-accepted", "bounces", "complains", "unsubscribes"])
def test_an_event_about_a_mail_proves_that_it_went_out(happening: Happening) -> None:
    assert next_stage("sending", happening) == "sent"


def test_whatever_happens_an_erased_survey_stays_erased() -> None:
    assert {next_stage("erased", happening) for happening in HAPPENINGS} == {"erased"}


def test_every_survey_can_be_erased() -> None:
    assert {next_stage(stage, "is-erased") for stage in STAGES} == {"erased"}
