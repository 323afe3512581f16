"""The report's numbers, recomputed from the day files by a few lines that know nothing of ours."""

import gzip
import json
import math
from typing import Any

from tests.journey.shop import Shop, order
from tests.journey.stack import Stack

SCORES = [10, 9, 10, 8, 7, 3, 10, 6, 0, 9]


def test_anybody_can_recompute_the_report_from_the_day_files(stack: Stack) -> None:
    shop = Shop(stack)
    for number in range(1000, 1012):
        shop.post(order(number, at="2026-01-05T09:00:00Z"))
    stack.advance("8d")
    for number, score in enumerate(SCORES, start=1000):
        stack.confirm(stack.links(f"customer{number}@example.com")[str(score)], score)
    stack.advance("7d")

    report = stack.report("acme", "2026-W03")

    answers = [row["score"] for row in _rows(stack, "answers") if row["verdict"] in {"person", "unsure"}]
    promoters, detractors, n = sum(s >= 9 for s in answers), sum(s <= 6 for s in answers), len(answers)
    assert sorted(answers) == sorted(SCORES)
    [headline] = report["headlines"]
    assert headline["n"] == n
    assert math.isclose(headline["score"], 100 * (promoters - detractors) / n)
    p, d, m = (promoters + 0.75) / (n + 3), (detractors + 0.75) / (n + 3), n + 3
    width = 1.959963984540054 * math.sqrt((p + d - (p - d) ** 2) / m)
    assert math.isclose(headline["interval"][0], 100 * (p - d - width), abs_tol=1e-6)
    assert math.isclose(headline["interval"][1], 100 * (p - d + width), abs_tol=1e-6)
    sent = [row for row in _rows(stack, "asked") if row["sent_at"]]
    assert report["asked"]["sent"] == len(sent) == 12
    assert math.isclose(report["asked"]["response_rate"], len(answers) / len(sent))


def _rows(stack: Stack, folder: str) -> list[dict[str, Any]]:
    files = [stack.object(key) for key in stack.objects(f"{folder}/acme/")]
    return [json.loads(line) for file in files for line in gzip.decompress(file).decode().split("\n") if line]


def test_a_week_with_mails_and_no_answer_has_a_report_of_nothing(stack: Stack) -> None:
    shop = Shop(stack)
    shop.post(order(1001, at="2026-01-05T09:00:00Z"))

    stack.advance("15d")

    report = json.loads(stack.object("reports/acme/2026-W03/report.json"))
    [headline] = report["headlines"]
    assert (headline["n"], headline["score"], headline["interval"]) == (0, None, None)
    assert report["asked"]["response_rate"] == 0.0
