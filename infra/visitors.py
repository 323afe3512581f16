"""Who opens a survey's link: the proof that they posted before, by cookie or by the form's own field, else their address and agent."""

from datetime import datetime

from aws_lambda_powertools.shared.cookies import Cookie, SameSite

from cx_domain import identities
from cx_domain.errors import BadLink
from cx_domain.surveys import Survey, SurveyId
from cx_domain.visits import ClientKey
from infra import adapters, http, links

_COOKIE = "afterorder"


def client(request: http.Request, survey_id: SurveyId, field: str | None = None) -> ClientKey:
    """Say who this is: whom the cookie names, else whom the form's hidden field names, else the address and agent."""
    identity = adapters.secrets().key_ring().identity
    return (
        by_cookie(request, survey_id)
        or _named(field, survey_id)
        or identities.client_key(identity, request.address, request.agent)
    )


def by_cookie(request: http.Request, survey_id: SurveyId) -> ClientKey | None:
    """Say whom the cookie of this survey names: only a browser that has sent the form before has one."""
    return _named(request.cookie(_COOKIE), survey_id)


def proof(survey_id: SurveyId, client: ClientKey) -> str:
    """Seal who this is, for this survey alone."""
    return links.seal(adapters.secrets().key_ring().links, "visit", f"{survey_id}.{client}")


def cookie(request: http.Request, survey: Survey, token: str, client: ClientKey, now: datetime) -> Cookie:
    """Keep the proof in the browser for as long as the link works, for this link alone."""
    # A length of time, not a date: clocks of phones are wrong, and the local stack's is anywhere.
    lasts = survey.expires_at - now if survey.expires_at is not None else None
    return Cookie(
        _COOKIE,
        proof(survey.id, client),
        path=f"/s/{token}",
        # API Gateway always says https; only the local stack is reached without.
        secure=request.headers.get("x-forwarded-proto") == "https",
        http_only=True,
        same_site=SameSite.LAX_MODE,
        max_age=int(lasts.total_seconds()) if lasts is not None else None,
    )


def _named(sealed: str | None, survey_id: SurveyId) -> ClientKey | None:
    if not sealed:
        return None
    try:
        survey, client = links.open_token(adapters.secrets().key_ring().links, "visit", sealed).split(".")
    except BadLink:
        return None
    return ClientKey(client) if survey == survey_id else None
