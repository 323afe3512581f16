"""A mail as it goes over the wire: headers that stay as they are, a text part and an HTML part.

Python's `EmailMessage` is not used: it makes an encoded word of a long URL, which RFC 8058's one-click does not survive, loses or doubles spaces
where long text beyond ASCII is folded (seen in Python 3.11 to 3.13), and takes most of the time that a mail takes.
"""

from binascii import b2a_qp
from collections.abc import Mapping
from email.header import Header
from email.utils import formataddr

LONGEST_LINE = 998
"""Characters of one line, without its end (RFC 5322, 2.1.1)."""

_BOUNDARY = "=_afterorder"
"""It cannot stand in a part: in quoted-printable, what follows `=` is a number or the line's end (RFC 2045, 6.7)."""


def message(headers: Mapping[str, str], text: str, html: str) -> bytes:
    """Write all of it, with these headers first; they are ASCII, and what is too long for a line is folded already."""
    own = {"MIME-Version": "1.0", "Content-Type": f'multipart/alternative; boundary="{_BOUNDARY}"'}
    head = "".join(f"{name}: {value}\r\n" for name, value in {**headers, **own}.items())
    parts = b"".join(f"--{_BOUNDARY}\r\n".encode() + part for part in (_part("plain", text), _part("html", html)))
    return b"".join((head.encode("ascii"), b"\r\n", parts, f"--{_BOUNDARY}--\r\n".encode()))


def encoded(header: str, text: str) -> str:
    """As it is, or as encoded words (RFC 2047) where it is not plain ASCII or looks like one."""
    if text.isascii() and "=?" not in text:
        return text
    return Header(text, "utf-8", header_name=header).encode(linesep="\r\n")


def mailbox(header: str, name: str, address: str) -> str:
    """Write `Name <address>`, or the bare address where there is no name."""
    written = encoded(header, name)
    return formataddr((name, address)) if written == name else f"{written} <{address}>"


def _part(kind: str, text: str) -> bytes:
    head = f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    lines = b"\r\n".join(text.encode().splitlines())
    return head.encode() + b2a_qp(lines + b"\r\n")
