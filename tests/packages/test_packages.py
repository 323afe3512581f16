"""Every function starts from its package under AWS's own runtime client, with nothing else within reach, and does its work."""

import gzip
import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from jinja2 import ModuleLoader

from benchmarks.modules import BUDGETS, loaded
from infra.packaging.deployed import deployed_functions, runtime
from infra.packaging.packages import Package, packages
from infra.packaging.resources import READ_BY
from infra.packaging.targets import Missing, Target, for_lambda, for_this_machine, installed
from tests.house.sources import ROOT
from tests.packages.story import Story, a_story

NAMES = sorted(deployed_functions())
MOST_BYTES = 8_000_000
WEBHOOK = "OrderWebhookFunction"


@pytest.fixture(scope="module")
def target() -> Target:
    """The runtime's own Python where this machine has it, else the one that runs the tests."""
    return for_this_machine(runtime())


@pytest.fixture(scope="module")
def made(target: Target) -> Mapping[str, Package]:
    return {each.function.name: each for each in packages(target, deployed_functions().values())}


@pytest.fixture(scope="module")
def folders(made: Mapping[str, Package], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packages")
    for name, package in made.items():
        package.write_folder(folder / name)
    return folder


@pytest.fixture(scope="module")
def story(target: Target, folders: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with a_story(target, folders, tmp_path_factory.mktemp("stack")) as played:
        yield played


@pytest.fixture(scope="module")
def told(story: Story) -> Mapping[str, Any]:
    return story.play()


def test_the_webhook_keeps_the_order(told: Mapping[str, Any]) -> None:
    assert told[WEBHOOK]["statusCode"] == 200


def test_orders_are_fetched_for_who_asked_for_it(told: Mapping[str, Any]) -> None:
    assert set(told["FetchOrdersFunction"]) == {"idle_until"}


def test_the_dispatcher_finds_the_survey_due(told: Mapping[str, Any]) -> None:
    assert told["DispatchFunction"] == {"released": 1}


def test_the_sender_mails_anna_in_polish(told: Mapping[str, Any], story: Story) -> None:
    assert told["SendSurveyFunction"] == {"batchItemFailures": []}
    assert [mail.to for mail in story.cloud.mails()] == [("anna@example.com",)]


def test_the_delivery_is_noted(told: Mapping[str, Any]) -> None:
    assert told["MailEventsFunction"] == {"batchItemFailures": []}


def test_the_page_shows_what_was_tapped(told: Mapping[str, Any]) -> None:
    page = told["SurveyPageFunction"]

    assert page["statusCode"] == 200
    assert '<html lang="pl"' in page["body"]


def test_the_customer_may_stop_the_questions(told: Mapping[str, Any]) -> None:
    assert told["UnsubscribeFunction"]["statusCode"] == 200


def test_the_report_is_made_in_every_form(told: Mapping[str, Any]) -> None:
    made = {key.rpartition("/")[2] for key in told["RollupFunction"]["keys"]}

    assert {"report.html", "report.json", "report.xlsx"} <= made


def test_the_manager_sees_the_list_of_reports(told: Mapping[str, Any]) -> None:
    assert told["ReportDownloadFunction"]["statusCode"] == 200
    assert "2026" in told["ReportDownloadFunction"]["body"]


def test_every_function_of_the_template_is_in_this_story(told: Mapping[str, Any]) -> None:
    assert sorted(told) == NAMES


def test_the_webhooks_package_can_check_rsa_signatures(target: Target, folders: Path) -> None:
    code = "from jwt.algorithms import RSAAlgorithm; RSAAlgorithm(RSAAlgorithm.SHA256); import cryptography.x509"
    started = [str(target.python), "-S", "-c", code]

    done = subprocess.run(started, env={"PYTHONPATH": str(folders / WEBHOOK)}, capture_output=True, check=False)

    assert done.returncode == 0, done.stderr


def descriptions(package: Package) -> list[dict[str, Any]]:
    """What botocore finds in a package about services."""
    found = [each for path, each in package.files.items() if path.name == "service-2.json.gz"]
    return [json.loads(gzip.decompress(each)) for each in found if isinstance(each, bytes)]


def all_operations(target: Target, service: str) -> set[str]:
    """Every operation that botocore knows of a service."""
    (file,) = (installed(target) / "botocore" / "data" / service).glob("*/service-2.json.gz")
    return set(json.loads(gzip.decompress(file.read_bytes()))["operations"])


# --- what is in them -------------------------------------------------------------------------------------------------


def test_where_the_runtimes_python_is_not_the_build_says_so() -> None:
    with pytest.raises(Missing, match=r"python3\.99 is missing.*Install it"):
        for_lambda("3.99")


def test_only_the_webhook_brings_cryptography(made: Mapping[str, Package]) -> None:
    bring = {name for name, package in made.items() if any(path.parts[0] == "cryptography" for path in package.files)}

    assert bring == {WEBHOOK}


@pytest.mark.parametrize("name", [WEBHOOK, "SurveyPageFunction"])
def test_what_a_customer_or_a_shop_waits_for_is_small(made: Mapping[str, Package], tmp_path: Path, name: str) -> None:
    assert made[name].write_zip(tmp_path / "package.zip") <= MOST_BYTES


def test_the_same_files_make_the_same_zip(made: Mapping[str, Package], tmp_path: Path) -> None:
    dispatch = made["DispatchFunction"]

    dispatch.write_zip(tmp_path / "once.zip")
    dispatch.write_zip(tmp_path / "twice.zip")

    assert (tmp_path / "once.zip").read_bytes() == (tmp_path / "twice.zip").read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_a_package_knows_only_the_services_that_its_function_may_speak_to(
    made: Mapping[str, Package], name: str
) -> None:
    known = {path.parts[2] for path in made[name].files if path.parts[:2] == ("botocore", "data") and path.parts[3:]}

    assert known == made[name].function.services


@pytest.mark.parametrize("name", NAMES)
def test_a_package_knows_every_operation_that_its_function_may_ask_for(
    target: Target, made: Mapping[str, Package], name: str
) -> None:
    package = made[name]
    whole = {operation for service in package.function.services for operation in all_operations(target, service)}
    known = {operation for content in descriptions(package) for operation in content["operations"]}

    asked = {action.partition(":")[2] for action in package.function.actions} & whole

    assert asked
    assert asked <= known | {operation.removesuffix("Batch") for operation in known}
    assert len(known) < 40, "of some seven hundred"


@pytest.mark.parametrize("name", NAMES)
def test_every_module_of_a_package_is_compiled_for_good(made: Mapping[str, Package], name: str) -> None:
    files = made[name].files

    sources = {path.with_suffix("") for path in files if path.suffix == ".py"}
    beside = {path.parents[1] / path.name.partition(".")[0] for path in files if "__pycache__" in path.parts}
    flags = {each.read_bytes()[4:8] for path, each in files.items() if path.suffix == ".pyc" and isinstance(each, Path)}

    assert sources == beside
    assert flags == {b"\x01\x00\x00\x00"}, "PEP 552: a hash, and not checked"


@pytest.mark.parametrize("name", NAMES)
def test_every_template_of_a_package_is_compiled_too(made: Mapping[str, Package], name: str) -> None:
    files = {path for path in made[name].files if path.parts[0] == "templates" and path.parts[1] != "locales"}

    compiled = {path.stem for path in files if path.parts[1] == "compiled"}
    written = {str(path.relative_to("templates")) for path in files if path.parts[1] != "compiled"}

    assert compiled == {ModuleLoader.get_template_key(template) for template in written}


@pytest.mark.parametrize("name", NAMES)
def test_a_function_loads_no_more_than_its_budget(target: Target, folders: Path, name: str) -> None:
    budget = BUDGETS[name].modules

    found = loaded(target.python, folders / name, deployed_functions()[name].module)

    assert 0.95 * budget < found <= budget, "a budget far above what is loaded holds nothing: write the new one"


@pytest.mark.parametrize("name", NAMES)
def test_a_package_shows_our_sources_and_nobody_elses(made: Mapping[str, Package], name: str) -> None:
    sources = {path.parts[0] for path in made[name].files if path.suffix == ".py"}

    assert sources == {"cx_domain", "functions", "infra"}


@pytest.mark.parametrize("name", NAMES)
def test_a_package_holds_nothing_of_tests_the_local_stack_or_the_command_line(
    made: Mapping[str, Package], name: str
) -> None:
    folders = {"/".join(path.parts[:2]) for path in made[name].files}

    assert not folders & {"infra/local", "infra/operator", "infra/packaging", "templates/local"}
    assert not any({"tests", "test"} & set(path.parts[:-1]) for path in made[name].files)


def test_every_template_is_read_by_a_module_that_says_so() -> None:
    said = {file for patterns in READ_BY.values() for pattern in patterns for file in ROOT.glob(pattern)}
    templates = [
        file for file in (ROOT / "templates").rglob("*.*") if "local" not in file.parts and file.suffix != ".mo"
    ]

    assert [str(file.relative_to(ROOT)) for file in templates if file not in said and "__" not in file.name] == []
