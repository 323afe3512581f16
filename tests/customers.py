"""Customers of Acme Outdoor with a past: what they bought and said, told in days."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from cx_domain.buying_rhythm import Rhythm
from cx_domain.histories import Given, History, Purchase, Question
from cx_domain.kinds import kind
from cx_domain.surveys import CustomerKey

NPS = Question("nps", "order")
CSAT = Question("csat", "delivery")
CLOSE = datetime(2026, 2, 1, tzinfo=UTC)
"""The moment that everything is told as of."""
RHYTHM = Rhythm(timedelta(days=90), timedelta(days=180), "shop-file", "shop-file", 0)
"""Asleep after three months, lost after six."""


def ago(days: float) -> datetime:
    return CLOSE - timedelta(days=days)


def bought(days_ago: float, total: str | None = "99.80", currency: str | None = "PLN", **segments: str) -> Purchase:
    told = {name: [value] for name, value in segments.items()}
    return Purchase(f"order-{days_ago}", ago(days_ago), currency, None if total is None else Decimal(total), told)


def said(score: int, days_ago: float, question: Question = NPS, series: str | None = None) -> Given:
    bucket = kind(question.kind).bucket(score)
    return Given(f"survey-{days_ago}", question, series, ago(days_ago), bucket)


def history(orders: Sequence[Purchase] = (), answers: Sequence[Given] = (), customer: str = "anna") -> History:
    return History(
        CustomerKey(customer),
        tuple(sorted(orders, key=lambda order: order.placed_at)),
        tuple(sorted(answers, key=lambda answer: answer.given_at)),
    )
