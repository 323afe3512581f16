"""An e-mail address that a mail can be sent to, as strict as the mail service that has to take it."""

import re
import unicodedata

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOTS = re.compile("[.\u3002\uff0e\uff61]")
_KEPT_SINCE_2008 = re.compile("[\u00df\u1e9e\u03c2\u200c\u200d]")
"""The letters that IDNA of 2003 wrote as others, and IDNA of 2008 keeps: https://www.unicode.org/reports/tr46/#Deviations"""
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE | re.ASCII)
_MAILBOX = re.compile(r'"?([^<>"\r\n]*?)"?\s*<([^<>]*)>')
_NEEDS_QUOTES = re.compile(r"[()@,;:\\.\[\]]")


def address(text: str) -> str | None:
    """Return the plain ASCII address (an international domain in its IDNA form), or None if no mail can reach it.

    Addresses whose local part is quoted or not ASCII are not taken: SES refuses them.
    """
    local, at, domain = text.strip().rpartition("@")
    if not at or len(local) > 64 or _LOCAL.fullmatch(local) is None:  # noqa: PLR2004 - RFC 5321, 4.5.3.1.1
        return None
    plain = domain_name(domain)
    whole = f"{local}@{plain}"
    return whole if plain is not None and len(whole) <= 254 else None  # noqa: PLR2004 - RFC 5321, 4.5.3.1.3


def domain_name(text: str) -> str | None:
    """Return a domain as DNS knows it, in small letters (`xn--…` for an international one), or None if it cannot be one.

    A dot at its end, which means the same, is dropped.
    """
    try:
        plain = ".".join(_ascii(label) for label in _DOTS.split(text.strip().removesuffix(".")))
    except UnicodeError:
        return None
    labels = plain.split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():  # noqa: PLR2004
        return None
    return plain


def _ascii(label: str) -> str:
    """Write a label as IDNA does. Python knows IDNA of 2003, which takes ß for ss: today that is another domain, and another's."""
    if _KEPT_SINCE_2008.search(label) is None:
        return label.encode("idna").decode("ascii").lower()
    return "xn--" + unicodedata.normalize("NFKC", label.lower()).encode("punycode").decode("ascii")


def mailbox(text: str) -> str | None:
    """Return `Name <address>` (the name in quotes where it needs them) or the bare address; None if it is neither."""
    if not text.isprintable():
        return None
    named = _MAILBOX.fullmatch(text.strip())
    if named is None:
        return address(text)
    name, plain = named[1].strip(), address(named[2])
    if plain is None or not name:
        return plain
    quoted = name.replace("\\", r"\\")  # in quotes a backslash takes the next sign for itself
    return f'"{quoted}" <{plain}>' if _NEEDS_QUOTES.search(name) else f"{name} <{plain}>"
