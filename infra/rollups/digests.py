"""Mail the managers what a period said, once each."""

import json
from datetime import datetime

from cx_domain import identities
from cx_domain.calendars import Period
from cx_domain.digests import digest
from cx_domain.shops import Shop
from infra import adapters, links, settings
from infra.aws import keys
from infra.aws.mailer import Accepted
from infra.logs import count, logger
from infra.writing.mails import digest_mail


def send_digests(shop: Shop, periods: list[Period], now: datetime) -> None:
    """Send each manager each period's digest, if there is a report and they have not had it."""
    for period in periods:
        stored = adapters.files().read(keys.report_file(shop.id, period.name, "report.json"))
        if stored is None:
            continue
        for manager in shop.managers:
            _send(shop, period, json.loads(stored.body), manager, now)


def _send(shop: Shop, period: Period, figures: dict[str, object], manager: str, now: datetime) -> None:
    ring = adapters.secrets().key_ring()
    manager_key = identities.manager_key(ring.identity, shop.id, manager)
    # Claimed before it is sent, as surveys are: a digest twice is worse than one that a manager asks for.
    if not adapters.shops().claim_digest(shop.id, period.name, manager_key):
        return
    token = links.seal(ring.links, "report", f"{shop.id}.{period.name}.{manager_key}")
    mail = digest_mail(shop, digest(figures), manager, f"{settings.PUBLIC_URL.read()}/r/{token}", now)
    outcome = adapters.mailer().send(mail, None)
    if isinstance(outcome, Accepted):
        count("digests")
    else:
        logger.warning("digest not sent", shop=shop.id, period=period.name, outcome=outcome.kind)
        if outcome.kind != "unknown":
            adapters.shops().release_digest(shop.id, period.name, manager_key)
