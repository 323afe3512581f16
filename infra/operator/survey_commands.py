"""`afterorder survey`: what happened to an order, and why."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Annotated, get_args

import typer

from cx_domain import sending
from cx_domain.errors import BadField, NotFound
from cx_domain.identities import survey_id
from cx_domain.kinds import kinds
from cx_domain.shops import Shop, ShopId, SubjectType
from cx_domain.surveys import Survey
from infra.operator import screen, survey_views
from infra.operator.plain_words import check_filter
from infra.operator.session import Stack, open_stack
from infra.operator.shop_commands import JsonFlag, ShopArgument

app = typer.Typer(help="Surveys: what happened to an order, and why.", no_args_is_help=True)


@app.command()
def show(
    shop: ShopArgument,
    order: Annotated[str, typer.Argument(metavar="ORDER", help="The order's id or number, or a ticket's id.")],
    as_json: JsonFlag = False,
) -> None:
    """Tell every survey of an order: where it stands and why, its times, visits and answer."""
    stack = open_stack()
    decided = stack.shop(ShopId(shop))
    found = list(surveys_about(stack, ShopId(shop), order))
    if not found:
        raise NotFound(f"{shop} has no survey about {order!r}: no accepted webhook has told of it.")
    stories = [survey_views.story(survey, decided, stack.now()) for survey in found]
    if as_json:
        screen.say_json(stories)
        return
    for story in stories:
        for line in survey_views.lines(story, decided):
            screen.say(line)


@app.command("list")
def list_(
    shop: ShopArgument,
    stage: Annotated[
        str | None, typer.Option(help="Only this stage, reason or state, such as outcome-unknown.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """List a shop's surveys. Reads the whole table: meant for a look, not for a loop."""
    wanted = None if stage is None else check_filter(stage)
    stack = open_stack()
    decided, now = stack.shop(ShopId(shop)), stack.now()
    found = [survey_views.summary(survey, decided, now) for survey in stack.surveys.scan(ShopId(shop))]
    chosen = [one for one in found if wanted is None or wanted in {one["stage"], one["reason"], one["state"]}]
    chosen.sort(key=lambda one: (one["due_at"] or one["sent_at"] or "", one["order"]))
    if as_json:
        screen.say_json(chosen)
        return
    screen.show(survey_views.rows(chosen, decided))
    screen.note("1 survey" if len(chosen) == 1 else f"{len(chosen)} surveys")


@app.command()
def settle(
    shop: ShopArgument,
    order: Annotated[str, typer.Argument(metavar="ORDER", help="The order's id or number, or a ticket's id.")],
    was_sent: Annotated[
        bool | None, typer.Option("--sent/--not-sent", help="What became of the mail, as SES's own records tell.")
    ] = None,
    kind: Annotated[str | None, typer.Option(help="Which survey, where several of an order's are unknown.")] = None,
) -> None:
    """Say what became of a mail whose outcome is unknown: it was sent, or it was not and is due again now."""
    if was_sent is None:
        raise BadField("--sent", "or --not-sent must be said")
    stack = open_stack()
    decided, now = stack.shop(ShopId(shop)), stack.now()
    survey = _unknown(stack, ShopId(shop), order, kind)
    hear = partial(_settled, was_sent=was_sent, shop=decided, now=now)
    after = stack.surveys.change(survey, hear, now)
    if after is None:
        raise NotFound(f"The {survey.kind} survey about {order!r} is gone.")
    screen.say(f"{survey_views.summary(after, decided, now)['why']}.")


def _settled(known: Survey, *, was_sent: bool, shop: Shop, now: datetime) -> Survey:
    """Settle it, unless an event of SES did so meanwhile."""
    if not sending.is_unknown(known):
        return known
    if not was_sent:
        return sending.told_not_sent(known, now)
    after, rule = sending.told_sent(known, now), shop.rule_for(known.kind, known.subject_type)
    return sending.reminder_planned(after, rule, shop) if after.stage == "sent" and rule is not None else after


def _unknown(stack: Stack, shop: ShopId, order: str, kind: str | None) -> Survey:
    unknown = [survey for survey in surveys_about(stack, shop, order) if sending.is_unknown(survey)]
    meant = [survey for survey in unknown if kind in {None, survey.kind}]
    if not meant:
        raise NotFound(f"{shop} has no mail of unknown outcome about {order!r}; `afterorder survey show` tells more.")
    if len(meant) > 1:
        raise BadField("--kind", f"must say which: {', '.join(sorted({survey.kind for survey in meant}))} are unknown")
    return meant[0]


def surveys_about(stack: Stack, shop: ShopId, order: str) -> Iterator[Survey]:
    """Find the surveys of an order or ticket: by its id, which names them; or else by its number, which needs a scan."""
    key = stack.secrets.key_ring().identity
    subjects: tuple[SubjectType, ...] = get_args(SubjectType)
    ids = [survey_id(key, shop, kind.name, subject, order) for kind in kinds() for subject in subjects]
    by_id = list(stack.surveys.get_many(ids))
    if by_id:
        yield from by_id
        return
    number = order.removeprefix("#")
    for survey in stack.surveys.scan(shop):
        if survey.order.details is not None and survey.order.details.number.removeprefix("#") == number:
            yield survey
