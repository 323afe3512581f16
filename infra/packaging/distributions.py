"""Third-party distributions as they lie installed in a folder: which are needed for which imports, and which of their files."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path, PurePosixPath

BEHIND = {"zoneinfo": "tzdata"}
"""What the standard library needs besides, where the machine has none of its own."""
NOBODYS = frozenset({"pycparser"})
"""Required by cffi, for compiling only."""
WITHOUT = {
    "functions.fetch_orders": frozenset({"pyjwt", "cryptography"}),
}
"""Distributions that a function's imports reach but that it never uses: reading orders through an API checks no webhook's signature."""
NOT_NEEDED = re.compile(
    r"(^|/)(tests?|examples)/|\.(pyi|c|h|pxd|pyx)$|(^|/)py\.typed$|^bin/|/__pycache__/|\.dist-info/(?!METADATA|entry_points)"
)
EXTRAS = {"pyjwt": ("crypto",)}
"""What requirements/run.in asks for in square brackets."""
_EXTRA = re.compile(r"""extra == ["']([^"']+)""")
_NAME = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Site:
    """A folder of installed distributions."""

    folder: Path
    found: Mapping[str, Distribution]
    tops: Mapping[str, str]

    def needed(self, tops: Iterable[str], module: str) -> set[str]:
        """The distributions behind imported top names, with all that they require in turn."""
        without = NOBODYS | WITHOUT.get(module, frozenset())
        wanted = [BEHIND.get(top, top) for top in tops]
        waiting = [self.tops[top] for top in wanted if top in self.tops]
        needed: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name not in needed and name in self.found and name not in without:
                needed.add(name)
                waiting += list(_required(self.found[name]))
        return needed

    def files(self, name: str) -> Iterator[PurePosixPath]:
        """The files of a distribution that are worth having on Lambda, relative to the folder."""
        for file in self.found[name].files or ():
            path = PurePosixPath(file)
            if ".." not in path.parts and not NOT_NEEDED.search(str(path)):
                yield path


def read_site(folder: Path) -> Site:
    found = {normal(each.name): each for each in distributions(path=[str(folder)])}
    tops = {
        path.parts[0].removesuffix(".py"): name
        for name, each in found.items()
        for path in map(PurePosixPath, each.files or ())
        if path.suffix == ".py" and ".." not in path.parts
    }
    return Site(folder, found, tops)


def normal(name: str) -> str:
    """A distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _required(distribution: Distribution) -> Iterator[str]:
    own = normal(distribution.name)
    for requirement in distribution.requires or ():
        name, extra = _NAME.match(requirement), _EXTRA.search(requirement)
        if name is not None and (extra is None or extra[1] in EXTRAS.get(own, ())):
            yield normal(name[0])
