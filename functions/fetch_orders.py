"""Read orders through their platform's API: those that webhooks only hinted at, and those whose webhooks were lost.

Trigger: FetchQueue; rate(1 hour)
Retries: SQS, five times, then the dead-letter queue; what a busy platform puts off is sent again, and does not count.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from aws_lambda_powertools.utilities.batch import process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from cx_domain.errors import BadInput, NotConfigured, NotFound
from cx_domain.orders import OrderEvent
from cx_domain.shops import Shop, ShopId
from infra import adapters, clock, intake, order_requests, platforms, shop_platforms
from infra.aws.api_table import Api
from infra.aws.attribute_values import to_time
from infra.aws.queues import LONGEST_DELAY
from infra.batches import Messages
from infra.logs import count, logger, metrics
from infra.order_requests import Page
from infra.platform_api import ComeBack, TokenRefused, Unreadable
from infra.platforms import Platform

OVERLAP = timedelta(minutes=10)
"""An order may appear in the list later than its own time says, and is looked for twice."""
MOST_PUT_OFF = {"busy": 200, "down": 10}
"""How often a message comes back before it counts as failed: for hours where requests are rationed, for an hour where nobody answers."""
LOOKED_FOR_AGAIN = (60, 600)
"""Seconds: an order that has just been made may not be readable yet."""
_FIRST_PAUSE = 30
_LONGEST_IDLE = timedelta(days=1)

processor = Messages()


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Answer the queue (`Records`), an operator (`shop`, `platform`, `since`), or the schedule."""
    if "Records" in event:
        return process_partial_response(event=event, record_handler=take, processor=processor, context=context)
    if "shop" in event:
        api = adapters.apis().get(ShopId(event["shop"]), event["platform"])
        if api is None:
            raise NotConfigured(f"orders of {event['shop']} are not read from {event['platform']}")
        return {"begun": begin(api, to_time(event["since"]), clock.now(), instead=True)}
    return {"idle_until": tick(clock.now()).isoformat()}


def take(record: SQSRecord) -> None:
    """Do what one message says; what a platform puts off is sent again, later."""
    told = record.json_body
    try:
        work(told)
    except ComeBack as later:
        _put_off(told, later)
    except TokenRefused:
        logger.error("token-refused", shop=told["shop"], platform=told["platform"])
        count("token-refused")
        adapters.apis().note_refusal(ShopId(told["shop"]), told["platform"], clock.now())
        raise


def work(told: Mapping[str, Any]) -> None:
    """Read one order (`order`), or a page of those that were changed."""
    shop = adapters.shop(ShopId(told["shop"]))
    platform = shop_platforms.platform(shop.id, told["platform"])
    if "order" in told:
        read_order(shop, platform, told)
    else:
        read_page(shop, platform, told["run"], order_requests.read_page_message(told))


def tick(now: datetime) -> datetime:
    """Begin to read each shop's changed orders, in a message of its own; says when there is something to do again."""
    reconciled = [api for api in adapters.apis().list() if _lists_changes(api)]
    for api in reconciled:
        begin(api, api.cursor - OVERLAP, now)
    next_hour = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return next_hour if reconciled else now + _LONGEST_IDLE


def begin(api: Api, since: datetime, now: datetime, *, instead: bool = False) -> bool:
    """Put the first page on the queue; False, and nothing is put there, while an earlier reading goes on."""
    run = uuid4().hex
    if not adapters.apis().begin(api.shop, api.platform, run, now, instead=instead):
        return False
    _send(Page(since).message() | {"shop": api.shop, "platform": api.platform, "run": run})
    return True


def read_order(shop: Shop, platform: Platform, told: Mapping[str, Any]) -> None:
    """Keep one order as it stands now; one that is gone, and still is after a while, is not asked about."""
    order_id = told["order"]
    try:
        found = order_requests.order(platform, shop.id, order_id)
    except NotFound:
        looked = told.get("looked", 0)
        if looked < len(LOOKED_FOR_AGAIN):
            _send({**told, "looked": looked + 1}, LOOKED_FOR_AGAIN[looked])
            return
        logger.info("order gone", shop=shop.id, platform=platform.name)
        count("order-gone")
        intake.forget_order(shop, order_id)
        return
    reading = _read(shop, platform, found)
    if isinstance(reading, OrderEvent) and reading.subject_id != order_id:
        raise Unreadable(f"{platform.name}: another order than the one that was asked for")
    _keep(shop, platform, reading)


def read_page(shop: Shop, platform: Platform, run: str, asked: Page) -> None:
    """Keep a page of changed orders, move the cursor up to what was read, and put the next page on the queue."""
    apis, now = adapters.apis(), clock.now()
    if not apis.advance(shop.id, platform.name, run, None, now):
        logger.info("another reading took over", shop=shop.id, platform=platform.name)
        return
    listed = order_requests.page(platform, shop.id, asked)
    for order in listed.orders:
        try:
            _keep(shop, platform, _read(shop, platform, order))
        except BadInput as error:
            # One that cannot be read must not hold up all that come after it.
            logger.warning("order unreadable", shop=shop.id, platform=platform.name, error=type(error).__name__)
            count("order-unreadable")
    count("orders-read", len(listed.orders))
    apis.advance(shop.id, platform.name, run, min(listed.read_until, now) if listed.read_until else None, now)
    if listed.following is not None:
        _send(listed.following.message() | {"shop": shop.id, "platform": platform.name, "run": run})
    else:
        apis.finish(shop.id, platform.name, run)


def _read(shop: Shop, platform: Platform, order: Mapping[str, Any]) -> platforms.Reading:
    if platform.fetch is None:
        raise NotConfigured(f"orders of {platform.name} cannot be read")
    return platforms.read_shape(platform, platform.fetch.shape, order, clock.now(), statuses=shop.statuses)


def _keep(shop: Shop, platform: Platform, reading: platforms.Reading) -> None:
    outcome = intake.keep(shop, platform, reading)
    if outcome != "taken":
        count(outcome)


def _put_off(told: Mapping[str, Any], later: ComeBack) -> None:
    """Send a message again with a delay, so that none of its five receives is used up by it."""
    times = told.get(later.why, 0)
    if times >= MOST_PUT_OFF[later.why]:
        raise later
    pause = later.seconds if later.why == "busy" else max(later.seconds, _FIRST_PAUSE * 2 ** min(times, 5))
    logger.info("put off", shop=told["shop"], platform=told["platform"], reason=later.why, seconds=pause)
    count(f"platform-{later.why}")
    _send({**told, later.why: times + 1}, min(pause, LONGEST_DELAY))


def _send(message: Mapping[str, Any], delay: int = 0) -> None:
    adapters.fetch_queue().send_batch([(message, delay)])


def _lists_changes(api: Api) -> bool:
    try:
        fetch = shop_platforms.platform(api.shop, api.platform).fetch
    except (NotFound, NotConfigured):
        return False
    return fetch is not None and fetch.changed is not None
