"""The doors that people come to by a link: whatever does not open there is answered by a page with kind words."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from cx_domain.errors import BadLink, Trouble
from infra import http, links
from infra.logs import logger
from infra.writing import pages


def door() -> APIGatewayHttpResolver:
    """Make a function's routes, with the answers that all such doors share: no such link, and our own trouble (503, try again)."""
    app = APIGatewayHttpResolver()

    def stray(_error: Exception) -> Response[str]:
        # Somebody's mail program added a letter to the link: no route takes it, and a person still reads a page.
        return notice(app, HTTPStatus.NOT_FOUND, "bad-link")

    def bad_link(error: BadLink) -> Response[str]:
        token = app.current_event.raw_event["pathParameters"]["token"]
        logger.info("link refused", error=type(error).__name__, link=links.fingerprint(token))
        return notice(app, HTTPStatus.NOT_FOUND, "bad-link")

    def trouble(error: Trouble) -> Response[str]:
        logger.error("page failed", error=type(error).__name__)
        return notice(app, HTTPStatus.SERVICE_UNAVAILABLE, "trouble")

    app.not_found(stray)
    http.on_error(app, [BadLink], bad_link)
    http.on_error(app, [Trouble], trouble)
    return app


def notice(app: APIGatewayHttpResolver, status: HTTPStatus, kind: pages.NoticeKind) -> Response[str]:
    """Answer with one of the pages that know no shop, in a language that the reader's browser asks for."""
    language = http.language(app.current_event.raw_event)
    return http.page(status, pages.kind_page(kind, language), pages.SECURITY_HEADERS)
