"""`afterorder local` and `afterorder demo`: the whole stack on this machine."""

import socket
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import boto3
import typer

import infra
from cx_domain.errors import BadField
from infra.operator import screen
from infra.operator.session import open_stack

if TYPE_CHECKING:
    from infra.local.run import LocalStack

TEMPLATE = Path(infra.__file__).parents[1] / "template.yaml"
_USUAL_PORT = 8000
_ANY_PORT = 0

DataOption = Annotated[
    Path, typer.Option(metavar="DIR", help="Where the stack keeps everything; made if it is not there.")
]


def local(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Where it answers on 127.0.0.1; 0 takes any free one.")
    ] = _USUAL_PORT,
    data: DataOption = Path("local-data"),
    now: Annotated[
        str | None, typer.Option(metavar="ISO", help="What a new folder's clock begins at; without it, the real time.")
    ] = None,
    concurrency: Annotated[int, typer.Option(min=1, max=16, help="Processes for each function.")] = 1,
) -> None:
    """Run the stack of template.yaml on this machine, until Ctrl-C. Its data survives in a folder.

    Prints the lines to set in another terminal, so that this command line speaks to it. Its own page is under /_local/.
    """
    from infra.local.run import LocalStack  # noqa: PLC0415 - loads moto, which takes seconds and stands in for AWS

    stack = _opened(LocalStack, data, port, None if now is None else _moment(now), concurrency)
    stack.serve_forever(screen.say)


def demo(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where reports, mails and data go.")] = Path("demo-out"),
    days: Annotated[int, typer.Option(min=1, max=366, help="How many days are played.")] = 30,
    seed: Annotated[int, typer.Option(help="Another seed makes another month.")] = 7,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Go on serving it all, until Ctrl-C.")] = True,
) -> None:
    """Play a month of two shops against the local stack: orders, mails, customers, mail scanners and reports.

    With --no-serve it ends by itself, and the last line on stdout is a summary in JSON.
    """
    from infra.local.run import LocalStack  # noqa: PLC0415 - as above
    from infra.operator import demo as story  # noqa: PLC0415 - only this command needs it

    data = story.make_room(out)
    stack = _opened(LocalStack, data, _free_port(), story.START, 1)
    stack.start()
    try:
        exports = stack.exports()
        played = story.play(open_stack(_session(exports), exports["AWS_ENDPOINT_URL"]), out, days, seed)
        story.tell(played, out, stack.url if serve else None)
        if serve:
            threading.Event().wait()
        screen.say(played.line())
    except KeyboardInterrupt:
        screen.note("Stopped.")
    finally:
        stack.stop()


def _opened(kind: "type[LocalStack]", data: Path, port: int, now: datetime | None, concurrency: int) -> "LocalStack":
    try:
        return kind(TEMPLATE, data, port, now, concurrency)
    except OSError as taken:
        raise BadField("--port", f"{port} cannot be used: {taken.strerror}") from None


def _session(exports: Mapping[str, str]) -> boto3.Session:
    return boto3.Session(
        aws_access_key_id=exports["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=exports["AWS_SECRET_ACCESS_KEY"],
        region_name=exports["AWS_DEFAULT_REGION"],
    )


def _free_port() -> int:
    """Return 8000 if nobody has it, so that bookmarks hold; or any other."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", _USUAL_PORT))
        except OSError:
            return _ANY_PORT
        return _USUAL_PORT


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise BadField("--now", f"{text!r} is not a time such as 2026-01-05T09:00:00Z") from None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
