"""Ask the managers what they guess before a month closes, once each; and read what they guessed."""

from datetime import datetime

from cx_domain import guesses
from cx_domain.calendars import Period
from cx_domain.guesses import Guess
from cx_domain.readers import Reader
from cx_domain.shops import Shop
from infra import adapters, report_links, settings
from infra.aws.mailer import Accepted
from infra.logs import count, logger
from infra.rollups.digests import reading
from infra.team.mails import guess_mail


def guessed(shop: Shop, period: Period) -> tuple[Guess, ...]:
    """Read the managers' guesses of a period; only months are guessed."""
    return adapters.guesses().list(shop.id, period.name) if period.kind == "month" else ()


def ask_for_guesses(shop: Shop, now: datetime) -> None:
    """Send each manager the question about the month that is about to close, if it is time and they have not had it."""
    for month in guesses.due(shop, now):
        for reader in reading(shop):
            _ask(shop, month, reader, now)


def _ask(shop: Shop, month: Period, reader: Reader, now: datetime) -> None:
    links = adapters.secrets().key_ring().links
    # Claimed before it is sent, as digests are.
    asked = f"guess-{month.name}"
    if not adapters.shops().claim_digest(shop.id, asked, reader.key):
        return
    token = report_links.guess_token(links, shop.id, reader, month.name)
    mail = guess_mail(shop, month, reader.address, f"{settings.PUBLIC_URL.read()}/g/{token}", now)
    outcome = adapters.mailer().send(mail, None)
    if isinstance(outcome, Accepted):
        count("guess-asked")
    else:
        logger.warning("guess not asked for", shop=shop.id, period=month.name, outcome=outcome.kind)
        if outcome.kind != "unknown":
            adapters.shops().release_digest(shop.id, asked, reader.key)
