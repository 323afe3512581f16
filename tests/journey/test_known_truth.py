"""Three hundred customers whose answers we made up ourselves: the report says exactly what we know to be true of them.

Nothing of ours counts here: the expected figures come from the made-up answers by a few lines written for this test alone.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import NormalDist
from typing import Any

import pytest

from tests.journey.shop import ACME, Shop, order
from tests.journey.stack import Stack
from tests.journey.three_hundred import Customer, Z, customer_base, loyalty, made_up, no_cases, words

TELLS = {"reworded": False, "series": None, "kind": "nps", "touchpoint": "order"}


def test_three_hundred_answers_make_exactly_the_report_that_is_true_of_them(stack: Stack, tmp_path: Path) -> None:
    first, second = made_up(range(1000, 1120), seed=1), made_up(range(1120, 1300), seed=2)
    file = tmp_path / "acme.toml"
    lines = ACME.read_text(encoding="utf-8").splitlines(keepends=True)
    # Without them all mails leave at once, and the story is told sooner.
    file.write_text("".join(line for line in lines if not line.startswith(("warm_up", "reminder"))), encoding="utf-8")
    shop = Shop(stack, file)
    _order(shop, first, "2026-01-05T09:00:00Z")
    stack.advance("7d")
    _order(shop, second, "2026-01-12T09:00:00Z")
    stack.advance("1h")
    _answer(stack, first)
    stack.advance("7d")
    _answer(stack, second)
    stack.advance("7d")

    report = json.loads(stack.object("reports/acme/2026-W04/report.json"))

    assert len(first) + len(second) == 300
    expected = truth(second, first)
    assert set(report) == set(expected)
    for name, part in expected.items():
        assert report[name] == near(part), name


def _order(shop: Shop, customers: Iterable[Customer], at: str) -> None:
    for customer in customers:
        assert (
            shop.post(order(customer.number, at=at, country=customer.country, total=customer.total)).status_code == 200
        )


def _answer(stack: Stack, customers: Sequence[Customer]) -> None:
    """Each by the mail of their own; the words of the worst last, so that they are the newest."""
    mails = {mail["to"][0]: mail["id"] for mail in stack.mails()}
    for customer in customers:
        body = stack.mail(mails[customer.address]).get_body(("plain",))
        assert body is not None
        link = next(word for word in body.get_content().split() if word.endswith(f"/{customer.score}"))
        page = stack.confirm(link, customer.score, comment=customer.comment, driver=list(customer.drivers))
        assert page.status_code == 200


def near(expected: Any) -> Any:
    """The same, but for the last digits of fractions, at any depth."""
    match expected:
        case dict():
            return {name: near(value) for name, value in expected.items()}
        case list() | tuple():
            return [near(value) for value in expected]
        case float():
            return pytest.approx(expected, abs=1e-7)
        case _:
            return expected


# --- what is true -------------------------------------------------------------------------------------------------------


def truth(week: Sequence[Customer], before: Sequence[Customer]) -> dict[str, Any]:
    both = [*before, *week]
    return {
        "shop": "acme",
        "period": {"name": "2026-W04", "start": "2026-01-19", "end": "2026-01-25", "timezone": "Europe/Warsaw"},
        "revision": 0,
        "headlines": [
            {
                **TELLS,
                "imported": None,
                **figures(week),
                "distribution": {str(score): n for score, n in sorted(Counter(c.score for c in week).items())},
                "rolling": {"from": "2025-10-27", "to": "2026-01-25", **figures(both)},
                "change": {"from": "2026-W03", "difference": nps(week) - nps(before), "p_value": p_value(week, before)},
                "year_ago": None,
                "target": 55,
                "top": None,
                "answers_for_5": needed(both),
            }
        ],
        "trend": [
            {
                "kind": "nps",
                "touchpoint": "order",
                "series": None,
                "points": [{"period": "2026-W03", **figures(before)}, {"period": "2026-W04", **figures(week)}],
            }
        ],
        "asked": {
            "sent": 180,
            "delivered": 180,
            "bounced": 0,
            "complained": 0,
            "unsubscribed": 0,
            "answered": 180,
            "commented": sum(bool(c.comment) for c in week),
            "response_rate": 1.0,
            "comment_rate": sum(bool(c.comment) for c in week) / 180,
            "not_sent": {},
        },
        "verdicts": {
            "protection": "balanced",
            "person": 180,
            "unsure": 0,
            "scanner": 0,
            "contradicted": 0,
            "excluded": 0,
            "scores_if_all_counted": {"nps": nps(week)},
        },
        "segments": segments(week),
        "drivers": drivers(week, before),
        "listed_from": "2026-01-19",
        "call_back_unconfirmed": 0,
        "perception_gap": {"nps": {"managers": 60, "customers": nps(week)}},
        # Both weeks were drawn alike.
        "incidents": [],
        **words(week, "2026-01-19T10:00:00Z"),
        **no_cases(len(week), len(both)),
        "journey": [
            {
                "stage": "during",
                "answers": len(week),
                "mentions": 0,
                "touchpoints": [{"kind": "nps", "touchpoint": "order", "series": None, **figures(week)}],
            }
        ],
        "loyalty": loyalty(both),
        "customer_base": customer_base(both),
    }


def counts(customers: Iterable[Customer]) -> tuple[int, int, int]:
    scores = [customer.score for customer in customers]
    return sum(s >= 9 for s in scores), sum(s <= 6 for s in scores), len(scores)


def nps(customers: Iterable[Customer]) -> float:
    promoters, detractors, n = counts(customers)
    return 100 * (promoters - detractors) / n


def adjusted(customers: Iterable[Customer]) -> tuple[float, float]:
    """Centre and variance of one answer, with three answers more, spread evenly."""
    promoters, detractors, n = counts(customers)
    p, d = (promoters + 0.75) / (n + 3), (detractors + 0.75) / (n + 3)
    return p - d, p + d - (p - d) ** 2


def figures(customers: Sequence[Customer]) -> dict[str, Any]:
    centre, variance = adjusted(customers)
    reach = Z * math.sqrt(variance / (len(customers) + 3))
    interval = [100 * max(-1, centre - reach), 100 * min(1, centre + reach)]
    return {"n": len(customers), "score": nps(customers), "interval": interval}


def p_value(one: Sequence[Customer], other: Sequence[Customer]) -> float:
    (first, first_variance), (second, second_variance) = adjusted(one), adjusted(other)
    spread = math.sqrt(first_variance / (len(one) + 3) + second_variance / (len(other) + 3))
    return two_sided((first - second) / spread)


def two_sided(z: float) -> float:
    return 2 * NormalDist().cdf(-abs(z))


def needed(customers: Sequence[Customer]) -> dict[str, int]:
    _, variance = adjusted(customers)
    return {
        "interval": math.ceil(Z**2 * variance / 0.05**2 - 3),
        "change": math.ceil(2 * (Z + 0.8416212335729143) ** 2 * variance / 0.05**2 - 3),
    }


def holm(p_values: Sequence[float]) -> list[float]:
    corrected, highest = [0.0] * len(p_values), 0.0
    for place, index in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        highest = max(highest, min(1.0, (len(p_values) - place) * p_values[index]))
        corrected[index] = highest
    return corrected


def segments(week: Sequence[Customer]) -> list[dict[str, Any]]:
    """By country; by every other dimension all these customers are the same, so there is nobody to compare with."""
    sizes = Counter(customer.country for customer in week)
    countries = sorted(sizes, key=lambda country: (-sizes[country], country))
    parts = [[c for c in week if c.country == country] for country in countries]
    p_values = holm([p_value(part, [c for c in week if c not in part]) for part in parts])
    told: list[tuple[str, str, list[Customer], float | None]] = [
        ("country", country, part, p) for country, part, p in zip(countries, parts, p_values, strict=True)
    ]
    same = {"language": "en", "customer": "new", "channel": "web", "category": "tents", "delivery": "courier"}
    told += [(dimension, value, list(week), None) for dimension, value in same.items()]
    about = {"kind": "nps", "touchpoint": "order", "series": None}
    return [
        {"dimension": dimension, "value": value, **about, **figures(part), "p_value": p}
        for dimension, value, part, p in told
    ]


def drivers(week: Sequence[Customer], before: Sequence[Customer]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for name in ("delivery", "price", "quality"):
        named = [c for c in week if name in c.drivers]
        promoters, detractors, n = counts(named)
        touchpoint = {"promoters": promoters, "passives": n - promoters - detractors, "detractors": detractors}
        rows.append(
            {
                "driver": name,
                **touchpoint,
                "share": 100 * detractors / counts(week)[1],
                "change": share_change(name, week, before),
                "touchpoints": [{"touchpoint": "order", **touchpoint}],
            }
        )
    for row, p in zip(rows, holm([row["change"]["p_value"] for row in rows]), strict=True):
        row["change"]["p_value"] = p
    return sorted(rows, key=lambda row: (-row["detractors"], -row["passives"], row["driver"]))


def share_change(name: str, week: Sequence[Customer], before: Sequence[Customer]) -> dict[str, Any]:
    (now, of_now), (then, of_then) = ((named(name, c), counts(c)[1]) for c in (week, before))
    pooled = (now + then) / (of_now + of_then)
    spread = math.sqrt(pooled * (1 - pooled) * (1 / of_now + 1 / of_then))
    p = two_sided((now / of_now - then / of_then) / spread) if spread else 1.0
    return {"from": "2026-W03", "difference": 100 * (now / of_now - then / of_then), "p_value": p}


def named(name: str, customers: Iterable[Customer]) -> int:
    return sum(name in customer.drivers and customer.score <= 6 for customer in customers)
