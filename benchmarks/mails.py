"""How many survey mails one core writes in a second, in each language: templates, MIME and all.

python -m benchmarks.mails [--write]
"""

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from benchmarks.marked_pages import MarkedPage, measured_here
from cx_domain.orders import Item
from cx_domain.shops import Shop
from cx_domain.surveys import Survey
from infra.writing.mails import MailLinks, survey_mail
from infra.writing.words import languages
from tests.builders import ACME, planned

PAGE = MarkedPage("performance.md", "mails")
BLOCKS, EACH = 20, 50
NOON = datetime(2026, 1, 12, 12, tzinfo=UTC)
LINKS = MailLinks(f"https://ask.acme.example/s/{'t' * 87}", f"https://ask.acme.example/u/{'t' * 87}")
ITEMS = (Item("Two-person tent"), Item("Sleeping mat", quantity=2), Item("Gas stove"), Item("Head torch"))


def milliseconds(language: str) -> tuple[float, int]:
    """Processor time for one mail, the least of all blocks; and the mail's bytes."""
    shop = replace(ACME, languages=(language,))
    survey = _survey(language)
    size = len(_mail(shop, survey))
    blocks = []
    for _ in range(BLOCKS):
        begun = time.process_time()
        for _ in range(EACH):
            _mail(shop, survey)
        blocks.append(time.process_time() - begun)
    return 1000 * min(blocks) / EACH, size


def _mail(shop: Shop, survey: Survey) -> bytes:
    return survey_mail(shop, survey, "anna@example.com", LINKS, reminder=False, sent_at=NOON).raw


def _survey(language: str) -> Survey:
    made = planned()
    details = made.order.details
    assert details is not None
    details = replace(details, language=language, items=ITEMS, total=Decimal("349.80"))
    return replace(made, language=language, order=replace(made.order, details=details))


def _rows() -> Iterator[str]:
    for language in languages():
        each, size = milliseconds(language)
        yield f"| {language} | {1000 / each:,.0f} | {each:.2f} ms | {size / 1000:.1f} kB |"


def tables() -> str:
    """Write the mails of every language; some seconds."""
    return "\n".join(
        [measured_here(), "", "| language | mails a second | each | size |", "|---|---|---|---|", *_rows()]
    )


if __name__ == "__main__":
    PAGE.say(tables, sys.argv[1:])
