"""The doors that people come to by a link: whatever does not open there is answered by a page with kind words."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.shared.cookies import Cookie

from cx_domain.errors import AfterorderError, BadLink, Trouble
from infra import http, links
from infra.logs import logger
from infra.writing import pages

_WORTH_PACKING = 1_000
"""Letters. What is shorter fits into the first packet anyhow."""


def door() -> APIGatewayHttpResolver:
    """Make a function's routes, with the answers that all such doors share: no such link, and our own trouble (503, try again)."""
    app = APIGatewayHttpResolver()
    app.use([_answered])

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
    on_error(app, [BadLink], bad_link)
    on_error(app, [Trouble], trouble)
    return app


def _answered(app: APIGatewayHttpResolver, next_middleware: Callable[..., Response[Any]]) -> Response[Any]:
    return _as_asked(app, next_middleware(app))


def _as_asked(app: APIGatewayHttpResolver, response: Response[Any]) -> Response[Any]:
    """Leave the body out for whoever asked for none, and pack it for nobody who does not unpack it."""
    looks = app.current_event.http_method == "HEAD"
    if looks or not http.takes_gzip(app.current_event.raw_event):
        response.compress = False
    if looks:
        response.body = ""
    return response


def notice(app: APIGatewayHttpResolver, status: HTTPStatus, kind: pages.NoticeKind) -> Response[str]:
    """Answer with one of the pages that know no shop, in a language that the reader's browser asks for."""
    language = http.language(app.current_event.raw_event)
    return _as_asked(app, page(status, pages.kind_page(kind, language), pages.SECURITY_HEADERS))


def on_error(
    app: APIGatewayHttpResolver, errors: Sequence[type[AfterorderError]], answer: Callable[[Any], Response[str]]
) -> None:
    """Let `answer` say what a person sees when one of these errors leaves a route."""
    app.exception_handler(list(errors))(answer)


def page(status: HTTPStatus, html: str, headers: Mapping[str, str], cookies: Sequence[Cookie] = ()) -> Response[str]:
    """Answer a person; packed for a browser that unpacks it: a third of the bytes to wait for on a telephone, and to pay for."""
    told = {**headers, "vary": "accept-encoding"}
    return Response(
        int(status), "text/html; charset=utf-8", html, told, list(cookies), compress=len(html) >= _WORTH_PACKING
    )


def redirect(address: str) -> Response[str]:
    """Send a person on, without telling the next place where they came from."""
    headers = {
        "location": address,
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-robots-tag": "noindex",
    }
    return Response(int(HTTPStatus.FOUND), "text/plain; charset=utf-8", "", {**headers})
