"""Anna Kowalska's order 1001 at Acme Outdoor, as the mails and pages of these tests meet it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from cx_domain.digests import Digest, DigestChange, DigestComment, DigestScore
from cx_domain.orders import Item, OrderDetails, OrderFacts
from cx_domain.shop_files import read_shop_file
from cx_domain.shops import KindName, ShopId, SubjectType
from cx_domain.surveys import Survey, SurveyId
from infra.writing.mails import MailLinks

ACME = read_shop_file((Path(__file__).parent.parent / "shop_files" / "acme.toml").read_text(encoding="utf-8"))

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TOKEN = "eyJzIjoi" + "Qk9yZGVyMTAwMQ" * 6  # as long as a signed token is
LINKS = MailLinks(f"https://ask.acme.example/s/{TOKEN}", f"https://ask.acme.example/u/{TOKEN}")

TENT = Item("Tent")

WEEK = Digest(
    period="2026-W47",
    start=date(2026, 11, 16),
    end=date(2026, 11, 22),
    scores=(
        DigestScore(
            kind="nps",
            touchpoint="order",
            n=51,
            score=Decimal(51),
            interval=(Decimal(29), Decimal(67)),
            change=DigestChange("2026-W46", "up", Decimal(4), may_be_chance=True),
            target=Decimal(55),
        ),
    ),
    arrived=297,
    answered=51,
    rate=Decimal(17),
    worst_driver="delivery",
    worst_driver_named_by=9,
    incidents=(),
    to_call_back=2,
    gap=None,
    comments=(DigestComment("nps", 3, "Two days\nin <b>the rain</b>.", "1001"),),
)


def survey(
    language: str | None = "en",
    *,
    kind: KindName = "nps",
    about: SubjectType = "order",
    name: str | None = "Anna",
    items: tuple[Item, ...] = (TENT,),
    number: str = "1001",
) -> Survey:
    details = OrderDetails(number, email="anna@example.com", first_name=name, language=language, items=items)
    return Survey(
        id=SurveyId("s" * 26),
        shop=ShopId("acme"),
        kind=kind,
        touchpoint=about,
        subject_type=about,
        subject_id=number,
        order=OrderFacts(details=details),
        language=language,
    )
