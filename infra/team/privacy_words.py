"""What a manager is told when a platform passes on that a person wants to know, or to be erased, or that the shop left."""

from typing import assert_never

from cx_domain.shops import Shop
from infra.privacy_messages import Passed
from infra.team.notices import Notice, Step
from infra.writing.words import Words


def privacy_words(shop: Shop, passed: Passed, spoken: Words) -> Notice:
    """Put into words what was passed on, what was done, and what is left to do."""
    kind = passed.kind
    match kind:
        case "data-request":
            command = f"afterorder customer requests {shop.id} {passed.name}"
        case "redact":
            command = f"afterorder customer erase {shop.id} {spoken.gettext('privacy.address')}"
        case "shop-redact":
            command = f"afterorder shop erase {shop.id}"
        case _:
            assert_never(kind)
    orders = spoken.ngettext("privacy.orders", len(passed.orders))
    return Notice(
        title=spoken.gettext(f"privacy.{kind}.title", platform=passed.platform),
        lead=spoken.gettext(f"privacy.{kind}.lead", platform=passed.platform, orders=orders),
        steps=(Step(spoken.gettext(f"privacy.{kind}.step", platform=passed.platform), command),),
        why=spoken.gettext("privacy.why"),
    )
