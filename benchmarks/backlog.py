"""Very many surveys fall due at once: how fast the dispatcher lets them out, and whether all of them leave.

    python -m benchmarks.backlog [--surveys 50000] [--rate 50]

The dispatcher itself sweeps a table and a queue on moto, minute by minute. SES stands at the queue's end and takes each message when its
delay is over; what it took is claimed, and so no longer due. That no second has more mails than the rate is what is to be shown.
"""

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.sqs.models import sqs_backends

from cx_domain.identities import survey_id
from functions import dispatch
from infra import clock
from infra.aws import clients, keys
from infra.aws.attribute_values import encode
from infra.aws.survey_items import survey_item
from infra.local.moto_speed import take_shortcuts
from tests.builders import KEY, planned
from tests.template import resources

DUE_AT = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
REGION = "eu-central-1"


def simulated(surveys: int, rate: float, clock_file: Path) -> tuple[Counter[int], int]:
    """Sweep until nothing is due; the mails of each second since they fell due, and the minutes that it took."""
    table, queue = _stack(surveys)
    sent: Counter[int] = Counter()
    known, minute = set[str](), 0
    while table.items:
        at = DUE_AT + timedelta(minutes=minute)
        clock_file.write_text(at.isoformat(), encoding="ascii")
        dispatch.release(clock.now(), range(keys.SHARDS))
        for message in queue._messages:  # noqa: SLF001 - what waits cannot be received
            delay = round((message.delayed_until - float(message.sent_timestamp)) / 1000)
            survey = json.loads(message.body)["survey"]
            if survey in known:
                raise AssertionError("a survey was let out twice")
            known.add(survey)
            sent[minute * 60 + delay] += 1
            del table.items[DynamoType({"S": keys.survey(survey)["pk"]})]
        queue._messages = []  # noqa: SLF001
        minute += 1
        if minute > 2 * surveys / (rate * 60) + 2:
            raise AssertionError("surveys stay due")
    return sent, minute


def _stack(surveys: int) -> tuple[Any, Any]:
    for properties in resources("AWS::DynamoDB::Table").values():
        asked = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
        clients.dynamodb().create_table(TableName="backlog", **{name: properties[name] for name in asked})
    os.environ["AFTERORDER_SEND_QUEUE"] = clients.sqs().create_queue(QueueName="send")["QueueUrl"]
    table = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables["backlog"]
    made = replace(planned(), due_at=DUE_AT)
    for number in range(surveys):
        about = replace(made, id=survey_id(KEY, made.shop, "nps", "order", str(number)), subject_id=str(number))
        table.put_item(encode(survey_item(about)))
    return table, sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues["send"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--surveys", type=int, default=50_000)
    parser.add_argument("--rate", type=float, default=50)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, mock_aws():
        clock_file = Path(folder) / "clock"
        os.environ |= {
            "AWS_ACCESS_KEY_ID": "stand-in",
            "AWS_SECRET_ACCESS_KEY": "stand-in",
            "AWS_DEFAULT_REGION": REGION,
            "AFTERORDER_TABLE": "backlog",
            "AFTERORDER_CLOCK_FILE": str(clock_file),
            "AFTERORDER_SENDS_PER_SECOND": str(asked.rate),
        }
        take_shortcuts()
        sent, minutes = simulated(asked.surveys, asked.rate, clock_file)
    most = max(sent.values())
    told = {
        "surveys": asked.surveys,
        "rate": asked.rate,
        "sent": sent.total(),
        "minutes": minutes,
        "most_in_a_second": most,
    }
    sys.stdout.write(f"{json.dumps(told)}\n")
    return int(sent.total() != asked.surveys or most > asked.rate)


if __name__ == "__main__":
    sys.exit(main())
