"""Let a customer stop the questions of one shop, and ask for them again.

Trigger: GET /u/{token}; HEAD /u/{token}; POST /u/{token}
Retries: the mailbox provider's, on 5xx; stopping twice is stopping once.
"""

from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from cx_domain import unsubscribing
from cx_domain.errors import BadInput, BadLink
from cx_domain.surveys import Survey, SurveyId
from infra import adapters, clock, http, people, previews, survey_links
from infra.logs import count, logger, metrics
from infra.writing import pages

app = people.door()


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)


@app.get("/u/<token>")
def ask(token: str) -> Response[str]:
    """Ask whether to stop, or say that it is done; looking changes nothing, for scanners look too."""
    language = http.read(app.current_event.raw_event).query.get("language")
    if (example := previews.opened(token)) is not None:
        return _page(example, "ask", token, language, preview=True)
    survey = _survey(token)
    return _page(survey, "done" if _has_stopped(survey) else "ask", token, language)


@app.route("/u/<token>", method="HEAD")
def look(token: str) -> Response[str]:
    """Answer whoever only looks whether the page is there."""
    if previews.opened(token) is None:
        _survey(token)
    return people.page(HTTPStatus.OK, "", pages.SECURITY_HEADERS)


@app.post("/u/<token>")
def change(token: str) -> Response[str]:
    """Stop (RFC 8058's one click, or the page's button), or with the choice `back` take it back."""
    example = previews.opened(token)
    survey = example or _survey(token)
    form = http.read(app.current_event.raw_event).form()
    state: pages.StopState = "back" if form.get("choice") == ["back"] else "done"
    if example is None:
        (resume if state == "back" else stop)(survey)
    return _page(survey, state, token, next(iter(form.get("language", [])), None), preview=example is not None)


def refuse(_error: BadInput) -> Response[str]:
    """Answer a form that is none."""
    return people.notice(app, HTTPStatus.BAD_REQUEST, "bad-link")


people.on_error(app, [BadInput], refuse)


def _open(token: str) -> SurveyId:
    return survey_links.read(adapters.secrets().key_ring().links, "unsubscribe", token).survey


def _survey(token: str) -> Survey:
    survey = adapters.surveys().get(_open(token))
    if survey is None or survey.customer is None:
        raise BadLink("the survey is no longer kept")
    return survey


def _has_stopped(survey: Survey) -> bool:
    known = adapters.customers().get(survey.shop, survey.customer) if survey.customer is not None else None
    return known is not None and known.unsubscribed_at is not None


def _page(
    survey: Survey, state: pages.StopState, token: str, language: str | None, *, preview: bool = False
) -> Response[str]:
    shop, action = adapters.shop(survey.shop), f"/u/{token}"
    html = pages.unsubscribe_page(shop, survey, state=state, action=action, language=language, preview=preview)
    return people.page(HTTPStatus.OK, html, pages.SECURITY_HEADERS)


def resume(survey: Survey) -> None:
    """Take a customer back who changed their mind."""
    if survey.customer is not None:
        adapters.customers().resubscribe(survey.shop, survey.customer)
        count("resubscribed")


def stop(survey: Survey) -> None:
    """Never again, from the next send on."""
    now = clock.now()
    if survey.customer is not None:
        adapters.customers().unsubscribe(survey.shop, survey.customer, now)
    adapters.surveys().change(survey, lambda known: unsubscribing.note(known, now), now)
    count("unsubscribed")
