"""Note what came of each webhook, for the shop's developer: in memory first, in the table now and then.

A good delivery costs next to nothing: of each shop and platform the first five of a process are written at once, after that one
write a minute holds what came since. Refusals may be ten a minute. A note that fails never fails the webhook that it is about.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from cx_domain.calendars import day_of
from cx_domain.deliveries import MOST_REFUSED, RefusalReason, refused
from cx_domain.errors import BadInput, BadSignature, TooLarge, Trouble
from cx_domain.shops import Shop, ShopId
from cx_domain.webhook_watch import FAILING
from infra import adapters, clock
from infra.aws.delivery_table import Noted
from infra.logs import count, logger
from infra.platforms import Platform

_TAKEN_WRITES = 5
_TAKEN_PER_SECOND = 1 / 60
_REFUSED_WRITES = 10
_REFUSED_PER_SECOND = 10 / 60
LOOK_AGAIN_AFTER = 120
"""Seconds until a failure is looked at once more: other processes may hold good deliveries in memory for a minute."""


@dataclass(slots=True)
class _Allowance:
    """So many writes at once, and as they are used up, so many a second."""

    most: float
    per_second: float
    left: float
    counted_at: float

    def spend(self, now: float) -> bool:
        self.left = min(self.most, self.left + (now - self.counted_at) * self.per_second)
        self.counted_at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


@dataclass(slots=True)
class _Connection:
    """What is not written yet of one shop's platform, by its days."""

    good: _Allowance
    bad: _Allowance
    days: dict[date, Noted] = field(default_factory=dict)


def note_taken(shop: Shop, platform: Platform, outcome: str) -> None:
    """Note a webhook that was signed as it must be: `taken`, or why it was passed over."""
    with _unharmed():
        connection, now = _connection(shop.id, platform.name), clock.now()
        noted = connection.days.setdefault(day_of(now, shop.zone), Noted(title=platform.title))
        noted.outcomes[outcome] = noted.outcomes.get(outcome, 0) + 1
        noted.first_at, noted.last_at, noted.unsigned = noted.first_at or now, now, 0
        if connection.good.spend(clock.seconds()):
            _write(shop.id, platform.name, connection)


@contextmanager
def noting_refusals(shop: Shop, platform: Platform) -> Iterator[None]:
    """Note what its sender must mend in a webhook of a shop that is connected so, and raise it on."""
    try:
        yield
    except (BadSignature, BadInput) as error:
        note_refused(shop, platform, _reason(error), str(error))
        raise


def note_refused(shop: Shop, platform: Platform, why: RefusalReason, said: str) -> None:
    """Note a refusal and what its sender was answered, which names a field and never what it held."""
    with _unharmed():
        connection, now = _connection(shop.id, platform.name), clock.now()
        noted = connection.days.setdefault(day_of(now, shop.zone), Noted(title=platform.title))
        noted.outcomes[why] = noted.outcomes.get(why, 0) + 1
        noted.refused = [*noted.refused, refused(now, why, said)][-MOST_REFUSED:]
        noted.unsigned += why == "bad-signature"
        if connection.bad.spend(clock.seconds()):
            _write(shop.id, platform.name, connection)


def _reason(error: BadSignature | BadInput) -> RefusalReason:
    match error:
        case BadSignature():
            return "bad-signature"
        case TooLarge():
            return "too-large"
        case _:
            return "bad-input"


@lru_cache(maxsize=1)
def _connections() -> dict[tuple[ShopId, str], _Connection]:
    return {}


def _connection(shop: ShopId, platform: str) -> _Connection:
    known = _connections().get((shop, platform))
    if known is None:
        now = clock.seconds()
        good = _Allowance(_TAKEN_WRITES, _TAKEN_PER_SECOND, _TAKEN_WRITES, now)
        bad = _Allowance(_REFUSED_WRITES, _REFUSED_PER_SECOND, _REFUSED_WRITES, now)
        known = _connections()[shop, platform] = _Connection(good, bad)
    return known


def _write(shop: ShopId, platform: str, connection: _Connection) -> None:
    """Write the days; what could not be written stays for the next time."""
    for day, noted in sorted(connection.days.items()):
        written = adapters.deliveries().add(shop, day, platform, noted)
        del connection.days[day]
        if noted.unsigned and written.unsigned - noted.unsigned < FAILING <= written.unsigned:
            _tell_failing(shop, platform)


def _tell_failing(shop: ShopId, platform: str) -> None:
    logger.warning("webhook signatures began to fail", shop=shop, platform=platform)
    count("webhook-failing")
    adapters.rollup_queue().send_batch([({"failing": {"shop": shop, "platform": platform}}, LOOK_AGAIN_AFTER)])


@contextmanager
def _unharmed() -> Iterator[None]:
    """Swallow Trouble: the webhook itself is kept, or refused, already."""
    try:
        yield
    except Trouble as trouble:
        logger.warning("delivery not noted", why=str(trouble))
        count("delivery-not-noted")
