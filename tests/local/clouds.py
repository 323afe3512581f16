"""A running Cloud for tests: template.yaml under a clock that stands until it is moved."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from infra.local.cloud import Cloud
from infra.local.mailbox import MailRecord
from infra.local.translation import user_cache

TEMPLATE = Path("template.yaml")
MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
TABLE = "afterorder-Table"
BUCKET = "afterorder-bucket-123456789012"
SEND_QUEUE = "https://sqs.eu-central-1.amazonaws.com/123456789012/afterorder-SendQueue"
MAIL_EVENT_QUEUE = "https://sqs.eu-central-1.amazonaws.com/123456789012/afterorder-MailEventQueue"
CONFIGURATION_SET = "afterorder-ConfigurationSet"
HELLO = b"From: Acme Outdoor <hello@acme.example>\r\nTo: anna@kowalska.example\r\nSubject: Your tent\r\n\r\nHello\r\n"


@dataclass(slots=True)
class Running:
    """The Cloud, its clock, and what it told its hooks."""

    data: Path
    now: datetime = MONDAY
    heard: list[str] = field(default_factory=list)
    mailed: list[MailRecord] = field(default_factory=list)
    invoked: list[tuple[str, bytes]] = field(default_factory=list)
    cloud: Cloud = field(init=False)

    def __post_init__(self) -> None:
        self.cloud = Cloud(
            TEMPLATE,
            self.data,
            lambda: self.now,
            public_url="http://127.0.0.1:8000",
            invoke=self._invoke,
            on_due_write=lambda due_at: self.heard.append(f"due {due_at:%H:%M}"),
            on_send=self.heard.append,
            on_mail=self.mailed.append,
            kept_in=user_cache(),
        )

    def _invoke(self, function: str, payload: bytes) -> tuple[int, bytes, str | None]:
        self.invoked.append((function, payload))
        return 200, b'{"keys": ["reports/acme/2026-W02/report.json"]}', None

    def client(self, function: str, service: str) -> Any:
        """Give a boto3 client with a function's own permissions, as its process has them."""
        return boto3.client(  # type: ignore[call-overload]
            service,
            region_name=self.cloud.region,
            endpoint_url=self.cloud.endpoint,
            aws_access_key_id=self.cloud.stack.functions[function].access_key,
            aws_secret_access_key="local",
            config=Config(retries={"total_max_attempts": 1}),
        )


@contextmanager
def running(data: Path) -> Iterator[Running]:
    stack = Running(data)
    stack.cloud.start()
    try:
        yield stack
    finally:
        stack.cloud.stop()


def item(number: int = 1, **attributes: str) -> dict[str, Any]:
    """Make a survey's item, small and in DynamoDB's own form."""
    texts = {"pk": f"survey#{number}", "sk": "survey", **attributes}
    return {name: {"S": text} for name, text in texts.items()}
