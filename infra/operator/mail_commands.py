"""`afterorder mail`: look at a shop's mails before any customer does."""

import tempfile
import webbrowser
from email import message_from_bytes, policy
from pathlib import Path
from typing import Annotated

import typer

from cx_domain.addresses import address as mail_address
from cx_domain.errors import BadField, NotFound, Trouble
from cx_domain.kinds import kind as kind_named
from cx_domain.shops import KindName, Shop, ShopId
from infra.aws.mailer import Accepted, FailureKind, SendFailure
from infra.operator import screen
from infra.operator.sample_mails import preview_links, sample_mail
from infra.operator.session import open_stack
from infra.operator.shop_commands import ShopArgument
from infra.writing.mails import Mail
from infra.writing.words import spoken_languages

app = typer.Typer(help="Mails: look at them in a browser, or in a mailbox of your own.", no_args_is_help=True)

ReminderFlag = Annotated[bool, typer.Option("--reminder", help="The reminder instead of the first mail.")]

_WHY: dict[FailureKind, str] = {
    "never-left": "SES could not be reached",
    "rate": "SES asks to send more slowly: try again in a minute",
    "daily-quota": "the account has sent all that it may within a day",
    "rejected": "SES refuses this mail: are the sender and, in the sandbox, the recipient verified?",
    "paused": "SES lets nothing out: the account is paused, or a permission is missing",
    "unknown": "SES did not answer: the mail may have gone out",
}


@app.command()
def preview(
    shop: ShopArgument,
    kind: Annotated[str, typer.Argument(metavar="KIND", help="nps, nps5, csat, ces or yes-no.")],
    language: Annotated[str, typer.Argument(metavar="LANGUAGE", help="One of the shop's languages.")],
    *,
    reminder: ReminderFlag = False,
    out: Annotated[Path | None, typer.Option(help="The folder to write to; without it, a new temporary one.")] = None,
    show: Annotated[bool, typer.Option("--open/--no-open", help="Open it in the browser.")] = True,
) -> None:
    """Write a mail of the shop about an order that nobody placed, and open it in the browser.

    Writes the HTML, the text part and the whole message (.eml). The links open pages that keep nothing.
    """
    stack = open_stack()
    told = stack.shop(ShopId(shop))
    asked, spoken = _kind(kind), _language(told, language)
    links = preview_links(stack, told, asked, spoken)
    mail = sample_mail(told, asked, spoken, links, sent_at=stack.now(), reminder=reminder)
    folder = out or Path(tempfile.mkdtemp(prefix="afterorder-mail-"))
    page = _write(mail, folder, f"{told.id}-{asked}-{spoken}{'-reminder' if reminder else ''}")
    screen.say(f"Subject: {mail.subject}")
    screen.say(f"Mail: {page}")
    if show and not webbrowser.open(page.as_uri()):
        screen.note("There is no browser here to open it with.")


@app.command("test")
def send_test(
    shop: ShopArgument,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Where the mail goes: a mailbox of yours.")],
    kind: Annotated[str | None, typer.Option(help="The kind; the shop's first, if not said.")] = None,
    language: Annotated[str | None, typer.Option(help="The language; the shop's first, if not said.")] = None,
    reminder: ReminderFlag = False,
) -> None:
    """Send a mail of the shop to yourself, through SES as customers' mails go, with no survey behind it.

    Its top line says that it is a test; its links open pages that keep nothing.
    """
    stack = open_stack()
    told = stack.shop(ShopId(shop))
    asked = _kind(kind or told.surveys[0].kind)
    spoken = _language(told, language or spoken_languages(told)[0])
    if mail_address(address) is None:
        raise BadField("ADDRESS", f"{address!r} is not an e-mail address")
    links = preview_links(stack, told, asked, spoken)
    mail = sample_mail(told, asked, spoken, links, to=address, sent_at=stack.now(), reminder=reminder, marked=True)
    match stack.mailer.send(mail, None):
        case Accepted(message_id):
            screen.say(f"Sent to {mail.to}: {mail.subject}")
            screen.note(f"SES calls it {message_id}.")
        case SendFailure(why, detail):
            raise Trouble(f"The mail was not sent: {_WHY[why]} ({detail}).")


def _kind(name: str) -> KindName:
    return kind_named(name).name


def _language(shop: Shop, tag: str) -> str:
    known = spoken_languages(shop)
    if tag not in known:
        raise NotFound(f"Shop {shop.id} has no mails in {tag!r}; its languages: {', '.join(known)}.")
    return tag


def _write(mail: Mail, folder: Path, name: str) -> Path:
    """Write the message and both its parts; gives the HTML's path."""
    folder.mkdir(parents=True, exist_ok=True)
    message = message_from_bytes(mail.raw, policy=policy.default)
    (folder / f"{name}.eml").write_bytes(mail.raw)
    for subtype, ending in (("plain", "txt"), ("html", "html")):
        part = message.get_body((subtype,))
        text = part.get_content() if part is not None else ""
        (folder / f"{name}.{ending}").write_text(text.replace("\r\n", "\n"), encoding="utf-8")
    return (folder / f"{name}.html").resolve()
