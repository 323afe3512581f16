"""Keep what customers bought and said, a line each, on S3: one file for a shop, and its parts when it has very many customers.

Every write is conditional on what was read, as the fold's are. A file comes apart in two steps that can be broken off, repeated and
raced: its lines are copied to new files, whose folder is named after exactly the version that was read; then the file itself is
replaced, conditionally, by a line that names that folder. Until then nobody looks there, and from then on nobody looks elsewhere.
Whoever wrote into the file meanwhile makes the second step fail, and it begins anew with a folder of another name.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice

from cx_domain import history_files
from cx_domain.calendars import day_of, period_of
from cx_domain.errors import Conflict
from cx_domain.histories import Entry, History, entry, kept_since, read_history
from cx_domain.history_files import MOST_CUSTOMERS, Changes, Lines, Parts
from cx_domain.shops import Shop, ShopId
from cx_domain.surveys import CustomerKey, Survey, SurveyId
from infra.aws import keys
from infra.aws.files import Files
from infra.rollups.fold import day_lines, redo

_GZIP = "application/gzip"
_AT_ONCE = 5_000
"""Customers in one write, so that counting all anew never makes a file that is far too large."""

Change = Callable[[Lines], dict[str, str]]


@dataclass(frozen=True, slots=True)
class _Keeping:
    """Since when entries are kept, and how many customers a file may have."""

    oldest: datetime
    most: int


@dataclass(frozen=True, slots=True)
class _Limit:
    """How many customers a file may have, and by which letter of their keys it comes apart."""

    most: int
    depth: int


def keep(
    files: Files, shop: Shop, surveys: Iterable[Survey], key: bytes, now: datetime, *, most: int = MOST_CUSTOMERS
) -> None:
    """Bring the histories of these surveys' customers up to date; `key` names their orders.

    A file with more customers than `most` comes apart. To be called before the surveys' lines in the day files change, for those say whose a survey was: news of an order can move it
    to another customer. A survey that was erased is nobody's any more, and is looked for everywhere.
    """
    surveys = list(surveys)
    oldest = kept_since(shop, now)
    erased = [survey.id for survey in surveys if survey.stage == "erased"]
    if erased:
        _everywhere(files, keys.histories_file(shop.id), partial(history_files.without, ids=erased))
    changes = iter(_changes(files, shop, surveys, key).items())
    while some := dict(islice(changes, _AT_ONCE)):
        _upsert(files, keys.histories_file(shop.id), some, 0, _Keeping(oldest, most))


def read(files: Files, shop: ShopId) -> Iterator[History]:
    """Every customer's history, file by file."""
    for body in bodies(files, shop):
        yield from histories_in(body)


def bodies(files: Files, shop: ShopId) -> Iterator[bytes]:
    """Every file with histories, as it lies there: small enough to be kept and read twice (`histories_in`)."""
    return _bodies(files, keys.histories_file(shop))


def histories_in(body: bytes) -> Iterator[History]:
    content = history_files.decode(body)
    return iter(()) if isinstance(content, Parts) else map(read_history, content.values())


def forget(files: Files, shop: ShopId, customer: CustomerKey | None, ids: Iterable[str]) -> None:
    """Erase a customer, and these surveys whosever they were, also from copies that a broken attempt may have left behind."""
    ids = list(ids)
    root = keys.histories_file(shop)

    def cleaned(lines: Lines) -> dict[str, str]:
        return history_files.without({key: line for key, line in lines.items() if key != customer}, ids)

    _everywhere(files, root, cleaned)
    for key in list(files.list(keys.histories_folder(shop))):
        redo(partial(_change, files, key, cleaned))


def drop_old(files: Files, shop: Shop, rolled_at: datetime | None, now: datetime) -> None:
    """Leave out of every file what is older than the shop keeps; in the first rollup of a month of the shop's, not in others.

    Each night drops what is old from the lines that it touches; this is for customers of whom nothing was heard any more.
    """
    if rolled_at is None or period_of(day_of(rolled_at, shop.zone), "month").end >= day_of(now, shop.zone):
        return
    _everywhere(files, keys.histories_file(shop.id), partial(history_files.kept_since, oldest=kept_since(shop, now)))


def _changes(files: Files, shop: Shop, surveys: list[Survey], key: bytes) -> Changes:
    found: dict[CustomerKey, dict[SurveyId, Entry | None]] = {}
    for survey, before in _owners_before(files, shop, surveys):
        found.setdefault(before, {})[survey.id] = None
    for survey in surveys:
        if survey.customer is not None and survey.stage != "erased":
            found.setdefault(survey.customer, {})[survey.id] = entry(survey, shop, key)
    return found


def _owners_before(files: Files, shop: Shop, surveys: list[Survey]) -> Iterator[tuple[Survey, CustomerKey]]:
    """Whose the surveys were that can have changed hands: only such as were refused and are open again."""
    for day in sorted({day_of(survey.refused_at, shop.zone) for survey in surveys if survey.refused_at is not None}):
        lines, _ = day_lines(files, shop.id, "asked", day)
        for survey in surveys:
            known = lines.get(survey.id)
            if known is not None and known["customer"] not in {None, survey.customer}:
                yield survey, known["customer"]


def _upsert(files: Files, key: str, changes: Changes, depth: int, keeping: _Keeping) -> None:
    upsert = partial(history_files.upsert, changes=changes, oldest=keeping.oldest)
    parts = redo(partial(_change, files, key, upsert, _Limit(keeping.most, depth)))
    if parts is None:
        return
    dealt: dict[str, dict[CustomerKey, Mapping[SurveyId, Entry | None] | None]] = {}
    for customer, entries in changes.items():
        dealt.setdefault(customer[depth], {})[customer] = entries
    for letter in sorted(dealt):
        _upsert(files, keys.histories_part(key, parts.name, letter), dealt[letter], depth + 1, keeping)


def _everywhere(files: Files, key: str, change: Change) -> None:
    parts = redo(partial(_change, files, key, change))
    if parts is not None:
        _tidy(files, key, parts)
        for part in _parts(key, parts):
            _everywhere(files, part, change)


def _change(files: Files, key: str, change: Change, limit: _Limit | None = None) -> Parts | None:
    """Change a file's lines, and take it apart when they are too many; says its parts where it has come apart. Raises Conflict."""
    stored = files.read(key)
    content: dict[str, str] | Parts = history_files.decode(stored.body) if stored else {}
    if isinstance(content, Parts):
        return content
    lines = change(content)
    if stored is None and not lines:
        return None
    body = history_files.encode(lines)
    etag = stored.etag if stored else None
    if stored is None or stored.body != body:
        etag = files.write(key, body, if_match=etag, content_type=_GZIP)
    if limit is not None and etag is not None and len(lines) > limit.most:
        parts = Parts(history_files.parts_name(body))
        _take_apart(files, key, parts, history_files.come_apart(lines, limit.depth), etag)
    return None


def _take_apart(files: Files, key: str, parts: Parts, dealt: Mapping[str, Lines], etag: str) -> None:
    for letter, lines in sorted(dealt.items()):
        # One that is there already was made of the very same version, and may have been written to since.
        with suppress(Conflict):
            part = keys.histories_part(key, parts.name, letter)
            files.write(part, history_files.encode(lines), if_match=None, content_type=_GZIP)
    try:
        files.write(key, history_files.encode(parts), if_match=etag, content_type=_GZIP)
    except Conflict:
        stored = files.read(key)
        theirs = history_files.parts_of(stored.body) if stored else None
        if theirs is not None:
            _tidy(files, key, theirs)
        raise
    _tidy(files, key, parts)


def _tidy(files: Files, key: str, parts: Parts) -> None:
    """Delete what other attempts left: the file names its parts for good, so that nobody can come to need theirs."""
    folder = keys.histories_parts(key)
    for other in [name for name in files.list(folder) if not name.startswith(f"{folder}{parts.name}/")]:
        files.delete(other)


def _bodies(files: Files, key: str) -> Iterator[bytes]:
    stored = files.read(key)
    if stored is None:
        return
    parts = history_files.parts_of(stored.body)
    if parts is None:
        yield stored.body
        return
    for part in _parts(key, parts):
        yield from _bodies(files, part)


def _parts(key: str, parts: Parts) -> Iterator[str]:
    return (keys.histories_part(key, parts.name, letter) for letter in history_files.LETTERS)
