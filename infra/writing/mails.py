"""The mails, as the bytes that SES is given: a text part written by hand, an HTML part, and headers that stay as they are.

RFC 8058 one-click needs `List-Unsubscribe` whole, on one line, in the very bytes of its URL.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import parseaddr
from typing import Any

from cx_domain.addresses import address
from cx_domain.contrast import palette
from cx_domain.digests import Digest
from cx_domain.errors import BadField
from cx_domain.names import greetable, one_line
from cx_domain.orders import Item
from cx_domain.shops import Shop
from cx_domain.surveys import Survey
from infra.writing.digest_words import figures
from infra.writing.questions import question, subject_number, topics
from infra.writing.rendering import render
from infra.writing.words import Words, words_for

MOST_ITEMS = 3
_LONGEST_LINE = 998


@dataclass(frozen=True, slots=True)
class MailLinks:
    """`rate` is the link without its score ("https://host/s/TOKEN"), `unsubscribe` is whole."""

    rate: str
    unsubscribe: str


@dataclass(frozen=True, slots=True)
class Mail:
    """One message: `raw` is all of it as RFC 5322 says. `sender`, `to` and `reply_to` repeat its bare addresses, for the envelope."""

    sender: str
    to: str
    reply_to: str
    subject: str
    raw: bytes


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


_WIRE = _Wire(linesep=SMTP.linesep, max_line_length=76, cte_type="7bit")


def survey_mail(shop: Shop, survey: Survey, to: str, links: MailLinks, *, reminder: bool, sent_at: datetime) -> Mail:
    """The question, or its one reminder. Raises BadField where `to` or the shop's own address is none."""
    spoken = words_for(survey.language, shop)
    facts = _survey_facts(shop, survey, links, spoken)
    headers = {
        "List-Unsubscribe": f"<{one_line(links.unsubscribe, longest=_LONGEST_LINE)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Feedback-ID": f"{shop.id}:{survey.kind}:afterorder",
    }
    return _mail(
        "reminder" if reminder else "survey",
        shop,
        to,
        headers,
        {**_surroundings(shop, spoken), **facts},
        sent_at=sent_at,
    )


def digest_mail(shop: Shop, digest: Digest, to: str, link: str, sent_at: datetime) -> Mail:
    """A closed period for a manager, in the first of the shop's languages that has words; the files are below `link`."""
    spoken = words_for(None, shop)
    facts = {"digest": figures(digest, spoken), "link": link}
    headers = {"Feedback-ID": f"{shop.id}:digest:afterorder"}
    return _mail("digest", shop, to, headers, {**_surroundings(shop, spoken), **facts}, sent_at=sent_at)


def _survey_facts(shop: Shop, survey: Survey, links: MailLinks, spoken: Words) -> Mapping[str, Any]:
    return {
        "about": survey.subject_type,
        "subject_message": spoken.first(*topics("subject", survey), f"subject.nps.{survey.subject_type}"),
        "number": subject_number(survey),
        "greeting": _greeting(survey, spoken),
        "order_line": _order_line(survey, spoken),
        "question": question(shop, survey, spoken),
        "links": links,
    }


def _surroundings(shop: Shop, spoken: Words) -> Mapping[str, Any]:
    """What every mail of a shop needs."""
    return {
        "t": spoken.gettext,
        "n": spoken.ngettext,
        "words": spoken,
        "shop": shop,
        "colours": palette(shop.brand.colour),
    }


def _greeting(survey: Survey, spoken: Words) -> str:
    details = survey.order.details
    name = greetable(details.first_name) if details else None
    return spoken.gettext("mail.greeting.named", name=name) if name else spoken.gettext("mail.greeting")


def _order_line(survey: Survey, spoken: Words) -> str:
    details = survey.order.details
    items = [_item(item, spoken) for item in details.items if one_line(item.title)] if details else []
    if survey.subject_type == "ticket" or not items:
        return spoken.gettext(f"mail.{survey.subject_type}", number=subject_number(survey))
    listed = ", ".join(items[:MOST_ITEMS])
    if len(items) > MOST_ITEMS:
        listed = f"{listed} {spoken.ngettext('mail.more-items', len(items) - MOST_ITEMS)}"
    return spoken.gettext("mail.order.items", number=subject_number(survey), items=listed)


def _item(item: Item, spoken: Words) -> str:
    title = spoken.isolated(one_line(item.title, longest=60))
    return f"{item.quantity} \u00d7 {title}" if item.quantity > 1 else title


def _mail(
    name: str, shop: Shop, to: str, headers: Mapping[str, str], facts: Mapping[str, Any], *, sent_at: datetime
) -> Mail:
    subject = one_line(render(f"email/{name}/subject.txt", **facts))
    sender = _mailbox("from", shop.sender)
    recipient = _address("email", to)
    reply_to = _mailbox("reply_to", shop.reply_to or shop.sender)
    message = EmailMessage(policy=_WIRE)
    message["From"] = sender
    message["To"] = recipient
    message["Reply-To"] = reply_to
    message["Subject"] = subject
    message["Date"] = sent_at
    message["Auto-Submitted"] = "auto-generated"
    for header, value in headers.items():
        message[header] = value
    message.set_content(render(f"email/{name}/body.txt", **facts), cte="quoted-printable")
    message.add_alternative(render(f"email/{name}/body.html", **facts), subtype="html", cte="quoted-printable")
    return Mail(sender.addr_spec, recipient.addr_spec, reply_to.addr_spec, subject, message.as_bytes())


def _mailbox(field: str, written: str) -> Address:
    """A mailbox of the shop's file, with or without a display name."""
    name, plain = parseaddr(one_line(written, longest=_LONGEST_LINE))
    return _address(field, plain, name)


def _address(field: str, plain: str, name: str = "") -> Address:
    """Raises BadField where no mail can reach it."""
    known = address(plain)
    if known is None:
        raise BadField(field, "is not an e-mail address")
    return Address(name, addr_spec=known)
