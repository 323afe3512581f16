"""The kinds of survey: each has a scale, three buckets and a headline, and is a file in `kind_files/`."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

from cx_domain.errors import BadField, NotFound
from cx_domain.shops import KindName

Bucket = Literal["promoter", "passive", "detractor"]
HeadlineType = Literal["nps", "top-two-box", "mean", "share"]

_WHOLE_NUMBER = re.compile(r"0|[1-9][0-9]{0,2}")


@dataclass(frozen=True, slots=True)
class Kind:
    """A way of asking. The three buckets are ranges of scores and together make up the scale; passives may be empty."""

    name: KindName
    scale: range
    detractors: range
    passives: range
    promoters: range
    headline: HeadlineType

    def bucket(self, score: int) -> Bucket:
        """Whose answer the score is. Raises BadField for a score outside the scale."""
        if score in self.promoters:
            return "promoter"
        if score in self.passives:
            return "passive"
        if score in self.detractors:
            return "detractor"
        raise _outside(self.scale)


def kind(name: str) -> Kind:
    """The kind of that name. Raises NotFound."""
    for known in kinds():
        if known.name == name:
            return known
    raise NotFound(f"there is no survey kind {name!r}; there are {', '.join(known.name for known in kinds())}")


@cache
def kinds() -> tuple[Kind, ...]:
    """Every kind, in the order in which `KindName` lists them."""
    return tuple(_read(name) for name in get_args(KindName))


def parse_score(text: str, scale: range) -> int:
    """The score that the text spells in ASCII digits, or BadField.

    No sign, no space, no leading zero, no fraction: what is not plainly a score must not become a 0, a false detractor.
    """
    if not _WHOLE_NUMBER.fullmatch(text) or int(text) not in scale:
        raise _outside(scale)
    return int(text)


def _outside(scale: range) -> BadField:
    return BadField("score", f"must be a whole number from {scale[0]} to {scale[-1]}")


def _read(name: KindName) -> Kind:
    written = tomllib.loads((files("cx_domain") / "kind_files" / f"{name}.toml").read_text(encoding="utf-8"))
    return Kind(
        name=name,
        scale=_range(written, "scale"),
        detractors=_range(written, "detractors"),
        passives=_range(written, "passives"),
        promoters=_range(written, "promoters"),
        headline=written["headline"],
    )


def _range(written: Mapping[str, Sequence[int]], key: str) -> range:
    """`[first, last]`, both inclusive; `[]` is empty."""
    match written[key]:
        case [first, last]:
            return range(first, last + 1)
        case _:
            return range(0)
