"""The errors that cross a module, drawn once.

AfterorderError
├── BadInput            the sender's fault: told what is wrong, nothing is kept, repeating is useless
│   ├── BadField        one field of a payload or form; names it
│   ├── BadFile         every mistake of a file at once, each with its key
│   │   ├── BadShopFile
│   │   └── BadPlatformFile
│   ├── TooLarge        a body that is longer than we read (413)
│   └── BadLink         a link that is forged, foreign, damaged or spent
├── BadSignature        a webhook that does not prove where it comes from (401)
├── NotFound            no such shop, platform, survey or report (404)
└── Trouble             our own or AWS's: the sender should try again
    ├── Conflict        somebody else wrote first: read again and redo
    └── NotConfigured   a setting or a secret is missing: an operator must act
"""

from collections.abc import Sequence
from dataclasses import dataclass


class AfterorderError(Exception):
    """Whatever afterorder says no with."""


class BadInput(AfterorderError):
    """The sender's fault; nothing was kept, and sending it again will not help."""


class BadField(BadInput):
    """One field is missing or not what it must be."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field
        self.why = why


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a file: the key as it is written there, and what is wrong with it."""

    key: str
    why: str


class BadFile(BadInput):
    """All mistakes of a file; nothing was written."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("; ".join(f"{mistake.key}: {mistake.why}" for mistake in mistakes))
        self.mistakes = tuple(mistakes)


class BadShopFile(BadFile):
    """A shop's file that says what it must not."""


class BadPlatformFile(BadFile):
    """A platform's file that says what it must not."""


class TooLarge(BadInput):
    """A body that is longer than we read."""


class BadLink(BadInput):
    """A link that does not open: forged, damaged, or made for another purpose."""


class BadSignature(AfterorderError):
    """The webhook is not signed as its platform signs; nothing was kept."""


class NotFound(AfterorderError):
    """There is no such thing."""


class Trouble(AfterorderError):
    """Our own fault, or AWS's: trying again may help."""


class Conflict(Trouble):
    """Somebody else wrote first; read again and redo."""


class NotConfigured(Trouble):
    """A setting or a secret is missing or malformed; an operator must act."""
