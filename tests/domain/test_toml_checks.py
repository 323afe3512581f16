"""Reading a table strictly: every mistake is noted by its key as written, and reading goes on."""

from cx_domain.toml_checks import Notes, Table
from cx_domain.value_checks import any_text, one_of, whole_number


def told(notes: Notes) -> dict[str, str]:
    return {mistake.key: mistake.why for mistake in notes.mistakes}


def test_a_wrong_value_is_noted_and_a_stand_in_returned() -> None:
    notes = Notes()

    taken = Table({"hide_below": "five"}, notes).take("hide_below", whole_number(1, 9), 5)

    assert taken == 5
    assert told(notes) == {"hide_below": "must be a whole number, not text"}


def test_an_absent_key_is_a_mistake_only_where_it_is_required() -> None:
    notes = Notes()
    table = Table({}, notes)

    table.take("name", any_text, "")
    table.take("shop", any_text, "", required=True)

    assert told(notes) == {"shop": "must be there"}


def test_each_wrong_element_of_a_list_has_its_place() -> None:
    notes = Notes()

    Table({"every": ["week", "year", 5]}, notes).take_each("every", one_of("week", "month"), ())

    assert list(told(notes)) == ["every[1]", "every[2]"]


def test_tables_within_lists_have_their_place_too() -> None:
    notes = Notes()

    for table in Table({"surveys": [{"on": "paid"}, {"on": "pad"}]}, notes).tables("surveys"):
        table.take("on", one_of("placed", "paid"), "paid")

    assert told(notes) == {"surveys[1].on": 'must be one of placed, paid, not "pad"; did you mean "paid"?'}


def test_one_table_where_a_list_of_them_belongs_is_told_how_to_write_it() -> None:
    notes = Notes()

    assert list(Table({"surveys": {"on": "paid"}}, notes).tables("surveys")) == []
    assert told(notes) == {"surveys": "must be tables, each under its own [[surveys]]"}


def test_what_nobody_asked_for_is_unknown() -> None:
    notes = Notes()
    table = Table({"name": "Acme", "nmae": "Acme"}, notes, path="legal")

    table.take("name", any_text, "")
    table.finish()

    assert told(notes) == {"legal.nmae": 'is not a key that is known here; did you mean "name"?'}


def test_every_key_that_was_asked_for_is_known_without_its_place() -> None:
    notes = Notes()

    for table in Table({"surveys": [{}, {}]}, notes).tables("surveys"):
        table.take("on", any_text, "")

    assert set(notes.keys) == {"surveys", "surveys[].on"}
