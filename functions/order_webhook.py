"""Take a shop's webhook, and keep what it says before answering 200.

Trigger: POST /webhooks/{shop}/{platform}
Retries: the shop's platform, on any answer but 2xx; the survey's natural key makes repeats harmless.
"""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, assert_never

from aws_lambda_powertools.utilities.typing import LambdaContext

from cx_domain import planning, signatures
from cx_domain.errors import AfterorderError, BadSignature, NotFound
from cx_domain.order_fields import FeedbackEvent, TicketEvent
from cx_domain.orders import OrderEvent
from cx_domain.shops import Shop, ShopId, SubjectType, SurveyRule
from cx_domain.tickets import as_order_event
from infra import adapters, clock, http, platforms
from infra.logs import count, logger, metrics

LARGEST_BODY = 1_000_000


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    try:
        request = http.read(event)
        if len(request.body) > LARGEST_BODY:
            return http.answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body is larger than {LARGEST_BODY} bytes")
        take(ShopId(request.path["shop"]), request.path["platform"], request.headers, request.body)
    except AfterorderError as error:
        logger.warning("webhook refused", error=type(error).__name__, shop=event["pathParameters"]["shop"])
        count("webhook-refused")
        return http.answer(http.status_of(error), str(error))
    return http.answer(HTTPStatus.OK)


def take(shop_id: ShopId, platform_name: str, headers: Mapping[str, str], body: bytes) -> None:
    """Keep what one webhook says; when this returns, it is durably kept, or rightly ignored."""
    if platforms.is_ping(platform_name, headers, body):
        return
    shop = adapters.shop(shop_id)
    platform = platforms.platform(platform_name)
    _verify(shop, platform, headers, body)
    match platforms.read(platform, headers, body, clock.now()):
        case OrderEvent() as event:
            _hear(event, "order", shop)
        case TicketEvent() as event:
            adapters.tickets().put(shop.id, event, clock.now(), purge_at=_purge_at(shop))
            _hear(as_order_event(event), "ticket", shop)
        case FeedbackEvent() as event:
            adapters.feedback().put(shop.id, event, clock.now(), purge_at=_purge_at(shop))
        case platforms.Ignored(reason):
            logger.info("webhook ignored", reason=reason, shop=shop.id, platform=platform.name)
            count(reason)
        case unknown:
            assert_never(unknown)


def _purge_at(shop: Shop) -> datetime:
    return clock.now() + shop.reports.retention


def _verify(shop: Shop, platform: platforms.Platform, headers: Mapping[str, str], body: bytes) -> None:
    secrets = adapters.secrets()
    live = secrets.webhook_secrets(shop.id, platform.name)
    if not live:
        raise NotFound(f"the shop {shop.id} is not connected by {platform.name}: run `afterorder shop connect`")
    try:
        signatures.verify(platform.scheme, live, headers, body, clock.now())
    except BadSignature:
        # The secret may have been rotated since we read it.
        renewed = secrets.webhook_secrets(shop.id, platform.name, refresh=True)
        if renewed == live:
            raise
        signatures.verify(platform.scheme, renewed, headers, body, clock.now())


def _hear(event: OrderEvent, subject_type: SubjectType, shop: Shop) -> None:
    for rule in shop.surveys:
        if rule.subject_type == subject_type:
            _keep(event, rule, shop)


def _keep(event: OrderEvent, rule: SurveyRule, shop: Shop) -> None:
    key = adapters.secrets().key_ring().identity
    surveys, now = adapters.surveys(), clock.now()
    begun = planning.hear(planning.begin(key, shop, rule, event.subject_id), event, rule, shop, key=key, now=now)
    known = surveys.create(begun, now, purge_at=_purge_at(shop))
    if known is not None:
        surveys.change(known, lambda survey: planning.hear(survey, event, rule, shop, key=key, now=now), now)
