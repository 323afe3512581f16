"""What mail programs do with HTML and CSS, as caniemail.com has tested it; the data come with the npm package of that name."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.tools import fetched

PACKAGE = "caniemail@2.0.2"
SHA256 = "499791954c5ea4e067edc85a942b02fd1688208d4b899c483fb6d1a28eddd039"

FAMILIES = ("gmail", "apple-mail", "outlook", "samsung-email", "yahoo", "mail-ru", "web-de", "gmx", "wp-pl")
"""Those that our customers read their mail in, each on every platform that is tested."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature, and the programs (`gmail.ios`) whose newest tested version does not have it, or only in part."""

    slug: str
    lacking: frozenset[str]


@cache
def features() -> dict[str, Feature]:
    """Every feature by its slug."""
    file = fetched(PACKAGE, SHA256) / "data" / "caniemail.json"
    return {raw["slug"]: _feature(raw) for raw in json.loads(file.read_text(encoding="utf-8"))["data"]}


def _feature(raw: dict[str, Any]) -> Feature:
    lacking = {
        f"{family}.{platform}"
        for family in FAMILIES
        for platform, versions in raw["stats"].get(family, {}).items()
        if list(versions.values())[-1][0] in "na"  # y: yes, a: almost, n: no, u: unknown; then the numbers of notes
    }
    return Feature(raw["slug"], frozenset(lacking))
