"""Mail the managers what a period said, once each."""

import json
from datetime import datetime

from cx_domain.calendars import Period
from cx_domain.digests import digest
from cx_domain.readers import Reader, readers
from cx_domain.shops import Shop
from infra import adapters, report_links, settings
from infra.aws import keys
from infra.aws.mailer import Accepted
from infra.logs import count, logger
from infra.team.mails import digest_mail


def send_digests(shop: Shop, periods: list[Period], now: datetime) -> None:
    """Send each manager each period's digest, if there is a report and they have not had it."""
    for period in periods:
        stored = adapters.files().read(keys.report_file(shop.id, period.name, "report.json"))
        if stored is None:
            continue
        for reader in reading(shop):
            _send(shop, period, json.loads(stored.body), reader, now)


def reading(shop: Shop) -> list[Reader]:
    """List the managers to whom mails about reports go."""
    known = readers(adapters.secrets().key_ring().identity, shop, adapters.readers().list(shop.id))
    return [reader for reader in known if reader.reads]


def _send(shop: Shop, period: Period, figures: dict[str, object], reader: Reader, now: datetime) -> None:
    links = adapters.secrets().key_ring().links
    # Claimed before it is sent, as surveys are: a digest twice is worse than one that a manager asks for.
    if not adapters.shops().claim_digest(shop.id, period.name, reader.key):
        return
    token = report_links.token(links, shop.id, reader, period.name)
    link = f"{settings.PUBLIC_URL.read()}/r/{token}"
    mail = digest_mail(shop, digest(figures), reader.address, link, now, all_reports=f"{link}/{report_links.ALL}")
    outcome = adapters.mailer().send(mail, None)
    if isinstance(outcome, Accepted):
        count("digests")
    else:
        logger.warning("digest not sent", shop=shop.id, period=period.name, outcome=outcome.kind)
        if outcome.kind != "unknown":
            adapters.shops().release_digest(shop.id, period.name, reader.key)
