"""Values that only a shop's file has: each check returns what the value means, or raises ValueError with what is wrong."""

import re
from collections.abc import Callable, Mapping
from datetime import time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo, available_timezones

from cx_domain.addresses import address, domain_name, mailbox
from cx_domain.durations import duration
from cx_domain.errors import BadField
from cx_domain.value_checks import any_text, did_you_mean, https_url, line, matching, number, one_of

SEGMENTS = ("country", "language", "customer", "channel", "category", "delivery", "topic", "agent")
LONGEST = timedelta(days=3650)
_LONGEST_SENDER = 400
"""An address has 254 characters at most, and a mail's lines 998."""

_ADDRESS = re.compile(r"://|www\.|\S@\S", re.IGNORECASE)

_FIGURES: Mapping[str, tuple[float, float]] = {
    "nps": (-100, 100),
    "nps5": (-100, 100),
    "csat": (0, 100),
    "ces": (1, 7),
    "yes-no": (0, 100),
}
"""The range of each kind's headline figure: points, per cent of answers, or the mean."""


def zone(raw: object) -> ZoneInfo:
    name = any_text(raw)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # ZoneInfo("Europe") is a folder: OSError
        near = did_you_mean(name, available_timezones())
        raise ValueError(f'must be a time zone such as "Europe/Warsaw", not "{name[:60]}"{near}') from None


def order_link(raw: object) -> str:
    """An address of the shop's own admin, with a place for the id of an order or its number."""
    text = https_url(raw)
    if re.search(r"[{}]", re.sub(r"\{(id|number)\}", "", text)) or not re.search(r"\{(id|number)\}", text):
        raise ValueError('must hold "{id}" or "{number}", where that of an order stands, and no other braces')
    return text


def sender(raw: object) -> str:
    text = line(_LONGEST_SENDER)(raw)
    found = mailbox(text)
    if found is None:
        raise ValueError(f'must be "Name <address>" or an address, not "{text[:80]}"')
    return found


def plain_address(raw: object) -> str:
    found = address(any_text(raw))
    if found is None:
        raise ValueError(f'must be an e-mail address, not "{any_text(raw)[:80]}"')
    return found


def domain(raw: object) -> str:
    found = domain_name(any_text(raw))
    if found is None:
        raise ValueError(f'must be a domain such as "acme.example", without "@", not "{any_text(raw)[:80]}"')
    return found


def news(raw: object) -> str:
    """A line of text alone: mail programs make links of addresses, and a link would make the question an advertisement."""
    found = line(300)(raw)
    if _ADDRESS.search(found):
        raise ValueError("must be text without a link: no address of a page or a mailbox")
    return found


def headline_figure(kind: str, raw: object) -> float:
    lowest, highest = _FIGURES[kind]
    return number(lowest, highest)(raw)


def span(shortest: timedelta = timedelta()) -> Callable[[object], timedelta]:
    def check(raw: object) -> timedelta:
        try:
            found = duration(any_text(raw))
        except BadField as error:
            raise ValueError(error.why) from None
        if not shortest <= found <= LONGEST:
            raise ValueError(f'must be {"longer" if found < shortest else "shorter"} than that, not "{raw}"')
        return found

    return check


def time_of_day(raw: object) -> time:
    return time.fromisoformat(matching("([01][0-9]|2[0-3]):[0-5][0-9]", 'a time of day such as "21:00"')(raw))


def quiet_hours(raw: object) -> tuple[time, time]:
    if not isinstance(raw, list) or len(raw) != 2:  # noqa: PLR2004 - from and to
        raise ValueError('must be two times of day, such as ["21:00", "08:00"]')
    begin, end = (time_of_day(each) for each in raw)
    if begin == end:
        raise ValueError("must begin and end at different times")
    return begin, end


def amount(raw: object) -> Decimal:
    """Take an amount as text or a number; text is exact."""
    written = raw if isinstance(raw, str) else str(number(0, 1e9)(raw))
    if re.fullmatch(r"[0-9]{1,10}(\.[0-9]{1,4})?", written) is None:
        raise ValueError(f'must be an amount such as "10.00", not "{written[:40]}"')
    return Decimal(written)


def segment(raw: object) -> str:
    text = any_text(raw)
    if re.fullmatch(r"tag:[^\s:][^\x00-\x1f]{0,59}", text):
        return text
    try:
        return one_of(*SEGMENTS)(text)
    except ValueError as why:
        raise ValueError(f'{why} (or "tag:" and the name of a tag)') from None
