"""A shop's mails about an order that nobody placed, to be looked at: the links open pages that keep nothing."""

from dataclasses import dataclass, replace
from datetime import datetime

from cx_domain.orders import Item, OrderDetails, OrderFacts
from cx_domain.shops import KindName, Shop
from infra import links, previews
from infra.operator.session import Stack
from infra.writing.mails import Mail, MailLinks, survey_mail

READER = "anna@kowalska.example"
"""Whom a mail is to that is only looked at."""


@dataclass(frozen=True, slots=True)
class _Sample:
    name: str
    items: tuple[Item, ...]


_SAMPLES = {
    "de": _Sample("Anna", (Item("Zelt für zwei Personen"), Item("Emailletasse", quantity=2))),
    "en": _Sample("Anna", (Item("Tent for two"), Item("Enamel mug", quantity=2))),
    "pl": _Sample("Anna", (Item("Namiot dwuosobowy"), Item("Kubek emaliowany", quantity=2))),
    "ru": _Sample("Анна", (Item("Палатка двухместная"), Item("Кружка эмалированная", quantity=2))),
    "uk": _Sample("Ганна", (Item("Намет двомісний"), Item("Кухоль емальований", quantity=2))),
}


def sample_mail(
    shop: Shop,
    kind_name: KindName,
    language: str,
    mail_links: MailLinks,
    *,
    to: str = READER,
    sent_at: datetime,
    reminder: bool = False,
    marked: bool = False,
) -> Mail:
    """Write the mail; `marked` says on top that it is a test. BadField where `to` is no address."""
    survey = previews.example(shop, kind_name, language)
    sample = _SAMPLES.get(language, _SAMPLES["en"])
    details = OrderDetails(survey.subject_id, first_name=sample.name, language=language, items=sample.items)
    asked = replace(survey, order=OrderFacts(details=details))
    return survey_mail(shop, asked, to, mail_links, reminder=reminder, sent_at=sent_at, preview=marked)


def preview_links(stack: Stack, shop: Shop, kind_name: KindName, language: str) -> MailLinks:
    """Make links of which the pages can be tried and keep nothing."""
    token = links.seal(stack.secrets.key_ring().links, "preview", f"{shop.id}.{kind_name}.{language}")
    return MailLinks(rate=f"{stack.public_url}/s/{token}", unsubscribe=f"{stack.public_url}/u/{token}")
