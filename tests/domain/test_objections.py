"""Of whoever objected to being profiled, nothing is told that makes a group."""

from cx_domain.day_lines import answer_line, asked_line, segments
from cx_domain.histories import entry
from cx_domain.objections import respected, unprofiled
from tests.builders import ACME, KEY, SENT_AT, answered, sent

ANSWERED = answered(sent(), 9, SENT_AT)


def test_only_who_objected_is_left_out_of_groups() -> None:
    assert ANSWERED.customer is not None

    others = list(respected([ANSWERED], frozenset()))
    theirs = list(respected([ANSWERED], {ANSWERED.customer}))

    assert (others, theirs) == ([ANSWERED], [unprofiled(ANSWERED)])


def test_no_group_is_left_but_that_it_was_a_survey() -> None:
    assert len(segments(ANSWERED)) > 2

    assert segments(unprofiled(ANSWERED)) == {"source": ["survey"]}


def test_the_answer_itself_stays_as_it_was_and_on_its_day() -> None:
    before, after = answer_line(ANSWERED, ACME), answer_line(unprofiled(ANSWERED), ACME)

    assert before is not None
    assert after is not None
    assert after == (before[0], {**before[1], "segments": {"source": ["survey"]}})


def test_it_is_in_nobodys_history_and_the_asked_line_names_nobody() -> None:
    placed = asked_line(unprofiled(ANSWERED), ACME)

    assert placed is not None
    assert placed[1]["customer"] is None
    assert entry(unprofiled(ANSWERED), ACME, KEY) is None
