"""A survey's life, each step by the function that AWS would invoke, with what it calls and what that costs in units.

A shop sends one webhook for each order, asks a week later, and reminds nobody. Of its customers one never answers, one taps and the
page confirms, and one writes a comment too. Another mail meets a machine that opens every number.
"""

import gzip
import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.account import KEYS, Account, Step, body_of, opened
from cx_domain import identities
from cx_domain.shops import ShopId
from cx_domain.surveys import SurveyId
from functions import dispatch, mail_events, order_webhook, rollup, send_survey, survey_page
from infra import adapters, clock, survey_links
from infra.platforms import platform
from infra.rollups.closing import close_expired
from tests.functions.envelopes import Event, batch, envelope, form, mail_event, request
from tests.functions.pages import page

ACME = ShopId("acme")
SECRET = "whsec_YWZ0ZXJvcmRlcidzIG93biB0ZXN0IHNlY3JldCE="  # noqa: S105 - it is the documentation's
SHOP_FILE = """
shop = "acme"
name = "Acme Outdoor"
timezone = "Europe/Warsaw"
languages = ["pl", "en"]
from = "Acme Outdoor <hello@acme.example>"
managers = ["boss@acme.example"]
legal = { name = "Acme sp. z o.o.", address = "Teczowa 7, Wroclaw", privacy = "https://acme.example/privacy" }
drivers = ["delivery", "price", "quality"]

[[surveys]]
kind = "nps"
touchpoint = "order"
on = "fulfilled"
delay = "7d"
expires = "30d"

[consent]
required = []

[reports]
every = ["week", "month"]
segments = ["country", "language", "customer", "channel", "category", "delivery"]
"""
_ORDER = {
    "language": "pl",
    "country": "PL",
    "currency": "PLN",
    "total": "349.80",
    "items": [
        {"sku": "T-1", "title": "Two-person tent", "category": "tents", "quantity": 1},
        {"sku": "M-4", "title": "Sleeping mat", "category": "mats", "quantity": 2},
    ],
    "channel": "web",
    "delivery": "courier",
    "customer_id": "c-7",
    "consent": True,
    "placed_at": "2026-01-03T10:00:00Z",
    "updated_at": "2026-01-05T09:00:00Z",
    "tags": {"store": "wroclaw"},
}
WARM, SILENT, TAPPED, COMMENTED, SCANNED = "1000", "1001", "1002", "1003", "1004"
_ASKED_ON = {WARM: 12, SILENT: 13, TAPPED: 14, COMMENTED: 15, SCANNED: 16}
"""Days of January; each its own, so that each is closed by itself."""
_BROWSER = {"accept-encoding": "gzip, deflate, br"}
COMMENT = "The tent is good, but it came two days later than you promised, and nobody told me."


def lived() -> dict[str, Step]:
    """Let it happen; each step by its name, as warm functions do it: what the first customer causes makes them warm, and is left out."""
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder), "2026-01-05T09:00:00Z") as account:
        adapters.shops().put(ACME, SHOP_FILE, clock.now())
        adapters.secrets().put_webhook_secrets(ACME, "standard", (SECRET,))
        for order in _ASKED_ON:
            _asked(account, order)
        for order in (WARM, TAPPED, COMMENTED):
            _answered(account, order)
        _scanned(account)
        _closed(account)
        return {name: step for name, step in account.steps.items() if not name[0].isdigit()}


def survey_id(order: str) -> SurveyId:
    return identities.survey_id(KEYS.identity, ACME, "nps", "order", order)


def webhook(order: str) -> Event:
    """The standard webhook of one order, signed now."""
    told = {"id": order, "number": order, "email": f"anna.kowalska.{order}@example.com", "first_name": "Anna", **_ORDER}
    body = json.dumps({"type": "order.fulfilled", "timestamp": "2026-01-05T09:00:00Z", "data": told}).encode()
    standard = platform("standard")
    made = standard.scheme.sign(SECRET, body, message_id="msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", now=clock.now())
    return request("webhook", {"shop": ACME, "platform": "standard"}, headers=made.headers, body=body)


def _asked(account: Account, order: str) -> None:
    named = "" if order == SILENT else f"{order} "
    account.at("2026-01-05T09:00:00Z")
    account.run(f"{named}webhook", order_webhook.handler, webhook(order))
    account.run(f"{named}webhook, repeated", order_webhook.handler, webhook(order))
    account.at(_on(order, "09:00:00"))
    account.run(f"{named}sweep", dispatch.handler, envelope("dispatch_schedule"))
    message = (f"message-{order}", json.dumps({"survey": survey_id(order)}))
    account.run(f"{named}send", send_survey.handler, batch("send_queue", message))
    account.at(_on(order, "09:00:02"))
    sent = adapters.surveys().get(survey_id(order))
    told = {"messageId": (sent and sent.message_id) or "", "timestamp": _on(order, "09:00:00")}
    event = batch("mail_delivery", (f"event-{order}", mail_event("mail_delivery", survey_id(order), **told)))
    account.run(f"{named}delivered", mail_events.handler, event)


def _answered(account: Account, order: str) -> None:
    """In the evening: another hour than the mail's."""
    named = "" if order == TAPPED else f"{order} "
    account.at(_on(order, "18:20:00"))
    shown = account.run(f"{named}tap", survey_page.handler, _tap(order, 9))
    html = gzip.decompress(body_of(shown)).decode()
    proof = ("visit", page({**shown, "body": html}).values("visit")[0])
    account.at(_on(order, "18:20:03"))
    confirmed = [("score", "9"), ("evidence", "touch"), ("visible", "2100"), proof]
    saved = account.run(f"{named}form", survey_page.handler, _form(order, confirmed))
    if order == TAPPED:
        return
    named = "" if order == COMMENTED else f"{order} "
    account.at(_on(order, "18:21:00"))
    cookies = [cookie.partition(";")[0] for cookie in saved["cookies"]]
    words = [*confirmed, ("comment", COMMENT), ("driver", "delivery"), ("may_reply", "yes")]
    account.run(f"{named}comment", survey_page.handler, _form(order, words, cookies))


def _scanned(account: Account) -> None:
    """Eleven numbers within two seconds, half a minute after the mail."""
    for score in range(11):
        account.at(_on(SCANNED, f"09:00:{30 + score // 6:02}.{score % 6}00"))
        account.run("machine", survey_page.handler, _tap(SCANNED, score))


def _closed(account: Account) -> None:
    """The days' files are made by a night; a month later each day's surveys are closed."""
    account.at("2026-01-16T23:05:00Z")
    account.run(f"{WARM} night", rollup.handler, batch("rollup_queue", ("rollup-1", json.dumps({"shop": ACME}))))
    account.at("2026-02-15T23:05:00Z")
    for order, named in ((WARM, f"{WARM} closing"), (SILENT, "closing"), (COMMENTED, "closing, with words")):
        account.run(named, _close, {"day": _ASKED_ON[order]})


def _close(event: Event, _context: Any) -> None:
    """Close a day's surveys, as the night's rollup does among much else."""
    days = [date(2026, 1, event["day"])]
    close_expired(adapters.surveys(), adapters.files(), adapters.shop(ACME), days, clock.now())


def _on(order: str, time: str) -> str:
    return f"2026-01-{_ASKED_ON[order]}T{time}Z"


def _tap(order: str, score: int) -> Event:
    return request("tap", {"token": _token(order), "score": str(score)}, headers=_BROWSER)


def _form(order: str, fields: list[tuple[str, str]], cookies: list[str] | None = None) -> Event:
    return request("answer", {"token": _token(order)}, headers=_BROWSER, body=form(*fields), cookies=cookies or [])


def _token(order: str) -> str:
    return survey_links.token(KEYS.links, "rate", ACME, survey_id(order))
