"""A period's report: every question has a headline, every figure its n, and nothing is claimed without answers."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import pytest

from cx_domain.backgrounds import Background
from cx_domain.calendars import latest, parse_period
from cx_domain.excesses import Count, Watched
from cx_domain.findings import ShownIncident
from cx_domain.guesses import Guess
from cx_domain.histograms import Histogram
from cx_domain.incident_effects import Effect
from cx_domain.incident_files import incident_json
from cx_domain.incidents import Incident
from cx_domain.kinds import kind
from cx_domain.report_files import revision
from cx_domain.reports import build, newest, report_json
from cx_domain.sample_sizes import answers_needed
from cx_domain.shops import Legal, ReportRule, Shop, ShopId, SurveyRule
from cx_domain.statistics import change
from cx_domain.support_totals import ALL_CASES, Cases, SupportTotal
from cx_domain.totals import DayTotal, day_total

ROOT = Path(__file__).resolve().parents[2]
NPS = SurveyRule("nps", "order", "fulfilled", timedelta(days=7), timedelta(days=30))
CES = SurveyRule("ces", "support", "ticket-solved", timedelta(hours=1), timedelta(days=7))
ACME = Shop(
    id=ShopId("acme"),
    name="Acme Outdoor",
    zone=ZoneInfo("Europe/Warsaw"),
    languages=("pl", "en"),
    sender="Acme Outdoor <hello@acme.example>",
    consent_required=(),
    surveys=(NPS,),
    legal=Legal("Acme sp. z o.o.", "Teczowa 7, Wroclaw"),
    targets={"nps": 55},
    self_assessment={"nps": 60},
    reports=ReportRule(segments=("country",), hide_below=5),
)
REWORDED = replace(ACME, surveys=(replace(NPS, series="2026-01-07"),))
WEEK = parse_period("2026-W02")
NOW = datetime(2026, 1, 12, 1, 0, tzinfo=UTC)


def answer(score: int | None, country: str = "PL", **facts: Any) -> dict[str, Any]:
    """An answer line, other facts as told."""
    return {
        "id": "s1001",
        "kind": "nps",
        "touchpoint": "order",
        "order": "1001",
        "total": "99.80",
        "currency": "PLN",
        "score": score,
        "score_if_all_counted": score,
        "verdict": "person",
        "given_at": "2026-01-06T10:00:00Z",
        "comment": "",
        "drivers": [],
        "may_reply": False,
        "segments": {"country": [country]},
        "source": "survey",
        **facts,
    }


def answers(promoters: int, passives: int, detractors: int, country: str = "PL") -> list[dict[str, Any]]:
    scores = [10] * promoters + [8] * passives + [3] * detractors
    return [answer(score, country) for score in scores]


def reworded(promoters: int, passives: int, detractors: int) -> list[dict[str, Any]]:
    """Answers to the words in which the question is asked since Wednesday."""
    return [{**line, "question": "2026-01-07"} for line in answers(promoters, passives, detractors)]


def report(
    lines: Sequence[dict[str, Any]], before: Sequence[dict[str, Any]] = (), shop: Shop = ACME, **total: Any
) -> dict[str, Any]:
    """The JSON of a week with these answer lines, after a week with those."""
    counted = replace(day_total(lines, [], shop), **total)
    background = Background(before=day_total(before, [], shop))
    return report_json(build(shop, WEEK, counted, background, lines, now=NOW))


def test_the_headline_is_the_published_example() -> None:
    headline = report(answers(32, 13, 6))["headlines"][0]

    assert headline["score"] == pytest.approx(50.98, abs=0.005)
    assert headline["interval"] == pytest.approx([29.29, 67.00], abs=0.01)
    assert (headline["n"], headline["distribution"]) == (51, {"3": 6, "8": 13, "10": 32})


def test_a_week_without_answers_claims_nothing() -> None:
    headline = report([])["headlines"][0]

    assert headline == {
        "kind": "nps",
        "touchpoint": "order",
        "series": None,
        "imported": None,
        "n": 0,
        "score": None,
        "interval": None,
        "distribution": {},
        "rolling": None,
        "change": None,
        "year_ago": None,
        "reworded": False,
        "target": 55,
        "top": None,
        "answers_for_5": None,
    }


def test_every_question_that_the_shop_asks_has_a_headline() -> None:
    shop = replace(ACME, surveys=(NPS, CES))

    headlines = report(answers(1, 0, 0), shop=shop)["headlines"]

    assert [(headline["kind"], headline["touchpoint"], headline["n"]) for headline in headlines] == [
        ("nps", "order", 1),
        ("ces", "support", 0),
    ]


def test_what_was_rated_elsewhere_has_a_headline_of_its_own() -> None:
    stars = answer(5, kind="csat", touchpoint="store", source="store")

    headlines = report([stars])["headlines"]

    assert [(headline["kind"], headline["n"]) for headline in headlines] == [("nps", 0), ("csat", 1)]


def test_effort_is_a_mean_with_its_upper_answers_beside_it() -> None:
    shop = replace(ACME, surveys=(CES,))
    lines = [answer(score, kind="ces", touchpoint="support") for score in (7, 6, 5, 2)]

    headline = report(lines, shop=shop)["headlines"][0]

    assert (headline["score"], headline["top"]) == (5.0, 75.0)


def test_a_change_is_the_difference_of_the_plain_scores_with_the_adjusted_p_value() -> None:
    change = report(answers(60, 25, 15), before=answers(50, 30, 20))["headlines"][0]["change"]

    assert change["from"] == "2026-W01"
    assert change["difference"] == pytest.approx(15)
    assert change["p_value"] == pytest.approx(0.170193, abs=1e-6)


def test_there_is_no_change_from_a_week_without_answers() -> None:
    headline = report(answers(3, 0, 0), before=[])["headlines"][0]

    assert headline["change"] is None


def test_answers_to_new_words_and_to_old_ones_are_never_one_figure() -> None:
    headlines = report([*reworded(1, 0, 3), *answers(4, 0, 0)], shop=REWORDED)["headlines"]

    assert [(headline["series"], headline["n"], headline["score"]) for headline in headlines] == [
        ("2026-01-07", 4, -50),
        (None, 4, 100),
    ]


def test_new_words_are_not_compared_with_old_ones() -> None:
    new, old = report([*reworded(1, 0, 3), *answers(4, 0, 0)], before=answers(2, 0, 2), shop=REWORDED)["headlines"]

    assert (new["change"], new["reworded"]) == (None, True)
    assert (old["change"]["difference"], old["reworded"]) == (100, False)


def test_words_as_old_as_the_week_before_are_compared_with_it() -> None:
    (headline,) = report(reworded(3, 0, 1), before=[*reworded(2, 0, 2), *answers(9, 0, 0)], shop=REWORDED)["headlines"]

    assert (headline["change"]["difference"], headline["reworded"]) == (50, False)


def test_target_guess_and_segments_stand_beside_the_newest_words() -> None:
    found = report([*reworded(5, 0, 0), *answers(0, 0, 5)], shop=REWORDED)

    assert [headline["target"] for headline in found["headlines"]] == [55, None]
    assert found["perception_gap"]["nps"]["customers"] == 100
    assert [(segment["series"], segment["n"], segment["score"]) for segment in found["segments"]] == [
        ("2026-01-07", 5, 100)
    ]


def test_the_score_if_all_counted_is_that_of_the_newest_words() -> None:
    scanned = answer(None, verdict="scanner", score_if_all_counted=0, question="2026-01-07")

    verdicts = report([*reworded(1, 0, 0), scanned, *answers(0, 0, 8)], shop=REWORDED)["verdicts"]

    assert verdicts["scores_if_all_counted"] == {"nps": 0.0}


def test_a_question_that_nobody_answered_stands_there_in_the_words_of_the_period() -> None:
    later = replace(ACME, surveys=(replace(NPS, series="2026-01-12"),))

    assert [headline["series"] for headline in report([], shop=REWORDED)["headlines"]] == ["2026-01-07"]
    assert [headline["series"] for headline in report([], shop=later)["headlines"]] == [None]


@pytest.mark.parametrize(
    ("judged_by", "told"),
    [
        ([], "strict"),
        ([None], "strict"),
        (["balanced", None], "balanced"),
        (["balanced", "strict"], "mixed"),
    ],
)
def test_the_report_says_by_which_protection_its_answers_were_judged(judged_by: list[str | None], told: str) -> None:
    lines = [answer(9, protection=protection) for protection in judged_by]

    assert report(lines, shop=replace(ACME, protection="strict"))["verdicts"]["protection"] == told


def test_the_response_rate_leaves_out_what_bounced() -> None:
    asked = report([], asked={"sent": 300, "delivered": 297, "bounced": 3, "answered": 51})["asked"]

    assert asked["response_rate"] == pytest.approx(51 / 297)
    assert (asked["complained"], asked["not_sent"]) == (0, {})


@pytest.mark.parametrize("counts", [{}, {"sent": 2, "bounced": 2}])
def test_there_is_no_response_rate_where_nothing_arrived(counts: dict[str, int]) -> None:
    asked = report([], asked=counts)["asked"]

    assert asked["response_rate"] is None


def test_what_was_excluded_is_counted_with_the_score_it_would_have_made() -> None:
    scanned = answer(None, verdict="scanner", score_if_all_counted=0)

    verdicts = report([*answers(1, 0, 0), scanned])["verdicts"]

    assert verdicts == {
        "protection": "balanced",
        "person": 1,
        "unsure": 0,
        "scanner": 1,
        "contradicted": 0,
        "excluded": 0,
        "scores_if_all_counted": {"nps": 0.0},
    }


def test_drivers_come_with_the_detractors_worst_first() -> None:
    lines = [answer(3, drivers=["delivery"]), answer(10, drivers=["price"])]

    drivers = report(lines)["drivers"]

    assert drivers == [
        {
            "driver": "delivery",
            "promoters": 0,
            "passives": 0,
            "detractors": 1,
            "share": 100,
            "change": None,
            "touchpoints": [{"touchpoint": "order", "promoters": 0, "passives": 0, "detractors": 1}],
        },
        {
            "driver": "price",
            "promoters": 1,
            "passives": 0,
            "detractors": 0,
            "share": 0,
            "change": None,
            "touchpoints": [{"touchpoint": "order", "promoters": 1, "passives": 0, "detractors": 0}],
        },
    ]


def test_a_reason_is_compared_with_its_share_of_detractors_before_and_corrected_for_all_reasons() -> None:
    now = [answer(3, drivers=["delivery"])] * 6 + [answer(3, drivers=["price"])] * 4
    then = [answer(3, drivers=["delivery"])] * 2 + [answer(3, drivers=["price"])] * 8

    delivery, price = report(now, before=then)["drivers"]

    alone = change(kind("yes-no"), Histogram({1: 2, 0: 8}), Histogram({1: 6, 0: 4}))
    assert alone is not None
    assert alone.p_value is not None
    assert (delivery["share"], delivery["change"]["difference"]) == (60, pytest.approx(40))
    assert (delivery["change"]["from"], delivery["change"]["p_value"]) == (
        "2026-W01",
        pytest.approx(2 * alone.p_value),
    )
    assert (price["share"], price["change"]["difference"]) == (40, pytest.approx(-40))


def test_reasons_are_told_apart_by_where_they_were_named() -> None:
    lines = [answer(3, drivers=["waiting"]), answer(2, kind="ces", touchpoint="support", drivers=["waiting"])]

    (waiting,) = report(lines)["drivers"]

    assert [(each["touchpoint"], each["detractors"]) for each in waiting["touchpoints"]] == [
        ("order", 1),
        ("support", 1),
    ]


def test_the_incidents_of_the_period_are_told_with_what_came_of_them() -> None:
    late = Incident(
        id="delivery-2026-w02",
        number=1,
        watched=Watched("nps", "order", "driver", "delivery"),
        opened_at=NOW,
        start=WEEK.start,
        end=WEEK.end,
        seen=Count(51, 9),
        usual=Count(600, 24),
        p_value=0.001,
        last_seen_on=WEEK.end,
    )
    shown = ShownIncident(late, Effect(None), is_over=False)

    total = day_total(answers(1, 0, 0), [], ACME)
    found = report_json(build(ACME, WEEK, total, Background(), [], now=NOW, incidents=[shown]))

    assert found["incidents"] == [incident_json(late)]
    schema = json.loads((ROOT / "docs" / "report.schema.json").read_text())
    jsonschema.validate(json.loads(json.dumps(found)), schema)
    assert set(found["incidents"][0]) == set(schema["properties"]["incidents"]["items"]["properties"])


def test_customers_are_told_in_parts_of_their_own() -> None:
    total = day_total(answers(1, 0, 0), [], ACME)
    parts = {"loyalty": {"questions": []}, "customer_base": {"whole": None}}

    with_them = report_json(build(ACME, WEEK, total, Background(), [], now=NOW, customers=parts))
    without = report_json(build(ACME, WEEK, total, Background(), [], now=NOW))

    assert (with_them["loyalty"], with_them["customer_base"]) == (parts["loyalty"], parts["customer_base"])
    assert (without["loyalty"], without["customer_base"]) == (None, None)


def test_comments_come_newest_first_with_their_order() -> None:
    older = answer(9, comment="Great tent", order="1001", given_at="2026-01-06T10:00:00Z")
    newer = answer(2, comment="Came late", order="1002", given_at="2026-01-07T10:00:00Z", may_reply=True)

    comments = report([older, newer])["comments"]

    assert [(comment["comment"], comment["order"]) for comment in comments] == [
        ("Came late", "1002"),
        ("Great tent", "1001"),
    ]
    assert comments[0]["given_at"] == "2026-01-07T10:00:00Z"


def test_what_a_scanner_typed_is_no_comment() -> None:
    scanned = answer(None, verdict="scanner", comment="test test")

    comments = report([scanned])["comments"]

    assert comments == []


def test_unhappy_customers_are_to_be_called_back_the_worst_first_and_the_newest_of_them() -> None:
    lines = [
        answer(3, order="1001", given_at="2026-01-08T10:00:00Z"),
        answer(0, order="1002", given_at="2026-01-06T10:00:00Z"),
        answer(0, order="1003", given_at="2026-01-07T10:00:00Z"),
        answer(10, order="1004", comment="Great tent"),
    ]

    call_back = report(lines)["call_back"]

    assert [entry["order"] for entry in call_back] == ["1003", "1002", "1001"]


def test_how_low_an_answer_is_depends_on_its_scale() -> None:
    lines = [answer(3, order="1001"), answer(1, kind="csat", touchpoint="delivery", order="1002")]

    call_back = report(lines)["call_back"]

    assert [entry["order"] for entry in call_back] == ["1002", "1001"]


def test_whom_to_call_back_stands_there_with_what_they_bought_for() -> None:
    (entry,) = report([answer(2, drivers=["delivery"], may_reply=True)])["call_back"]

    assert (entry["order"], entry["total"], entry["currency"], entry["may_reply"]) == ("1001", "99.80", "PLN", True)


def test_a_low_tap_that_nobody_confirmed_is_counted_and_nobody_is_called_back_for_it() -> None:
    lines = [answer(2, verdict="unsure"), answer(None, verdict="scanner", score_if_all_counted=0), answer(9)]

    found = report(lines)

    assert (found["call_back"], found["call_back_unconfirmed"]) == ([], 1)


# --- what it is seen against --------------------------------------------------------------------------------------------


def seen_against(lines: Sequence[dict[str, Any]], background: Background, period: str = "2026-W02") -> dict[str, Any]:
    return report_json(build(ACME, parse_period(period), day_total(lines, [], ACME), background, lines, now=NOW))


def test_thirteen_weeks_stand_beside_the_weeks_own_figure() -> None:
    quarter = day_total(answers(32, 13, 6), [], ACME)

    (headline,) = seen_against(answers(1, 0, 1), Background(rolling=quarter))["headlines"]

    assert (headline["n"], headline["score"]) == (2, 0)
    rolling = headline["rolling"]
    assert (rolling["from"], rolling["to"], rolling["n"]) == ("2025-10-13", "2026-01-11", 51)
    assert rolling["score"] == pytest.approx(50.98, abs=0.005)
    assert rolling["interval"] == pytest.approx([29.29, 67.00], abs=0.01)


def test_thirteen_weeks_are_those_of_the_same_words() -> None:
    quarter = day_total([*reworded(4, 0, 0), *answers(0, 0, 40)], [], REWORDED)
    background = Background(rolling=quarter)

    total = day_total(reworded(1, 0, 0), [], REWORDED)
    (headline,) = report_json(build(REWORDED, WEEK, total, background, [], now=NOW))["headlines"]

    assert (headline["series"], headline["rolling"]["n"], headline["rolling"]["score"]) == ("2026-01-07", 4, 100)


@pytest.mark.parametrize("period", ["2026-Q1", "2026"])
def test_a_quarter_and_a_year_are_their_own_headline(period: str) -> None:
    (headline,) = seen_against(answers(1, 0, 1), Background(), period)["headlines"]

    assert headline["rolling"] is None


def test_a_week_is_compared_with_the_same_week_a_year_ago() -> None:
    year_ago = day_total(answers(50, 30, 20), [], ACME)

    (headline,) = seen_against(answers(60, 25, 15), Background(year_ago=year_ago))["headlines"]

    assert headline["change"] is None
    assert (headline["year_ago"]["from"], headline["year_ago"]["difference"]) == ("2025-W02", pytest.approx(15))
    assert headline["year_ago"]["p_value"] == pytest.approx(0.170193, abs=1e-6)


def test_the_trend_has_a_figure_for_each_period_and_a_line_for_each_series() -> None:
    two_weeks = latest(WEEK, 3)[:-1]
    older = [(two_weeks[0], day_total(answers(1, 0, 1), [], ACME).by_question()), (two_weeks[1], {})]
    total = day_total(reworded(3, 0, 1), [], REWORDED)

    found = report_json(build(REWORDED, WEEK, total, Background(trend=tuple(older)), [], now=NOW))["trend"]

    assert [(line["kind"], line["series"]) for line in found] == [("nps", "2026-01-07"), ("nps", None)]
    new, old = ([(point["period"], point["n"], point["score"]) for point in line["points"]] for line in found)
    assert new == [("2025-W52", 0, None), ("2026-W01", 0, None), ("2026-W02", 4, 50)]
    assert old == [("2025-W52", 2, 0), ("2026-W01", 0, None), ("2026-W02", 0, None)]


def test_it_says_how_many_answers_it_takes_to_see_five_points() -> None:
    (headline,) = report(answers(60, 25, 15))["headlines"]

    needed = answers_needed(kind("nps"), Histogram({10: 60, 8: 25, 3: 15}))
    assert needed is not None
    assert headline["answers_for_5"] == {"interval": needed.interval, "change": needed.change}


def test_what_was_commented_is_told_with_its_rate() -> None:
    asked = report([], asked={"sent": 300, "answered": 50, "commented": 14})["asked"]

    assert (asked["commented"], asked["comment_rate"]) == (14, 0.28)


def test_a_long_report_says_from_when_it_lists_words() -> None:
    total = day_total(answers(1, 0, 0), [], ACME)

    whole = report_json(build(ACME, parse_period("2026"), total, Background(), [], now=NOW))
    part = report_json(
        build(ACME, parse_period("2026"), total, Background(), [], now=NOW, listed_from=date(2026, 11, 2))
    )

    assert (whole["listed_from"], part["listed_from"]) == ("2026-01-01", "2026-11-02")


def test_of_very_many_answers_whole_days_are_listed_the_newest_first() -> None:
    days = [(date(2026, 1, day), [answer(9)] * 3) for day in (4, 3, 2, 1)]

    some, since = newest(days, 5)
    all_of_them, no_limit = newest(days, 50)

    assert (len(some), since) == (6, date(2026, 1, 3))
    assert (len(all_of_them), no_limit) == (12, None)


# --- revisions ----------------------------------------------------------------------------------------------------------


def test_a_report_whose_answers_changed_is_a_revision() -> None:
    published = report(answers(3, 1, 1))
    again = report(answers(3, 1, 2))

    assert revision(again, published) == 1
    assert revision(again, {**published, "revision": 4}) == 5


def test_the_same_answers_are_no_revision_whatever_stands_beside_them() -> None:
    published = {**report(answers(3, 1, 1)), "revision": 2}
    again = report(answers(3, 1, 1), before=answers(5, 0, 0), asked={"sent": 40, "answered": 6})

    assert revision(again, published) == 2


def test_the_first_report_is_none_and_neither_is_the_one_after_a_preview() -> None:
    figures = report(answers(3, 1, 1))

    assert revision(figures, None) == 0
    assert revision(figures, {**report([]), "revision": None}) == 0


def test_an_older_releases_report_of_the_same_answers_is_no_revision() -> None:
    figures = report(answers(3, 1, 1))
    older = {key: value for key, value in figures.items() if key not in {"revision", "trend"}}

    assert revision(figures, older) == 0


def test_the_managers_guess_stands_beside_the_customers_answer() -> None:
    gap = report(answers(1, 1, 0))["perception_gap"]

    assert gap == {"nps": {"managers": 60, "customers": 50.0}}


def test_the_mean_of_the_managers_guesses_outweighs_the_file_and_says_how_far_apart_they_are() -> None:
    gap = gap_of(answers(32, 13, 6), [Guess(40, 60), Guess(90, 80)])

    assert gap["nps"] == {
        "managers": 65,
        "customers": pytest.approx(50.98, abs=0.005),
        "n": 2,
        "lowest": 40,
        "highest": 90,
    }


def test_excellent_is_the_share_of_the_highest_marks_with_wilsons_interval() -> None:
    gap = gap_of(answers(32, 13, 6), [Guess(40, 60), Guess(90)])

    assert gap["excellent"] == {
        "managers": 60,
        "customers": pytest.approx(100 * 32 / 51),
        "interval": pytest.approx([49.0, 74.7], abs=0.05),
        "answers": 51,
        "n": 1,
        "lowest": 60,
        "highest": 60,
    }


def test_a_guess_about_nobodys_answers_stands_alone() -> None:
    gap = gap_of([], [Guess(40, 60)])

    assert (gap["nps"]["customers"], gap["excellent"]["customers"], gap["excellent"]["interval"]) == (None, None, None)


def gap_of(lines: Sequence[dict[str, Any]], guesses: Sequence[Guess]) -> dict[str, Any]:
    """What a week's report says of these guesses, in keeping with its schema."""
    made = build(ACME, WEEK, day_total(lines, [], ACME), Background(), lines, now=NOW, guesses=guesses)
    written = report_json(made)
    schema = json.loads((ROOT / "docs" / "report.schema.json").read_text())
    jsonschema.validate(json.loads(json.dumps(written)), schema)
    gap: dict[str, Any] = written["perception_gap"]
    return gap


def test_a_report_keeps_to_its_schema() -> None:
    schema = json.loads((ROOT / "docs" / "report.schema.json").read_text())
    full = report(
        [*answers(20, 5, 5), *answers(5, 5, 5, "DE"), answer(1, comment="Came late", drivers=["delivery"])],
        before=answers(10, 5, 5),
        asked={"sent": 100, "answered": 46},
        not_sent={"cancelled": 4},
        support=SupportTotal({ALL_CASES: Cases({"opened": 2, "solved": 1}, {}, {330: 1})}),
    )

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(json.dumps(full)), schema)
    jsonschema.validate(report([]), schema)


def test_the_schema_knows_every_key_of_a_report() -> None:
    schema = json.loads((ROOT / "docs" / "report.schema.json").read_text())
    full = report([answer(1, comment="Came late", drivers=["delivery"])] * 5)

    assert set(full) == set(schema["properties"])
    for part in ("headlines", "segments", "comments", "drivers", "trend"):
        items = schema["properties"][part]["items"]
        known = schema["$defs"]["comment"] if "$ref" in items else items
        assert set(full[part][0]) == set(known["properties"])
    for part in ("verdicts", "asked", "period"):
        assert set(full[part]) == set(schema["properties"][part]["properties"])


def test_a_report_of_nothing_at_all_can_be_made() -> None:
    empty = report_json(build(ACME, WEEK, DayTotal(), Background(), [], now=NOW))

    assert empty["period"] == {
        "name": "2026-W02",
        "start": "2026-01-05",
        "end": "2026-01-11",
        "timezone": "Europe/Warsaw",
    }
    assert (empty["segments"], empty["drivers"], empty["incidents"], empty["comments"]) == ([], [], [], [])
