"""Show the rating page for one tap in a mail, and keep what its form sends.

Trigger: GET /s/{token}/{score}; GET /s/{proxy+}; HEAD /s/{token}/{score}; POST /s/{token}
Retries: the customer's own tap.
"""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.shared.cookies import Cookie
from aws_lambda_powertools.utilities.typing import LambdaContext

from cx_domain.answers import FormAnswer, read_form
from cx_domain.errors import BadField, BadInput, BadLink
from cx_domain.kinds import kind, kinds, parse_score
from cx_domain.shops import KindName
from cx_domain.surveys import Survey, SurveyId
from cx_domain.verdicts import judged
from cx_domain.visits import ClientKey, Reply, Visit
from infra import adapters, agents, clock, http, people, previews, survey_links, visitors
from infra.aws.survey_table import VisitRefused
from infra.aws.visit_writes import VisitRefusal, refusal
from infra.logs import count, logger, metrics
from infra.survey_links import SurveyLink
from infra.writing import pages

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
    language = request.query.get("language")
    if (example := previews.opened(token)) is not None:
        form = FormAnswer(parse_score(score, kind(example.kind).scale))
        return _page(example, form, "chosen", token, None, language=language)
    link, chosen = _open(token), parse_score(score, _LONGEST_SCALE)
    client = visitors.client(request, link.survey)
    if language is None:
        known = _visited(link, Visit(now, chosen, client, "GET", preview=agents.is_preview(request.agent)))
    else:
        # Who changes the language has tapped before, and it would look like a scanner's burst if each change were a tap.
        known = _read(link.survey, chosen, now)
    if isinstance(known, VisitRefused):
        return _refused(known, language, request)
    own = _own_reply(known, client)
    form = FormAnswer(chosen, own.comment, own.drivers, own.may_reply) if own else FormAnswer(chosen)
    kept = _kept_score(known, client)
    if kept == chosen:
        return _page(known, form, "saved", token, client, language=language)
    return _page(known, form, "chosen", token, client, earlier=kept, language=language)


@app.route("/s/<token>/<score>", method="HEAD")
def look(token: str, score: str) -> Response[str]:
    """Answer whoever only looks whether the page is there."""
    if previews.opened(token) is None:
        _open(token)
    parse_score(score, _LONGEST_SCALE)
    return people.page(HTTPStatus.OK, "", pages.SECURITY_HEADERS)


@app.post("/s/<token>")
def confirm(token: str) -> Response[str]:
    """Keep what was sent by the form, and say that it is saved, if it is a person's own answer."""
    request = http.read(app.current_event.raw_event)
    example = previews.opened(token)
    survey = example or adapters.surveys().get(_open(token).survey)
    if survey is None:
        raise BadLink("the survey is no longer kept")
    fields = request.form()
    language = next(iter(fields.get("language", [])), None)
    try:
        form = read_form(fields, kind(survey.kind), adapters.shop(survey.shop).drivers)
    except BadField as error:
        logger.info("form refused", error=str(error))
        return _notice(HTTPStatus.BAD_REQUEST, "bad-score", survey, language, request)
    if example is not None:
        return _page(survey, form, "saved", token, None, language=language)
    client = visitors.client(request, survey.id, next(iter(fields.get("visit", [])), None))
    return _keep(survey, form, client, token=token, request=request, language=language)


def _keep(
    survey: Survey, form: FormAnswer, client: ClientKey, *, token: str, request: http.Request, language: str | None
) -> Response[str]:
    now = clock.now()
    before = _kept_score(survey, client)
    if form.evidence == "script" and before is not None and visitors.by_cookie(request, survey.id) is None:
        # No hand, and not the browser that answered: a machine behind the same address must not change what a person said.
        return _page(survey, form, "chosen", token, client, earlier=before, language=language)
    visit, reply = _visit(form, client, request, now), _reply(form, client, now)
    known = adapters.surveys().reply(survey, visit, reply, [survey.kind], now)
    if isinstance(known, VisitRefused):
        return _refused(known, language, request)
    owner = judged(known, adapters.shop(known.shop).protection).owner
    if owner is None:
        # A script sent it, and no hand was seen. What was sent is kept for the day's verdict, and nobody is told that it counts.
        return _page(known, form, "chosen", token, client, language=language)
    if owner != client:
        return _notice(HTTPStatus.OK, "already-answered", known, language, request)
    count("answered")
    earlier = None if before == form.score else before
    cookie = visitors.cookie(request, known, token, client, now)
    return _page(known, form, "saved", token, client, cookie, earlier=earlier, language=language)


def refuse_form(error: BadInput) -> Response[str]:
    logger.info("form refused", error=str(error) if isinstance(error, BadField) else type(error).__name__)
    return people.notice(app, HTTPStatus.BAD_REQUEST, "bad-score")


people.on_error(app, [BadInput, BadField], refuse_form)


def _open(token: str) -> SurveyLink:
    return survey_links.read(adapters.secrets().key_ring().links, "rate", token)


def _visited(link: SurveyLink, visit: Visit) -> Survey | VisitRefused:
    known = adapters.surveys().visit(link.shop, link.survey, visit, _kinds(visit.score), visit.at)
    if isinstance(known, VisitRefused) and known.reason == "full" and known.survey is not None:
        # More visits than we keep are shown the page all the same: a flood by machines must not shut a person out.
        return known.survey
    return known


def _read(survey_id: SurveyId, score: int, now: datetime) -> Survey | VisitRefused:
    survey = adapters.surveys().get(survey_id)
    reason = "missing" if survey is None else refusal(survey, _kinds(score), now)
    if survey is None or reason is not None:
        return VisitRefused(reason or "missing", survey)
    return survey


def _kinds(score: int) -> list[KindName]:
    return [kind.name for kind in kinds() if score in kind.scale]


def _visit(form: FormAnswer, client: ClientKey, request: http.Request, now: datetime) -> Visit:
    """Say how the form came: `form` where no script ran."""
    preview, evidence = agents.is_preview(request.agent), form.evidence or "form"
    worded = bool(form.comment or form.drivers)
    return Visit(
        now, form.score, client, "POST", preview=preview, evidence=evidence, worded=worded, visible=form.visible
    )


def _reply(form: FormAnswer, client: ClientKey, now: datetime) -> Reply:
    return Reply(now, form.score, client, form.comment, form.drivers, form.may_reply)


def _own_reply(survey: Survey, client: ClientKey) -> Reply | None:
    return next((reply for reply in survey.replies if reply.client == client), None)


def _kept_score(survey: Survey, client: ClientKey) -> int | None:
    """Read the score that is saved as this client's answer; None if the answer is somebody else's, or nobody's."""
    own = _own_reply(survey, client)
    owner = judged(survey, adapters.shop(survey.shop).protection).owner
    return own.score if own is not None and owner == client else None


def _page(
    survey: Survey,
    form: FormAnswer,
    state: pages.RatingState,
    token: str,
    client: ClientKey | None,
    *cookies: Cookie,
    earlier: int | None = None,
    language: str | None = None,
) -> Response[str]:
    """Show the rating page; `client` is None where nobody is asked, in a preview."""
    html = pages.rating_page(
        adapters.shop(survey.shop),
        survey,
        state=state,
        score=form.score,
        earlier=earlier,
        comment=form.comment,
        drivers=form.drivers,
        may_reply=form.may_reply,
        action=f"/s/{token}",
        visit_field="" if client is None else visitors.proof(survey.id, client),
        unsubscribe=f"/u/{_stop_token(survey) if client is not None else token}",
        language=language,
        preview=client is None,
    )
    return people.page(HTTPStatus.OK, html, pages.SECURITY_HEADERS, cookies)


def _stop_token(survey: Survey) -> str:
    return survey_links.token(adapters.secrets().key_ring().links, "unsubscribe", survey.shop, survey.id)


def _refused(refused: VisitRefused, language: str | None, request: http.Request) -> Response[str]:
    status, name = _REFUSALS[refused.reason]
    logger.info("visit refused", reason=refused.reason)
    return _notice(status, name, refused.survey, language, request)


def _notice(
    status: HTTPStatus, name: pages.NoticeKind, survey: Survey | None, language: str | None, request: http.Request
) -> Response[str]:
    """Answer in the survey's language and its shop's colours, where it is known whose link this is."""
    shop = None if survey is None else adapters.shop(survey.shop)
    spoken = language or (survey and survey.language) or request.language
    return people.page(status, pages.kind_page(name, spoken, shop), pages.SECURITY_HEADERS)
