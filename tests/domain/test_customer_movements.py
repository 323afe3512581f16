"""Who is new, came back, fell asleep or is lost in a period of thirty days; and who thinks better or worse of the shop."""

from typing import Any

import pytest

from cx_domain.customer_movements import CustomerBase, customer_base_json, movement, turns
from cx_domain.histories import History
from tests.customers import CLOSE, CSAT, NPS, RHYTHM, ago, bought, history, said

START = ago(30)


def base(*histories: History, dimensions: tuple[str, ...] = ()) -> CustomerBase:
    found = CustomerBase(START, CLOSE, RHYTHM, dimensions)
    for one in histories:
        found.add(one)
    return found


def told(*histories: History, dimensions: tuple[str, ...] = (), hide_below: int = 1) -> dict[str, Any]:
    return customer_base_json(base(*histories, dimensions=dimensions), hide_below)


@pytest.mark.parametrize(
    ("ordered", "stood", "stands"),
    [
        ((10,), "not-yet", "new"),
        ((20, 5), "not-yet", "new"),
        ((40,), "active", "active"),
        ((60, 5), "active", "active"),
        ((110,), "active", "sleeping"),
        ((130,), "sleeping", "sleeping"),
        ((200,), "sleeping", "lost"),
        ((300,), "lost", "lost"),
        ((150, 5), "sleeping", "reactivated"),
        ((400, 5), "lost", "reactivated"),
        ((110, 5), "active", "reactivated"),
        ((400, 300, 60), "active", "active"),
    ],
)
def test_a_customer_moves_from_where_they_stood_to_where_they_stand(
    ordered: tuple[float, ...], stood: str, stands: str
) -> None:
    orders = history([bought(days) for days in ordered]).orders

    assert movement(orders, START, CLOSE, RHYTHM) == (stood, stands)


def test_who_came_and_fell_asleep_within_a_long_period_sleeps() -> None:
    orders = history([bought(100)]).orders

    assert movement(orders, ago(120), CLOSE, RHYTHM) == ("not-yet", "sleeping")


def test_the_end_of_one_period_is_the_start_of_the_next() -> None:
    pasts = [history([bought(days), bought(days + gap)]) for days in range(35, 400, 13) for gap in (10, 95, 300)]

    for past in pasts:
        earlier = tuple(order for order in past.orders if order.placed_at < START)
        _, stands = movement(earlier, ago(60), START, RHYTHM)
        stood, _ = movement(past.orders, START, CLOSE, RHYTHM)
        assert ("active" if stands in {"new", "reactivated"} else stands) == stood


def test_the_whole_is_told_at_its_start_at_its_end_and_by_what_moved() -> None:
    found = told(history([bought(10)]), history([bought(200)]), history([bought(400), bought(5)]))

    assert found["whole"] == {
        "customers": 3,
        "start": {"lost": 1, "not-yet": 1, "sleeping": 1},
        "end": {"lost": 1, "new": 1, "reactivated": 1},
        "moves": [
            {"from": "lost", "to": "reactivated", "customers": 1},
            {"from": "not-yet", "to": "new", "customers": 1},
            {"from": "sleeping", "to": "lost", "customers": 1},
        ],
    }


def test_a_customer_belongs_to_the_segment_of_their_newest_order() -> None:
    moved_to_germany = history([bought(40, country="PL"), bought(10, country="DE")])

    (segment,) = told(moved_to_germany, dimensions=("country",))["segments"]

    assert (segment["dimension"], segment["value"], segment["customers"]) == ("country", "DE", 1)


def test_a_small_segment_is_told_with_others_so_that_it_cannot_be_subtracted() -> None:
    polish = [history([bought(10, country="PL")], customer=f"pl-{n}") for n in range(7)]
    german = [history([bought(10, country="DE")], customer=f"de-{n}") for n in range(6)]
    czech = [history([bought(400, country="CZ")])]

    segments = told(*polish, *german, *czech, dimensions=("country",), hide_below=5)["segments"]

    assert [(segment["value"], segment["customers"]) for segment in segments] == [("PL", 7), ("other", 7)]


def test_a_customer_base_of_few_is_not_told() -> None:
    found = told(*[history([bought(10)])] * 4, hide_below=5)

    assert (found["whole"], found["segments"]) == (None, [])


def test_the_rhythm_is_told_with_where_it_is_from() -> None:
    assert told()["rhythm"] == {
        "sleeping_after_days": 90,
        "sleeping_from": "shop-file",
        "lost_after_days": 180,
        "lost_from": "shop-file",
        "gaps": 0,
    }


# --- what they think ---------------------------------------------------------------------------------------------------


def test_an_opinion_turns_from_the_last_before_the_period_to_the_last_in_it() -> None:
    anna = history([], [said(9, 300), said(3, 100), said(7, 20), said(10, 5)])

    assert turns(anna, START) == {NPS: ("detractor", "promoter")}


def test_who_did_not_answer_in_the_period_did_not_turn() -> None:
    assert turns(history([], [said(9, 100)]), START) == {}


def test_a_first_answer_turns_from_nothing() -> None:
    assert turns(history([], [said(9, 10)]), START) == {NPS: (None, "promoter")}


def test_answers_to_other_words_are_not_compared() -> None:
    anna = history([], [said(3, 200), said(8, 100, series="2025-11-01"), said(9, 10, series="2025-11-01")])
    jan = history([], [said(3, 200), said(9, 10, series="2025-11-01")])

    assert turns(anna, START) == {NPS: ("passive", "promoter")}
    assert turns(jan, START) == {NPS: (None, "promoter")}


def test_answers_to_other_questions_are_not_compared() -> None:
    anna = history([], [said(1, 100, CSAT), said(9, 10)])

    assert turns(anna, START) == {NPS: (None, "promoter")}


def test_opinions_are_told_by_which_way_they_turned() -> None:
    better = history([bought(10, country="PL")], [said(3, 100), said(7, 10)])
    worse = history([bought(10, country="PL")], [said(9, 100), said(2, 10)], "jan")
    same = history([bought(10, country="DE")], [said(9, 100), said(10, 10)], "ewa")
    first = history([bought(10, country="DE")], [said(9, 10)], "ola")

    (opinions,) = told(better, worse, same, first, dimensions=("country",))["opinions"]

    assert opinions["whole"] == {
        "customers": 3,
        "better": 1,
        "same": 1,
        "worse": 1,
        "p_value": 1.0,
        "moves": [
            {"from": "detractor", "to": "passive", "customers": 1},
            {"from": "promoter", "to": "detractor", "customers": 1},
            {"from": "promoter", "to": "promoter", "customers": 1},
        ],
    }
    assert opinions["first_answers"] == 1
    assert [(segment["value"], segment["better"], segment["worse"]) for segment in opinions["segments"]] == [
        ("PL", 1, 1),
        ("DE", 0, 0),
    ]


def test_whether_more_turned_one_way_than_chance_explains_is_told_and_corrected_for_the_segments() -> None:
    polish = [history([bought(10, country="PL")], [said(9, 100), said(2, 10)], f"pl-{n}") for n in range(8)]
    german = [history([bought(10, country="DE")], [said(9, 100), said(2, 10)], f"de-{n}") for n in range(6)]

    (opinions,) = told(*polish, *german, dimensions=("country",))["opinions"]

    assert opinions["whole"]["p_value"] == pytest.approx(2 / 2**14)
    assert [segment["p_value"] for segment in opinions["segments"]] == [
        pytest.approx(2 * 2 / 2**8),
        pytest.approx(2 / 2**6),
    ]


def test_the_opinions_of_few_are_not_told() -> None:
    anna = history([], [said(3, 100), said(7, 10)])

    (opinions,) = told(anna, hide_below=5)["opinions"]

    assert (opinions["whole"], opinions["segments"]) == (None, [])
