"""Touchpoints, before they order, until they have it, and with it."""

from cx_domain.journeys import journey, journey_json
from cx_domain.totals import DayTotal, day_total
from tests.builders import ACME
from tests.domain.support_cases import answer


def test_stages_stand_in_their_order_each_with_its_touchpoints() -> None:
    lines = [
        *[answer(5)] * 3,
        *[answer(9, None, "during", kind="nps", touchpoint="order")] * 2,
        *[answer(2, None, "during", touchpoint="pickup")] * 4,
    ]

    found = journey(day_total(lines, [], ACME), 5)

    assert [(each.stage, each.answers) for each in found] == [("during", 6), ("after", 3)]
    assert [each.question.touchpoint for each in found[0].touchpoints] == ["pickup", "order"]


def test_a_mention_without_a_score_is_heard_at_its_stage() -> None:
    mention = answer(None, None, "before")

    (before,) = journey_json(day_total([mention], [], ACME), 5)

    assert before == {"stage": "before", "answers": 0, "mentions": 1, "touchpoints": []}


def test_a_rating_of_which_nobody_told_the_stage_is_not_lost() -> None:
    (unknown,) = journey_json(day_total([answer(5, None, None)], [], ACME), 5)

    assert (unknown["stage"], unknown["answers"]) == (None, 1)
    assert unknown["touchpoints"][0]["score"] == 100


def test_a_question_of_two_stages_gives_no_small_part_of_it_away() -> None:
    few = day_total([*[answer(5, None, "during")] * 9, *[answer(1, None, "after")] * 4], [], ACME)
    enough = day_total([*[answer(5, None, "during")] * 9, *[answer(1, None, "after")] * 5], [], ACME)

    assert scores(few) == [None, None]
    assert scores(enough) == [100, 0]


def test_where_nothing_was_said_there_is_no_journey() -> None:
    assert journey_json(DayTotal(), 5) == []


def scores(total: DayTotal) -> list[float | None]:
    return [each["score"] for stage in journey_json(total, 5) for each in stage["touchpoints"]]
