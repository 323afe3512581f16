"""`afterorder answer`: why an order's answer counts or does not, and an operator's word on it."""

from functools import partial
from typing import Annotated

import typer

from cx_domain.errors import BadField, NotFound
from cx_domain.kinds import kind as kind_named
from cx_domain.kinds import parse_score
from cx_domain.rulings import is_ambiguous, read_why, ruled
from cx_domain.sending import settled
from cx_domain.shops import ShopId
from cx_domain.surveys import Survey
from cx_domain.verdicts import judged
from infra.operator import answer_views, screen
from infra.operator.session import Stack, open_stack
from infra.operator.shop_commands import JsonFlag, ShopArgument
from infra.operator.survey_commands import surveys_about

app = typer.Typer(help="Answers: why one counts or does not, and your own word on it.", no_args_is_help=True)

OrderArgument = Annotated[str, typer.Argument(metavar="ORDER", help="The order's id or number, or a ticket's id.")]
WhyOption = Annotated[str, typer.Option(help="Why, in one line; it is kept with the answer.")]
ScoreOption = Annotated[str | None, typer.Option(help="Which score counts, where different ones were tapped.")]
KindOption = Annotated[str | None, typer.Option(help="Which survey, where an order has several: nps, csat and so on.")]


@app.command()
def show(shop: ShopArgument, order: OrderArgument, as_json: JsonFlag = False) -> None:
    """Tell the verdict on an order's answers, and every visit, form and ruling that it was made of."""
    stack = open_stack()
    decided = stack.shop(ShopId(shop))
    told = [answer_views.answer(survey, decided) for survey in _found(stack, ShopId(shop), order)]
    if as_json:
        screen.say_json(told)
        return
    for one in told:
        for line in answer_views.lines(one, decided):
            screen.say(line)


@app.command()
def include(
    shop: ShopArgument, order: OrderArgument, why: WhyOption, kind: KindOption = None, score: ScoreOption = None
) -> None:
    """Count an answer that the rules leave out, such as a person's who was taken for a scanner."""
    _rule(shop, order, kind, why, counts=True, score=score)


@app.command()
def exclude(shop: ShopArgument, order: OrderArgument, why: WhyOption, kind: KindOption = None) -> None:
    """Leave an answer out that the rules count, such as a colleague's who tried the link."""
    _rule(shop, order, kind, why, counts=False)


@app.command()
def settle(shop: ShopArgument, order: OrderArgument, kind: KindOption = None) -> None:
    """Say that nobody need write back to a customer any more: with the survey's expiry, or now if it is over, the address leaves."""
    stack = open_stack()
    stack.shop(ShopId(shop))
    survey, now = one_survey(stack, ShopId(shop), order, kind), stack.now()
    after = stack.surveys.change(survey, partial(settled, now=now), now)
    if after is None:
        raise NotFound(f"The {survey.kind} survey about {order!r} is gone.")
    screen.say(f"Settled. The address {'leaves when the survey expires' if after.address else 'is gone'}.")


def _rule(shop: str, order: str, kind: str | None, why: str, *, counts: bool, score: str | None = None) -> None:
    reason, stack = read_why(why), open_stack()
    decided = stack.shop(ShopId(shop))
    survey = one_survey(stack, ShopId(shop), order, kind)
    if judged(survey, decided.protection).verdict is None:
        raise NotFound(f"Nobody has answered the {survey.kind} survey about {order!r}: there is nothing to decide.")
    chosen = None if score is None else parse_score(score, kind_named(survey.kind).scale)
    if counts and chosen is None and is_ambiguous(survey):
        tapped = ", ".join(str(each) for each in sorted({visit.score for visit in survey.visits}))
        raise BadField("--score", f"must say which counts: {tapped} were tapped, and none was sent")
    now = stack.now()
    after = stack.surveys.change(survey, partial(ruled, counts=counts, why=reason, now=now, score=chosen), now)
    if after is None:
        raise NotFound(f"The {survey.kind} survey about {order!r} is gone.")
    for line in answer_views.lines(answer_views.answer(after, decided), decided)[:2]:
        screen.say(line)
    screen.note("Reports follow with the next rollup, at night; `afterorder report build` makes one now.")


def one_survey(stack: Stack, shop: ShopId, order: str, kind: str | None) -> Survey:
    """Find the one survey that is meant; NotFound and BadField say which there are."""
    found = _found(stack, shop, order)
    kinds = ", ".join(sorted({survey.kind for survey in found}))
    meant = [survey for survey in found if kind in {None, survey.kind}]
    if not meant:
        raise NotFound(f"{shop} has no {kind} survey about {order!r}; there is {kinds}.")
    if len({survey.kind for survey in meant}) > 1:
        raise BadField("--kind", f"order {order!r} has several surveys: {kinds}; say which")
    if len(meant) > 1:
        raise BadField("ORDER", f"{order!r} is the number of several orders; give one's id")
    return meant[0]


def _found(stack: Stack, shop: ShopId, order: str) -> list[Survey]:
    found = [survey for survey in surveys_about(stack, shop, order) if survey.stage != "erased"]
    if not found:
        raise NotFound(f"{shop} has no survey about {order!r}: no accepted webhook has told of it.")
    return found
