"""Whom not to ask, from another service's export into the table: by keyed hashes, and never weakening what stands there.

Nothing of a row is kept in memory beyond its batch, so a file may be as long as it likes. Every write is conditional: run again, also
after it broke off, it ends with the same table.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple, TypeVar, assert_never

from cx_domain.identities import customer_key
from cx_domain.import_suppressions import Known, Outcome, Suppression, news
from cx_domain.shops import Shop
from cx_domain.surveys import CustomerKey
from infra.aws.customer_table import Customer
from infra.operator.session import Stack

T = TypeVar("T")
BATCH = 500
_MOMENT = timedelta(seconds=1)
AT_ONCE = 8
"""Writes in flight: each waits some milliseconds for its answer, and botocore keeps ten connections open."""


class _News(NamedTuple):
    key: CustomerKey
    told: Suppression
    known: Known
    outcome: Outcome


def counted(stack: Stack, shop: Shop, told: Iterable[Suppression], now: datetime) -> Counter[Outcome]:
    """Say what would happen to how many rows, and write nothing."""
    return Counter(each.outcome for batch in batches(told) for each in _news(stack, shop, batch, now))


def kept(stack: Stack, shop: Shop, told: Iterable[Suppression], now: datetime) -> Iterator[Counter[Outcome]]:
    """Keep what is new, batch by batch; yields what was done with each, for whoever waits."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for batch in batches(told):
            found = _news(stack, shop, batch, now)
            # All of a batch's writes are answered, or one of them has failed loudly, before it is counted.
            list(pool.map(lambda each: _keep(stack, shop, each, now), found))
            yield Counter(each.outcome for each in found)


def _news(stack: Stack, shop: Shop, batch: Iterable[Suppression], now: datetime) -> list[_News]:
    identity = stack.secrets.key_ring().identity
    named = [(customer_key(identity, shop.id, told.email), told) for told in batch]
    known = stack.customers.get_many(shop.id, (key for key, _ in named))
    oldest = now - shop.reports.retention
    erased_at = stack.erasures.erased_at(shop.id, (key for key, _ in named))
    before = {key: _known(known.get(key), erased_at.get(key)) for key, _ in named}
    return [_News(key, told, before[key], news(told, before[key], oldest)) for key, told in named]


def _keep(stack: Stack, shop: Shop, each: _News, now: datetime) -> None:
    since = each.told.stopped_at or now
    match each.outcome:
        case "complained" | "bounced":
            stack.customers.suppress(shop.id, each.key, each.outcome, since)
        case "unsubscribed":
            stack.customers.unsubscribe(shop.id, each.key, since)
        case "asked" | "known" | "nothing" | "too-old" | "erased":
            pass
        case unknown:
            assert_never(unknown)
    asked_at, known_at = each.told.asked_at, each.known.asked_at
    # Beside a stop too: who lets themselves be asked again was still asked then.
    if asked_at is not None and asked_at > max(
        known_at or asked_at - _MOMENT, each.known.erased_at or asked_at - _MOMENT, now - shop.reports.retention
    ):
        stack.customers.note_asked(shop.id, each.key, asked_at, purge_at=asked_at + shop.reports.retention)


def _known(customer: Customer | None, erased_at: datetime | None) -> Known:
    if customer is None:
        return Known(erased_at=erased_at)
    stops = customer.unsubscribed_at is not None, customer.suppressed_at is not None
    return Known(*stops, customer.asked_at, erased_at)


def batches(items: Iterable[T]) -> Iterator[list[T]]:
    """Take so many at once that waiting for the table is shared, and none is held for long."""
    remaining = iter(items)
    while batch := list(islice(remaining, BATCH)):
        yield batch
