"""A mail's headers as they go over the wire: what receivers check stays as it is, what is not ASCII is encoded so that all read it.

RFC 8058 one-click needs `List-Unsubscribe` whole, on one line, in the very bytes of its URL.
"""

from email.header import Header
from email.headerregistry import Address
from email.policy import SMTP, EmailPolicy
from typing import Any

LONGEST_LINE = 998
"""Characters of one line, without its end (RFC 5322, 2.1.1)."""


class _Wire(EmailPolicy):
    """SMTP's policy, except for the headers that it would spoil.

    It makes an encoded word of a long URL, and loses or doubles spaces where long text beyond ASCII is folded (seen in
    Python 3.11 to 3.13); the older `Header` does neither.
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        match name:
            case "Subject":
                return _header(name, _encoded(name, value))
            case "From" | "Reply-To":
                return _header(name, ", ".join(_encoded_mailbox(name, mailbox) for mailbox in value.addresses))
            case "List-Unsubscribe":
                return _header(name, value)
            case _:
                return super().fold_binary(name, value)


def _header(name: str, value: str) -> bytes:
    return f"{name}: {value}\r\n".encode("ascii")


def _encoded(name: str, text: str) -> str:
    """As it is, or as encoded words (RFC 2047) where it is not plain ASCII or looks like one."""
    if text.isascii() and "=?" not in text:
        return str(text)
    return Header(str(text), "utf-8", header_name=name).encode(linesep="\r\n")


def _encoded_mailbox(name: str, mailbox: Address) -> str:
    if not mailbox.display_name or (encoded := _encoded(name, mailbox.display_name)) == mailbox.display_name:
        return str(mailbox)
    return f"{encoded} <{mailbox.addr_spec}>"


WIRE = _Wire(linesep=SMTP.linesep, max_line_length=76, cte_type="7bit")
