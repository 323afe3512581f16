"""What the links of a previewed mail open: the pages of a survey that does not exist. Nobody is known there, and nothing is kept."""

from cx_domain.errors import BadLink, NotFound
from cx_domain.kinds import kind
from cx_domain.orders import OrderFacts
from cx_domain.shops import KindName, Shop, ShopId
from cx_domain.surveys import Survey, SurveyId
from infra import adapters, links

_NUMBER = "1001"


def seal(shop: ShopId, kind_name: KindName, language: str) -> str:
    """Make the token that stands in a preview's links, for the page of a score and the page that stops."""
    return links.seal(adapters.secrets().key_ring().links, "preview", f"{shop}.{kind_name}.{language}")


def opened(token: str) -> Survey | None:
    """Make up the survey that a preview's token is about; None for a token of any other purpose.

    Raises BadLink when the shop or the kind is no longer there.
    """
    try:
        subject = links.open_token(adapters.secrets().key_ring().links, "preview", token)
    except BadLink:
        return None
    try:
        shop_id, kind_name, language = subject.split(".")
    except ValueError as error:
        raise BadLink("this preview does not say what it shows") from error
    try:
        return example(adapters.shop(ShopId(shop_id)), kind(kind_name).name, language)
    except NotFound as error:
        raise BadLink("what this preview shows is no longer there") from error


def example(shop: Shop, kind_name: KindName, language: str) -> Survey:
    """Make up a survey of that kind, as the shop asks it where it does."""
    rule = next((rule for rule in shop.surveys if rule.kind == kind_name), None)
    return Survey(
        id=SurveyId("preview"),
        shop=shop.id,
        kind=kind_name,
        touchpoint=rule.touchpoint if rule else "order",
        subject_type=rule.subject_type if rule else "order",
        subject_id=_NUMBER,
        order=OrderFacts(),
        stage="sent",
        question=rule.series if rule else None,
        language=language,
    )
