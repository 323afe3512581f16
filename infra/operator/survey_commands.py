"""`afterorder survey`: what happened to an order, and why."""

from collections.abc import Iterator
from typing import Annotated, get_args

import typer

from cx_domain.errors import NotFound
from cx_domain.identities import survey_id
from cx_domain.kinds import kinds
from cx_domain.shops import ShopId, SubjectType
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
