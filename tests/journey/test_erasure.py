"""The erasure proof: a person is played through the whole stack and erased, and every byte that is left is searched for them.

`make erasure-proof` prints the table. What the same story wrote is searched for secrets, too, and its logs for people.
"""

import base64
import email
import gzip
import io
import json
import re
import sqlite3
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from email import policy
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.functions.shop_servers import ShopServer, Told, serving
from tests.journey.conftest import MONDAY
from tests.journey.shop import Shop, order
from tests.journey.stack import Stack

TRACES = {
    "address": "kowalska-4711@customers.example",
    "name": "Annamaria",
    "comment": "Der Reissverschluss klemmt",
    "order": "ORD-90210",
    "order's number": "NR-31337",
    "shop's own customer id": "cust-8086",
    "imported comment": "Vor einem Jahr war er dicht",
}
JAN = "jan@customers.example"
ANNA = TRACES["address"]
MAILS = (
    "mail: what SES delivered lies in mailboxes, which are not ours: Anna's own, and the managers' with their digest."
)
Found = dict[str, dict[str, set[str]]]
"""By kind, and by the name of a thing: which traces stand in it."""
PRINTED = "{:<10} {:>8}  {:<10} {}"


def bought(**changes: object) -> dict[str, Any]:
    told = order(1001, at="2026-01-05T09:00:00Z")
    return told | {"data": told["data"] | changes}


ANNAS = bought(
    id=TRACES["order"],
    email=ANNA,
    first_name=TRACES["name"],
    number=TRACES["order's number"],
    customer_id=TRACES["shop's own customer id"],
)


OLD_ANSWERS = f"date,score,comment,country,email\n2025-12-03,9,{TRACES['imported comment']},DE,{ANNA}\n2025-12-04,8,Dry,PL,{JAN}\n"
CLIENT = {"User-Agent": "Netscape-4711", "X-Forwarded-For": "198.51.100.77"}
"""Where Anna opens her link, by another way than the one that she answers from."""
TOKEN = "ck_1f2e3d4c5b6a:cs_a6b5c4d3e2f1"
LINK = re.compile(r"/([sur])/([\w.-]{20,})")


def live(stack: Stack, folder: Path) -> Shop:
    """Anna and Jan order, are asked, answer, and are in the week's report, as what they told another service is in December's;
    Anna opens a case about her order, and a letter dies.
    """
    shop = Shop(stack)
    (folder / "answers.csv").write_text(OLD_ANSWERS, encoding="utf-8")
    stack.run("import", "answers", "acme", folder / "answers.csv", "--from", "Delighted")
    stack.report("acme", "2025-12")
    assert shop.post(ANNAS).status_code == 200
    assert shop.post(bought(id="1002", email=JAN, number="1002")).status_code == 200
    stack.advance("8d")
    stack.tap(stack.links(ANNA)["7"], CLIENT)
    stack.confirm(stack.links(ANNA)["3"], 3, comment=TRACES["comment"], driver="quality", may_reply="yes")
    stack.confirm(stack.links(JAN)["9"], 9, comment="Dry all night")
    case = {"id": "T-1", "email": ANNA, "opened_at": "2026-01-12T08:00:00Z", "solved_at": "2026-01-12T12:00:00Z"}
    case |= {"order": TRACES["order"], "topic": "zip", "agent": "Marek"}
    event = {"type": "ticket.solved", "timestamp": "2026-01-12T12:00:00Z", "data": case}
    assert shop.post(event).status_code == 200
    stack.advance("7d")
    _dead_letter(stack)
    return shop


def _dead_letter(stack: Stack) -> None:
    """A bounce of Anna's mail that failed five times."""
    told = stack.exports
    sqs = boto3.client(
        "sqs",
        endpoint_url=told["AWS_ENDPOINT_URL"],
        region_name=told["AWS_DEFAULT_REGION"],
        aws_access_key_id=told["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=told["AWS_SECRET_ACCESS_KEY"],
    )
    urls = sqs.list_queues()["QueueUrls"]
    (url,) = [each for each in urls if "MailEventDeadLetterQueue" in each]
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps({"Message": json.dumps({"mail": {"destination": [ANNA]}})}))


def kept(data: Path) -> Iterator[tuple[str, str, bytes]]:
    """Everything in the folder: what it is, its name, and its bytes, unpacked."""
    for path in sorted(data.rglob("*")):
        if path.is_file() and path.suffix not in {".sqlite", ".db"} and not path.name.endswith(("-wal", "-shm")):
            yield "file", path.name, path.read_bytes()
    (journal,) = [path for path in data.rglob("*") if path.is_file() and _is_sqlite(path)]
    connection = sqlite3.connect(journal)
    rows = connection.execute("SELECT kind, place, key, value, body FROM kept").fetchall()
    connection.close()
    for kind, place, key, value, body in rows:
        yield kind, f"{place} {key}", f"{place} {key} {value} ".encode() + unpacked(bytes(body))


def raw_without_mails(data: Path) -> Iterator[tuple[str, str, bytes]]:
    """The folder's files as the disk has them, pages that are free included; the mails alone are overwritten before, in a copy."""
    for path in sorted(each for each in data.rglob("*") if each.is_file()):
        if _is_sqlite(path):
            copy = path.with_name("copy")
            copy.write_bytes(path.read_bytes())
            with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
                connection.execute("PRAGMA secure_delete = ON")
                connection.execute("DELETE FROM kept WHERE kind = 'mail'")
            yield "file on disk", path.name, copy.read_bytes()
            copy.unlink()
        else:
            yield "file on disk", path.name, path.read_bytes()


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(15) == b"SQLite format 3"


def unpacked(body: bytes) -> bytes:
    """A file's own bytes, and those of what it packs: gzip, and the parts of a workbook."""
    if body[:2] == b"\x1f\x8b":
        return gzip.decompress(body)
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            return b"".join(packed.read(name) for name in packed.namelist())
    return body


def search(things: Iterable[tuple[str, str, bytes]]) -> Found:
    """By what it is: which traces stand in which of them; with an entry also where there is none."""
    found: Found = {}
    for kind, name, body in things:
        mine = found.setdefault(kind, {})
        seen = {what for what, trace in TRACES.items() if trace.casefold().encode() in body.lower()}
        if seen:
            mine[name] = seen
    return found


def table(before: Found, after: Found, sizes: Mapping[str, int]) -> str:
    """One row for each kind of thing that the folder keeps."""
    lines = [PRINTED.format("kind", "kept now", "with Anna", "what of her stood there before")]
    for kind in sorted({*before, *sizes}):
        mine = before.get(kind, {})
        change = f"{len(mine)} -> {len(after.get(kind, {}))}"
        lines.append(PRINTED.format(kind, sizes.get(kind, 0), change, ", ".join(sorted(set().union(*mine.values())))))
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Story:
    """What `erase` said, what was found of Anna before and after, the week's answers before and after, and all that was written."""

    told: str
    before: Found
    after: Found
    sizes: Mapping[str, int]
    figures: tuple[int, int]
    imported_again: str
    everything: Sequence[tuple[str, str, bytes]]
    on_disk: Found
    terminal: str


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("story")
    with (folder / "errors").open("w", encoding="utf-8") as errors:
        stack = Stack(folder / "data", now=MONDAY, errors=errors)
        try:
            return played(stack, folder)
        finally:
            stack.kill()


def played(stack: Stack, folder: Path) -> Story:
    shop = live(stack, folder)
    before = search(kept(folder / "data"))
    figures = stack.report("acme", "2026-W03")["headlines"][0]["n"]

    told = stack.run("customer", "erase", "acme", ANNA.upper())
    stack.run("customer", "erase", "acme", ANNA)
    # The shop's platform repeats the old webhooks, somebody imports the old answers again, and the next night counts what changed.
    assert shop.post(ANNAS).status_code == 200
    assert shop.post({**ANNAS, "timestamp": "2026-01-20T09:00:00Z"}).status_code == 200
    again = stack.run("import", "answers", "acme", folder / "answers.csv", "--from", "Delighted")
    stack.advance("2d")
    left = stack.report("acme", "2026-W03")["headlines"][0]["n"]
    everything = list(kept(folder / "data"))
    go_wrong(stack, shop)

    printed = stack.stop() + (folder / "errors").read_text(encoding="utf-8")
    sizes = Counter(kind for kind, _, _ in everything)
    after = search(everything)
    on_disk = search(raw_without_mails(folder / "data"))
    return Story(told, before, after, sizes, (figures, left), again, list(kept(folder / "data")), on_disk, printed)


def go_wrong(stack: Stack, shop: Shop) -> None:
    """Whatever can go wrong with a secret in it: a webhook of another secret, a key in the address, a damaged link, a refused token."""
    elsewhere = f"{stack.url}/webhooks/acme/standard"
    assert stack.http.post(elsewhere, data=b"{}", headers=dict(shop.signed(b"[]"))).status_code == 401
    assert shop.post(b"no JSON").status_code == 400
    connected = json.loads(stack.run("shop", "connect", "acme", "insales", "--json"))
    assert stack.http.post(connected["url"], data=b"no JSON").status_code == 400
    for to in (JAN, "boss@acme.example"):
        for link in stack.links(to).values():
            stack.http.get(f"{link}x")
    with serving(ShopServer(lambda _: Told({"code": "rest_forbidden", "message": ANNA}, 401))) as server:
        stack.run("shop", "connect", "acme", "woocommerce", "--api", server.address, "--token", TOKEN)
        stack.advance("2h")
        assert server.asked


def test_after_an_erasure_no_byte_of_a_person_is_left_in_the_data_folder(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = f"disk: the stopped stack's files as they lie there, free pages included and mails left out: {len(story.on_disk['file on disk'])} with Anna."
    with capsys.disabled():
        sys.stdout.write(f"\n{story.told}\n{table(story.before, story.after, story.sizes)}\n\n{raw}\n{MAILS}\n")

    assert {"item", "object", "message"} <= {kind for kind, found in story.before.items() if found}
    assert set().union(*(seen for found in story.before.values() for seen in found.values())) == set(TRACES)
    assert {kind: found for kind, found in story.after.items() if found and kind != "mail"} == {}


def test_after_an_erasure_no_byte_of_a_person_lingers_on_the_disk(story: Story) -> None:
    assert story.on_disk == {"file on disk": {}}


def test_after_an_erasure_the_others_count_on_and_an_import_brings_nobody_back(story: Story) -> None:
    assert story.figures == (2, 1)
    assert "left out: erased at the wish of who gave them: 1" in story.imported_again


def test_no_secret_stands_in_what_a_story_wrote_but_in_the_parameter_store(story: Story) -> None:
    secrets = {form for secret in secrets_of(story.everything) for form in forms(secret)}
    everywhere = [("terminal", "", story.terminal.encode()), *story.everything]

    found = {(kind, name) for kind, name, body in everywhere for secret in secrets if secret in body}

    assert len(secrets) >= 16
    # The emulated parameter store keeps what it was given, so that a stack can be started again on its folder.
    assert {kind for kind, _ in found} == {"parameter"}


def test_no_link_stands_in_what_a_story_wrote_but_in_the_mails(story: Story) -> None:
    everywhere = [("terminal", "", story.terminal.encode()), *story.everything]
    tokens = {token for kind, _, body in story.everything if kind == "mail" for token in links_in(body)}

    found = {(kind, name) for kind, name, body in everywhere for token in tokens if token in body}

    # Of Anna's and Jan's surveys to answer and to stop, and of the manager's report.
    assert len(tokens) >= 5
    assert {kind for kind, _ in found} == {"mail"}


def test_nobody_stands_in_the_logs_nor_on_the_terminal(story: Story) -> None:
    logs = {name: body.lower() for kind, name, body in story.everything if kind == "file" and name.endswith(".log")}
    people = [*TRACES.values(), JAN, "boss@acme.example", *CLIENT.values()]

    written = [*logs.values(), story.terminal.lower().encode()]

    assert {"access.log", "OrderWebhookFunction.log", "FetchOrdersFunction.log"} <= set(logs)
    assert [person for person in people for text in written if person.lower().encode() in text] == []


def secrets_of(everything: Iterable[tuple[str, str, bytes]]) -> Iterator[bytes]:
    """All that the parameter store holds besides the names of resources: a text, or the texts in JSON."""
    for kind, name, body in everything:
        if kind == "parameter" and not name.endswith("/operator"):
            value = json.loads(body.removeprefix(f" {name.strip()} ".encode()))["value"]
            found = re.findall(r'"([^"]{16,})"', value) or [value]
            yield from map(str.encode, found)


def forms(secret: bytes) -> Iterator[bytes]:
    """A secret as it is written, its parts, and its bytes and their digits."""
    yield from (secret, base64.b64encode(secret), *(part for part in secret.split(b":") if len(part) > 10))
    with suppress(ValueError):
        plain = base64.b64decode(secret.removeprefix(b"whsec_"), validate=True)
        yield from (plain, plain.hex().encode())


def links_in(raw: bytes) -> Iterator[bytes]:
    """The tokens of the links in a mail, in whichever way its parts are written."""
    message = email.message_from_bytes(raw[raw.index(b"From:") :], policy=policy.default)
    for part in message.walk():
        if part.get_content_maintype() == "text":
            yield from (found[1].encode() for found in LINK.findall(part.get_content()))
