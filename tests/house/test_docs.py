"""The pages promise nothing that is not there, and leave out nothing that is."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from cx_domain.scanners import ScannerReason
from cx_domain.shop_files import read_shop_file
from cx_domain.surveys import Reason
from cx_domain.verdicts import Verdict, VerdictReason
from infra import platforms, settings
from infra.operator.cli import app
from infra.platforms import IgnoredReason
from tests.house.lifecycle_table import rendered
from tests.house.sources import ROOT
from tests.template import functions, template

DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)|(?:href|src)=\"([^\"#]+)\"")

MADE = re.compile(r"(?:^|`|\$ )make ([a-z-]+)", re.MULTILINE)


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def commands() -> dict[str, TyperCommand]:
    """Every command, by what is typed after `afterorder`."""
    return dict(_commands(get_command(app), ()))


def _commands(command: object, path: tuple[str, ...]) -> Iterator[tuple[str, TyperCommand]]:
    match command:
        case TyperGroup(commands=inner):
            for name, each in inner.items():
                yield from _commands(each, (*path, name))
        case TyperCommand():
            yield " ".join(path), command
        case _:
            raise AssertionError(f"{path} is neither a command nor a group of commands")


def options() -> Iterator[tuple[str, str]]:
    """Every option with the command that takes it; of a pair such as --serve/--no-serve, the one that changes something."""
    for name, command in commands().items():
        for parameter in command.params:
            if parameter.opts[0].startswith("--"):
                yield name, (parameter.secondary_opts or parameter.opts)[0]


def routes() -> Iterator[str]:
    for function in functions().values():
        for event in function["Events"].values():
            if event["Type"] == "HttpApi":
                yield f"{event['Properties']['Method']} {event['Properties']['Path']}"


def targets(page: Path) -> set[str]:
    """What a page links to inside the repository, as it is written."""
    found = {first or second for first, second in LINK.findall(text(page))}
    return {target for target in found if not re.match(r"[a-z]+:", target)}


def follow_an_order() -> list[list[str]]:
    """The cells of the README's table."""
    section = text(ROOT / "README.md").split("## Follow an order")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| ")]
    return rows[1:]


@pytest.mark.parametrize("name", [setting.name for setting in settings.SETTINGS])
def test_every_setting_is_in_the_documentation(name: str) -> None:
    assert f"| `{name}` |" in text(DOCS / "configuration.md")


def test_the_table_of_settings_leaves_none_out() -> None:
    written = {value for value in vars(settings).values() if isinstance(value, settings.Setting)}

    assert set(settings.SETTINGS) == written


@pytest.mark.parametrize("name", list(template()["Parameters"]))
def test_every_parameter_of_the_template_is_in_the_documentation_with_its_default(name: str) -> None:
    (row,) = [line for line in text(DOCS / "configuration.md").splitlines() if line.startswith(f"| `{name}` |")]

    default = str(template()["Parameters"][name]["Default"])
    assert not default or f"`{default}`" in row.split("|")[3]


@pytest.mark.parametrize("command", sorted(commands()))
def test_every_command_is_in_the_documentation(command: str) -> None:
    assert re.search(rf"`afterorder {command}[ `]", text(DOCS / "commands.md"))


@pytest.mark.parametrize(("command", "option"), list(options()))
def test_every_option_is_in_the_documentation(command: str, option: str) -> None:
    lines = [
        line for line in text(DOCS / "commands.md").splitlines() if f"`{command}`" in line or f" {command} " in line
    ]

    assert any(option in line for line in lines)


def test_the_documentation_names_no_command_that_there_is_not() -> None:
    known = set(commands())
    groups = "|".join(sorted({command.split()[0] for command in known if " " in command}))

    named = {match for page in PAGES for match in re.findall(rf"afterorder ((?:{groups}) [a-z]+)", text(page))}

    assert named - known == set()


@pytest.mark.parametrize("route", list(routes()))
def test_every_public_route_is_in_the_documentation(route: str) -> None:
    assert f"`{route}`" in text(DOCS / "local-stack.md")


@pytest.mark.parametrize(
    "reason",
    [*get_args(Reason), *get_args(IgnoredReason), *get_args(Verdict), *get_args(ScannerReason)],
)
def test_every_reason_is_told_in_plain_words(reason: str) -> None:
    (row,) = [line for line in text(DOCS / "reasons.md").splitlines() if line.startswith(f"| `{reason}` |")]

    assert len(row.split("|")[2].split()) > 1 or row.split("|")[2].strip() in {"yes", "no"}


def test_no_reason_is_told_that_there_is_not() -> None:
    told = set(re.findall(r"^\| `([a-z-]+)` \|", text(DOCS / "reasons.md"), re.MULTILINE))

    assert told == {
        *get_args(Reason),
        *get_args(IgnoredReason),
        *get_args(Verdict),
        *(reason for part in get_args(VerdictReason) for reason in get_args(part) or (part,)),
    }


@pytest.mark.parametrize("name", platforms.platforms())
def test_every_platform_has_a_page(name: str) -> None:
    assert (DOCS / "platforms" / f"{name}.md").exists() or (DOCS / "webhooks" / f"{name}.md").exists()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = [target for target in sorted(targets(page)) if not (page.parent / target).exists()]

    assert broken == []


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_page_can_be_reached_from_the_readme(page: Path) -> None:
    assert str(page.relative_to(ROOT)) in targets(ROOT / "README.md")


def test_every_step_of_an_order_has_a_file_and_a_test() -> None:
    paths = [re.findall(r"\]\(([^)]+)\)", row[place]) for row in follow_an_order() for place in (1, 3)]

    assert all(paths)
    assert [path for cell in paths for path in cell if not (ROOT / path).is_file()] == []


def test_every_function_is_a_step_of_an_order() -> None:
    files = " ".join(row[1] for row in follow_an_order())

    assert [name for name in functions() if f"functions/{name}.py" not in files] == []


def test_the_lifecycle_on_the_page_is_the_codes() -> None:
    page = text(DOCS / "architecture.md")

    assert page[page.index("|  | waiting |") :].strip() == rendered()


@pytest.mark.parametrize("target", sorted({target for page in PAGES for target in MADE.findall(text(page))}))
def test_every_make_target_that_pages_name_is_in_the_makefile(target: str) -> None:
    assert re.search(rf"^{target}:", text(ROOT / "Makefile"), re.MULTILINE)


def test_the_first_shop_of_a_newcomer_is_a_good_one() -> None:
    shop = read_shop_file(text(DOCS / "first-survey" / "shop.toml"))

    assert f"afterorder shop connect {shop.id} standard" in text(ROOT / "README.md")


@pytest.mark.parametrize("name", ["mail", "rating-page", "report"])
def test_the_readmes_pictures_are_there_and_small(name: str) -> None:
    picture = (DOCS / "pictures" / f"{name}.png").read_bytes()

    assert picture.startswith(b"\x89PNG")
    assert len(picture) < 300_000


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_program_writes_into_a_page_ends_where_it_says(page: Path) -> None:
    marks = re.findall(r"<!-- (?:\S+ writes from|to) here -->", text(page))

    assert marks[::2] == [mark for mark in marks if "writes from" in mark]
    assert marks[1::2] == ["<!-- to here -->"] * len(marks[::2])
