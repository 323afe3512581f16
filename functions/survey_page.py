"""Show the rating page for one tap in a mail, and keep what its form sends.

Trigger: GET /s/{token}/{score}; HEAD /s/{token}/{score}; POST /s/{token}
Retries: the customer's own tap.
"""

from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.shared.cookies import Cookie, SameSite
from aws_lambda_powertools.utilities.typing import LambdaContext

from cx_domain import identities
from cx_domain.answers import FormAnswer, read_form
from cx_domain.errors import BadField, BadInput, BadLink
from cx_domain.kinds import kind, kinds, parse_score
from cx_domain.surveys import Survey, SurveyId
from cx_domain.verdicts import judged
from cx_domain.visits import ClientKey, Reply, Visit
from infra import adapters, agents, clock, http, links, people
from infra.aws.survey_table import VisitRefused
from infra.aws.visit_writes import VisitRefusal
from infra.logs import count, logger, metrics
from infra.writing import pages

_COOKIE = "afterorder"
_LONGEST_SCALE = range(11)
_REFUSALS: dict[VisitRefusal, tuple[HTTPStatus, pages.NoticeKind]] = {
    "missing": (HTTPStatus.NOT_FOUND, "bad-link"),
    "not-sent": (HTTPStatus.NOT_FOUND, "bad-link"),
    "wrong-kind": (HTTPStatus.NOT_FOUND, "bad-link"),
    "expired": (HTTPStatus.GONE, "expired"),
    "full": (HTTPStatus.TOO_MANY_REQUESTS, "too-many"),
}

app = people.door()


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)


@app.get("/s/<token>/<score>")
def tap(token: str, score: str) -> Response[str]:
    """Note the visit, and show the page with this score chosen. Nothing is answered by it yet: scanners tap too."""
    request, now = http.read(app.current_event.raw_event), clock.now()
    survey_id, chosen = _open(token), parse_score(score, _LONGEST_SCALE)
    client = _client(request, survey_id, None)
    visit = Visit(now, chosen, client, "GET", preview=agents.is_preview(request.agent))
    known = adapters.surveys().visit(survey_id, visit, [k.name for k in kinds() if chosen in k.scale], now)
    if isinstance(known, VisitRefused):
        # More visits than we keep are shown the page all the same: a flood by machines must not shut a person out.
        if known.reason != "full" or known.survey is None:
            return _refused(known, request)
        known = known.survey
    own = next((reply for reply in known.replies if reply.client == client), None)
    form = FormAnswer(chosen, own.comment, own.drivers, own.may_reply) if own else FormAnswer(chosen)
    return _page(known, form, "chosen", token, client)


@app.route("/s/<token>/<score>", method="HEAD")
def look(token: str, score: str) -> Response[str]:
    """Answer whoever only looks whether the page is there."""
    _open(token)
    parse_score(score, _LONGEST_SCALE)
    return http.page(HTTPStatus.OK, "", pages.SECURITY_HEADERS)


@app.post("/s/<token>")
def confirm(token: str) -> Response[str]:
    """Keep the answer that a person sent by the form."""
    request, now = http.read(app.current_event.raw_event), clock.now()
    survey = adapters.surveys().get(_open(token))
    if survey is None:
        raise BadLink("the survey is no longer kept")
    fields = request.form()
    form = read_form(fields, kind(survey.kind), adapters.shop(survey.shop).drivers)
    client = _client(request, survey.id, next(iter(fields.get("visit", [])), None))
    visit = Visit(
        now, form.score, client, "POST", preview=agents.is_preview(request.agent), evidence=form.evidence or "form"
    )
    reply = Reply(now, form.score, client, form.comment, form.drivers, form.may_reply)
    known = adapters.surveys().reply(survey.id, visit, reply, [survey.kind], now)
    if isinstance(known, VisitRefused):
        return _refused(known, request)
    count("answered")
    if judged(known, adapters.shop(known.shop).protection).owner not in {None, client}:
        return people.notice(app, HTTPStatus.OK, "already-answered")
    return _page(known, form, "saved", token, client, _cookie(request, known, token, client))


def refuse_form(error: BadInput) -> Response[str]:
    logger.info("form refused", error=str(error) if isinstance(error, BadField) else type(error).__name__)
    return people.notice(app, HTTPStatus.BAD_REQUEST, "bad-score")


http.on_error(app, [BadInput, BadField], refuse_form)


def _open(token: str) -> SurveyId:
    return SurveyId(links.open_token(adapters.secrets().key_ring().links, "rate", token))


def _client(request: http.Request, survey_id: SurveyId, field: str | None) -> ClientKey:
    """Say who this is: whom the cookie names, else whom the form's hidden field names, else the address and agent."""
    ring = adapters.secrets().key_ring()
    for proof in (request.cookie(_COOKIE), field):
        if not proof:
            continue
        try:
            survey, client = links.open_token(ring.links, "visit", proof).split(".")
        except BadLink:
            continue
        if survey == survey_id:
            return ClientKey(client)
    return identities.client_key(ring.identity, request.address, request.agent)


def _proof(survey: Survey, client: ClientKey) -> str:
    return links.seal(adapters.secrets().key_ring().links, "visit", f"{survey.id}.{client}")


def _cookie(request: http.Request, survey: Survey, token: str, client: ClientKey) -> Cookie:
    return Cookie(
        _COOKIE,
        _proof(survey, client),
        path=f"/s/{token}",
        # API Gateway always says https; only the local stack is reached without.
        secure=request.headers.get("x-forwarded-proto") == "https",
        http_only=True,
        same_site=SameSite.LAX_MODE,
        expires=survey.expires_at,
    )


def _page(
    survey: Survey, form: FormAnswer, state: pages.RatingState, token: str, client: ClientKey, *cookies: Cookie
) -> Response[str]:
    html = pages.rating_page(
        adapters.shop(survey.shop),
        survey,
        state=state,
        score=form.score,
        comment=form.comment,
        drivers=form.drivers,
        may_reply=form.may_reply,
        action=f"/s/{token}",
        visit_field=_proof(survey, client),
        unsubscribe=f"/u/{links.seal(adapters.secrets().key_ring().links, 'unsubscribe', survey.id)}",
    )
    return http.page(HTTPStatus.OK, html, pages.SECURITY_HEADERS, cookies)


def _refused(refused: VisitRefused, request: http.Request) -> Response[str]:
    language = (refused.survey and refused.survey.language) or request.language
    status, name = _REFUSALS[refused.reason]
    logger.info("visit refused", reason=refused.reason)
    return http.page(status, pages.kind_page(name, language), pages.SECURITY_HEADERS)
