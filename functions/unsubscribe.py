"""Let a customer stop the questions of one shop, and ask for them again.

Trigger: GET /u/{token}; POST /u/{token}
Retries: the mailbox provider's, on 5xx; stopping twice is stopping once.
"""

from http import HTTPStatus
from typing import Any, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from cx_domain import unsubscribing
from cx_domain.errors import BadInput, BadLink
from cx_domain.surveys import Survey, SurveyId
from infra import adapters, clock, http, links, people
from infra.logs import count, logger, metrics
from infra.writing import pages

app = people.door()


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)


@app.get("/u/<token>")
def ask(token: str) -> Response[str]:
    """Ask whether to stop; looking changes nothing, for scanners look too."""
    survey = _survey(token)
    return _page(survey, "ask", token)


@app.post("/u/<token>")
def change(token: str) -> Response[str]:
    """Stop (RFC 8058's one click, or the page's button), or with the choice `back` take it back."""
    survey = _survey(token)
    if http.read(app.current_event.raw_event).form().get("choice") == ["back"]:
        resume(survey)
        return _page(survey, "back", token)
    stop(survey)
    return _page(survey, "done", token)


def refuse(_error: BadInput) -> Response[str]:
    """Answer a form that is none."""
    return people.notice(app, HTTPStatus.BAD_REQUEST, "bad-link")


http.on_error(app, [BadInput], refuse)


def _survey(token: str) -> Survey:
    survey_id = SurveyId(links.open_token(adapters.secrets().key_ring().links, "unsubscribe", token))
    survey = adapters.surveys().get(survey_id)
    if survey is None or survey.customer is None:
        raise BadLink("the survey is no longer kept")
    return survey


def _page(survey: Survey, state: Literal["ask", "done", "back"], token: str) -> Response[str]:
    html = pages.unsubscribe_page(adapters.shop(survey.shop), survey, state=state, action=f"/u/{token}")
    return http.page(HTTPStatus.OK, html, pages.SECURITY_HEADERS)


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
