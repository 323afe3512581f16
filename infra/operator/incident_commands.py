"""`afterorder incident`: what went wrong for many, what was done about it, and whether it is over."""

from typing import Annotated

import typer

from cx_domain import incidents
from cx_domain.errors import BadField
from cx_domain.incident_files import incident_json
from cx_domain.shops import ShopId
from cx_domain.surveys import SurveyId
from cx_domain.value_checks import line
from infra.aws.incident_table import found
from infra.operator import incident_views, screen
from infra.operator.session import Stack, open_stack
from infra.operator.shop_commands import JsonFlag, ShopArgument

app = typer.Typer(help="Incidents: what went wrong for many customers at once.", no_args_is_help=True)

IncidentArgument = Annotated[str, typer.Argument(metavar="ID", help="The incident's id, such as delivery-2026-w03.")]
_LONGEST = 500
_LONGEST_NAME = 100


@app.command("list")
def list_(
    shop: ShopArgument,
    every: Annotated[bool, typer.Option("--all", help="Those that are closed, too.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """List a shop's open incidents, the newest first."""
    stack = open_stack()
    stack.shop(ShopId(shop))
    chosen = [one for one in stack.incidents.list(ShopId(shop)) if every or one.status == "open"]
    if as_json:
        screen.say_json([incident_json(one) for one in chosen])
    elif chosen:
        screen.show(incident_views.rows(chosen))
    else:
        screen.note(f"{shop} has no {'incidents' if every else 'open incidents'}.")


@app.command()
def show(shop: ShopArgument, incident: IncidentArgument, as_json: JsonFlag = False) -> None:
    """Tell an incident: how it was found, what was done, and what its detractors said."""
    stack = open_stack()
    decided = stack.shop(ShopId(shop))
    one = found(stack.incidents.list(ShopId(shop)), incident)
    wanted = {survey_id: place for place, survey_id in enumerate(one.surveys)}
    surveys = sorted(stack.surveys.get_many(map(SurveyId, one.surveys)), key=lambda survey: wanted[survey.id])
    answers = [incident_views.answer(survey, decided) for survey in surveys]
    if as_json:
        screen.say_json({**incident_json(one), "said": answers})
        return
    for told in incident_views.lines(one, answers, decided):
        screen.say(told)


@app.command()
def note(
    shop: ShopArgument,
    incident: IncidentArgument,
    *,
    step: Annotated[
        str | None, typer.Option(help="What was done just now. The report compares before it and after it.")
    ] = None,
    owner: Annotated[str | None, typer.Option(help="Who sees to it.")] = None,
    cause: Annotated[str | None, typer.Option(help="The root cause, as far as it is known.")] = None,
    changed: Annotated[str | None, typer.Option(help="What was changed in the process, so that it stays away.")] = None,
) -> None:
    """Note what is done about an incident. A step is added; owner, cause and change take the place of those before."""
    texts = (
        _line("--step", step),
        _line("--owner", owner, _LONGEST_NAME),
        _line("--cause", cause),
        _line("--changed", changed),
    )
    if not any(texts):
        raise BadField("note", "say at least one of --step, --owner, --cause and --changed")
    stack = _stack_with(shop)
    now = stack.now()
    what, who, why, process = texts
    stack.incidents.change(
        ShopId(shop),
        incident,
        lambda one, _: incidents.noted(one, now, step=what, owner=who, root_cause=why, changed=process),
    )
    screen.say(f"{incident}: noted.")


@app.command()
def close(
    shop: ShopArgument,
    incident: IncidentArgument,
    why: Annotated[str, typer.Option(help="Why it is over, or why nothing more is done.")],
) -> None:
    """Close an incident. Closed while it still goes on, what it is now becomes the usual."""
    reason = _line("--why", why) or ""
    stack = _stack_with(shop)
    now = stack.now()
    stack.incidents.change(ShopId(shop), incident, lambda one, _: incidents.closed(one, reason, now))
    screen.say(f"{incident}: closed.")


@app.command()
def reopen(shop: ShopArgument, incident: IncidentArgument) -> None:
    """Open a closed incident again."""
    stack = _stack_with(shop)
    now = stack.now()
    stack.incidents.change(ShopId(shop), incident, lambda one, known: incidents.reopened(one, known, now))
    screen.say(f"{incident}: open again.")


def _stack_with(shop: str) -> Stack:
    """Open the stack, if it has this shop."""
    stack = open_stack()
    stack.shop(ShopId(shop))
    return stack


def _line(flag: str, text: str | None, longest: int = _LONGEST) -> str | None:
    if text is None:
        return None
    try:
        return line(longest)(text)
    except ValueError as error:
        raise BadField(flag, str(error)) from None
