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
from tests.faults.life import ADDRESSES, Life
from tests.functions.week import read
from tests.functions.world import REGION

_TO = re.compile("^To: (.*?)\\s*$", re.MULTILINE)
_DRAWN = frozenset({"version"})
"""Counted anew at each write: it says nothing but that somebody wrote."""
_NAMES = frozenset({"claim", "message_id", "mark"})
"""Names that are drawn. That there is one matters: it may be a claim."""


@dataclass(frozen=True, slots=True)
class End:
    """What was promised of a walk: what became of each order, whom a mail reached how often, the reports and what they say of mails
    that were not sent, and what was given up.
    """

    fates: dict[str, str]
    mails: Counter[str]
    reports: dict[str, str]
    not_sent: Counter[str]
    given_up: tuple[str, ...]


def end(life: Life) -> End:
    fates = {order: _fate(life.world.survey(order)) for order in ADDRESSES}
    reports = {key: etag for key, etag in _files().items() if key.startswith("reports/")}
    return End(fates, Counter(_mailed()), reports, _not_sent(reports), tuple(life.given_up))


def _not_sent(reports: dict[str, str]) -> Counter[str]:
    told = Counter[str]()
    for key in reports:
        if key.endswith("report.json"):
            told.update(json.loads(read(key))["asked"]["not_sent"])
    return told


def _fate(survey: Survey) -> str:
    replies = [(reply.score, reply.comment, reply.drivers) for reply in survey.replies]
    known = survey.order.details is not None and survey.order.details.email is not None
    facts = (survey.stage, survey.reason, replies, len(survey.visits), survey.unsubscribed_at is not None, known)
    return str(facts)


def fingerprint(life: Life) -> str:
    """Name exactly this state of the table, the bucket, the queues and the mailbox; without what is drawn, and without notes of deliveries."""
    queues = {
        name: [message.body for message in queue._messages]  # noqa: SLF001
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
    return {name: name in _NAMES or value.to_regular_json() for name, value in attributes.items() if name not in _DRAWN}


def _files() -> dict[str, str]:
    [bucket] = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets.values()
    return {key.name: key.etag for key in bucket.keys.values()}


def _mailed() -> list[str]:
    return [_TO.findall(mail.raw_data)[0] for mail in ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages]
