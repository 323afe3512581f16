"""What another service asked stands beside the shop's own answers: with its own headline and line, pooled and compared with nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from cx_domain.backgrounds import Background
from cx_domain.calendars import parse_period
from cx_domain.day_lines import Line, feedback_line
from cx_domain.digests import headline_scores
from cx_domain.order_fields import FeedbackEvent
from cx_domain.report_files import report_json, revision
from cx_domain.reports import build
from cx_domain.shops import Shop
from cx_domain.totals import day_total, wholes
from tests.builders import ACME as PLAIN

ACME = replace(
    PLAIN, targets={"nps": 55}, self_assessment={"nps": 60}, imported_until={"imported:Delighted": date(2026, 1, 6)}
)
WEEK, BEFORE = parse_period("2026-W02"), parse_period("2026-W01")
NOW = datetime(2026, 1, 12, tzinfo=UTC)
AT = datetime(2026, 1, 6, 9, tzinfo=UTC)


def old(*scores: int, service: str = "Delighted") -> list[Line]:
    told = [
        FeedbackEvent(f"{service}-{n}", "nps", score, "order", f"imported:{service}", AT, None, "It leaks")
        for n, score in enumerate(scores)
    ]
    return [feedback_line(each, ACME)[1] for each in told]


def ours(*scores: int) -> list[Line]:
    told = [FeedbackEvent(f"ours-{n}", "nps", score, "order", "store", AT) for n, score in enumerate(scores)]
    return [{**feedback_line(each, ACME)[1], "source": "survey"} for each in told]


def report(lines: Sequence[Line], before: Sequence[Line] = (), shop: Shop = ACME) -> dict[str, Any]:
    total, earlier = day_total(lines, [], shop), day_total(before, [], shop)
    trend = ((BEFORE, wholes(earlier).by_question()),) if before else ()
    return report_json(build(shop, WEEK, total, Background(before=earlier, trend=trend), lines, now=NOW))


def test_imported_answers_have_a_headline_of_their_own() -> None:
    own, imported = report([*ours(10, 10, 8, 3), *old(0, 0, 10)])["headlines"]

    assert (own["series"], own["imported"], own["n"], own["score"]) == (None, None, 4, 25)
    assert (imported["series"], imported["n"]) == ("imported:Delighted", 3)
    assert imported["imported"] == {"from": "Delighted", "until": "2026-01-06"}


def test_no_figure_of_the_shops_own_moves_with_an_import() -> None:
    lines = ours(10, 10, 8, 3)

    before, after = report(lines), report([*lines, *old(0, 0, 10)])

    after["headlines"].pop()
    after["trend"].pop()
    assert after.pop("comments") != before.pop("comments")
    assert after == before


def test_imported_answers_are_compared_with_none_of_ours_and_have_no_target() -> None:
    own, imported = report([*ours(10, 8), *old(10, 3)], before=ours(3, 3))["headlines"]

    assert own["change"]["from"] == "2026-W01"
    assert (imported["change"], imported["target"], imported["reworded"]) == (None, None, False)


def test_our_first_week_is_not_compared_with_theirs() -> None:
    (own,) = report(ours(10, 8), before=old(3, 3))["headlines"]

    assert (own["change"], own["reworded"]) == (None, False)


def test_the_old_line_stands_beside_the_new_one() -> None:
    lines = report(ours(10, 8), before=old(3, 3, 10))["trend"]

    told = {line["series"]: [point["n"] for point in line["points"]] for line in lines}
    assert told == {None: [0, 2], "imported:Delighted": [3, 0]}


def test_a_time_before_the_shop_came_has_imported_answers_only() -> None:
    own, imported = report(old(10, 10, 3))["headlines"]

    assert (own["n"], own["score"], imported["n"]) == (0, None, 3)


def test_two_services_are_two_series() -> None:
    names = [each["series"] for each in report([*old(10), *old(3, service="AskNicely")])["headlines"]]

    assert names == [None, "imported:AskNicely", "imported:Delighted"]


def test_an_import_is_no_revision_and_no_news() -> None:
    lines = ours(10, 8)
    published = {**report(lines), "revision": 0}

    assert revision(report([*lines, *old(0)]), published) == 0
    assert [score.n for score in headline_scores(report([*lines, *old(0)]))] == [2]
