"""Tell a shop's developers once that its webhooks stopped, that their signatures fail, or that a token is refused."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from cx_domain import identities, webhook_watch
from cx_domain.calendars import day_of
from cx_domain.deliveries import DeliveryDay
from cx_domain.shops import Shop
from cx_domain.webhook_watch import WINDOW, Failure, Finding, Silence, TokenRefusal
from infra import adapters, settings
from infra.aws.mailer import Accepted
from infra.logs import count, logger
from infra.rollups.digests import reading
from infra.team.mails import watch_mail
from infra.team.watch_words import Watched

_READ_BACK = 2 * WINDOW
"""A silence as long as the window is told with what came in the window before it."""


def watch_webhooks(shop: Shop, now: datetime) -> None:
    """Look at every platform that sent anything of late; of a failure, which says more, rather than of the silence that it is.

    Then at every platform that orders are read from.
    """
    titles = {}
    for platform, days in _by_platform(shop, now):
        titles[platform] = days[-1].title
        found = webhook_watch.failure(days, now) or webhook_watch.silence(days, shop.zone, now)
        if found is not None:
            _tell(Watched(shop, platform, days[-1].title, _url(shop, platform)), found, now)

    for api in adapters.apis().list(shop.id):
        if api.refused_at is not None:
            title = titles.get(api.platform, api.platform)
            _tell(Watched(shop, api.platform, title, _url(shop, api.platform)), TokenRefusal(api.refused_at), now)


def look_again(shop: Shop, platform: str, now: datetime) -> None:
    """Tell that signatures began to fail, if by now no good one has come."""
    for name, days in _by_platform(shop, now):
        found = webhook_watch.failure(days, now) if name == platform else None
        if found is not None:
            _tell(Watched(shop, platform, days[-1].title, _url(shop, platform)), found, now)


def _by_platform(shop: Shop, now: datetime) -> Iterator[tuple[str, Sequence[DeliveryDay]]]:
    days = adapters.deliveries().list(shop.id, day_of(now - _READ_BACK, shop.zone))
    for platform, own in groupby(sorted(days, key=lambda day: day.platform), key=lambda day: day.platform):
        yield platform, list(own)


def _url(shop: Shop, platform: str) -> str:
    return f"{settings.PUBLIC_URL.read()}/webhooks/{shop.id}/{platform}"


def _tell(watched: Watched, found: Finding, now: datetime) -> None:
    shop, platform = watched.shop, watched.platform
    # Named by the day of the last good delivery: once one has come, the next silence or failure is another.
    since = "ever" if found.since is None else day_of(found.since, shop.zone).isoformat()
    told = f"{_kind(found)}-{platform}-{since}"
    for key, to in _developers(shop):
        # Claimed before it is sent, as digests are.
        if not adapters.shops().claim_digest(shop.id, told, key):
            continue
        outcome = adapters.mailer().send(watch_mail(watched, found, to, now), None)
        if isinstance(outcome, Accepted):
            count("webhooks-told")
        else:
            logger.warning("developer not told", shop=shop.id, platform=platform, outcome=outcome.kind)
            if outcome.kind != "unknown":
                adapters.shops().release_digest(shop.id, told, key)


def _developers(shop: Shop) -> Iterator[tuple[str, str]]:
    """Whom to tell: the shop's developers; its managers, if it names none."""
    if not shop.developers:
        yield from ((reader.key, reader.address) for reader in reading(shop))
        return
    identity = adapters.secrets().key_ring().identity
    for to in shop.developers:
        yield identities.manager_key(identity, shop.id, to), to


def _kind(found: Finding) -> str:
    match found:
        case Silence():
            return "silent"
        case Failure():
            return "failing"
        case TokenRefusal():
            return "refused"
