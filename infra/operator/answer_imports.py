"""Old ratings from another service's export into the table, each by a name made of what it says: imported twice, it is kept once."""

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from typing import Literal

from cx_domain.calendars import day_of
from cx_domain.order_fields import FeedbackEvent
from cx_domain.shops import Shop
from infra.operator.session import Stack
from infra.operator.suppression_imports import AT_ONCE, batches

Outcome = Literal["new", "known", "erased"]
"""`erased`: its giver had themselves erased, or it was erased itself; it does not come back."""


def counted(stack: Stack, shop: Shop, answers: Iterable[FeedbackEvent]) -> Counter[Outcome]:
    """Say how many are new, and write nothing."""
    return Counter(outcome for batch in batches(answers) for outcome, _ in _told_apart(stack, shop, batch))


def kept(stack: Stack, shop: Shop, answers: Iterable[FeedbackEvent], now: datetime) -> Iterator[Counter[Outcome]]:
    """Keep those that are new, batch by batch, for as long as the shop keeps answers of their day; then note how far each series reaches."""
    until: dict[str, date] = {}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for batch in batches(answers):
            told_apart = _told_apart(stack, shop, batch)
            # All of a batch's writes are answered, or one of them has failed loudly, before it is counted.
            list(pool.map(lambda one: _keep(stack, shop, one, now), (one for how, one in told_apart if how == "new")))
            for one in batch:
                until[one.source] = max(until.get(one.source, date.min), day_of(one.recorded_at, shop.zone))
            yield Counter(outcome for outcome, _ in told_apart)
    for series, day in until.items():
        stack.shops.note_imported(shop.id, series, day)


def _told_apart(stack: Stack, shop: Shop, batch: list[FeedbackEvent]) -> list[tuple[Outcome, FeedbackEvent]]:
    known = stack.feedback.known(shop.id, (one.id for one in batch))
    erased_at = stack.erasures.erased_at(shop.id, (one.customer for one in batch if one.customer is not None))

    def outcome(one: FeedbackEvent) -> Outcome:
        gone_at = None if one.customer is None else erased_at.get(one.customer)
        if known.get(one.id) == "erased" or (gone_at is not None and one.recorded_at <= gone_at):
            return "erased"
        return "known" if one.id in known else "new"

    return [(outcome(one), one) for one in batch]


def _keep(stack: Stack, shop: Shop, one: FeedbackEvent, now: datetime) -> None:
    stack.feedback.put(shop.id, one, now, purge_at=one.recorded_at + shop.reports.retention)
