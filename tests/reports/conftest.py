"""A made-up week of Acme Outdoor: 51 answers about orders, a few cases in support, and words both kind and hostile."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cx_domain.backgrounds import Background
from cx_domain.calendars import latest, parse_period
from cx_domain.customer_reports import customers, customers_json
from cx_domain.day_lines import Line
from cx_domain.excesses import Count, Watched
from cx_domain.findings import Report, ShownIncident
from cx_domain.incident_effects import Effect, Stretch
from cx_domain.incidents import Incident, Step
from cx_domain.reports import build
from cx_domain.shops import Brand, CustomerRule, Legal, ReportRule, Shop, ShopId, SurveyRule
from cx_domain.totals import DayTotal, day_total, together, wholes
from tests.customers import bought, history, said

HOSTILE = '=HYPERLINK("https://evil.example","Prize") <script>alert(1)</script>'
WEEK = parse_period("2026-W02")
_OPENED = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@pytest.fixture
def acme() -> Shop:
    return Shop(
        id=ShopId("acme"),
        name="Acme Outdoor",
        zone=ZoneInfo("Europe/Warsaw"),
        languages=("en", "pl"),
        sender="Acme Outdoor <hello@acme.example>",
        consent_required=(),
        surveys=(
            SurveyRule("nps", "order", "fulfilled", timedelta(days=7), timedelta(days=30)),
            SurveyRule("ces", "support", "ticket-solved", timedelta(hours=2), timedelta(days=14)),
        ),
        legal=Legal("Acme sp. z o.o.", "Teczowa 7, Wroclaw"),
        brand=Brand("#0b6e4f"),
        targets={"nps": 55},
        self_assessment={"nps": 60},
        reports=ReportRule(segments=("country", "customer", "delivery", "category"), hide_below=5),
    )


@pytest.fixture
def answers() -> list[Line]:
    """The week's answer lines, the newest last."""
    numbers = count(1001)
    scores = [10] * 20 + [9] * 12 + [8] * 8 + [7] * 5 + [6, 5, 4, 3, 2, 0]
    lines = [_order_answer(next(numbers), place, score) for place, score in enumerate(scores)]
    cases = [_line(f"t{place}", "ces", "support", score, place) for place, score in enumerate([7, 6, 7, 3, 5, 6])]
    scanned = [
        {
            **_order_answer(next(numbers), place, 0),
            "score": None,
            "score_if_all_counted": 0,
            "verdict": "scanner",
            "comment": "",
        }
        for place in range(12)
    ]
    return [*lines, *cases, *scanned]


@pytest.fixture
def week(acme: Shop, answers: list[Line]) -> Report:
    before = day_total(
        [_order_answer(place, place, score) for place, score in enumerate([10] * 22 + [8] * 15 + [3] * 4)], [], acme
    )
    tickets = [_ticket(hours) for hours in (1, 2, 4, 5.5, 7, 20, 75)] + [_ticket(None)] * 2
    total = day_total(answers, [], acme, tickets) + DayTotal(
        asked={
            "sent": 300,
            "delivered": 297,
            "bounced": 3,
            "complained": 1,
            "unsubscribed": 2,
            "answered": 51,
            "commented": 14,
        },
        not_sent={"asked-recently": 12, "cancelled": 4, "outcome-unknown": 1},
    )
    now = datetime(2026, 1, 12, 1, 0, tzinfo=UTC)
    return build(acme, WEEK, total, _quarter(acme, total, before), answers, now=now)


def _quarter(acme: Shop, own: DayTotal, before: DayTotal) -> Background:
    """Twelve weeks before, each a little different: the last as told, and one in which nobody answered."""
    weeks = {}
    for place, period in enumerate(latest(WEEK, 13)[:-1]):
        good, low = (0, 0) if place == 4 else (24 + 7 * place % 11, 8 - place // 2)
        scores = [10] * good + [8] * (good // 2) + [3] * low
        weeks[period] = day_total(
            [_order_answer(number, number, score) for number, score in enumerate(scores)], [], acme
        )
    weeks[period] = before
    trend = tuple((period, wholes(each).by_question()) for period, each in weeks.items())
    return Background(before, weeks[latest(WEEK, 13)[3]], together([own, *weeks.values()]), trend)


@pytest.fixture
def reworded_week(acme: Shop, answers: list[Line]) -> Report:
    """The week, in which the shop put its question in new words on Wednesday; the week before was asked in the old ones."""
    new = [{**line, "question": "2026-01-07"} if line["given_at"] >= "2026-01-07" else line for line in answers]
    orders = [line for line in new if line["kind"] == "nps"]
    before = day_total([_order_answer(place, place, 10 if place % 3 else 8) for place in range(40)], [], acme)
    sent = DayTotal(asked={"sent": 300, "delivered": 297, "bounced": 3, "answered": 51})
    total = day_total(orders, [], acme) + sent
    now = datetime(2026, 1, 12, 1, 0, tzinfo=UTC)
    return build(acme, WEEK, total, Background(before, rolling=total + before), orders, now=now)


@pytest.fixture
def silent_week(acme: Shop) -> Report:
    now = datetime(2026, 1, 12, 1, 0, tzinfo=UTC)
    return build(acme, WEEK, DayTotal(), Background(rolling=DayTotal()), [], now=now)


_WORDS = {
    0: (HOSTILE, ["delivery", "waiting"]),
    2: ("Eleven days for a tent that was in stock, and nobody answered my mail.", ["delivery", "waiting"]),
    3: ("The courier left it at the wrong door.", ["delivery"]),
    4: ("", ["delivery", "price"]),
    6: ("Good boots; the size table runs small.", ["clear-information"]),
    7: ("Fine.", []),
    9: ("Arrived before the trip, well packed.", ["delivery", "quality"]),
    10: (
        "Pani z obsługi doradziła namiot — strzał w dziesiątkę. Dziękuję!\nPolecę znajomym.",
        ["courtesy", "competence"],
    ),
}


def _order_answer(number: int, place: int, score: int) -> dict[str, Any]:
    comment, drivers = _WORDS.get(score, ("", [])) if place % 6 in {0, 5} or score < 5 else ("", [])
    segments = {
        "country": ["PL" if place % 5 else "DE"] if score > 4 or place % 2 else ["DE"],
        "customer": ["new" if place % 3 == 0 else "returning"],
        "delivery": ["courier" if place % 4 else "parcel locker"],
        "category": [["tents"], ["boots"], ["boots", "tents"], ["stoves"]][place % 4],
    }
    facts = {
        "order": str(number),
        "order_id": f"id-{number}",
        "currency": "PLN",
        "total": "99.80",
        "comment": comment,
        "drivers": drivers,
    }
    return {**_line(f"s{number}", "nps", "order", score, place), **facts, "may_reply": score == 2, "segments": segments}


def _line(id_: str, kind: str, touchpoint: str, score: int, place: int) -> dict[str, Any]:
    given_at = (_OPENED + timedelta(hours=3 * place, minutes=7 * score)).isoformat().replace("+00:00", "Z")
    return {
        "id": id_,
        "kind": kind,
        "touchpoint": touchpoint,
        "order": None,
        "order_id": None,
        "currency": None,
        "total": None,
        "score": score,
        "score_if_all_counted": score,
        "verdict": "unsure" if place == 7 else "person",
        "reasons": [],
        "given_at": given_at,
        "confirmed_at": given_at,
        "comment": "",
        "drivers": [],
        "may_reply": False,
        "question": None,
        "segments": {},
        "source": "survey",
    }


def _ticket(hours: float | None) -> dict[str, Any]:
    solved_at = None if hours is None else (_OPENED + timedelta(hours=hours)).isoformat()
    replied_at = None if hours is None else (_OPENED + timedelta(minutes=25 + hours)).isoformat()
    return {"opened_at": _OPENED.isoformat(), "first_reply_at": replied_at, "solved_at": solved_at}


@pytest.fixture
def eventful_week(week: Report, acme: Shop) -> Report:
    """The week with two incidents, one of them seen to, and with what customers did."""
    late = Incident(
        id="delivery-2026-w01",
        number=1,
        watched=Watched("nps", "order", "driver", "delivery"),
        opened_at=datetime(2026, 1, 4, 23, 0, tzinfo=UTC),
        start=date(2025, 12, 29),
        end=date(2026, 1, 4),
        seen=Count(51, 9),
        usual=Count(600, 24),
        p_value=0.0004,
        last_seen_on=date(2026, 1, 4),
        owner="Ewa, logistics",
        root_cause="One van for two towns",
        steps=(Step(datetime(2026, 1, 5, 9, 0, tzinfo=UTC), "Called the courier"),),
    )
    courier = replace(
        late,
        id="courier",
        watched=Watched("nps", "order", "delivery", "courier"),
        owner=None,
        root_cause=None,
        steps=(),
    )
    before = Stretch(date(2025, 12, 29), date(2026, 1, 5), Count(60, 10))
    helped = Effect(before, Stretch(date(2026, 1, 6), date(2026, 1, 11), Count(50, 1)), -0.147, 0.008, "better")
    pl, de = {"country": "PL"}, {"country": "DE"}
    histories = [
        *(
            history([bought(300, "100", **pl), bought(290 - 9 * n, "60", **pl)], [said(10, 295)], f"a{n}")
            for n in range(8)
        ),
        *(history([bought(300, "100", **pl)], [said(2, 290)], f"b{n}") for n in range(8)),
        *(
            history([bought(60, "80", **de), bought(5, "40", **de)], [said(3, 40), said(9, 3)], f"c{n}")
            for n in range(8)
        ),
        *(history([bought(100, "25", **de)], [said(8, 95)], f"d{n}") for n in range(8)),
        *(
            history([bought(50, "70", country="CZ" if n < 6 else "FR")], [said(1, 45)], f"e{n}")  # two in France
            for n in range(8)
        ),
    ]
    shop = replace(acme, customers=CustomerRule(timedelta(days=90), timedelta(days=180)))
    told = customers_json(customers(shop, parse_period("2026-01"), lambda: histories), 5)
    incidents = (ShownIncident(late, helped, is_over=False), ShownIncident(courier, Effect(before), is_over=True))
    return replace(week, incidents=incidents, customers=told)
