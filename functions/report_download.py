"""Show a manager all reports, turn their lasting link into a download address that lives five minutes, or take their guess of a month.

Trigger: GET /r/{token}; GET /r/{token}/{file}; GET /r/{token}/{period}/{file}; HEAD /r/{token}; HEAD /r/{token}/{file}; HEAD /r/{token}/{period}/{file}; GET /g/{token}; POST /g/{token}
Retries: the manager's own click.
"""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, get_args

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from cx_domain import guesses
from cx_domain.calendars import Period, closes_at, day_of, parse_period, starts_at
from cx_domain.digests import DigestScore, headline_scores
from cx_domain.errors import AfterorderError, BadInput, BadLink, NotFound, Trouble
from cx_domain.guesses import Guess
from cx_domain.readers import Reader, reader
from cx_domain.report_shelves import Shelf, shelves
from cx_domain.shops import Shop
from infra import adapters, clock, http, people, report_links
from infra.aws import keys
from infra.logs import count, logger, metrics
from infra.report_links import ReportLink
from infra.team import guess_pages
from infra.team.report_index import SECURITY_HEADERS, report_index
from infra.writing import pages

_SECONDS = 300
_AT_ONCE = 8
"""S3 answers in some twenty milliseconds, and a page has a dozen scores."""


LOOKED_AT = ["GET", "HEAD"]
"""Whoever only looks is answered the same, and nothing is noted of it."""

app = people.door()


@dataclass(frozen=True, slots=True)
class Visit:
    """A link that opened: whose it is, and to what."""

    shop: Shop
    reader: Reader
    link: ReportLink


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)


@app.route("/r/<token>", method=LOOKED_AT)
def open_link(token: str) -> Response[str]:
    visit = admit(token)
    if visit.link.period is None:
        return people.page(HTTPStatus.OK, index(visit, token), SECURITY_HEADERS)
    return people.redirect(fresh_address(visit, visit.link.period, "report.html"))


@app.route("/r/<token>/<file>", method=LOOKED_AT)
def open_file(token: str, file: str) -> Response[str]:
    visit = admit(token)
    if file == report_links.ALL:
        return people.redirect(f"/r/{own_link(visit)}")
    if visit.link.period is None:
        raise NotFound("the list of all reports has no files")
    return people.redirect(fresh_address(visit, visit.link.period, file))


@app.route("/r/<token>/<period>/<file>", method=LOOKED_AT)
def open_file_of_period(token: str, period: str, file: str) -> Response[str]:
    visit = admit(token)
    if visit.link.period not in {None, period}:
        raise NotFound("the link to one report opens no other")
    return people.redirect(fresh_address(visit, period, file))


@app.get("/g/<token>")
def show_guess(token: str) -> Response[str]:
    """Show what was tapped in the mail, or kept before; looking keeps nothing, for mail scanners look too."""
    visit, month = admit_to_guess(token)
    shop = visit.shop
    if not guesses.is_open(shop, month, clock.now()):
        return people.notice(app, HTTPStatus.GONE, "guess-closed")
    kept = adapters.guesses().get(shop.id, month.name, visit.reader.key)
    shown = guesses.tapped(shop, http.read(app.current_event.raw_event).query, kept or Guess())
    return guess_page(visit, month, shown, "saved" if shown == kept else "chosen", token)


@app.post("/g/<token>")
def take_guess(token: str) -> Response[str]:
    """Keep what a manager chose, in place of what they chose before, as long as the month is open."""
    visit, month = admit_to_guess(token)
    shop, now = visit.shop, clock.now()
    if not guesses.is_open(shop, month, now):
        return people.notice(app, HTTPStatus.GONE, "guess-closed")
    try:
        guess = guesses.read_guess(shop, http.read(app.current_event.raw_event).form())
    except BadInput:
        return people.notice(app, HTTPStatus.BAD_REQUEST, "bad-score")
    purge_at = closes_at(month, shop.zone) + shop.reports.retention
    adapters.guesses().put(shop.id, month.name, visit.reader.key, guess, now, purge_at=purge_at)
    count("guesses")
    logger.info("guess kept", shop=shop.id, period=month.name, manager=visit.reader.key)
    return guess_page(visit, month, guess, "saved", token)


def refuse(error: AfterorderError) -> Response[str]:
    """Answer a link to a period, a file or a shop that is not there."""
    logger.info("report missing", error=type(error).__name__)
    return people.notice(app, HTTPStatus.NOT_FOUND, "report-missing")


people.on_error(app, [BadInput, NotFound], refuse)


def admit(token: str) -> Visit:
    """Say whose link this is, and to what; BadLink where it is nobody's, or not any more."""
    visit = visit_by(report_links.read(adapters.secrets().key_ring().links, token))
    if not only_looks():
        note(visit.shop, visit.reader, clock.now())
    return visit


def only_looks() -> bool:
    return app.current_event.http_method == "HEAD"


def admit_to_guess(token: str) -> tuple[Visit, Period]:
    """Say whose link this is, and what month they guess; BadLink where it is nobody's, or not any more."""
    visit = visit_by(report_links.read_guess(adapters.secrets().key_ring().links, token))
    return visit, parse_period(visit.link.period or "")


def visit_by(link: ReportLink) -> Visit:
    """Find the shop and the manager of a link; BadLink where they do not read its reports, or not any more."""
    shop, key = adapters.shop(link.shop), adapters.secrets().key_ring().identity
    record = adapters.readers().get(shop.id, link.manager)
    found = reader(key, shop, link.manager, record)
    if found is None or record.generation != link.generation:
        raise BadLink("this manager does not read the shop's reports any more")
    return Visit(shop, found, link)


def guess_page(visit: Visit, month: Period, guess: Guess, state: guess_pages.GuessState, token: str) -> Response[str]:
    """Answer with the page on which a manager guesses."""
    html = guess_pages.guess_page(visit.shop, month, guess, state=state, action=f"/g/{token}")
    return people.page(HTTPStatus.OK, html, pages.SECURITY_HEADERS)


def own_link(visit: Visit) -> str:
    """Make the token of the manager's own link, to which a digest's link leads on."""
    return report_links.token(adapters.secrets().key_ring().links, visit.shop.id, visit.reader)


def note(shop: Shop, reader: Reader, now: datetime) -> None:
    """Keep when this manager last came, once a day of the shop's; if that fails, the report still opens."""
    today = starts_at(day_of(now, shop.zone), shop.zone)
    seen = reader.record.opened_at
    if seen is not None and seen >= today:
        return
    try:
        adapters.readers().note_opening(shop.id, reader.key, now, today)
    except Trouble as error:
        logger.warning("opening not noted", error=type(error).__name__)


def index(visit: Visit, token: str) -> str:
    """Write the page of all reports; the files on it lie below the same link."""
    shop = visit.shop
    found = [keys.report_of(key) for key in adapters.files().list(keys.reports_folder(shop.id))]
    ordered = shelves(period for period, file in found if file == "report.html")
    if not only_looks():
        count("report-index-opened")
        logger.info("list of reports opened", shop=shop.id, manager=visit.reader.key)
    return report_index(shop, ordered, scores(shop, ordered), link=f"/r/{token}", name=visit.reader.record.name)


def scores(shop: Shop, ordered: Sequence[Shelf]) -> dict[str, tuple[DigestScore, ...]]:
    """Look up the headlines of the reports in sight, side by side."""
    files = adapters.files()

    def look_up(period: str) -> tuple[DigestScore, ...]:
        stored = files.read(keys.report_file(shop.id, period, "report.json"))
        return headline_scores(json.loads(stored.body)) if stored is not None else ()

    wanted = [period.name for shelf in ordered for period in shelf.in_sight]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return dict(zip(wanted, pool.map(look_up, wanted), strict=True))


def fresh_address(visit: Visit, period: str, file: str) -> str:
    """Sign a download address for one file of a report."""
    shop, name = visit.shop, parse_period(period).name
    named = next((known for known in get_args(keys.ReportFile) if known == file), None)
    if named is None:
        raise NotFound("a report has no such file")
    if not only_looks():
        count("report-opened")
        logger.info("report opened", shop=shop.id, period=name, file=named, manager=visit.reader.key)
    # The page is shown where it was clicked; the other files are saved.
    filename = None if named == "report.html" else f"{shop.id}-{name}-{named}"
    return adapters.files().presign(keys.report_file(shop.id, name, named), filename, _SECONDS)
