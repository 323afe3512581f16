"""One package for each function: its own modules, the files that they read, and the distributions that they import.

Our modules lie there as sources with their byte code, so that a traceback shows our lines. Distributions bring byte code alone, where
Python looks for it when there is no source: `jwt/api_jwt.pyc` (PEP 3147). Their tracebacks still name file and line.
"""

import shutil
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from infra.packaging import targets
from infra.packaging.deployed import DeployedFunction
from infra.packaging.distributions import Site, read_site
from infra.packaging.modules import Reached, reached
from infra.packaging.operations import described, words
from infra.packaging.pruning import BOTOCORE_DATA, endpoints, is_used
from infra.packaging.resources import resources
from infra.packaging.targets import Target

_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""Zips know no earlier time; one that is always the same makes the same zip of the same files."""
_READ_BY_ALL = 0o644 << 16


@dataclass(frozen=True, slots=True)
class Package:
    """A function's files, by where they lie on Lambda; what is cut down stands as bytes."""

    function: DeployedFunction
    files: Mapping[PurePosixPath, Path | bytes]

    def write_folder(self, folder: Path) -> None:
        """Write it as a folder, as SAM and Python want it. What was there goes."""
        shutil.rmtree(folder, ignore_errors=True)
        for name, source in sorted(self.files.items()):
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(source, bytes):
                place.write_bytes(source)
            else:
                shutil.copyfile(source, place)

    def write_zip(self, file: Path) -> int:
        """Write it as Lambda takes it, the same bytes for the same files; returns the zip's size."""
        file.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name, source in sorted(self.files.items()):
                entry = zipfile.ZipInfo(str(name), _LONG_AGO)
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, _READ_BY_ALL
                archive.writestr(entry, source if isinstance(source, bytes) else source.read_bytes())
        return file.stat().st_size

    @property
    def unpacked(self) -> int:
        """How many bytes Lambda unpacks; it takes 250 MB."""
        return sum(len(each) if isinstance(each, bytes) else each.stat().st_size for each in self.files.values())


def packages(target: Target, functions: Iterable[DeployedFunction]) -> Iterator[Package]:
    """Make the packages of these functions; what they share is made once."""
    traced = [(function, reached(function.module)) for function in functions]
    own = {function.name: frozenset(_own_files(found)) for function, found in traced}
    site, folder = read_site(targets.installed(target)), targets.staged(target, frozenset().union(*own.values()))
    for function, found in traced:
        files: dict[PurePosixPath, Path | bytes] = {}
        for file in own[function.name]:
            files |= _with_compiled(folder, file)
        used, named = is_used(function.services, found.foreign), words(found.own.values())
        for name in site.needed(found.tops, function.module):
            files |= _distribution(site, filter(used, site.files(name)), function.services, named)
        yield Package(function, files)


def _own_files(found: Reached) -> Iterator[Path]:
    yield from found.own.values()
    yield from resources(found.own)


def _with_compiled(folder: Path, file: Path) -> dict[PurePosixPath, Path | bytes]:
    source = folder / file
    compiled = source.with_suffix(".mo")
    made = [*targets.byte_code(source), *([compiled] if source.suffix == ".po" and compiled.exists() else [])]
    files: dict[PurePosixPath, Path | bytes] = {
        PurePosixPath(each.relative_to(folder)): each for each in (source, *made)
    }
    if targets.is_template(file):
        files |= _compiled_or_as_it_is(folder, PurePosixPath(targets.template_module(file)))
    return files


def _distribution(
    site: Site, used: Iterable[PurePosixPath], services: frozenset[str], named: frozenset[str]
) -> dict[PurePosixPath, Path | bytes]:
    files: dict[PurePosixPath, Path | bytes] = {}
    for file in used:
        if file == BOTOCORE_DATA / "endpoints.json":
            files[file] = endpoints(site.folder / file, services)
        elif file.name == "service-2.json.gz":
            files[file] = described(site.folder / file, named)
        elif file.name == "METADATA":
            # A name and a version are what anybody asks for; behind the first empty line a whole README follows.
            files[file] = (site.folder / file).read_bytes().partition(b"\n\n")[0] + b"\n"
        else:
            files |= _compiled_or_as_it_is(site.folder, file)
    return files


def _compiled_or_as_it_is(folder: Path, file: PurePosixPath) -> dict[PurePosixPath, Path | bytes]:
    compiled = next(targets.byte_code(folder / file), None)
    return {file: folder / file} if compiled is None else {file.with_suffix(".pyc"): compiled}
