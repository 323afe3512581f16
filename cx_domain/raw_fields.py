"""Single values of a webhook, strictly: each reader takes a JSON value and returns what it means, None where it is absent.

A value of the wrong type is a BadField. Words are never refused for what they say: a 4xx would lose the order, so line breaks,
control characters and overlong text are made harmless instead (templates escape the markup).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime

from cx_domain.addresses import address
from cx_domain.errors import BadField
from cx_domain.names import one_line

_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z| ?[+-]\d\d:?\d\d)?", re.ASCII)
_MAIL_TIME = re.compile(r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}", re.ASCII)
"""As mails write it, and BigCommerce (RFC 2822)."""
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?")
_IDENTIFIER = re.compile(
    r"[^\s\x00-\x1f\x7f\ud800-\udfff]([^\x00-\x1f\x7f\ud800-\udfff]{0,126}[^\s\x00-\x1f\x7f\ud800-\udfff])?"
)
_YEARS = range(2000, 2200)
_SECONDS = range(int(datetime(2000, 1, 1, tzinfo=UTC).timestamp()), int(datetime(2200, 1, 1, tzinfo=UTC).timestamp()))
_MOST_TAGS = 10
_LONGEST_TAG = 60


@dataclass(frozen=True, slots=True)
class RawFields:
    """Raw values by our names for them.

    `zoneless_is_utc`: the platform writes UTC times without saying so. `times_are_unix`: it counts seconds since 1970.
    """

    values: Mapping[str, object]
    zoneless_is_utc: bool = False
    times_are_unix: bool = False

    def raw(self, name: str) -> object:
        return self.values.get(name)

    def identifier(self, name: str) -> str | None:
        """An id, text or a whole number, at most 128 characters. Never a float: ids exceed 2^53."""
        raw = self.raw(name)
        if raw is None or raw == "":
            return None
        if isinstance(raw, bool) or not isinstance(raw, (str, int)):
            raise BadField(name, "must be text or a whole number")
        text = str(raw).strip() if isinstance(raw, str) or abs(raw) < 10**128 else ""
        if _IDENTIFIER.fullmatch(text) is None:
            raise BadField(name, "must be at most 128 characters, without line breaks or control characters")
        return text

    def text(self, name: str, longest: int) -> str | None:
        """Words on one line, cut to `longest` characters; None if nothing visible is left."""
        raw = self._of_type(name, str, "text")
        return (one_line(raw, longest) or None) if isinstance(raw, str) else None

    def label(self, name: str, longest: int) -> str | None:
        """Words or a number, such as an order's number as the shop writes it."""
        raw = self.raw(name)
        if isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) < 10**longest:
            return str(raw)
        return self.text(name, longest)

    def email(self, name: str) -> str | None:
        """An address that can be mailed; one that cannot is None like none at all."""
        raw = self._of_type(name, str, "text")
        return address(raw) if isinstance(raw, str) else None

    def flag(self, name: str) -> bool | None:
        raw = self._of_type(name, bool, "true, false or null")
        return raw if isinstance(raw, bool) else None

    def language(self, name: str) -> str | None:
        """Two small letters: `pl` for pl, pl_PL and pl-PL; None for what is no such code."""
        raw = self._of_type(name, str, "text")
        found = re.match(r"([A-Za-z]{2})(?![A-Za-z])", raw.strip()) if isinstance(raw, str) else None
        return found[1].lower() if found else None

    def country(self, name: str) -> str | None:
        """Two capitals (ISO 3166-1 alpha-2), or None for what is no such code."""
        raw = self._of_type(name, str, "text")
        found = re.fullmatch(r"[A-Za-z]{2}", raw.strip()) if isinstance(raw, str) else None
        return found[0].upper() if found else None

    def currency(self, name: str) -> str | None:
        raw = self._of_type(name, str, "text")
        found = re.fullmatch(r"[A-Za-z]{3}", raw.strip()) if isinstance(raw, str) else None
        return found[0].upper() if found else None

    def amount(self, name: str) -> Decimal | None:
        """A decimal number, not negative, as text or a JSON number."""
        raw = self.raw(name)
        if raw is None or raw == "":
            return None
        written = _written(raw)
        if written is None or _AMOUNT.fullmatch(written) is None:
            raise BadField(name, 'must be an amount such as "99.80", not negative')
        return Decimal(written)

    def quantity(self, name: str) -> int:
        """How many, at least 1; shops that sell by weight send fractions."""
        raw = self.raw(name)
        if raw is None:
            return 1
        if isinstance(raw, bool) or not isinstance(raw, (int, float)):
            raise BadField(name, "must be a number")
        return int(max(1, min(raw, 1_000_000)))

    def time(self, name: str) -> datetime | None:
        """A moment as ISO 8601 or as in a mail's header, with its offset, in UTC."""
        if self.times_are_unix:
            return self._counted(name)
        raw = self._of_type(name, str, "text")
        if not isinstance(raw, str) or not raw.strip():
            return None
        at = _moment(raw.strip())
        if at is None or at.year not in _YEARS:
            raise BadField(name, "must be a time such as 2026-01-05T09:00:00Z")
        if at.tzinfo is None:
            if not self.zoneless_is_utc:
                raise BadField(name, "must say its offset, such as 2026-01-05T09:00:00Z or +01:00")
            return at.replace(tzinfo=UTC)
        return at.astimezone(UTC)

    def _counted(self, name: str) -> datetime | None:
        raw = self.raw(name)
        if raw is None:
            return None
        if isinstance(raw, bool) or not isinstance(raw, int) or not _SECONDS.start <= raw < _SECONDS.stop:
            raise BadField(name, "must be seconds since 1970, such as 1767603600")
        return datetime.fromtimestamp(raw, UTC)

    def tags(self, name: str) -> tuple[tuple[str, str], ...]:
        """Name and value pairs in the order of their names, at most ten; both parts are cut to 60 characters."""
        raw = self._of_type(name, dict, "an object")
        found: dict[str, str] = {}
        for key, value in sorted(raw.items()) if isinstance(raw, dict) else ():
            if value is not None and not isinstance(value, str):
                raise BadField(f"{name}.{one_line(key, _LONGEST_TAG)}", "must be text")
            tag, words = one_line(key, _LONGEST_TAG), one_line(value or "", _LONGEST_TAG)
            if tag and words:
                found.setdefault(tag, words)
        return tuple(found.items())[:_MOST_TAGS]

    def _of_type(self, name: str, kind: type, meaning: str) -> object:
        raw = self.raw(name)
        if raw is not None and not isinstance(raw, kind):
            raise BadField(name, f"must be {meaning}")
        return raw


def _written(raw: object) -> str | None:
    """The plain decimal notation of text or of a JSON number of sane length."""
    if isinstance(raw, bool):
        return None
    if isinstance(raw, str):
        return raw.strip()
    if isinstance(raw, int):
        return str(raw) if abs(raw) < 10**12 else None
    if isinstance(raw, float) and 0 <= raw < 1e12:  # noqa: PLR2004 - the same bound; NaN and infinity fail it
        return f"{Decimal(repr(raw)):.9f}"
    return None


def _moment(text: str) -> datetime | None:
    try:
        if _MAIL_TIME.fullmatch(text) is not None:
            return parsedate_to_datetime(text)
        # Ecwid puts a space before the offset.
        return datetime.fromisoformat(re.sub(" (?=[+-])", "", text)) if _TIME.fullmatch(text) is not None else None
    except ValueError:
        return None
