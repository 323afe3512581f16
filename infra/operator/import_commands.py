"""`afterorder import`: what another service knows, brought in before the first mail goes out (docs/moving-in.md)."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from cx_domain import import_answers, import_suppressions
from cx_domain.errors import BadField
from cx_domain.import_dates import DAY_ORDERS, DayOrder
from cx_domain.import_suppressions import Meaning, Suppression
from cx_domain.import_words import STOPS
from cx_domain.imports import Columns, normalised
from cx_domain.kinds import kinds
from cx_domain.order_fields import FeedbackEvent
from cx_domain.series import imported_from, imported_series
from cx_domain.shops import Shop, ShopId
from infra.operator import answer_imports, import_views, screen, suppression_imports
from infra.operator.import_views import Seen
from infra.operator.session import open_stack
from infra.operator.shop_commands import ShopArgument

T = TypeVar("T", bound=str)

app = typer.Typer(help="Moving in: bring what another service knows.", no_args_is_help=True)

FileArgument = Annotated[
    Path,
    typer.Argument(metavar="FILE.csv", exists=True, dir_okay=False, readable=True, help="The other service's export."),
]
DryFlag = Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and write nothing.")]
SkipFlag = Annotated[
    bool, typer.Option("--skip-wrong", help="Leave wrong rows out; else a single one stops everything.")
]
DatesOption = Annotated[str | None, typer.Option(help="dmy if 3/4 is 3 April, mdy if it is March 4.")]
ColumnOption = Annotated[
    list[str] | None,
    typer.Option(metavar="OURS=NAME", help="Which column of the file is meant, such as email=Kontakt."),
]
IgnoreOption = Annotated[
    list[str] | None, typer.Option(metavar="NAME", help="A column that nothing is to be taken from.")
]

_MEANINGS: tuple[Meaning, ...] = (*STOPS, "active")
_SUPPRESSIONS: Mapping[str, str] = {
    "complained": "never ask again, complained of spam",
    "bounced": "never ask again, the address bounced",
    "unsubscribed": "never ask again, unsubscribed",
    "asked": "the day they were asked last",
    "known": "nothing new: as much is known already",
    "nothing": "nothing new: neither stopped nor asked",
    "too-old": "left out: asked longer ago than the shop keeps anything",
    "erased": "left out: asked before they had themselves erased",
}
_ANSWERS: Mapping[str, str] = {
    "new": "new answers",
    "known": "imported already",
    "erased": "left out: erased at the wish of who gave them",
    "no-score": "left out: without a score",
    "too-old": "left out: older than the shop keeps answers",
}


@app.command()
def suppressions(
    shop: ShopArgument,
    file: FileArgument,
    *,
    dry_run: DryFlag = False,
    everyone_is: Annotated[
        str | None, typer.Option(help="unsubscribed, bounced or complained, where the file is a list of such people.")
    ] = None,
    dates: DatesOption = None,
    column: ColumnOption = None,
    ignore: IgnoreOption = None,
    word: Annotated[
        list[str] | None, typer.Option(metavar="WORD=MEANING", help="What a status means, such as weg=unsubscribed.")
    ] = None,
    skip_wrong: SkipFlag = False,
) -> None:
    """Take whom not to ask from another service's export: who unsubscribed, bounced or complained, and when who was asked last.

    Kept by keyed hashes, never by address. What is known already is never weakened, and to import the same file again changes nothing.
    """
    stack = open_stack()
    decided, now = stack.shop(ShopId(shop)), stack.now()
    everyone = None if everyone_is is None else _one_of("--everyone-is", everyone_is, STOPS)
    reading = import_suppressions.Reading(decided.zone, now, _order(dates), _words(word), everyone)

    def columns(header: Sequence[str]) -> Columns:
        return import_suppressions.recognised(header, everyone, given=_pairs("--column", column), ignored=ignore or ())

    def read(seen: Seen) -> Iterator[Suppression]:
        with import_views.opened(file) as found:
            yield from import_views.good(import_suppressions.suppressions(found, columns(found.header), reading), seen)

    import_views.say_columns(file, columns)
    seen = import_views.checked(read, dry_run=dry_run, skip_wrong=skip_wrong)
    told = (
        [suppression_imports.counted(stack, decided, read(Seen()), now)]
        if dry_run
        else suppression_imports.kept(stack, decided, read(Seen()), now)
    )
    import_views.say_outcome(told, seen, _SUPPRESSIONS, dry_run=dry_run)


@app.command()
def answers(
    shop: ShopArgument,
    file: FileArgument,
    *,
    service: Annotated[
        str, typer.Option("--from", help="Where they come from, such as Delighted; reports call them so.")
    ],
    dry_run: DryFlag = False,
    kind: Annotated[
        str, typer.Option(help="What was asked, where the file does not say: nps, nps5, csat, ces or yes-no.")
    ] = "nps",
    dates: DatesOption = None,
    column: ColumnOption = None,
    ignore: IgnoreOption = None,
    skip_wrong: SkipFlag = False,
) -> None:
    """Bring old ratings with their dates into the reports, as a series of their own: pooled and compared with nothing.

    The next rollup, at night, makes the reports of the past again; `afterorder report build` makes one now.
    """
    stack = open_stack()
    decided, now = stack.shop(ShopId(shop)), stack.now()
    if not imported_from(imported_series(service)):
        raise BadField("--from", "must be the name of a service")
    segments = tuple(name for name in decided.reports.segments if name != "source")
    reading = import_answers.Reading(
        shop=decided.id,
        key=stack.secrets.key_ring().identity,
        service=service,
        kind=_one_of("--kind", kind, tuple(each.name for each in kinds())),
        touchpoints=import_answers.touchpoints(decided),
        zone=decided.zone,
        now=now,
        oldest=now - decided.reports.retention,
        order=_order(dates),
        segments=segments,
    )

    def columns(header: Sequence[str]) -> Columns:
        return import_answers.recognised(header, segments, given=_pairs("--column", column), ignored=ignore or ())

    def read(seen: Seen) -> Iterator[FeedbackEvent]:
        with import_views.opened(file) as found:
            yield from import_views.good(import_answers.answers(found, columns(found.header), reading), seen)

    import_views.say_columns(file, columns)
    seen = import_views.checked(read, dry_run=dry_run, skip_wrong=skip_wrong)
    told = (
        [answer_imports.counted(stack, decided, read(Seen()))]
        if dry_run
        else answer_imports.kept(stack, decided, read(Seen()), now)
    )
    import_views.say_outcome(told, seen, _ANSWERS, dry_run=dry_run)
    if not dry_run:
        _say_next(decided)


def _say_next(shop: Shop) -> None:
    screen.note(f"Reports follow with the next rollup, at night; now: afterorder report build {shop.id} 2025-12")


def _order(text: str | None) -> DayOrder | None:
    return None if text is None else _one_of("--dates", text, DAY_ORDERS)


def _words(given: Sequence[str] | None) -> dict[str, Meaning]:
    return {
        normalised(word): _one_of("--word", meaning, _MEANINGS) for word, meaning in _pairs("--word", given).items()
    }


def _pairs(option: str, given: Sequence[str] | None) -> dict[str, str]:
    pairs = [text.partition("=") for text in given or ()]
    if any(not name or not value for name, _, value in pairs):
        raise BadField(option, "must be two words with = between them")
    return {name.strip(): value.strip() for name, _, value in pairs}


def _one_of(option: str, word: str, choices: Sequence[T]) -> T:
    for choice in choices:
        if word == choice:
            return choice
    raise BadField(option, f"must be one of {', '.join(choices)}")
