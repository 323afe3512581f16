"""A length of time as people write it: `5s`, `90m`, `6h`, `7d`."""

import re
from datetime import timedelta

from cx_domain.errors import BadField

_WRITTEN = re.compile(r"([0-9]{1,6})([smhd])", re.ASCII)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def duration(text: str) -> timedelta:
    """Read a whole number of seconds, minutes, hours or days, of at most six digits; anything else is a BadField."""
    written = _WRITTEN.fullmatch(text)
    if written is None:
        raise BadField("duration", f"{text[:40]!r} is not a length of time such as 5s, 90m, 6h or 7d")
    number, unit = written.groups()
    return timedelta(**{_UNITS[unit]: int(number)})
