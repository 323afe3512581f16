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
    ring = adapters.secrets().key_ring()
    for sealed in (request.cookie(_COOKIE), field):
        if not sealed:
            continue
        try:
            survey, client = links.open_token(ring.links, "visit", sealed).split(".")
        except BadLink:
            continue
        if survey == survey_id:
            return ClientKey(client)
    return identities.client_key(ring.identity, request.address, request.agent)


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
