"""Data of botocore and Babel, cut down to what a function uses: most of what they bring is about other services and languages."""

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from infra.packaging.modules import ROOT

BOTOCORE_DATA = PurePosixPath("botocore/data")
_ALWAYS = {"endpoints.json", "partitions.json", "_retry.json", "sdk-default-configuration.json"}
_MAKES_A_CLIENT = ("service-2", "endpoint-rule-set", "paginators")
_LOCALE_DATA = PurePosixPath("babel/locale-data")

_POWERTOOLS = PurePosixPath("aws_lambda_powertools")
_UNUSED = (
    # Only boto3.resource reads these, and nobody here makes one.
    PurePosixPath("boto3/data"),
    # A second copy of tzdata, for dateutil's own zones.
    PurePosixPath("dateutil/zoneinfo/dateutil-zoneinfo.tar.gz"),
    # cryptography needs cffi's compiled part, which lies beside this folder; the rest is for who builds such parts.
    PurePosixPath("cffi"),
    # The whole database once more, as text; zoneinfo reads the files of the zones.
    PurePosixPath("tzdata/zoneinfo/tzdata.zi"),
    # For Python inside a browser.
    PurePosixPath("urllib3/contrib/emscripten"),
    # Each is imported by its own name only, and here by nobody.
    _POWERTOOLS / "event_handler" / "openapi" / "swagger_ui",
    *(
        _POWERTOOLS / "utilities" / name
        for name in (
            "auth_alpha",
            "circuit_breaker",
            "data_masking",
            "feature_flags",
            "idempotency",
            "kafka",
            "parameters",
            "parser",
            "streaming",
            "validation",
        )
    ),
)
_ROUTER, _BATCH = "aws_lambda_powertools.event_handler", "aws_lambda_powertools.utilities.batch"
_ONLY_BEHIND = {
    _POWERTOOLS / "event_handler": {_ROUTER},
    _POWERTOOLS / "utilities" / "batch": {_BATCH},
    _POWERTOOLS / "utilities" / "data_classes": {_ROUTER, _BATCH},
}
"""Folders that are needed only where one of these is imported."""


def is_used(services: frozenset[str], imported: frozenset[str]) -> Callable[[PurePosixPath], bool]:
    """Whether a function that speaks to these services and imports these names has a use for a file."""
    unused = (*_UNUSED, *(folder for folder, users in _ONLY_BEHIND.items() if not users & imported))
    languages = {each.name for each in (ROOT / "templates" / "locales").iterdir() if each.is_dir()} | {"root"}

    def used(path: PurePosixPath) -> bool:
        if path.is_relative_to(BOTOCORE_DATA):
            below = path.relative_to(BOTOCORE_DATA).parts
            if len(below) == 1:
                return below[0] in _ALWAYS
            return below[0] in services and below[-1].startswith(_MAKES_A_CLIENT)
        if path.is_relative_to(_LOCALE_DATA):
            return path.stem.partition("_")[0] in languages
        return not any(path.is_relative_to(folder) for folder in unused)

    return used


def endpoints(file: Path, services: frozenset[str]) -> bytes:
    """Cut botocore's endpoints.json down to these services; the names of all regions and partitions stay."""
    known = json.loads(file.read_bytes())
    prefixes = set(_prefixes(file.parent, services))
    for partition in known["partitions"]:
        partition["services"] = {name: each for name, each in partition["services"].items() if name in prefixes}
    return json.dumps(known, separators=(",", ":")).encode()


def _prefixes(data: Path, services: frozenset[str]) -> Iterator[str]:
    """What endpoints.json calls each service: its endpoint's first word."""
    for service in services:
        for file in sorted((data / service).glob("*/service-2.json*")):
            text = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
            yield json.loads(text)["metadata"]["endpointPrefix"]
