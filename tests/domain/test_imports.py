"""A table that another service exported is read as it is, or refused by a line and a reason that hold nothing of it."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_domain.errors import BadField
from cx_domain.imports import Row, Table, WrongRow, columns, normalised, table

EMAIL = {"email": ("email", "e mail", "mail")}


def opened(text: str, encoding: str = "utf-8") -> Table:
    return table(io.BytesIO(text.encode(encoding)))


def refusal(content: bytes) -> str:
    with pytest.raises(BadField) as refused:
        list(table(io.BytesIO(content)).rows)
    return str(refused.value)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_cells_stand_between_commas_semicolons_or_tabs(separator: str) -> None:
    found = opened(f"Email{separator}Status\nanna@kowalska.example{separator}active\n")

    assert found.header == ("Email", "Status")
    assert list(found.rows) == [Row(2, ("anna@kowalska.example", "active"))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_is_in_utf_8_or_marked_as_utf_16(encoding: str) -> None:
    found = opened("Adres e-mail;Zażółć\na@b.example;gęś\n", encoding)

    assert (found.header, list(found.rows)) == (("Adres e-mail", "Zażółć"), [Row(2, ("a@b.example", "gęś"))])


@pytest.mark.parametrize("encoding", ["cp1250", "cp1252"])
def test_what_a_spreadsheet_saved_in_its_own_way_is_refused_by_line_and_byte(encoding: str) -> None:
    why = refusal("Email;Ort\na@b.example;Wien\nc@d.example;Köln\n".encode(encoding))

    assert why.startswith("FILE: line 3 holds the byte 0xf6, which is not UTF-8; save the file as CSV in UTF-8")


def test_the_line_of_a_bad_byte_is_right_far_into_a_file() -> None:
    assert refusal(b"email\n" + b"anna@kowalska.example\n" * 9_998 + b"\xff\n").startswith(
        "FILE: line 10000 holds the byte"
    )


def test_a_character_that_the_end_cuts_in_two_is_refused() -> None:
    assert "line 2 holds the byte 0xc5" in refusal("email\nż".encode()[:-1])


def test_a_workbook_is_no_table() -> None:
    assert refusal(b"PK\x03\x04...") == "FILE: is a workbook, not a CSV file; save it as CSV in UTF-8"


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b",,\n"])
def test_a_file_without_rows_is_refused(content: bytes) -> None:
    assert refusal(content) == "FILE: holds no rows"


def test_a_file_that_begins_with_data_is_refused_without_repeating_it() -> None:
    why = refusal(b"\nanna@kowalska.example,active\n")

    assert why == "FILE: line 2 must name the columns, and holds an address"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_row_is_named_by_the_line_it_begins_on(end: str) -> None:
    lines = ["email,comment", 'a@b.example,"It leaks.', 'Every night."', "", "c@d.example,fine"]

    rows = opened(end.join(lines) + end).rows

    assert list(rows) == [Row(2, ("a@b.example", f"It leaks.{end}Every night.")), Row(5, ("c@d.example", "fine"))]


def test_a_line_separator_within_a_comment_ends_no_row() -> None:
    assert list(opened("email,comment\na,b\u2028c\x0bd\n").rows) == [Row(2, ("a", "b\u2028c\x0bd"))]


def test_a_spreadsheets_own_first_line_says_the_separator() -> None:
    found = opened("sep=;\nemail;status\na@b.example;active, still\n")

    assert (found.header, list(found.rows)) == (("email", "status"), [Row(3, ("a@b.example", "active, still"))])


def test_empty_cells_at_the_end_may_be_left_out_and_others_may_not_come_in() -> None:
    rows = opened("email,status\na@b.example\nc@d.example,active,,\ne@f.example,no,really\n").rows

    assert list(rows) == [
        Row(2, ("a@b.example", "")),
        Row(3, ("c@d.example", "active")),
        WrongRow(4, "has 3 cells, where the header has 2"),
    ]


def test_quotation_marks_that_do_not_pair_do_not_swallow_the_rest() -> None:
    why = refusal(b'email,comment\na@b.example,fine\nc@d.example,"It leaks\n' + b"e@f.example,fine\n" * 9)

    assert why.startswith("FILE: the row that begins on line 3 cannot be read")


def test_a_line_without_an_end_is_refused_before_it_fills_the_memory() -> None:
    assert refusal(b"x" * 3_000_000) == "FILE: line 1 is longer than 1000000 characters: this is no table"


def test_a_column_is_known_however_its_name_is_spelled() -> None:
    found = columns(["Name", "E-Mail", "Notes"], EMAIL)

    assert (found.places, found.named, found.unused) == ({"email": (1,)}, {"email": ("E-Mail",)}, ("Name", "Notes"))


def test_of_two_columns_the_surer_name_is_taken_and_of_two_alike_none() -> None:
    surer = columns(["Mail", "E-mail"], EMAIL)

    assert (surer.named, surer.unused) == ({"email": ("E-mail",)}, ("Mail",))
    with pytest.raises(BadField, match="two columns are named 'Email'"):
        columns(["Email", "email"], EMAIL)


def test_a_column_can_be_named_or_left_out_by_hand() -> None:
    named = columns(["Email", "Kontakt"], EMAIL, given={"email": "kontakt"})
    left = columns(["Email", "Mail"], EMAIL, ignored=["Email"])

    assert (named.places, left.places) == ({"email": (1,)}, {"email": (1,)})


def test_names_that_differ_in_marks_alone_are_one() -> None:
    assert {normalised(name) for name in ("Opt-Out?", "opt_out", " OPT  OUT ", "opt.out")} == {"opt out"}


@settings(max_examples=300)
@given(
    st.one_of(
        st.binary(max_size=400),
        st.text(max_size=400).map(str.encode),
        st.text('ab@,;\t"\n\r', max_size=80).map(str.encode),
    )
)
def test_whatever_a_file_holds_it_is_rows_or_a_refusal(content: bytes) -> None:
    try:
        found = table(io.BytesIO(content))
        rows = list(found.rows)
    except BadField:
        return
    assert all(isinstance(row, WrongRow) or len(row.cells) == len(found.header) for row in rows)
    assert [row.line for row in rows] == sorted(row.line for row in rows)
