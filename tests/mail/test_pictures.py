"""The page about mails shows each picture that was taken, and they are small."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
PICTURES = sorted((DOCS / "pictures" / "mails").glob("*.png"))


def test_every_picture_of_a_mail_is_shown_with_words_for_who_cannot_see_it() -> None:
    shown = re.findall(r'<img src="pictures/mails/([\w.-]+)" width="\d+" alt="[^"]+">', (DOCS / "mails.md").read_text())

    assert sorted(shown) == [picture.name for picture in PICTURES]


def test_every_picture_of_a_mail_is_small() -> None:
    assert [picture.name for picture in PICTURES if picture.stat().st_size > 100_000] == []
