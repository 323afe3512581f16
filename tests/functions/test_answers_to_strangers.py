"""What a stranger sees of us: the headers of every page, where redirects lead, and no secret in anything that was written."""

import gzip
import json
from base64 import b64encode
from urllib.parse import urlsplit

import pytest

from cx_domain import readers
from functions import report_download
from infra import adapters, report_links
from tests.builders import KEY
from tests.functions.envelopes import CONTEXT, request
from tests.functions.test_cheap_refusals import GARBAGE
from tests.functions.test_strangers import DOORS
from tests.functions.week import SUNDAY_MIDNIGHT, read, roll_up
from tests.functions.world import ACME_SECRETS, LINK_KEYS, World, signed

PAGES = sorted(set(GARBAGE) - {"webhook", "challenge"})
HEADERS = {"content-security-policy", "referrer-policy", "x-content-type-options", "cache-control", "x-robots-tag"}


@pytest.mark.parametrize("name", PAGES)
def test_every_page_that_a_stranger_can_see_has_the_headers(world: World, name: str) -> None:
    del world

    answer = DOORS[name](request(name, GARBAGE[name]), CONTEXT)

    headers = {header.lower(): value for header, value in answer["headers"].items()}
    assert set(headers) >= HEADERS
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", ["report", "report_file", "report_of_period"])
@pytest.mark.parametrize("word", ["next", "url", "redirect", "return"])
def test_nothing_in_a_request_says_where_it_leads(week: World, name: str, word: str) -> None:
    boss = readers.readers(KEY, adapters.shop(week.acme), {})[0]
    token = report_links.token(LINK_KEYS, week.acme, boss, "2026-W03")
    path = {"token": token, "file": "report.html", "period": "2026-W03"}
    headers = {"host": "evil.example", "x-forwarded-host": "evil.example"}

    answer = report_download.handler(
        request(name, path, query={word: "https://evil.example/"}, headers=headers), CONTEXT
    )

    led = urlsplit(answer["headers"]["location"]).hostname or ""
    assert answer["statusCode"] == 302
    assert led.endswith("amazonaws.com")


def test_a_line_break_makes_no_line_of_its_own_in_the_log(world: World) -> None:
    forged = '\n{"level":"ERROR","message":"the shop is closed"}\r\n'

    DOORS["webhook"](request("webhook", {"shop": f"acme{forged}", "platform": forged}, body=b"{}"), CONTEXT)
    DOORS["tap"](request("tap", {"token": f"a{forged}", "score": "9"}, headers={"user-agent": forged}), CONTEXT)
    world.post(signed("woocommerce", forged.encode()))

    lines = world.log.splitlines()
    assert lines
    assert [line for line in lines if "shop is closed" in json.loads(line)["message"]] == []


def test_no_secret_stands_in_anything_that_a_week_wrote(week: World, capsys: pytest.CaptureFixture[str]) -> None:
    week.post(signed("woocommerce", b"{}", secret="somebody else's"))
    week.post(signed("woocommerce", b"[]"))
    roll_up(week, SUNDAY_MIDNIGHT)

    written = [week.log, capsys.readouterr().out, json.dumps(week.items())]
    stored = [read(key) for key in adapters.files().list("")]
    written += [(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode("latin-1") for body in stored]
    written += [mail.as_string() for mail in week.mails()]
    secrets = [secret for live in ACME_SECRETS.values() for secret in live]
    secrets += [
        form for key in (KEY, *LINK_KEYS) for form in (key.decode("latin-1"), b64encode(key).decode(), key.hex())
    ]
    assert [secret for secret in secrets for text in written if secret in text] == []
