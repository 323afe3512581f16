"""Who sees to customers, and how it goes."""

from dataclasses import replace

from cx_domain.segments import segments
from cx_domain.shops import Shop
from cx_domain.staff import Agent, agents, staff_json
from cx_domain.totals import DayTotal, day_total
from tests.builders import ACME
from tests.domain.support_cases import answer, case


def week(shop: Shop = ACME) -> DayTotal:
    """Ewa's six cases, Jan's five and Zoe's two, with answers about most of them."""
    cases = [*[case(agent="Ewa", minutes=60)] * 6, *[case(agent="Jan", minutes=240)] * 5, *[case(agent="Zoe")] * 2]
    answers = [*[answer(5, "Ewa")] * 6, *[answer(2, "Jan")] * 5, *[answer(1, "Zoe")] * 5]
    return day_total(answers, [], shop, cases)


def told(total: DayTotal, shop: Shop = ACME) -> tuple[Agent, ...]:
    return agents(total, segments(shop, total), shop.reports.hide_below)


def test_each_agents_cases_stand_with_the_scores_of_their_surveys() -> None:
    ewa = staff_json(week(), segments(ACME, week()), 5)[0]

    assert (ewa["agent"], ewa["n"], ewa["median_hours"], ewa["median_first_reply_hours"]) == ("Ewa", 6, 1, 0.5)
    assert [(score["kind"], score["touchpoint"], score["n"], score["score"]) for score in ewa["scores"]] == [
        ("csat", "support", 6, 100)
    ]


def test_whoever_had_few_cases_is_not_told_apart_and_cannot_be_worked_out() -> None:
    found = told(week())

    assert [(each.agent, each.cases.opened) for each in found] == [("Ewa", 6), ("other", 7)]


def test_others_have_no_scores_of_which_one_could_be_taken_away() -> None:
    other = told(week())[-1]

    assert (other.agent, other.scores) == ("other", ())


def test_an_agent_with_few_answers_has_cases_and_no_score() -> None:
    total = day_total([answer(1, "Ewa")] * 4, [], ACME, [case(agent="Ewa")] * 6)

    assert [(each.agent, each.scores) for each in told(total)] == [("Ewa", ())]


def test_a_shop_that_does_not_measure_its_people_has_no_figures_of_them_anywhere() -> None:
    quiet = replace(ACME, support=replace(ACME.support, staff=False))

    total = week(quiet)

    assert told(total, quiet) == ()
    assert {segment.dimension for segment in segments(quiet, total)} == {"topic"}


def test_a_shop_without_tickets_has_no_staff() -> None:
    assert told(DayTotal()) == ()
