"""What came of a template is kept, and made anew when it is not of this template any more."""

from pathlib import Path

import pytest

from infra.local.translation import translated


@pytest.fixture
def template(tmp_path: Path) -> Path:
    file = tmp_path / "template.yaml"
    file.write_text(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Orders: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 5}}\n"
    )
    return file


def test_what_came_of_a_template_is_kept_and_read_again(template: Path, tmp_path: Path) -> None:
    made = translated(template, tmp_path / "kept")
    (kept,) = (tmp_path / "kept").iterdir()
    kept.write_text(kept.read_text().replace('"DelaySeconds": 5', '"DelaySeconds": 7'))

    again = translated(template, tmp_path / "kept")

    assert made == translated(template)
    assert again["Resources"]["Orders"]["Properties"] == {"DelaySeconds": 7}


def test_a_changed_template_is_translated_anew_in_the_place_of_the_old_one(template: Path, tmp_path: Path) -> None:
    translated(template, tmp_path / "kept")
    template.write_text(template.read_text().replace("DelaySeconds: 5", "DelaySeconds: 9"))

    again = translated(template, tmp_path / "kept")

    assert again["Resources"]["Orders"]["Properties"] == {"DelaySeconds": 9}
    assert len(list((tmp_path / "kept").iterdir())) == 1


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"plain": {}}', "\udcff"])
def test_a_damaged_file_is_made_anew(template: Path, tmp_path: Path, damage: str) -> None:
    made = translated(template, tmp_path / "kept")
    (kept,) = (tmp_path / "kept").iterdir()
    kept.write_bytes(damage.encode(errors="surrogateescape"))

    assert translated(template, tmp_path / "kept") == made
    assert "DelaySeconds" in kept.read_text()


def test_where_nothing_can_be_kept_it_is_translated_all_the_same(template: Path, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("no folder")

    assert translated(template, tmp_path / "kept") == translated(template)
