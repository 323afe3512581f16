"""Other people's words in ours: nothing invisible, nothing that breaks a line, a name only where it is one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_domain.names import greetable, one_line, unlinked


@pytest.mark.parametrize("name", ["Anna", "Anna Maria", "O'Neill", "Jean-Luc", "Zażółć", "李雷", "Anaïs"])
def test_a_first_name_can_be_greeted(name: str) -> None:
    assert greetable(name) == name


@pytest.mark.parametrize("name", [None, "", "A", "ANNA", "anna", "Anna2", "Acme Sp. z o.o.", "<b>Anna</b>", "x" * 31])
def test_what_is_no_name_is_not_greeted(name: str | None) -> None:
    assert greetable(name) is None


@pytest.mark.parametrize(
    "name",
    [
        *("Visit Evil.example", "www.evil.example", "Evil。example", "Evil\uff0eexample", "Evil\ua4f8example"),
        *("https://evil.example", "anna@evil.example", "Call 0800123456", "Evil/Win", "Win Win Win Now Anna"),
        *(
            "\u3164\u3164",
            "Anna\r\nBcc: Boss",
            "Anna, You Won",
            "Anna: Verify",
            "Anna!",
            "Anna (Acme)",
            "$Anna",
            "Anna_X",
        ),
    ],
)
def test_a_name_that_could_lead_a_reader_somewhere_is_not_greeted(name: str) -> None:
    assert greetable(name) is None


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Win at evil.example/prize", "Win at evil. example/prize"),
        ("https://evil.example", "https: //evil. example"),
        ("www.Evil.Example", "www. Evil. Example"),
        ("boss@evil.example", "boss@ evil. example"),
        ("evil。example", "evil。 example"),
        ("192.168.1.1:8080/x", "192. 168.1.1:8080/x"),
        ("evil.\u200dcom", "evil. \u200dcom"),
        ("evil.\u00adexample, evil\u202e.example", "evil. example, evil. example"),
        ("evil\u2024com, evil\ufe52com", "evil\u2024 com, evil\ufe52 com"),
        ("Tent 2.0, 3.5 kg, v1.2", "Tent 2.0, 3.5 kg, v1.2"),
        ("Firmware 10.2.33, 2:1", "Firmware 10.2.33, 2:1"),
        ("St. Moritz", "St. Moritz"),
    ],
)
def test_no_mail_program_makes_a_link_of_what_somebody_else_wrote(written: str, shown: str) -> None:
    assert unlinked(written) == shown
    assert unlinked(shown) == shown


def test_line_breaks_and_controls_become_one_space() -> None:
    assert one_line("Tent\r\nBcc: boss@acme.example\x00\u2028 blue") == "Tent Bcc: boss@acme.example blue"


def test_a_direction_override_and_half_a_character_are_dropped() -> None:
    assert one_line("Tent\u202e\ud83d") == "Tent"


def test_an_emoji_newer_than_our_tables_is_kept_and_what_will_never_be_a_character_is_not() -> None:
    assert one_line("Tent \U0001fae9\U0001ffff\ufffe\ufdd0") == "Tent \U0001fae9"


def test_a_space_that_holds_words_together_stays() -> None:
    assert one_line("\u00a0 Tent  3\u00a0m²\u00a0") == "Tent 3\u00a0m²"
    assert one_line("\u3000\u00a0") == ""


def test_a_long_title_ends_with_an_ellipsis() -> None:
    assert one_line("Tent " * 100, longest=10) == "Tent Tent…"


@settings(deadline=None)
@given(st.text(alphabet=st.characters(codec=None)))
def test_one_line_can_always_be_written_and_stays_one_line(text: str) -> None:
    shown = one_line(text)

    assert len(shown) <= 200
    assert len(shown.encode().decode().splitlines()) <= 1
