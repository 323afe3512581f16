"""What is watched, from the answers of a Monday and a Tuesday at Acme Outdoor."""

from dataclasses import replace
from datetime import date
from typing import Any

from cx_domain.excesses import Count, Watched
from cx_domain.incident_counts import counted
from cx_domain.shops import ReportRule
from tests.builders import ACME

MONDAY, TUESDAY = date(2026, 1, 12), date(2026, 1, 13)
BY_DELIVERY = replace(ACME, reports=ReportRule(segments=("delivery", "tag:store")))


def line(order: str, score: int | None, *drivers: str, **more: Any) -> dict[str, Any]:
    """An answer about an order that a courier brought."""
    told = {"id": order, "score": score, "drivers": list(drivers), "segments": {"delivery": ["courier"]}}
    return {"kind": "nps", "touchpoint": "order", "question": None, **told, **more}


def watched(dimension: str, value: str) -> Watched:
    return Watched("nps", "order", dimension, value)


def test_each_driver_is_counted_among_all_answers_and_each_segment_among_its_own() -> None:
    collected = {"delivery": ["pick-up"], "country": ["PL"]}
    monday = [line("1001", 2, "delivery", "price"), line("1002", 9, "delivery"), line("1003", 6, segments=collected)]

    counts, _ = counted([(MONDAY, monday)], BY_DELIVERY)

    assert counts == {
        watched("all", "all"): {MONDAY: Count(3, 2)},
        watched("driver", "delivery"): {MONDAY: Count(3, 1)},
        watched("driver", "price"): {MONDAY: Count(3, 1)},
        watched("delivery", "courier"): {MONDAY: Count(2, 1)},
        watched("delivery", "pick-up"): {MONDAY: Count(1, 1)},
    }


def test_a_day_on_which_nobody_named_a_driver_still_counts_for_it() -> None:
    counts, _ = counted([(MONDAY, [line("1001", 2, "delivery")]), (TUESDAY, [line("1002", 9)])], BY_DELIVERY)

    assert counts[watched("driver", "delivery")] == {MONDAY: Count(1, 1), TUESDAY: Count(1, 0)}


def test_the_detractors_surveys_are_known_with_their_days() -> None:
    _, detractors = counted([(MONDAY, [line("1001", 2, "delivery")]), (TUESDAY, [line("1002", 9)])], BY_DELIVERY)

    assert detractors[watched("driver", "delivery")] == {"1001": MONDAY}
    assert detractors[watched("delivery", "courier")] == {"1001": MONDAY}


def test_a_machines_taps_and_mentions_without_a_score_are_not_watched() -> None:
    assert counted([(MONDAY, [line("1001", None, "delivery")])], BY_DELIVERY) == ({}, {})


def test_answers_to_older_words_are_not_pooled_with_those_to_newer_ones() -> None:
    reworded = line("1002", 3, question="2026-01-13")

    counts, _ = counted([(MONDAY, [line("1001", 2)]), (TUESDAY, [reworded])], BY_DELIVERY)

    assert counts[watched("all", "all")] == {TUESDAY: Count(1, 1)}


def test_a_late_answer_to_older_words_is_left_out_too() -> None:
    reworded = line("1001", 3, question="2026-01-12")

    counts, detractors = counted([(MONDAY, [reworded]), (TUESDAY, [line("1002", 2)])], BY_DELIVERY)

    assert counts[watched("all", "all")] == {MONDAY: Count(1, 1)}
    assert detractors[watched("all", "all")] == {"1001": MONDAY}


def test_two_questions_are_watched_apart() -> None:
    counts, _ = counted([(MONDAY, [line("1001", 2), line("t-1", 1, kind="csat", touchpoint="ticket")])], BY_DELIVERY)

    assert counts[Watched("csat", "ticket", "all", "all")] == {MONDAY: Count(1, 1)}
    assert counts[watched("all", "all")] == {MONDAY: Count(1, 1)}
