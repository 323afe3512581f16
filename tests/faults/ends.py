"""What the world holds: exactly, to see whether two walks have come to the same place; and what of it was promised."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.s3.models import s3_backends
from moto.ses.models import ses_backends
from moto.sqs.models import sqs_backends

from cx_domain.surveys import Survey
from tests.faults.life import ADDRESSES, Life, undrawn
from tests.functions.week import read
from tests.functions.world import REGION

_TO = re.compile("^To: (.*?)\\s*$", re.MULTILINE)
_DRAWN = frozenset({"version"})
"""Counted anew at each write: it says nothing but that somebody wrote."""
_DAY = 86_400
_NAMES = frozenset({"claim", "message_id", "mark", "run"})
"""Names that are drawn. That there is one matters: it may be a claim."""


@dataclass(frozen=True, slots=True)
class End:
    """What was promised of a walk: what became of each order, whom a mail reached how often, the reports and what they say of mails
    that were not sent, what was written down for people who asked, and what was given up.
    """

    fates: dict[str, str]
    mails: Counter[str]
    reports: dict[str, str]
    not_sent: Counter[tuple[str, str]]
    """By the kind of a report's period, and the reason."""
    exports: frozenset[str]
    given_up: tuple[str, ...]


def end(life: Life) -> End:
    fates = {order: _fate(life.world.survey(order)) for order in ADDRESSES}
    files = _files()
    reports = {key: etag for key, etag in files.items() if key.startswith("reports/")}
    exports = frozenset(key for key in files if key.startswith("exports/"))
    return End(fates, Counter(_mailed()), reports, _not_sent(reports), exports, tuple(life.given_up))


def _not_sent(reports: dict[str, str]) -> Counter[tuple[str, str]]:
    told = Counter[tuple[str, str]]()
    for key in reports:
        if key.endswith("report.json"):
            kind = "week" if "-W" in key else "month"
            told.update({(kind, reason): n for reason, n in json.loads(read(key))["asked"]["not_sent"].items()})
    return told


def _fate(survey: Survey) -> str:
    replies = [(reply.score, reply.comment, reply.drivers) for reply in survey.replies]
    known = survey.order.details is not None and survey.order.details.email is not None
    facts = (survey.stage, survey.reason, replies, len(survey.visits), survey.unsubscribed_at is not None, known)
    return str(facts)


def fingerprint(life: Life) -> str:
    """Name exactly this state of the table, the bucket, the queues and the mailbox; without what is drawn, and without notes of deliveries."""
    queues = {
        name: [undrawn(message.body) for message in queue._messages]  # noqa: SLF001
        for name, queue in sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues.items()
    }
    state = [_items(), _files(), queues, _mailed(), life.told, life.given_up]
    return sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()


def _items() -> dict[str, Any]:
    [table] = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables.values()
    # A delivery is noted after its order was kept, and counts deliveries: one that came twice counts twice.
    return {
        f"{item.hash_key.value} {item.range_key.value}": _attributes(item.attrs)
        for group in table.items.values()
        for item in group.values()
        if not item.range_key.value.startswith("deliveries#")
    }


def _attributes(attributes: dict[str, Any]) -> dict[str, Any]:
    return {name: _shown(name, value) for name, value in attributes.items() if name not in _DRAWN}


def _shown(name: str, value: Any) -> Any:
    if name == "purge_at":
        return int(value.value) // _DAY  # half a year and more from now, whose hour nobody is promised
    return name in _NAMES or value.to_regular_json()


def _files() -> dict[str, str]:
    [bucket] = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets.values()
    # What is written down for a person names the drawn id of their mail: it counts that there is a file.
    return {key.name: "" if key.name.startswith("exports/") else key.etag for key in bucket.keys.values()}


def _mailed() -> list[str]:
    return [_TO.findall(mail.raw_data)[0] for mail in ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages]
