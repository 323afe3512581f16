"""Take a shop's webhook, and keep what it says before answering 200.

Trigger: POST /webhooks/{shop}/{platform}; GET /webhooks/{shop}/{platform}
Retries: the shop's platform, on any answer but 2xx; the survey's natural key makes repeats harmless.
"""

import re
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from cx_domain import signatures
from cx_domain.errors import AfterorderError, BadSignature, NotConfigured, NotFound, TooLarge
from cx_domain.shop_files import is_shop_id
from cx_domain.shops import Shop, ShopId
from cx_domain.signatures import Delivery
from infra import adapters, clock, deliveries, http, intake, platforms, shop_platforms
from infra.logs import count, logger, metrics

LARGEST_BODY = 1_000_000
_CHALLENGE = re.compile("[A-Za-z0-9_-]{1,200}")


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    try:
        request = http.read(event)
        if request.method == "GET":
            return http.answer(HTTPStatus.OK, challenged(request), {"x-content-type-options": "nosniff"})
        delivery = Delivery(request.body, request.headers, request.query)
        take(_shop_named(request), request.path["platform"], delivery)
    except AfterorderError as error:
        logger.warning("webhook refused", error=type(error).__name__, shop=event["pathParameters"]["shop"])
        count("webhook-refused")
        return http.answer(http.status_of(error), str(error))
    return http.answer(HTTPStatus.OK)


def challenged(request: http.Request) -> str:
    """Return the challenge of a platform that asks whether the address is ours; NotFound for any other, and for any other text."""
    platform = shop_platforms.platform(_shop_named(request), request.path["platform"])
    asked = request.query.get("challenge", "")
    if not platform.challenge or _CHALLENGE.fullmatch(asked) is None:
        raise NotFound("there is nothing to look at here: a shop's platform posts to this address")
    return asked


def _shop_named(request: http.Request) -> ShopId:
    """The shop in the address; NotFound, without a look into the table, for what no shop can be called: DynamoDB refuses long keys."""
    name = request.path["shop"]
    if not is_shop_id(name):
        raise NotFound(f"there is no shop {name[:40]!r}")
    return ShopId(name)


def take(shop_id: ShopId, platform_name: str, delivery: Delivery) -> None:
    """Keep what one webhook says; when this returns, it is durably kept, or rightly ignored."""
    platform = shop_platforms.platform(shop_id, platform_name)
    if platforms.is_ping(platform, delivery):
        return
    shop = adapters.shop(shop_id)
    with deliveries.noting_refusals(shop, platform):
        _verify(shop, platform, delivery)
        outcome = intake.keep(shop, platform, platforms.read(platform, delivery, clock.now(), shop.statuses))
    deliveries.note_taken(shop, platform, outcome)
    if outcome != "taken":
        logger.info("webhook ignored", reason=outcome, shop=shop.id, platform=platform.name)
        count(outcome)


def _verify(shop: Shop, platform: platforms.Platform, delivery: Delivery) -> None:
    secrets = adapters.secrets()
    live = secrets.webhook_secrets(shop.id, platform.name)
    if not live:
        raise NotFound(f"the shop {shop.id} is not connected by {platform.name}: run `afterorder shop connect`")
    if len(delivery.body) > LARGEST_BODY:
        raise TooLarge(f"the body is larger than {LARGEST_BODY} bytes")
    try:
        signatures.verify(platform.scheme, live, delivery, clock.now())
    except (BadSignature, NotConfigured):
        # The secret may have been rotated, or mended, since we read it.
        renewed = secrets.webhook_secrets(shop.id, platform.name, refresh=True)
        if renewed == live:
            raise
        signatures.verify(platform.scheme, renewed, delivery, clock.now())
