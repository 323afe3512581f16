"""Turn a manager's lasting link into a download address that lives five minutes, made at that moment.

Trigger: GET /r/{token}; GET /r/{token}/{file}
Retries: the manager's own click.
"""

from http import HTTPStatus
from typing import Any, get_args

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from cx_domain import identities
from cx_domain.calendars import parse_period
from cx_domain.errors import AfterorderError, BadInput, BadLink, NotFound
from cx_domain.shops import ShopId
from infra import adapters, http, links, people
from infra.aws import keys
from infra.logs import count, logger, metrics

_SECONDS = 300


app = people.door()


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)


@app.get("/r/<token>")
def open_report(token: str) -> Response[str]:
    return http.redirect(fresh_address(token, "report.html"))


@app.get("/r/<token>/<file>")
def open_file(token: str, file: str) -> Response[str]:
    return http.redirect(fresh_address(token, file))


def refuse(error: AfterorderError) -> Response[str]:
    """Answer a link to a period, a file or a shop that is not there."""
    logger.info("report missing", error=type(error).__name__)
    return people.notice(app, HTTPStatus.NOT_FOUND, "report-missing")


http.on_error(app, [BadInput, NotFound], refuse)


def fresh_address(token: str, file: str) -> str:
    """Sign a download address for one file of the report that the link names, if its manager still is one."""
    ring = adapters.secrets().key_ring()
    shop_id, period, manager = links.open_token(ring.links, "report", token).split(".")
    shop = adapters.shop(ShopId(shop_id))
    if manager not in {identities.manager_key(ring.identity, shop.id, address) for address in shop.managers}:
        raise BadLink("this manager is not in the shop's file any more")
    named = next((known for known in get_args(keys.ReportFile) if known == file), None)
    if named is None:
        raise NotFound("a report has no such file")
    key = keys.report_file(shop.id, parse_period(period).name, named)
    count("report-opened")
    logger.info("report opened", shop=shop.id, period=period, file=file, manager=manager)
    # The page is shown where it was clicked; the other files are saved.
    filename = None if named == "report.html" else f"{shop.id}-{period}-{file}"
    return adapters.files().presign(key, filename, _SECONDS)
