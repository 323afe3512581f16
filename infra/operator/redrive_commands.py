"""`afterorder redrive`: bring back what failed five times, when its cause is mended."""

from typing import Annotated, Final, Literal, get_args

import typer

from cx_domain.errors import BadField, NotConfigured
from infra.aws.dead_letters import DeadLetters
from infra.operator import screen
from infra.operator.session import Stack, open_stack
from infra.operator.shop_commands import JsonFlag

QueueName = Literal["send", "fetch", "mail-events", "rollup"]
_LOGICAL: Final[dict[QueueName, str]] = {
    "send": "SendDeadLetterQueue",
    "fetch": "FetchDeadLetterQueue",
    "mail-events": "MailEventDeadLetterQueue",
    "rollup": "RollupDeadLetterQueue",
}
"""CloudFormation gives a queue a name that holds its name in template.yaml."""


def redrive(
    queue: Annotated[
        str | None, typer.Argument(metavar="[send|fetch|mail-events|rollup]", help="Which; without it, all four.")
    ] = None,
    count: Annotated[bool, typer.Option("--count", help="Only count what lies there.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Bring messages that failed five times back to their queues, to be tried five times more."""
    chosen = [name for name in _LOGICAL if queue in {None, name}]
    if not chosen:
        raise BadField("QUEUE", f"is {', '.join(get_args(QueueName))}, or is left out")
    stack = open_stack()
    done = {name: _done(_find(stack, name), count=count) for name in chosen}
    if as_json:
        screen.say_json(done)
        return
    for name, number in done.items():
        screen.say(f"{name}: {number} {'lie there' if count else 'brought back'}")


def _done(letters: DeadLetters, *, count: bool) -> int:
    return letters.count() if count else letters.bring_back()


def _find(stack: Stack, name: QueueName) -> DeadLetters:
    for letters in stack.dead_letters:
        if _LOGICAL[name] in letters.name:
            return letters
    raise NotConfigured("This stack was deployed before dead letters could be brought back: deploy it again.")
