"""Who may know whom: the folders are the architecture."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.house.sources import PACKAGES, attributes, files, imports, within

SETTINGS = Path("infra/settings.py")
CLOCK = Path("infra/clock.py")
MAY_READ_THE_CLOCK = {
    # Makes the virtual time that a new data folder begins with, and the Runtime API's deadlines, which are real time.
    Path("infra/local/virtual_clock.py"),
}
GIVES_AN_ENVIRONMENT = Path("infra/local/forkserver.py")
"""To the processes that it forks; it reads nothing of its own."""
READS_THE_ENVIRONMENT = {"os.environ", "os.getenv", "os.environb", "os.putenv"}
READS_THE_CLOCK = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"}


def foreign(path: Path, *packages: str) -> set[str]:
    """What a file imports of this repository besides these packages."""
    ours = {name for name in imports(path) if any(within(name, package) for package in (*PACKAGES, "tests"))}
    return {name for name in ours if not any(within(name, package) for package in packages)}


def offenders(paths: Iterable[Path], found: Callable[[Path], set[str]]) -> dict[str, set[str]]:
    """The files in which there is what there must not be, and what it is."""
    return {str(path): names for path in paths if (names := found(path))}


def test_the_domain_imports_the_standard_library_and_itself() -> None:
    def from_elsewhere(path: Path) -> set[str]:
        tops = {name.partition(".")[0] for name in imports(path)}
        return tops - sys.stdlib_module_names - {"cx_domain"}

    assert offenders(files("cx_domain"), from_elsewhere) == {}


def test_a_function_knows_the_domain_and_infra_and_no_other_function() -> None:
    assert offenders(files("functions"), lambda path: foreign(path, "cx_domain", "infra")) == {}


def test_infra_knows_the_domain_and_reaches_functions_only_by_the_templates_handlers() -> None:
    assert offenders(files("infra"), lambda path: foreign(path, "cx_domain", "infra")) == {}


def test_aws_is_spoken_to_in_infra_only() -> None:
    def spoken(path: Path) -> set[str]:
        return {name for name in imports(path) if within(name, "boto3") or within(name, "botocore")}

    assert offenders(files("cx_domain", "functions"), spoken) == {}


def test_what_runs_on_aws_knows_nothing_of_the_local_stack_or_the_command_line() -> None:
    on_aws = [path for path in files(*PACKAGES) if not {"local", "operator"} & set(path.parts)]

    def of_this_machine(path: Path) -> set[str]:
        return {name for name in imports(path) if within(name, "infra.local") or within(name, "infra.operator")}

    assert offenders(on_aws, of_this_machine) == {}


def test_the_environment_is_read_in_one_file() -> None:
    others = [path for path in files(*PACKAGES) if path not in (SETTINGS, GIVES_AN_ENVIRONMENT)]

    assert offenders(others, lambda path: READS_THE_ENVIRONMENT & (attributes(path) | imports(path))) == {}


def test_the_time_is_asked_in_one_file() -> None:
    others = [path for path in files(*PACKAGES) if path not in {CLOCK, *MAY_READ_THE_CLOCK}]

    assert offenders(others, lambda path: READS_THE_CLOCK & (attributes(path) | imports(path))) == {}


def test_every_exception_from_that_rule_is_still_needed() -> None:
    assert {path for path in MAY_READ_THE_CLOCK if READS_THE_CLOCK & attributes(path)} == MAY_READ_THE_CLOCK


def test_nothing_is_imported_by_a_relative_path() -> None:
    assert offenders(files(*PACKAGES, "tests"), lambda path: {n for n in imports(path) if n.startswith(".")}) == {}
