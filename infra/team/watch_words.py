"""What a shop's developer is told when its webhooks stop, or are signed with another secret, or when a token is refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, format_time, format_timedelta

from cx_domain.shops import Shop
from cx_domain.webhook_watch import Failure, Finding, Silence, TokenRefusal
from infra.team.notices import Notice, Step
from infra.writing.words import Words


@dataclass(frozen=True, slots=True)
class Watched:
    """Whose webhooks: the platform by its name and its title, and the address that it posts to, without a secret."""

    shop: Shop
    platform: str
    title: str
    url: str


def watch_words(watched: Watched, found: Finding, spoken: Words) -> Notice:
    """Put what was found into words."""
    since = "" if found.since is None else _moment(found.since, watched.shop.zone, spoken)
    match found:
        case Silence(_, deliveries, longest_pause):
            pause = format_timedelta(longest_pause, locale=spoken.locale)
            count = spoken.ngettext("webhooks.count", deliveries)
            title = spoken.gettext("webhooks.silent.title", platform=watched.title, since=since)
            lead = spoken.gettext("webhooks.silent.lead", webhooks=count, pause=pause)
            steps = _steps_of_silence(watched, spoken)
        case Failure(unsigned):
            title = spoken.ngettext("webhooks.failing.title", unsigned, platform=watched.title)
            lead = spoken.gettext("webhooks.failing.lead" if since else "webhooks.failing.never", since=since)
            steps = _steps_of_failure(watched, spoken)
        case TokenRefusal():
            title = spoken.gettext("webhooks.refused.title", platform=watched.title, since=since)
            lead = spoken.gettext("webhooks.refused.lead")
            steps = _steps_of_refusal(watched, spoken)
        case _:
            assert_never(found)
    listed = Step(spoken.gettext("webhooks.list"), f"afterorder shop deliveries {watched.shop.id}")
    return Notice(title, lead, (*steps, listed), spoken.gettext("webhooks.why"))


def _steps_of_silence(watched: Watched, spoken: Words) -> Iterator[Step]:
    yield Step(spoken.gettext("webhooks.silent.look"), watched.url)
    if spoken.has(f"webhooks.platform.{watched.platform}"):
        yield Step(spoken.gettext(f"webhooks.platform.{watched.platform}"))
    yield Step(spoken.gettext("webhooks.silent.closed"))


def _steps_of_failure(watched: Watched, spoken: Words) -> Iterator[Step]:
    secret = spoken.gettext("webhooks.secret")
    command = f"afterorder shop connect {watched.shop.id} {watched.platform} --secret {secret}"
    yield Step(spoken.gettext("webhooks.failing.secret"), command)
    if spoken.has(f"webhooks.platform.{watched.platform}"):
        yield Step(spoken.gettext(f"webhooks.platform.{watched.platform}"))
    yield Step(spoken.gettext("webhooks.failing.stranger"))


def _steps_of_refusal(watched: Watched, spoken: Words) -> Iterator[Step]:
    token = spoken.gettext("webhooks.token")
    command = f"afterorder shop connect {watched.shop.id} {watched.platform} --token {token}"
    yield Step(spoken.gettext("webhooks.refused.token"), command)


def _moment(at: datetime, zone: ZoneInfo, spoken: Words) -> str:
    local, locale = at.astimezone(zone), spoken.locale
    return f"{format_skeleton('MMMMd', local, locale=locale)}, {format_time(local, 'short', locale=locale)}"
