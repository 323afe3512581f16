"""Mails to who works for the shop: the closed period, the guess of a month, and what a developer or a manager must be told."""

from datetime import datetime

from cx_domain.calendars import Period
from cx_domain.digests import Digest
from cx_domain.shops import Shop
from cx_domain.webhook_watch import Finding
from infra.privacy_messages import Passed
from infra.team.digest_words import figures
from infra.team.guess_words import guess_words
from infra.team.notices import Notice
from infra.team.privacy_words import privacy_words
from infra.team.watch_words import Watched, watch_words
from infra.writing.mails import Mail, make_mail, surroundings
from infra.writing.words import words_for


def digest_mail(
    shop: Shop, digest: Digest, to: str, link: str, sent_at: datetime, *, all_reports: str | None = None
) -> Mail:
    """A closed period for a manager, in the first of the shop's languages that has words; the files are below `link`.

    `all_reports` leads to the list of all.
    """
    spoken = words_for(None, shop)
    facts = {"digest": figures(digest, shop, spoken), "link": link, "all_reports": all_reports}
    headers = {"Feedback-ID": f"{shop.id}:digest:afterorder"}
    return make_mail("digest", shop, to, headers, {**surroundings(shop, spoken), **facts}, sent_at=sent_at)


def guess_mail(shop: Shop, month: Period, to: str, link: str, sent_at: datetime) -> Mail:
    """Ask a manager what customers will have said of a month; each number leads to `link`, with what was tapped as its query."""
    spoken = words_for(None, shop)
    facts = {"guess": guess_words(shop, month, spoken), "link": link}
    headers = {"Feedback-ID": f"{shop.id}:guess:afterorder"}
    return make_mail("guess", shop, to, headers, {**surroundings(shop, spoken), **facts}, sent_at=sent_at)


def watch_mail(watched: Watched, found: Finding, to: str, sent_at: datetime) -> Mail:
    """Tell a developer that a shop's webhooks stopped, or do not fit the secret."""
    spoken = words_for(None, watched.shop)
    return _notice("webhooks", watched.shop, watch_words(watched, found, spoken), to, sent_at)


def privacy_mail(shop: Shop, passed: Passed, to: str, sent_at: datetime) -> Mail:
    """Tell a manager what their platform passed on for a person's sake, and what is left to do."""
    return _notice("privacy", shop, privacy_words(shop, passed, words_for(None, shop)), to, sent_at)


def _notice(about: str, shop: Shop, notice: Notice, to: str, sent_at: datetime) -> Mail:
    facts = {**surroundings(shop, words_for(None, shop)), "notice": notice}
    return make_mail("notice", shop, to, {"Feedback-ID": f"{shop.id}:{about}:afterorder"}, facts, sent_at=sent_at)
