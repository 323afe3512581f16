"""Old ratings from another service's export, with their dates: read strictly, and named so that the same row is never counted twice."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from cx_domain.addresses import address
from cx_domain.errors import BadField
from cx_domain.identities import customer_key, imported_id
from cx_domain.import_dates import DayOrder, NoDate, moment
from cx_domain.import_words import ANSWER_COLUMNS, KINDS, SEGMENT_COLUMNS
from cx_domain.imports import Columns, Row, Table, WrongRow, columns, normalised
from cx_domain.kinds import kind
from cx_domain.names import one_line
from cx_domain.order_fields import FeedbackEvent
from cx_domain.series import imported_series
from cx_domain.shops import KindName, Shop, ShopId
from cx_domain.surveys import CustomerKey

Left = Literal["no-score", "too-old"]
"""Why a row that is not wrong is not taken: nobody gave a number, or the shop keeps answers no longer than that."""
_NOON = time(12)
_AHEAD = timedelta(days=1)
_LONGEST_TOUCHPOINT = 60
_LONGEST_SEGMENT = 60
_CODE = 2
_OURS = frozenset({"source"})
"""What every answer has from us."""
_LONGEST_COMMENT = 4000


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is read. `service` is what reports call the series; `oldest` the first moment that the shop still keeps answers of."""

    shop: ShopId
    key: bytes
    service: str
    kind: KindName
    touchpoints: Mapping[KindName, str]
    zone: ZoneInfo
    now: datetime
    oldest: datetime
    order: DayOrder | None = None
    segments: tuple[str, ...] = ()


def recognised(
    header: Sequence[str],
    segments: Sequence[str] = (),
    *,
    given: Mapping[str, str] | None = None,
    ignored: Sequence[str] = (),
) -> Columns:
    """Find the columns, those of the shop's segments among them; BadField where there is none of the score or none of the date."""
    known = {**ANSWER_COLUMNS, **{name: _names_of(name) for name in segments if name not in _OURS}}
    found = columns(header, known, given=given, ignored=ignored)
    for name in ("score", "date"):
        if not found.has(name):
            raise BadField("FILE", f"has no column of the {name}; name it by --column {name}=NAME")
    return found


def touchpoints(shop: Shop) -> dict[KindName, str]:
    """Where the shop asks each kind itself, so that the old answers stand beside the new ones."""
    return {rule.kind: rule.touchpoint for rule in reversed(shop.surveys)}


def answers(table: Table, found: Columns, reading: Reading) -> Iterator[FeedbackEvent | WrongRow | Left]:
    """Read every row, or say why it is not taken. Rows that say the very same are told apart by how many came before them."""
    seen: Counter[str] = Counter()
    for row in table.rows:
        if isinstance(row, WrongRow):
            yield row
            continue
        try:
            answer = _answer(row, found, reading)
        except BadField as error:
            yield WrongRow(row.line, str(error))
            continue
        yield answer if isinstance(answer, str) else _named(answer, seen, reading)


def _answer(row: Row, found: Columns, reading: Reading) -> FeedbackEvent | Left:
    asked = _kind(found.text(row, "kind"), reading.kind)
    score = _score(found.text(row, "score"), asked)
    if score is None:
        return "no-score"
    recorded_at = _recorded_at(found.text(row, "date"), reading)
    if recorded_at < reading.oldest:
        return "too-old"
    told = one_line(found.text(row, "touchpoint"), _LONGEST_TOUCHPOINT)
    return FeedbackEvent(
        id="",
        kind=asked,
        score=score,
        touchpoint=told or reading.touchpoints.get(asked, "order"),
        source=imported_series(reading.service),
        recorded_at=recorded_at,
        comment=one_line(found.text(row, "comment"), _LONGEST_COMMENT),
        segments=tuple((name, text) for name in reading.segments if (text := _segment(name, found.text(row, name)))),
        customer=_customer(found.text(row, "email"), reading),
    )


def _customer(text: str, reading: Reading) -> CustomerKey | None:
    """Whose it is, so that it can be shown to them and erased; what is no address names nobody."""
    email = address(text)
    return None if email is None else customer_key(reading.key, reading.shop, email)


def _named(answer: FeedbackEvent, seen: Counter[str], reading: Reading) -> FeedbackEvent:
    """The id is made of what is kept and of nothing else: the same export, with other columns or in another order, gives the same ids."""
    told = (answer.source, answer.kind, str(answer.score), answer.recorded_at.isoformat(), answer.comment)
    plain = imported_id(reading.key, reading.shop, *told)
    seen[plain] += 1
    id_ = plain if seen[plain] == 1 else imported_id(reading.key, reading.shop, *told, str(seen[plain]))
    return replace(answer, id=id_)


def _names_of(segment: str) -> tuple[str, ...]:
    """A segment's column is called as the shop's file calls it; a tag, by the tag alone too."""
    own = (normalised(segment), normalised(segment.removeprefix("tag:")))
    return (*own, *SEGMENT_COLUMNS.get(segment, ()))


def _segment(name: str, text: str) -> str:
    """As our own answers have it: `PL`, `pl`."""
    value = one_line(text, _LONGEST_SEGMENT)
    match name:
        case "country":
            return value.upper() if len(value) == _CODE else value
        case "language":
            return value[:_CODE].lower()
        case _:
            return value


def _kind(text: str, otherwise: KindName) -> KindName:
    if not text:
        return otherwise
    found = KINDS.get(normalised(text))
    if found is None:
        raise BadField("kind", f"is none that is known: {', '.join(sorted(set(KINDS.values())))}")
    return found


def _score(text: str, asked: KindName) -> int | None:
    if not text:
        return None
    scale = kind(asked).scale
    whole = text.replace(",", ".").removesuffix(".0").removesuffix(".00")
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 2 and int(whole) in scale):  # noqa: PLR2004  no scale has three digits
        raise BadField("score", f"is no whole number from {scale[0]} to {scale[-1]}, as {asked} has them")
    return int(whole)


def _recorded_at(text: str, reading: Reading) -> datetime:
    if not text:
        raise BadField("date", "is missing")
    try:
        at = moment(text, reading.zone, reading.order, at=_NOON)
    except NoDate as error:
        raise BadField("date", str(error)) from error
    if at > reading.now + _AHEAD:
        raise BadField("date", "lies in the future")
    return at
