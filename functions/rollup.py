"""Fold what changed into day files, totals and reports, mail the digest, ask managers for their guess; once a night, suppress whom SES suppresses.

Trigger: cron(0/15 * * * ? *); RollupQueue
Retries: SQS, five times, then the dead-letter queue; the whole can be run again at any time with the same result.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, assert_never

from aws_lambda_powertools.utilities.batch import process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from cx_domain import rollup_times
from cx_domain.calendars import Period, parse_period
from cx_domain.errors import NotConfigured, NotFound
from cx_domain.shops import Shop, ShopId
from infra import adapters, clock, settings
from infra.aws.changes import Changes
from infra.batches import Messages
from infra.logs import count, logger, metrics
from infra.privacy_messages import Passed, read_message
from infra.rollups import erasing, histories, privacy, profiles, reconciling, recounting, retention
from infra.rollups.closing import close_expired, close_told
from infra.rollups.digests import send_digests
from infra.rollups.erasing import Erasure, read_erasure
from infra.rollups.fold import NOTHING_FOLDED, Folded
from infra.rollups.guesses import ask_for_guesses, guessed
from infra.rollups.news import fold_news
from infra.rollups.profiles import Objector, read_objector
from infra.rollups.publish import is_empty, is_published, publish
from infra.rollups.reconciling import Reading
from infra.rollups.tables import Tables
from infra.rollups.watching import watch_last_week
from infra.rollups.webhook_watch import look_again, watch_webhooks

_INDEX_LAG = timedelta(hours=1)
_LONGEST_IDLE = timedelta(days=1)

processor = Messages()


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Answer the schedule (no `shop`), the queue (`Records`), or an operator (`shop`, with `period`, `erase`, `profile` or `recount`)."""
    if "Records" in event:
        return process_partial_response(event=event, record_handler=take, processor=processor, context=context)
    if "shop" not in event:
        return {"idle_until": tick(clock.now()).isoformat()}
    shop = adapters.shop(ShopId(event["shop"]))
    if "erase" in event:
        return erase(shop, read_erasure(event["erase"]))
    if "profile" in event:
        return profile(shop, read_objector(event["profile"]))
    if "recount" in event:
        return recount(shop, event["recount"])
    return {"keys": report(shop, parse_period(event["period"]))}


def take(record: SQSRecord) -> None:
    told = record.json_body
    if "reconcile" in told:
        reconcile(reconciling.read_message(told))
    elif "failing" in told:
        look_again(adapters.shop(ShopId(told["failing"]["shop"])), told["failing"]["platform"], clock.now())
    elif "closing" in told:
        close_told(adapters.shop(ShopId(told["shop"])), told["closing"], clock.now())
    elif "privacy" in told:
        pass_on(adapters.shop(ShopId(told["shop"])), read_message(told["privacy"]))
    else:
        roll_up(adapters.shop(ShopId(told["shop"])))


def tick(now: datetime) -> datetime:
    """Put each shop that is due on the queue, one message a shop, so that one bad shop stops no other; says when the next is due.

    With the first of a UTC day goes the night's reading of SES's list of suppressed addresses, in a message of its own too.
    """
    shops = adapters.shops()
    due: list[tuple[dict[str, Any], int]] = []
    upcoming = [now + _LONGEST_IDLE]
    for listed in shops.listed():
        if listed.next_at is not None and listed.next_at > now:
            upcoming.append(listed.next_at)
            continue
        shop = _readable(listed.id)
        if shop is None:
            continue
        if rollup_times.is_due(shop, shops.rollup_state(shop.id).rolled_at, now):
            due.append(({"shop": shop.id}, 0))
            upcoming.append(rollup_times.next_due(shop, now))
        else:
            upcoming.append(_note_next(shop, now))
    reading = reconciling.begin(adapters.reconciling(), now) if due else None
    if reading is not None:
        due.append((reading.message(), 0))
    adapters.rollup_queue().send_batch(due)
    return min(upcoming)


def _note_next(shop: Shop, now: datetime) -> datetime:
    """Note in the list of shops when this one is due next: until then no tick reads anything else of it."""
    next_at = rollup_times.next_due(shop, now)
    adapters.shops().note_next(
        shop.id, next_at, read_at=now - timedelta(seconds=settings.SHOP_CACHE_SECONDS.read_number())
    )
    return next_at


def reconcile(reading: Reading) -> None:
    """Suppress the customers on one page of SES's list; the next page is another message's, so that each is retried by itself."""
    page = adapters.suppression_list().page(reading.since, reading.until, reading.token)
    key = adapters.secrets().key_ring().identity
    suppressed = reconciling.suppress(adapters.customers(), adapters.shops().ids(), key, page.listed, clock.now())
    logger.info("reconciled with SES's list", listed=len(page.listed), suppressed=suppressed)
    count("suppressed-by-ses", suppressed)
    if page.next_token is None:
        adapters.reconciling().finish(reading.until)
    else:
        adapters.rollup_queue().send_batch([(reading.following(page.next_token).message(), 0)])


def _readable(shop_id: ShopId) -> Shop | None:
    try:
        return adapters.shop(shop_id)
    except (NotConfigured, NotFound) as error:
        logger.error("shop not rolled up", shop=shop_id, error=type(error).__name__)
        count("shop-unreadable")
        return None


def roll_up(shop: Shop) -> None:
    """Fold what changed since the cursor, make the reports that it touches or that closed, mail the digests that are due."""
    now, state = clock.now(), adapters.shops().rollup_state(shop.id)
    closed = rollup_times.newly_closed(shop, state.rolled_at, now)
    folded = _fold_since(shop, rollup_times.folds_since(shop, closed, state.cursor, now), now)
    watched = watch_last_week(adapters.files(), adapters.incidents(), shop, state.rolled_at, now)
    _publish_all(shop, {*closed, *_showing(shop, folded, now)}, now)
    histories.drop_old(adapters.files(), shop, state.rolled_at, now)
    expired = rollup_times.days_to_close(shop, state.rolled_at, now)
    closed_surveys = close_expired(adapters.surveys(), adapters.files(), shop, expired, now)
    # After the closing, which finds surveys by their days' files.
    swept_before = retention.drop_old(adapters.files(), shop, state.swept_before, now)
    send_digests(shop, rollup_times.digests_due(shop, now), now)
    ask_for_guesses(shop, now)
    watch_webhooks(shop, now)
    # The cursor moves last: whatever happens before, the next rollup begins where this one did.
    rolled = replace(state, cursor=now - _INDEX_LAG, rolled_at=now, swept_before=swept_before)
    adapters.shops().save_rollup_state(shop.id, rolled)
    _note_next(shop, now)
    logger.info("rolled up", shop=shop.id, days=len(folded.touched), closed=closed_surveys, incidents=len(watched))


def report(shop: Shop, period: Period) -> list[str]:
    """Make one report now, from everything that is known now."""
    now = clock.now()
    state = adapters.shops().rollup_state(shop.id)
    _fold_since(shop, rollup_times.folds_since(shop, [period], state.cursor, now), now)
    return publish(
        adapters.files(), shop, period, now, adapters.incidents().list(shop.id), guesses=guessed(shop, period)
    )


def erase(shop: Shop, gone: Erasure) -> dict[str, Any]:
    """Erase surveys and their customer, make every report again that showed them, and then forget when they were. Safe to repeat."""
    now, files, tables = clock.now(), adapters.files(), _tables()
    left = erasing.empty(tables, adapters.erasures(), files, shop, gone, now)
    showing = {*_showing(shop, left.folded, now), *erasing.reported(files, shop, left.days)}
    made = _publish_all(shop, showing, now)
    erasing.forget_days(tables, shop, gone.customer, left, now)
    logger.info("erased", shop=shop.id, surveys=len(left.surveys), files=len(made))
    return {"surveys": len(left.surveys), "imported": len(left.imported), "keys": made}


def profile(shop: Shop, who: Objector) -> dict[str, Any]:
    """Count a person's answers in groups or not, as their objection now says, and make the reports of those days again."""
    now, files, key = clock.now(), adapters.files(), adapters.secrets().key_ring().identity
    folded, days = profiles.fold_again(_tables(), files, shop, who, key, now)
    made = _publish_all(shop, {*_showing(shop, folded, now), *erasing.reported(files, shop, days)}, now)
    logger.info("profile folded again", shop=shop.id, surveys=len(who.surveys), files=len(made))
    return {"keys": made}


def pass_on(shop: Shop, passed: Passed) -> None:
    """Do what a platform passed on for a person: write down what is kept, or erase it; and tell the managers."""
    now, key = clock.now(), adapters.secrets().key_ring().identity
    surveys = adapters.surveys()
    match passed.kind:
        case "data-request":
            privacy.export(_tables(), adapters.files(), shop, passed, key)
        case "redact":
            privacy.bar_the_way(surveys, shop, passed, key, now)
            erase(shop, privacy.erasure(shop, passed, key))
        case "shop-redact":
            pass  # all of a shop is the operator's to erase: a webhook must not be able to
        case _:
            assert_never(passed.kind)
    privacy.tell(shop, passed, now)
    count(passed.kind)
    logger.info("privacy request", shop=shop.id, kind=passed.kind, orders=len(passed.orders))


def recount(shop: Shop, told: dict[str, Any]) -> dict[str, Any]:
    """Make some days again from their items and say whose reports show them; or make such reports, without looking at items again."""
    now, files = clock.now(), adapters.files()
    if "periods" in told:
        return {"keys": _publish_all(shop, map(parse_period, told["periods"]), now)}
    asked = recounting.read_recount(told)
    folded = recounting.again(files, _tables(), shop, asked, adapters.secrets().key_ring().identity, now)
    folded |= erasing.take_out_again(adapters.erasures(), files, shop)
    return {"days": len(folded.touched), "periods": sorted(period.name for period in _showing(shop, folded, now))}


def _tables() -> Tables:
    return Tables(adapters.surveys(), adapters.tickets(), adapters.feedback(), adapters.customers())


def _showing(shop: Shop, folded: Folded, now: datetime) -> set[Period]:
    """Say whose reports show what was folded: their own days, or days that they look back on.

    Also days that were counted the same: whoever counted them anew may have broken off before the reports, or have made one alone.
    """
    return {
        *rollup_times.closed_with(shop, folded.touched, now),
        *rollup_times.shown_in(shop, folded.touched, now),
    }


def _publish_all(shop: Shop, periods: Iterable[Period], now: datetime) -> list[str]:
    """Make these reports, the earliest first, but no new one of a period in which nothing was asked or answered."""
    made: list[str] = []
    periods = set(periods)
    known = adapters.incidents().list(shop.id) if periods else ()
    for period in sorted(periods, key=lambda period: (period.end, period.name)):
        if is_published(adapters.files(), shop, period) or not is_empty(adapters.files(), shop, period):
            made += publish(adapters.files(), shop, period, now, known, guesses=guessed(shop, period))
            count("reports")
    return made


def _fold_since(shop: Shop, since: datetime, now: datetime) -> Folded:
    changes = adapters.changes().changed(shop.id, since, now)
    if changes == Changes():
        return NOTHING_FOLDED
    key = adapters.secrets().key_ring().identity
    return fold_news(changes, _tables(), adapters.erasures(), adapters.files(), shop, key, now)
