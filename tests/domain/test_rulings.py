"""An operator's word on an answer outweighs the rules. Anna's mail about order 1001 was sent on Monday at ten."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cx_domain.errors import BadField
from cx_domain.rulings import MOST_RULINGS, read_why
from cx_domain.rulings import ruled as rule
from cx_domain.shops import Protection
from cx_domain.surveys import Ruling, Survey
from cx_domain.verdicts import Judgement, judged
from cx_domain.visits import ClientKey, Reply, Visit
from tests.builders import SENT_AT, answered, sent, tap

HOUR = timedelta(hours=1)
MACHINE = ClientKey("machine")
LOOKED_AT = SENT_AT + 30 * HOUR


def ruled(survey: Survey, *counts: bool) -> Survey:
    rulings = (Ruling(each, "Anna wrote to us", LOOKED_AT + place * HOUR) for place, each in enumerate(counts))
    return replace(survey, rulings=tuple(rulings))


def early_tap(score: int = 9) -> Survey:
    """A tap a minute after the mail: the rules leave it out."""
    return replace(sent(), visits=(tap(score, SENT_AT + timedelta(minutes=1)),))


@pytest.mark.parametrize("protection", ["strict", "balanced", "off"])
def test_what_an_operator_excludes_does_not_count_however_lax_the_shop(protection: Protection) -> None:
    survey = answered(sent(), 9, SENT_AT + HOUR)

    verdict = judged(ruled(survey, False), protection)

    assert (verdict.verdict, verdict.score, verdict.reply) == ("excluded", None, None)
    assert verdict.reasons == ("excluded-by-operator",)


def test_the_report_still_knows_what_an_excluded_answer_would_have_been() -> None:
    verdict = judged(ruled(answered(sent(), 9, SENT_AT + HOUR), False), "balanced")

    assert (verdict.score_if_all_counted, verdict.given_at) == (9, SENT_AT + HOUR)


@pytest.mark.parametrize("protection", ["strict", "balanced"])
def test_what_an_operator_includes_counts_though_the_rules_leave_it_out(protection: Protection) -> None:
    verdict = judged(ruled(early_tap(), True), protection)

    assert (verdict.verdict, verdict.score, verdict.reasons) == ("person", 9, ("included-by-operator",))


def test_an_included_survey_counts_the_last_form_before_the_last_tap() -> None:
    script = Visit(SENT_AT + timedelta(seconds=23), 3, MACHINE, "POST", evidence="script")
    survey = replace(
        sent(), visits=(script, tap(9, SENT_AT + timedelta(minutes=1))), replies=(Reply(script.at, 3, MACHINE, "Slow"),)
    )

    verdict = judged(ruled(survey, True), "balanced")

    assert (verdict.score, verdict.reply) == (3, survey.replies[0])


def test_what_counts_anyway_counts_by_the_rules() -> None:
    survey = answered(sent(), 9, SENT_AT + HOUR)

    assert judged(ruled(survey, True), "balanced") == judged(survey, "balanced")


def test_the_newest_ruling_holds() -> None:
    survey = early_tap()

    assert judged(ruled(survey, True, False), "balanced").verdict == "excluded"
    assert judged(ruled(survey, False, True), "balanced").verdict == "person"


def test_a_machine_that_comes_after_the_ruling_does_not_change_what_was_included() -> None:
    survey = early_tap()
    crawl = (tap(0, LOOKED_AT + HOUR, MACHINE), Visit(LOOKED_AT + HOUR, 0, MACHINE, "POST", evidence="script"))
    later = replace(survey, visits=(*survey.visits, *crawl), replies=(Reply(LOOKED_AT + HOUR, 0, MACHINE),))

    assert judged(ruled(later, True), "balanced").score == 9


def test_a_person_who_confirms_after_the_ruling_is_believed() -> None:
    survey = early_tap(3)
    form = Visit(LOOKED_AT + HOUR, 8, survey.visits[0].client, "POST", evidence="touch")

    verdict = judged(ruled(replace(survey, visits=(*survey.visits, form)), True), "balanced")

    assert (verdict.score, verdict.reasons) == (8, ("confirmed",))


@pytest.mark.parametrize("counts", [True, False])
def test_nobodys_answer_cannot_be_ruled_on(counts: bool) -> None:
    assert judged(ruled(sent(), counts), "balanced") == Judgement()


@pytest.mark.parametrize("counts", [True, False])
def test_nothing_of_an_erased_person_is_ruled_on(counts: bool) -> None:
    survey = replace(early_tap(), stage="erased")

    assert judged(ruled(survey, counts), "balanced") == judged(survey, "balanced")


def test_a_ruling_is_added_to_those_before_it() -> None:
    once = rule(early_tap(), counts=False, why="a colleague", now=LOOKED_AT)

    twice = rule(once, counts=True, why="no, Anna herself", now=LOOKED_AT + HOUR)

    assert [(each.counts, each.why) for each in twice.rulings] == [(False, "a colleague"), (True, "no, Anna herself")]


def test_of_very_many_rulings_the_oldest_are_dropped() -> None:
    survey = early_tap()

    for place in range(MOST_RULINGS + 1):
        survey = rule(survey, counts=True, why=f"no. {place}", now=LOOKED_AT)

    assert (len(survey.rulings), survey.rulings[0].why) == (MOST_RULINGS, "no. 1")


def test_an_erased_survey_keeps_no_ruling() -> None:
    survey = replace(early_tap(), stage="erased")

    assert rule(survey, counts=True, why="Anna Kowalska said so", now=LOOKED_AT) == survey


@pytest.mark.parametrize("text", ["", " \t ", "one\ntwo", "one\u2028two", "bell\x07", "x" * 301])
def test_why_is_one_line_that_says_something(text: str) -> None:
    with pytest.raises(BadField):
        read_why(text)


def test_why_is_kept_without_the_blanks_around_it() -> None:
    assert read_why("  Anna wrote to us ") == "Anna wrote to us"
