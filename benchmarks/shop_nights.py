"""A shop with 33 surveys a day, over ten weeks: what its nights cost, counted in the last four.

Surveys and answers are put into the table as the functions would leave them; each night is the rollup's own function, woken by its
schedule and its queue, on the night itself and at the hours of its mails.
"""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from benchmarks.account import KEYS, Account, Step, opened
from benchmarks.survey_steps import ACME, COMMENT, SHOP_FILE, survey_id
from cx_domain import identities
from cx_domain.surveys import Survey, SurveyId
from cx_domain.visits import ClientKey, Reply, Visit
from functions import rollup
from infra import adapters, clock
from tests.builders import sent
from tests.functions.envelopes import batch, envelope

A_DAY = 33
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
"""A Monday."""
FULL_AFTER = 42
"""Days: by then surveys expire each night, and reports look back on weeks."""
COUNTED = 28
"""Days: four weeks, with the end of one month."""
ANSWERED, WITH_WORDS = 0.2, 0.3
LAGS = ((6, 0.6), (30, 0.25), (100, 0.15))
"""Until so many hours after the mail, this share of the answers."""
_SCORES = (10, 10, 10, 9, 9, 8, 8, 7, 5, 2)
_TELEPHONE = ClientKey("geztcnbvgy3tqojq")


@dataclass(frozen=True, slots=True)
class Nights:
    """What so many days of one shop cost: the schedule's ticks apart from the rollups that they asked for."""

    days: int
    rollup: Step
    tick: Step


def spent() -> Nights:
    """Let ten weeks go by, and count the last four."""
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder), "2026-01-05T00:00:00Z") as account:
        adapters.shops().put(ACME, SHOP_FILE, clock.now())
        chance = Random("a shop's days")
        coming: list[_Answer] = []
        for day in range(FULL_AFTER + COUNTED):
            morning = BEGIN + day * DAY
            named = "" if day >= FULL_AFTER else "before "
            _wake(account, morning + 7 * HOUR, named)  # eight in Warsaw, when mails to managers go out
            coming += _asked(day, morning + 8 * HOUR, chance)
            midnight = morning + 23 * HOUR
            for answer in coming:
                if answer.at < midnight:
                    answer.give(account)
            coming = [answer for answer in coming if answer.at >= midnight]
            _wake(account, midnight, named)
        return Nights(COUNTED, account.steps["rollup"], account.steps["tick"])


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a customer will do: one tap, its confirmation, and perhaps a comment."""

    survey: SurveyId
    at: datetime
    score: int
    has_words: bool

    def give(self, account: Account) -> None:
        account.at(_text(self.at))
        visit = Visit(self.at, self.score, _TELEPHONE)
        known = adapters.surveys().visit(ACME, self.survey, visit, ["nps"], self.at)
        if not isinstance(known, Survey):
            raise TypeError(f"the tap was refused: {known.reason}")
        then = self.at + timedelta(seconds=3)
        form = replace(visit, at=then, method="POST", evidence="touch", worded=self.has_words)
        reply = Reply(then, self.score, _TELEPHONE, comment=COMMENT if self.has_words else "")
        adapters.surveys().reply(known, form, reply, ["nps"], then)


def _asked(day: int, at: datetime, chance: Random) -> Iterator[_Answer]:
    """Mails of one day go out; says who will answer."""
    for number in range(A_DAY):
        order, sent_at = str(1000 + day * A_DAY + number), at + number * timedelta(minutes=20)
        survey = _sent(order, sent_at)
        adapters.surveys().create(survey, sent_at, purge_at=sent_at + 730 * DAY)
        if chance.random() < ANSWERED:
            later = chance.uniform(*_lag(chance)) * HOUR
            yield _Answer(survey.id, sent_at + later, chance.choice(_SCORES), chance.random() < WITH_WORDS)


def _lag(chance: Random) -> tuple[float, float]:
    ends = [0.0, *(end for end, _ in LAGS)]
    (place,) = chance.choices(range(len(LAGS)), [share for _, share in LAGS])
    return ends[place], ends[place + 1]


def _sent(order: str, at: datetime) -> Survey:
    return replace(
        sent(),
        id=survey_id(order),
        subject_id=order,
        customer=identities.customer_key(KEYS.identity, ACME, f"anna.kowalska.{order}@example.com"),
        customer_orders=1,
        sent_at=at,
        expires_at=at + 30 * DAY,
        delivered_at=at + timedelta(seconds=2),
    )


def _wake(account: Account, at: datetime, named: str) -> None:
    """Let the schedule look, and the queue hand on what it found due."""
    account.at(_text(at + timedelta(minutes=1)))
    account.forget()
    account.run(f"{named}tick", rollup.handler, envelope("rollup_schedule"))
    # Besides shops it names, once a night for all of them, SES's list of suppressed addresses, which moto does not have.
    bodies = [body for body in account.received("RollupQueue") if "shop" in json.loads(body)]
    for number, body in enumerate(bodies):
        account.run(f"{named}rollup", rollup.handler, batch("rollup_queue", (f"rollup-{number}", body)))


def _text(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
