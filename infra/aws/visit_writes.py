"""The one write that keeps a visit or a reply: whether it may be kept, what it changes, and the condition that it still may.

What decides is said as the write's condition, because others write at the same time. A visit is written without a look before;
where that fails, the survey that stood there says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from cx_domain.shops import KindName, ShopId
from cx_domain.surveys import Stage, Survey
from cx_domain.verdicts import judged, least_worth
from cx_domain.visits import MOST_VISITS, ClientKey, Reply, Visit
from infra.aws import keys
from infra.aws.attribute_values import to_seconds
from infra.aws.dynamo_table import Terms
from infra.aws.survey_items import reply_map, visit_list

VisitRefusal = Literal["missing", "wrong-kind", "not-sent", "expired", "full"]

MOST_REPLIES = 24
"""Of so many clients the replies are kept. One more takes the place of the one that is worth least, for a POST is always taken."""
MOST_POSTS = 240
"""Beyond this many visits a client's newest reply is kept, but not that it came: an item may never grow without end."""

_CLOSED_TO_VISITS: tuple[Stage, ...] = ("waiting", "planned", "refused", "erased")


@dataclass(frozen=True, slots=True)
class Write:
    """One conditional UpdateItem."""

    change: str
    condition: str
    terms: Terms


def refusal(survey: Survey, kinds: Sequence[KindName], now: datetime) -> VisitRefusal | None:
    """Say why nobody may visit or answer this survey through the link in hand; None where they may."""
    if survey.stage == "erased":
        return "missing"
    if survey.kind not in kinds:
        return "wrong-kind"
    if survey.stage in _CLOSED_TO_VISITS:
        return "not-sent"
    if survey.expires_at is not None and survey.expires_at <= now:
        return "expired"
    return None


def is_kept(visit: Visit, survey: Survey) -> bool:
    """Say whether this very visit stands there already, as after a write whose answer was lost and that was repeated."""
    return visit_list(visit) in map(visit_list, survey.visits)


def is_full(survey: Survey) -> bool:
    return len(survey.visits) >= MOST_VISITS


def gives_way(reply: Reply, survey: Survey) -> ClientKey | None:
    """Say whose reply must go for this one; None while there is room, or when the client only changes its own."""
    if len(survey.replies) < MOST_REPLIES or any(other.client == reply.client for other in survey.replies):
        return None
    return least_worth(survey)


def visit_write(shop: ShopId, visit: Visit, kinds: Sequence[KindName], now: datetime) -> Write:
    """Append the visit, if the survey is the shop's and has fewer than the cap. Nothing of the survey need be known."""
    terms = Terms()
    change = f"{terms.set(keys.changed_at(shop, now))}, {_appended(visit, terms)}"
    is_theirs = f"{terms.name('shop')} = {terms.value(shop)}"
    condition = f"{is_theirs} AND {_open(terms, kinds, now)} AND {_absent(visit, MOST_VISITS, terms)}"
    return Write(change, condition, terms)


def reply_write(survey: Survey, visit: Visit, reply: Reply, kinds: Sequence[KindName], now: datetime) -> Write:
    """Set the client's reply and append its visit. Once a person has confirmed, a reminder that is still to come is taken back,
    and the version moves with it, so that a sender who read the survey before cannot claim the reminder.
    """
    terms = Terms()
    entry, replies = terms.path("replies", reply.client), terms.name("replies")
    leaving = gives_way(reply, survey)
    removed = [] if leaving is None else [terms.path("replies", leaving)]
    room = MOST_REPLIES if leaving is None else MOST_REPLIES + 1
    change = f"{terms.set(keys.changed_at(survey.shop, now))}, {entry} = {terms.value(reply_map(reply))}"
    conditions = [
        _open(terms, kinds, now),
        f"(attribute_exists({entry}) OR size({replies}) < {terms.value(room)})",
    ]
    if len(survey.visits) < MOST_POSTS and not is_kept(visit, survey):
        change += f", {_appended(visit, terms)}"
        conditions.append(_absent(visit, MOST_POSTS, terms))
    takes_back = False
    if _is_confirmed(survey, visit, reply):
        is_sent, is_due = f"{terms.name('stage')} = {terms.value('sent')}", f"attribute_exists({terms.name('due_at')})"
        takes_back = survey.stage == "sent" and survey.due_at is not None
        conditions.append(is_sent if takes_back else f"NOT ({is_sent} AND {is_due})")
    if takes_back:
        removed += [terms.name("due_at"), terms.name("due_shard")]
    if removed:
        change += f" REMOVE {', '.join(removed)}"
    if takes_back:
        change += f" ADD {terms.name('version')} {terms.value(1)}"
    return Write(change, " AND ".join(conditions), terms)


def _is_confirmed(survey: Survey, visit: Visit, reply: Reply) -> bool:
    """Say whether a person has answered now, by the strictest rule: a machine's form must not silence the reminder.

    Where the shop's own rule is laxer, the sender finds the answer when the reminder is due.
    """
    others = (other for other in survey.replies if other.client != reply.client)
    after = replace(survey, visits=(*survey.visits, visit), replies=(*others, reply), rulings=())
    return judged(after, "strict").owner is not None


def _open(terms: Terms, kinds: Sequence[KindName], now: datetime) -> str:
    expires_at = terms.name("expires_at")
    return (
        f"{terms.any_of('kind', kinds)} AND NOT {terms.any_of('stage', _CLOSED_TO_VISITS)}"
        f" AND (attribute_not_exists({expires_at}) OR {expires_at} > {terms.value(to_seconds(now))})"
    )


def _appended(visit: Visit, terms: Terms) -> str:
    visits = terms.name("visits")
    return f"{visits} = list_append(if_not_exists({visits}, {terms.value([])}), {terms.value([visit_list(visit)])})"


def _absent(visit: Visit, most: int, terms: Terms) -> str:
    visits = terms.name("visits")
    return (
        f"(attribute_not_exists({visits}) OR"
        f" (size({visits}) < {terms.value(most)} AND NOT contains({visits}, {terms.value(visit_list(visit))})))"
    )
