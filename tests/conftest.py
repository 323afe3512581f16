"""In which order tests run, and what Python's garbage collector need not look at again."""

import gc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("fuzz", max_examples=1000, deadline=None)
"""For `make fuzz`: otherwise a hundred examples of each property are enough to be told of a mistake that was made today."""

settings.register_profile("patient", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
"""No test is about the speed of the machine that runs it. All else stays as it is, on CI as at home."""

LONGEST_FIRST = (
    "journey/test_kills.py",
    "faults",
    "packages",
    "browser/test_pages.py",
    "journey/test_known_truth.py",
    "functions/test_rollup.py",
    "journey",
    "functions",
    "browser",
    "contract",
    "senders",
    "operator",
    "local",
)
"""Files and folders that take long: begun early, so that two workers end together. What is not here comes after."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _place(item.path.relative_to(Path(__file__).parent)))


def pytest_collection_finish() -> None:
    """Thousands of tests are collected and stay; the collector need not go through them again and again."""
    gc.collect()
    gc.freeze()


def _place(file: Path) -> int:
    own = [file.as_posix(), *(folder.as_posix() for folder in file.parents)]
    return next((place for place, each in enumerate(LONGEST_FIRST) if each in own), len(LONGEST_FIRST))
