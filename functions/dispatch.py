"""Read which surveys are due and put them on the send queue, no faster than SES takes them. Writes nothing else.

Trigger: rate(1 minute)
Retries: none; the next minute reads the same index.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from cx_domain import turns
from cx_domain.shops import ShopId
from cx_domain.surveys import Due, SurveyId
from infra import adapters, clock, settings
from infra.aws.keys import SHARDS
from infra.logs import logger, metrics, overdue

_LONGEST_IDLE = timedelta(days=1)
_LOOKS = 5
"""How often a pass looks past shops that crowd a shard: each time, others may crowd what lies behind."""


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    now, surveys = clock.now(), adapters.surveys()
    first = {shard: due_at for shard in range(SHARDS) if (due_at := surveys.next_due(shard)) is not None}
    overdue(max((now - due_at).total_seconds() for due_at in (now, *first.values())))
    if not any(due_at <= now for due_at in first.values()):
        # Nothing needs to be looked for before then, unless something new is planned.
        return {"released": 0, "idle_until": min([*first.values(), now + _LONGEST_IDLE]).isoformat()}
    released = release(now, [shard for shard, due_at in first.items() if due_at <= now])
    logger.info("surveys released", number=released)
    return {"released": released}


def release(now: datetime, shards: Sequence[int]) -> int:
    """Enqueue what is due, at most a minute's worth of sends less what still stands in the queue; returns how many."""
    rate = settings.SENDS_PER_SECOND.read_number()
    queue = adapters.send_queue()
    room = int(rate * 60) - queue.depth()
    due = _due(now, shards, room) if room > 0 else []
    # Spread over the minute, so that SES's rate holds within it too.
    queue.send_batch([({"survey": survey}, int(place / rate)) for place, survey in enumerate(due)])
    return len(due)


def _due(now: datetime, shards: Sequence[int], room: int) -> list[SurveyId]:
    """Take from every shop in turn, so that none waits for another; and of a shop from every shard."""
    found = turns.by_turns([_waiting(shard, now, room) for shard in shards])
    return [due.survey for due in turns.shop_by_shop(found)[:room]]


def _waiting(shard: int, now: datetime, room: int) -> list[Due]:
    """Read what is due first; where that is full of a few shops, also what is due of all others."""
    surveys = adapters.surveys()
    read = surveys.due(shard, now, room)
    found, crowd = dict.fromkeys(read), frozenset[ShopId]()
    for _ in range(_LOOKS):
        crowding = turns.crowding(read)
        if len(read) < room or not crowding:
            break
        crowd |= crowding
        read = surveys.due(shard, now, room, besides=crowd)
        found |= dict.fromkeys(read)
    return list(found)
