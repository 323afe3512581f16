"""A platform's file that would cost us dearly is refused, and whatever a file says, it is read or refused with its mistakes."""

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_domain.errors import BadInput, BadPlatformFile
from cx_domain.signatures import Delivery
from infra.platforms import Platform, is_ping, read, read_platform
from infra.platforms.expressions import MOST_COPIES, expression

TILL = """
name = "acme-till"
title = "The till of Acme"

[signature]
scheme = "key-in-address"

[topic]
always = "sold"

[topics]
sold = "order"

[shapes.order]
becomes = "order"

[shapes.order.fields]
id = "receipt"
email = "mail"

[shapes.order.item]
title = "what"
"""
RECEIVED_AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
PIECES = (
    *("a", "items", "@", "*", "[*]", "[]", "[0]", "[?a > `1`]", "[::2]", ".", "|", "||", "&&", "!", "(", ")", "[", "]"),
    *("{", "}", ":", ",", "`1`", "'x'", "&", "==", "<", "-1"),
    *("join(", "to_number(", "to_string(", "sum(", "avg(", "max_by(", "sort_by(", "map(", "keys(", "merge(", "length("),
)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["a", "items", "mail"]), inner),
    max_leaves=12,
)


def with_ping(pattern: str) -> str:
    return f"{TILL}\n[ping]\nbody = {json.dumps(pattern)}\nwithout_headers = 'x-till-'\n"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("a" + " | [@, @, @, @][]" * 20, "copies what it finds too often"),
        ("a" + " | join('', [@, @, @, @, @])" * 20, "copies what it finds too often"),
        ("a" + " | {b: @, c: @} | [b, c]" * 10, "copies what it finds too often"),
        ("a" + " | to_string([@])" * 10, "copies what it finds too often"),
        ("map(&[a, a, a, a], [b, b, b, b])" + " | map(&[@, @, @], @)" * 3, "copies what it finds too often"),
        ("lines[*].[" + ",".join("@" * 17) + "]", "copies what it finds too often"),
        ("join(note, lines)", "must join by a text that stands in the expression itself"),
        ("lines[*].{" + "k" * 50 + ": @} | to_string(@)", "more than 40 characters of its own"),
        ("join('" + "-" * 50 + "', lines)", "more than 40 characters of its own"),
        ("lines[*].not_null('" + "x" * 50 + "') | join('', @)", "more than 40 characters of its own"),
        ("!" * 900 + "a", "nests too deeply"),
        ("a || " * 300 + "a", "at most 1000 characters"),
    ],
)
def test_a_path_that_would_grow_without_end_is_refused(written: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        expression(written)


@pytest.mark.parametrize(
    "written",
    [
        "to_string(status_id)",
        "join(', ', lines[].name)",
        "lines[].{sku: code, title: name, quantity: pieces}",
        "a || b || c",
    ],
)
def test_paths_that_shops_need_are_taken(written: str) -> None:
    assert expression(written).paths


@pytest.mark.parametrize(
    "written",
    ["lines[*].[" + ",".join("@" * 16) + "]", "to_string(lines)", "join('" + "-" * 40 + "', lines)", "sort(lines)"],
)
def test_the_costliest_path_that_is_taken_finds_a_bounded_amount_in_a_long_body(written: str) -> None:
    body = json.dumps({"lines": [""] * 10_000})

    found = expression(written).search(json.loads(body))

    # Each of the copies, and what writes them down as one.
    assert len(json.dumps(found)) <= (MOST_COPIES + 1) * len(body)


@pytest.mark.parametrize("pattern", ["(a+)+b", "(a|a)*b", "a*a*a*b", "a{1,9}a{1,9}a{1,9}b"])
def test_a_ping_that_strangers_could_make_us_ponder_is_refused(pattern: str) -> None:
    with pytest.raises(BadPlatformFile, match=r"ping.body: must do without"):
        read_platform(with_ping(pattern))


def test_an_address_that_would_never_be_read_is_a_mistake() -> None:
    without_lines = TILL.replace('[shapes.order.item]\ntitle = "what"\n', "")

    with pytest.raises(BadPlatformFile) as refused:
        read_platform(without_lines)

    assert [mistake.key for mistake in refused.value.mistakes] == ["shapes.order.item"]
    assert "email" in refused.value.mistakes[0].why


def test_a_long_body_is_no_ping_whatever_the_file_says() -> None:
    till = read_platform(with_ping("a*b*"))

    assert is_ping(till, Delivery(b"a" * 200))
    assert not is_ping(till, Delivery(b"a" * 201))


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join), ANY_JSON)
def test_any_path_finds_something_in_any_payload_or_says_what_is_wrong(written: str, value: object) -> None:
    with suppress(ValueError, BadInput):
        expression(written).search({"a": value, "items": [value, value]})


@settings(deadline=None)
@given(st.text())
def test_any_text_is_a_platform_or_has_mistakes(text: str) -> None:
    with suppress(BadPlatformFile):
        read_platform(text)


@settings(deadline=None)
@given(st.integers(0, len(TILL.split()) - 1), st.sampled_from([*PIECES, '"', "'", "[a]", "1", "true", "x = 1", ""]))
def test_a_platform_with_one_word_put_wrong_is_read_or_has_mistakes(place: int, word: str) -> None:
    old = TILL.split()[place]

    with suppress(BadPlatformFile):
        assert isinstance(read_platform(TILL.replace(old, word, 1)), Platform)


@settings(deadline=None)
@given(ANY_JSON, ANY_JSON, ANY_JSON)
def test_an_own_platform_reads_any_payload_or_names_what_is_wrong(whole: object, receipt: object, mail: object) -> None:
    till = read_platform(TILL)

    for payload in (whole, {"receipt": receipt, "mail": mail}, {"receipt": "1001", "mail": mail}):
        with suppress(BadInput):
            read(till, Delivery(json.dumps(payload).encode()), RECEIVED_AT)
