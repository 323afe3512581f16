"""The digest mail's few figures, rounded once, with the worst news first."""

from datetime import date
from decimal import Decimal
from typing import Any

from cx_domain.digests import DigestGap, DigestIncident, DigestRolling, digest

HEADLINE: dict[str, Any] = {
    "kind": "nps",
    "touchpoint": "order",
    "n": 51,
    "score": 50.98,
    "interval": [29.29, 67.0],
    "change": {"from": "2026-W01", "difference": -4.1, "p_value": 0.41},
    "target": 55,
}
REPORT: dict[str, Any] = {
    "period": {"name": "2026-W02", "start": "2026-01-05", "end": "2026-01-11"},
    "headlines": [HEADLINE],
    "asked": {"sent": 300, "bounced": 3, "answered": 51, "response_rate": 51 / 297},
    "drivers": [{"driver": "delivery", "detractors": 9}, {"driver": "price", "detractors": 2}],
    "call_back": [{"may_reply": True}, {"may_reply": False}, {"may_reply": True}],
    "comments": [],
}


def comment(text: str, score: int, bucket: str) -> dict[str, Any]:
    return {"kind": "nps", "score": score, "bucket": bucket, "comment": text, "order": "1001"}


def test_figures_are_rounded_as_people_read_them() -> None:
    found = digest(REPORT)

    assert (found.scores[0].score, found.scores[0].interval) == (Decimal(51), (Decimal(29), Decimal(67)))
    assert (found.rate, found.arrived, found.answered) == (Decimal(17), 297, 51)
    assert (found.start, found.end, found.to_call_back) == (date(2026, 1, 5), date(2026, 1, 11), 2)


def test_thirteen_weeks_are_rounded_as_people_read_them() -> None:
    rolling = {"from": "2025-10-13", "to": "2026-01-11", "n": 580, "score": 47.586, "interval": [42.1, 52.9]}

    score = digest({**REPORT, "headlines": [{**HEADLINE, "rolling": rolling}]}).scores[0]

    assert score.rolling == DigestRolling(580, Decimal(48), (Decimal(42), Decimal(53)))


def test_thirteen_weeks_without_answers_are_no_figure() -> None:
    rolling = {"from": "2025-10-13", "to": "2026-01-11", "n": 0, "score": None, "interval": None}

    assert digest({**REPORT, "headlines": [{**HEADLINE, "rolling": rolling}]}).scores[0].rolling is None
    assert digest(REPORT).scores[0].rolling is None


def test_a_mean_keeps_one_decimal() -> None:
    effort = {**HEADLINE, "kind": "ces", "score": 5.0, "interval": [4.44, 5.56], "target": None, "change": None}

    score = digest({**REPORT, "headlines": [effort]}).scores[0]

    assert (str(score.score), score.interval, score.target) == ("5.0", (Decimal("4.4"), Decimal("5.6")), None)


def test_new_words_and_old_ones_have_a_score_each_the_newest_first() -> None:
    new = {**HEADLINE, "series": "2026-01-07", "change": None, "reworded": True}
    old = {**HEADLINE, "series": None, "reworded": False, "target": None}

    scores = digest({**REPORT, "headlines": [new, old]}).scores

    assert [(score.series, score.newer, score.several_series, score.reworded) for score in scores] == [
        ("2026-01-07", None, True, True),
        (None, "2026-01-07", True, False),
    ]


def test_a_small_fall_is_told_as_one_that_can_be_chance() -> None:
    change = digest(REPORT).scores[0].change

    assert change is not None
    assert (change.direction, change.difference, change.may_be_chance) == ("down", Decimal(4), True)


def test_a_change_that_rounds_to_nothing_is_no_change() -> None:
    flat = {**HEADLINE, "change": {"from": "2026-W01", "difference": -0.4, "p_value": 0.9}}

    change = digest({**REPORT, "headlines": [flat]}).scores[0].change

    assert change is not None
    assert (change.direction, change.difference) == ("same", Decimal(0))


def test_a_week_without_answers_has_no_score_and_no_rate() -> None:
    silent = {**HEADLINE, "n": 0, "score": None, "interval": None, "change": None}
    asked = {"sent": 0, "bounced": 0, "answered": 0, "response_rate": None}

    found = digest({**REPORT, "headlines": [silent], "asked": asked, "drivers": []})

    assert (found.scores[0].score, found.rate, found.worst_driver) == (None, None, None)


def test_the_worst_driver_is_what_detractors_named_most() -> None:
    found = digest(REPORT)

    assert (found.worst_driver, found.worst_driver_named_by) == ("delivery", 9)


def test_what_goes_wrong_is_told_until_it_is_closed() -> None:
    late = {"dimension": "driver", "value": "delivery", "status": "open"}
    mended = {"dimension": "tag:store", "value": "wroclaw", "status": "closed"}

    assert digest({**REPORT, "incidents": [late, mended]}).incidents == (DigestIncident("driver", "delivery"),)


def test_a_months_digest_puts_the_guess_beside_the_answer() -> None:
    month = {"name": "2026-01", "start": "2026-01-01", "end": "2026-01-31"}
    gap = {"nps": {"managers": 60, "customers": 50.98}, "excellent": {"managers": 80, "customers": 41.2}}

    found = digest({**REPORT, "period": month, "perception_gap": gap})

    assert found.gap == DigestGap("nps", Decimal(60), Decimal(51))


def test_who_guessed_only_how_many_are_delighted_reads_that() -> None:
    month = {"name": "2026-01", "start": "2026-01-01", "end": "2026-01-31"}
    gap = {"nps": {"managers": 60, "customers": None}, "excellent": {"managers": 80, "customers": 41.2}}

    found = digest({**REPORT, "period": month, "perception_gap": gap})

    assert found.gap == DigestGap("excellent", Decimal(80), Decimal(41))


def test_a_weeks_digest_has_no_word_of_the_guess() -> None:
    gap = {"nps": {"managers": 60, "customers": 50.98}}

    assert digest({**REPORT, "perception_gap": gap}).gap is None


def test_three_comments_are_shown_and_the_unhappy_first() -> None:
    newest_first = [
        comment("Great tent", 10, "promoter"),
        comment("Came late", 2, "detractor"),
        comment("Fine", 8, "passive"),
        comment("Wrong size", 4, "detractor"),
    ]

    found = digest({**REPORT, "comments": newest_first})

    assert [each.comment for each in found.comments] == ["Came late", "Wrong size", "Great tent"]
