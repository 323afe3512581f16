"""Mails as a browser is given them: every kind, in every language, with the longest words that a shop may use."""

import re
from dataclasses import replace

from cx_domain.kinds import kinds
from cx_domain.orders import Item
from cx_domain.shops import Brand, KindName, Shop
from infra.writing.words import languages
from tests.words.acme import ACME, survey
from tests.words.documents import mail, part

KINDS: tuple[KindName, ...] = tuple(kind.name for kind in kinds())

LONG_TITLE = "Donaudampfschifffahrtsgesellschaftskapitänsmützenhalterung, wasserdicht"
ITEMS = (Item("Two-person tent “Tatra 2”"), Item(LONG_TITLE, quantity=2), Item("Map of the Tatras"), Item("Rope"))
NEWS = "You said that returns are slow. Since May the money is back within two days."

SHOP = replace(
    ACME,
    languages=languages(),
    surveys=(),
    brand=Brand(ACME.brand.colour),
    news=dict.fromkeys(languages(), NEWS),
)
"""Acme Outdoor with the name alone, for a browser in a test fetches no logo."""


def html(kind: KindName = "nps", language: str = "en", shop: Shop = SHOP, *, reminder: bool = False) -> str:
    return part(mail(survey(language, kind=kind, items=ITEMS), shop, reminder=reminder), "html")


def in_brand(colour: str) -> Shop:
    return replace(SHOP, brand=Brand(colour))


def without_style(document: str) -> str:
    """As most webmail leaves it: no <style>, no <meta> but the one that says how wide a telephone is."""
    return re.sub(
        r"<style>.*?</style>|<meta name=\"(?!viewport)[^>]*>|<title>.*?</title>", "", document, flags=re.DOTALL
    )
