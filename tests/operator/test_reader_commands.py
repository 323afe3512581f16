"""Managers are added, removed and listed, and each has one link that stays the same until they are removed."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from cx_domain.identities import manager_key
from cx_domain.shops import ShopId
from infra.operator.session import Stack
from tests.operator.conftest import ACME as ACME_FILE

Say = Callable[..., Result]
EWA, BOSS = "ewa@acme.example", "boss@acme.example"
ACME = ShopId("acme")


def listed(afterorder: Say) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(afterorder("manager", "list", "acme", "--json").stdout)
    return found


@pytest.mark.usefixtures("acme")
def test_who_is_added_gets_a_link_and_stands_in_the_list(afterorder: Say) -> None:
    added = afterorder("manager", "add", "acme", EWA, "--name", "Ewa Nowak")

    assert added.exit_code == 0
    assert added.stdout.startswith("https://ask.acme.test/r/acme.")
    assert EWA not in added.stdout
    assert [(each["address"], each["name"], each["in_file"]) for each in listed(afterorder)] == [
        (BOSS, None, True),
        (EWA, "Ewa Nowak", False),
    ]


@pytest.mark.usefixtures("acme")
def test_a_link_stays_the_same_however_often_it_is_asked_for(afterorder: Say) -> None:
    first = afterorder("manager", "add", "acme", EWA).stdout

    again = afterorder("manager", "add", "acme", EWA, "--name", "Ewa").stdout
    asked = afterorder("manager", "link", "acme", " Ewa@ACME.example ").stdout

    assert first == again == asked


@pytest.mark.usefixtures("acme")
def test_each_manager_has_another_link(afterorder: Say) -> None:
    assert afterorder("manager", "add", "acme", EWA).stdout != afterorder("manager", "link", "acme", BOSS).stdout


@pytest.mark.usefixtures("acme")
def test_who_was_removed_and_comes_back_has_a_new_link(afterorder: Say) -> None:
    before = afterorder("manager", "add", "acme", EWA).stdout

    removed = afterorder("manager", "remove", "acme", EWA)
    after = afterorder("manager", "add", "acme", EWA).stdout

    assert removed.stdout == "No link of ewa@acme.example opens any more, and no digest goes there.\n"
    assert removed.stderr == ""
    assert before != after


@pytest.mark.usefixtures("acme")
def test_removing_whom_the_file_names_says_so_and_counts_all_the_same(afterorder: Say) -> None:
    removed = afterorder("manager", "remove", "acme", BOSS)

    (boss,) = listed(afterorder)
    assert "The file of acme still names boss@acme.example." in removed.stderr
    assert boss["removed_at"] is not None
    assert "file, removed" in afterorder("manager", "list", "acme").stdout
    assert afterorder("manager", "link", "acme", BOSS).exit_code == 1


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize("command", ["remove", "link"])
def test_who_is_no_manager_is_refused_with_whoever_comes_near(afterorder: Say, command: str) -> None:
    refused = afterorder("manager", command, "acme", "bos@acme.example")

    said = 'bos@acme.example does not read the reports of acme; did you mean "boss@acme.example"?'
    assert (refused.exit_code, " ".join(refused.stderr.split())) == (1, said)


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((EWA[:-8], "--name", "Ewa"), "ADDRESS: is not an e-mail address"),
        ((EWA, "--name", " "), "--name: must not be empty"),
        ((EWA, "--name", "x" * 101), "--name: must be at most 100 characters long, not 101"),
    ],
    ids=["no-address", "no-name", "a-long-name"],
)
def test_what_cannot_be_kept_is_refused_and_changes_nothing(afterorder: Say, words: tuple[str, ...], said: str) -> None:
    refused = afterorder("manager", "add", "acme", *words)

    assert (refused.exit_code, refused.stderr.strip()) == (1, said)
    assert [each["address"] for each in listed(afterorder)] == [BOSS]


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize("command", [("add", EWA), ("remove", EWA), ("link", EWA), ("list",)], ids=" ".join)
def test_a_shop_that_there_is_not_is_refused(afterorder: Say, command: tuple[str, ...]) -> None:
    refused = afterorder("manager", command[0], "nobody", *command[1:])

    assert refused.exit_code == 1
    assert "There is no shop 'nobody'" in refused.stderr


def test_the_list_tells_when_each_came_last_and_by_which_key_logs_know_them(acme: Stack, afterorder: Say) -> None:
    key = manager_key(acme.secrets.key_ring().identity, ACME, BOSS)
    late_on_sunday = datetime(2026, 1, 11, 23, 30, tzinfo=UTC)
    acme.readers.note_opening(ACME, key, late_on_sunday, late_on_sunday)

    shown = afterorder("manager", "list", "acme").stdout

    (boss,) = listed(afterorder)
    assert (boss["opened_at"], boss["key"]) == ("2026-01-11T23:30:00+00:00", key)
    assert "2026-01-12" in shown
    assert key in shown


def test_a_shop_without_managers_is_told_how_to_add_one(stack: Stack, afterorder: Say, tmp_path: Path) -> None:
    del stack
    file = tmp_path / "shop.toml"
    lonely = [line for line in ACME_FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("managers")]
    file.write_text("\n".join(lonely), encoding="utf-8")
    afterorder("shop", "put", str(file))

    told = afterorder("manager", "list", "acme")

    assert (told.stdout, told.stderr) == (
        "",
        "Nobody reads the reports of acme yet; say `afterorder manager add acme ADDRESS`.\n",
    )
