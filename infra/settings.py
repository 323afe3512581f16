"""Every setting that comes from outside, as one table; the only file that reads the environment.

Each is read when it is first needed, so that importing a module needs no environment, and a function fails by name when one
that it needs is missing. `docs/configuration.md` lists them.
"""

import os
from dataclasses import dataclass

from cx_domain.errors import NotConfigured


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable of the environment, with what it is for."""

    name: str
    meaning: str
    default: str | None = None

    def read_or_none(self) -> str | None:
        """Read it, or its default, or None."""
        return os.environ.get(self.name) or self.default

    def read(self) -> str:
        """Read it; NotConfigured when it is neither set nor has a default."""
        value = self.read_or_none()
        if value is None:
            raise NotConfigured(f"{self.name} is not set: {self.meaning}")
        return value

    def read_number(self) -> float:
        """Read it as a number above zero; NotConfigured names what stands there instead."""
        text = self.read()
        try:
            number = float(text)
        except ValueError:
            number = 0.0
        if not number > 0:
            raise NotConfigured(f"{self.name} is {text!r}, which is not a number above zero: {self.meaning}")
        return number


TABLE = Setting("AFTERORDER_TABLE", "the name of the DynamoDB table")
BUCKET = Setting("AFTERORDER_BUCKET", "the bucket of day files, totals and reports")
SEND_QUEUE = Setting("AFTERORDER_SEND_QUEUE", "the address of the queue of surveys to send")
ROLLUP_QUEUE = Setting("AFTERORDER_ROLLUP_QUEUE", "the address of the queue of shops to roll up")
FETCH_QUEUE = Setting("AFTERORDER_FETCH_QUEUE", "the address of the queue of orders to read from their platform")
CONFIGURATION_SET = Setting("AFTERORDER_CONFIGURATION_SET", "the SES configuration set whose events come back to us")
SECRETS_PREFIX = Setting("AFTERORDER_SECRETS_PREFIX", "where webhook secrets and link keys lie in the parameter store")
PUBLIC_URL = Setting("AFTERORDER_PUBLIC_URL", "what the links in mails begin with")
SENDS_PER_SECOND = Setting("AFTERORDER_SENDS_PER_SECOND", "the SES account's sending rate", default="14")
SHOP_CACHE_SECONDS = Setting(
    "AFTERORDER_SHOP_CACHE_SECONDS",
    "how long a function goes by a shop's file and secrets before it reads them again",
    default="60",
)
ADOBE_KEYS_URL = Setting(
    "AFTERORDER_ADOBE_KEYS_URL",
    "where Adobe I/O Events shows its public keys",
    default="https://static.adobeioevents.com",
)
LOG_LEVEL = Setting("AFTERORDER_LOG_LEVEL", "the least important log line that is kept", default="INFO")
STACK = Setting("AFTERORDER_STACK", "the stack that the command line speaks to", default="afterorder")
CLOCK_FILE = Setting("AFTERORDER_CLOCK_FILE", "the local stack's virtual clock; unset on AWS")

SETTINGS: tuple[Setting, ...] = (
    TABLE,
    BUCKET,
    SEND_QUEUE,
    ROLLUP_QUEUE,
    FETCH_QUEUE,
    CONFIGURATION_SET,
    SECRETS_PREFIX,
    PUBLIC_URL,
    SENDS_PER_SECOND,
    SHOP_CACHE_SECONDS,
    ADOBE_KEYS_URL,
    LOG_LEVEL,
    STACK,
    CLOCK_FILE,
)
