"""Whatever ends a command is told in a sentence that somebody can act on."""

from pathlib import Path

import pytest
from botocore.exceptions import ClientError, NoCredentialsError
from typer.testing import CliRunner

from cx_domain.errors import BadShopFile, Mistake, Trouble
from infra.operator.cli import app
from infra.operator.refusals import sentence


def denied() -> ClientError:
    return ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "GetParameter")


def test_a_denied_call_names_what_the_credentials_may_not_do() -> None:
    assert sentence(denied()).startswith("These credentials may not do GetParameter: no")


def test_a_denial_behind_our_own_error_is_told_all_the_same() -> None:
    trouble = Trouble("GetItem: AccessDeniedException")
    trouble.__cause__ = denied()

    assert sentence(trouble).startswith("These credentials may not do GetParameter")


def test_missing_credentials_say_how_to_get_some() -> None:
    assert "`afterorder local` prints" in sentence(NoCredentialsError())


def test_each_mistake_of_a_shops_file_has_its_line() -> None:
    refused = BadShopFile([Mistake("timezone", "is unknown"), Mistake("name", "must be there")])

    assert sentence(refused) == "timezone: is unknown\nname: must be there"


@pytest.mark.parametrize(
    ("words", "code"),
    [(["local", "--now", "Monday"], 1), (["demo", "--days", "0"], 2), (["shop"], 2), (["shops"], 2)],
)
def test_what_cannot_be_done_ends_with_its_code_and_no_traceback(words: list[str], code: int) -> None:
    said = CliRunner().invoke(app, words)

    assert said.exit_code == code
    assert "Traceback" not in said.output


def test_a_demo_does_not_empty_a_folder_that_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")

    said = CliRunner().invoke(app, ["demo", "--out", str(tmp_path)])

    assert said.exit_code == 1
    assert (tmp_path / "thesis.txt").read_text() == "mine"
