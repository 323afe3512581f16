"""A survey's own links: the shop stands in them too, so that a tap is kept by one write, and nothing must be read before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cx_domain.errors import BadLink
from cx_domain.shops import ShopId
from cx_domain.surveys import SurveyId
from infra import links

SurveyPurpose = Literal["rate", "unsubscribe"]


@dataclass(frozen=True, slots=True)
class SurveyLink:
    """Which survey it is about, and whose that is: both are as sealed as the rest."""

    shop: ShopId
    survey: SurveyId


def token(keys: Sequence[bytes], purpose: SurveyPurpose, shop: ShopId, survey: SurveyId) -> str:
    """Seal the link by which a survey is rated, or its customer stops the questions."""
    return links.seal(keys, purpose, f"{shop}.{survey}")


def read(keys: Sequence[bytes], purpose: SurveyPurpose, token: str) -> SurveyLink:
    """Read it; BadLink when it is none."""
    match links.open_token(keys, purpose, token).split("."):
        case [shop, survey]:
            return SurveyLink(ShopId(shop), SurveyId(survey))
        case _:
            raise BadLink("this link does not say whose survey it is")
