"""The standard webhook's published schema, its page and what is really read agree."""

import json
import re
from typing import Any

import jsonschema
import pytest

from cx_domain.errors import BadField
from infra.platforms import Ignored, platform
from tests.platforms.payloads import SAMPLES, read_body, sample

DOCS = SAMPLES.parents[2] / "docs"
SCHEMA = json.loads((DOCS / "standard-webhook.schema.json").read_text(encoding="utf-8"))
PAGE = (DOCS / "webhooks/standard.md").read_text(encoding="utf-8")
NAMES = sorted(path.stem for path in (SAMPLES / "standard").glob("*.json"))


@pytest.mark.parametrize("name", NAMES)
def test_each_sample_matches_the_schema_and_is_read(name: str) -> None:
    payload = sample(f"standard/{name}")

    jsonschema.validate(payload, SCHEMA)
    assert not isinstance(read_body("standard", payload, headers={"webhook-id": "msg_1"}), Ignored)


def test_the_page_shows_the_order_that_is_tested() -> None:
    shown = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)

    assert [json.loads(text) for text in shown] == [sample("standard/order_fulfilled")]


def test_the_schema_lists_every_type_that_is_read() -> None:
    assert set(SCHEMA["properties"]["type"]["enum"]) == set(platform("standard").topics)


@pytest.mark.parametrize("becomes", ["order", "ticket", "feedback"])
def test_the_schema_and_the_page_have_every_field_that_is_read(becomes: str) -> None:
    (shape,) = {
        id(s): s for s in platform("standard").topics.values() if not isinstance(s, Ignored) and s.becomes == becomes
    }.values()
    paths = {
        path
        for each in (*shape.fields.values(), *shape.happened.values(), *shape.standing.values())
        for path in each.paths
        if path.startswith("data.")
    }
    fields = {path.removeprefix("data.") for path in paths}

    assert fields == set(SCHEMA["$defs"][becomes]["properties"])
    assert [field for field in sorted(fields) if f"`{field}`" not in PAGE] == []


@pytest.mark.parametrize(
    "changes",
    [{"id": True}, {"id": None}, {"total": "-1"}, {"consent": "yes"}, {"placed_at": "2026-01-03"}, {"items": {}}],
)
def test_what_the_schema_refuses_is_refused(changes: dict[str, Any]) -> None:
    payload = sample("standard/order_fulfilled")
    payload["data"] |= changes

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(payload, SCHEMA)
    with pytest.raises(BadField):
        read_body("standard", payload)
