"""The command `afterorder`: every command's words and flags; what each does is in its own module."""

from typing import Any

import typer
from typer.core import TyperGroup

from infra.operator import (
    answer_commands,
    customer_commands,
    import_commands,
    incident_commands,
    key_commands,
    local_commands,
    mail_commands,
    platform_commands,
    reader_commands,
    recount_commands,
    redrive_commands,
    report_commands,
    screen,
    shop_commands,
    survey_commands,
    webhook_commands,
)
from infra.operator.refusals import REFUSALS, sentence


class _PlainSpoken(TyperGroup):
    """Ends a refused command with its sentence in red and exit code 1; only the undeclared shows a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except REFUSALS as trouble:
            screen.refuse(sentence(trouble))
            raise typer.Exit(1) from None


app = typer.Typer(
    cls=_PlainSpoken,
    help="Ask a shop's customers one question after each order, and tell the shop's managers what they said.",
    epilog="Speaks to AWS with your own credentials; AFTERORDER_STACK names the stack (afterorder, if not set).",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("local")(local_commands.local)
app.command("demo")(local_commands.demo)
app.command("recount")(recount_commands.recount)
app.command("redrive")(redrive_commands.redrive)
app.add_typer(shop_commands.app, name="shop")
app.add_typer(platform_commands.app, name="platform")
app.add_typer(webhook_commands.app, name="webhook")
app.add_typer(mail_commands.app, name="mail")
app.add_typer(survey_commands.app, name="survey")
app.add_typer(answer_commands.app, name="answer")
app.add_typer(report_commands.app, name="report")
app.add_typer(incident_commands.app, name="incident")
app.add_typer(reader_commands.app, name="manager")
app.add_typer(customer_commands.app, name="customer")
app.add_typer(import_commands.app, name="import")
app.add_typer(key_commands.app, name="keys")


def main() -> None:
    """The entry point."""
    app()
