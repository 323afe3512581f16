"""The erasure proof: a person is played through the whole stack and erased, and every byte that is left is searched for them.

`make erasure-proof` prints the table.
"""

import gzip
import io
import json
import sqlite3
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.journey.shop import Shop, order
from tests.journey.stack import Stack

TRACES = {
    "address": "kowalska-4711@customers.example",
    "name": "Annamaria",
    "comment": "Der Reissverschluss klemmt",
    "order": "ORD-90210",
    "order's number": "NR-31337",
    "shop's own customer id": "cust-8086",
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


def live(stack: Stack) -> Shop:
    """Anna and Jan order, are asked, answer, and are in the week's report; Anna opens a case about her order, and a letter dies."""
    shop = Shop(stack)
    assert shop.post(ANNAS).status_code == 200
    assert shop.post(bought(id="1002", email=JAN, number="1002")).status_code == 200
    stack.advance("8d")
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


@pytest.mark.timeout(240)
def test_after_an_erasure_no_byte_of_a_person_is_left_in_the_data_folder(
    start_stack: Callable[..., Stack], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stack = start_stack()
    shop = live(stack)
    data = tmp_path / "data-0"
    before = search(kept(data))
    figures = stack.report("acme", "2026-W03")["headlines"][0]["n"]

    told = stack.run("customer", "erase", "acme", ANNA.upper())
    stack.run("customer", "erase", "acme", ANNA)
    # The shop's platform repeats the old webhooks, and the next night counts what changed.
    assert shop.post(ANNAS).status_code == 200
    assert shop.post({**ANNAS, "timestamp": "2026-01-20T09:00:00Z"}).status_code == 200
    stack.advance("2d")

    everything = list(kept(data))
    after, sizes = search(everything), Counter(kind for kind, _, _ in everything)
    with capsys.disabled():
        sys.stdout.write(f"\n{told}\n{table(before, after, sizes)}\n\n{MAILS}\n")
    assert {"item", "object", "message"} <= {kind for kind, found in before.items() if found}
    assert set().union(*(seen for found in before.values() for seen in found.values())) == set(TRACES)
    assert {kind: found for kind, found in after.items() if found and kind != "mail"} == {}
    assert (figures, stack.report("acme", "2026-W03")["headlines"][0]["n"]) == (2, 1)
