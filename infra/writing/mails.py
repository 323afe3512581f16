"""Mails as the bytes that SES is given (a text part written by hand, an HTML part, headers that stay as they are), and those to customers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parseaddr
from typing import Any

from cx_domain.addresses import address
from cx_domain.contrast import palette
from cx_domain.errors import BadField
from cx_domain.names import greetable, one_line, unlinked
from cx_domain.orders import Item
from cx_domain.shops import Shop
from cx_domain.surveys import Survey
from infra.writing import mime
from infra.writing.questions import question, subject_number, topics
from infra.writing.rendering import render
from infra.writing.words import Words, own_words, words_for

MOST_ITEMS = 3


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


@dataclass(frozen=True, slots=True)
class Bought:
    """What the mail is about: the order's number, and below it a few of its items, a line each."""

    heading: str
    lines: tuple[str, ...]


def survey_mail(
    shop: Shop,
    survey: Survey,
    to: str,
    links: MailLinks,
    *,
    reminder: bool,
    sent_at: datetime,
    preview: bool = False,
) -> Mail:
    """The question, or its one reminder; a preview says on top that it is one. BadField where `to` or the shop's own address is none."""
    spoken = words_for(survey.language, shop)
    facts = {**_survey_facts(shop, survey, links, spoken), "preview": preview}
    headers = {
        "List-Unsubscribe": f"<{one_line(links.unsubscribe, longest=mime.LONGEST_LINE)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Feedback-ID": f"{shop.id}:{survey.kind}:afterorder",
    }
    return make_mail(
        "reminder" if reminder else "survey",
        shop,
        to,
        headers,
        {**surroundings(shop, spoken), **facts},
        sent_at=sent_at,
    )


def _survey_facts(shop: Shop, survey: Survey, links: MailLinks, spoken: Words) -> Mapping[str, Any]:
    return {
        "about": survey.subject_type,
        "subject_message": spoken.first(*topics("subject", survey), f"subject.nps.{survey.subject_type}"),
        "number": subject_number(survey),
        "greeting": _greeting(survey, spoken),
        "bought": _bought(survey, spoken),
        "order_line": _order_line(survey, spoken),
        "news": _news(shop, spoken),
        "question": question(shop, survey, spoken),
        "links": links,
    }


def surroundings(shop: Shop, spoken: Words) -> Mapping[str, Any]:
    """What the templates of every mail of a shop need."""
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


def _bought(survey: Survey, spoken: Words) -> Bought:
    heading = spoken.gettext(f"mail.{survey.subject_type}", number=subject_number(survey))
    items, more = _items(survey, spoken)
    return Bought(heading, (*items, *more))


def _order_line(survey: Survey, spoken: Words) -> str:
    items, more = _items(survey, spoken)
    if not items:
        return spoken.gettext(f"mail.{survey.subject_type}", number=subject_number(survey))
    listed = " ".join((", ".join(items), *more))
    return spoken.gettext("mail.order.items", number=subject_number(survey), items=listed)


def _items(survey: Survey, spoken: Words) -> tuple[list[str], list[str]]:
    """The first items of an order, and how many more there are where there are more."""
    details = survey.order.details
    if details is None or survey.subject_type == "ticket":
        return [], []
    items = [_item(item, spoken) for item in details.items if one_line(item.title)]
    left = len(items) - MOST_ITEMS
    return items[:MOST_ITEMS], [spoken.ngettext("mail.more-items", left)] if left > 0 else []


def _item(item: Item, spoken: Words) -> str:
    title = spoken.isolated(one_line(unlinked(item.title), longest=60))
    return f"{item.quantity} \u00d7 {title}" if item.quantity > 1 else title


def _news(shop: Shop, spoken: Words) -> str | None:
    said = own_words(shop.news, spoken)
    return spoken.isolated(one_line(said, longest=300)) if said else None


def make_mail(
    name: str, shop: Shop, to: str, headers: Mapping[str, str], facts: Mapping[str, Any], *, sent_at: datetime
) -> Mail:
    """Render the mail of this name and build it; BadField where `to` or the shop's own address is none."""
    subject = one_line(render(f"email/{name}/subject.txt", **facts))
    sender, sender_name = _mailbox("from", shop.sender)
    recipient = _address("email", to)
    reply_to, reply_to_name = _mailbox("reply_to", shop.reply_to or shop.sender)
    first = {
        "From": mime.mailbox("From", sender_name, sender),
        "To": recipient,
        "Reply-To": mime.mailbox("Reply-To", reply_to_name, reply_to),
        "Subject": mime.encoded("Subject", subject),
        "Date": format_datetime(sent_at),
        "Auto-Submitted": "auto-generated",
    }
    text, html = (render(f"email/{name}/body.{part}", **facts) for part in ("txt", "html"))
    return Mail(sender, recipient, reply_to, subject, mime.message({**first, **headers}, text, html))


def _mailbox(field: str, written: str) -> tuple[str, str]:
    """The address of a mailbox of the shop's file, and its display name or ""."""
    name, plain = parseaddr(one_line(written, longest=mime.LONGEST_LINE))
    return _address(field, plain), name


def _address(field: str, plain: str) -> str:
    """Raises BadField where no mail can reach it."""
    known = address(plain)
    if known is None:
        raise BadField(field, "is not an e-mail address")
    return known
