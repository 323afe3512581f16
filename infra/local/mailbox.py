"""The local SES's outgoing mail, kept as it was given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class MailRecord:
    """One accepted mail; `raw` is the whole message, `tags` are SES's message tags (`survey_id` among them)."""

    id: str
    to: tuple[str, ...]
    sender: str
    subject: str
    sent_at: datetime
    raw: bytes
    tags: Mapping[str, str] = field(default_factory=dict)
    configuration_set: str | None = None
