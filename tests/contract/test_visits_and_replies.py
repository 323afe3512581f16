"""What the survey table keeps of taps and forms: each in one write, within its caps, and never over somebody's reply."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from cx_domain.errors import Conflict
from cx_domain.rulings import ruled
from cx_domain.shops import ShopId
from cx_domain.surveys import Survey
from cx_domain.visits import MOST_VISITS, ClientKey, Reply, Visit
from infra.aws import keys
from infra.aws.changes import ChangeIndex
from infra.aws.survey_table import SurveyTable, VisitRefused
from infra.aws.visit_writes import MOST_POSTS, MOST_REPLIES
from tests.contract.examples import (
    A_WEEK,
    ACME,
    LAPTOP,
    MONDAY,
    TELEPHONE,
    TENT_SURVEY,
    all_at_once,
    form,
    planned,
    sent,
    tap,
    waiting,
)

SENT_AT = MONDAY + A_WEEK
NOW = SENT_AT + timedelta(hours=2)
REMINDER_AT = SENT_AT + timedelta(days=5)


def seen(outcome: Survey | VisitRefused) -> Survey:
    assert isinstance(outcome, Survey)
    return outcome


def refused(outcome: Survey | VisitRefused) -> str:
    assert isinstance(outcome, VisitRefused)
    return outcome.reason


def sent_in(surveys: SurveyTable, visit: Visit, reply: Reply, now: datetime = NOW) -> Survey | VisitRefused:
    """The form is sent: the page reads the survey, and writes."""
    known = surveys.get(TENT_SURVEY)
    assert known is not None
    return surveys.reply(known, visit, reply, ["nps"], now)


def test_a_tap_is_kept_with_the_survey(surveys: SurveyTable) -> None:
    surveys.create(sent(), MONDAY)

    known = seen(surveys.visit(ACME, TENT_SURVEY, tap(9), ["nps"], NOW))

    assert known == replace(sent(), visits=(tap(9),))


def test_a_tap_on_a_survey_that_never_was_is_refused(surveys: SurveyTable) -> None:
    outcome = surveys.visit(ACME, TENT_SURVEY, tap(9), ["nps"], NOW)

    assert outcome == VisitRefused("missing", None)


def test_a_tap_through_another_shops_link_is_refused_as_if_there_were_no_survey(surveys: SurveyTable) -> None:
    surveys.create(sent(), MONDAY)

    outcome = surveys.visit(ShopId("tundra"), TENT_SURVEY, tap(9), ["nps"], NOW)

    assert outcome == VisitRefused("missing", None)


def test_a_tap_with_a_score_of_another_scale_is_refused(surveys: SurveyTable) -> None:
    surveys.create(replace(sent(), kind="csat"), MONDAY)

    outcome = surveys.visit(ACME, TENT_SURVEY, tap(9), ["nps"], NOW)

    assert refused(outcome) == "wrong-kind"


def test_a_tap_before_the_mail_was_sent_is_refused(surveys: SurveyTable) -> None:
    surveys.create(planned(), MONDAY)

    outcome = surveys.visit(ACME, TENT_SURVEY, tap(9), ["nps"], NOW)

    assert refused(outcome) == "not-sent"


def test_a_tap_while_nobody_knows_whether_the_mail_left_is_kept(surveys: SurveyTable) -> None:
    surveys.create(replace(sent(), stage="sending", reason="outcome-unknown", sent_at=None), MONDAY)

    outcome = surveys.visit(ACME, TENT_SURVEY, tap(9), ["nps"], NOW)

    assert seen(outcome).visits == (tap(9),)


def test_a_tap_at_the_very_second_of_expiry_is_refused(surveys: SurveyTable) -> None:
    surveys.create(sent(), MONDAY)

    outcome = surveys.visit(ACME, TENT_SURVEY, tap(9), ["nps"], SENT_AT + timedelta(days=30))

    assert outcome == VisitRefused("expired", sent())


def test_a_tap_on_the_survey_of_an_erased_person_is_refused(surveys: SurveyTable) -> None:
    surveys.create(replace(waiting(), stage="erased"), MONDAY)

    outcome = surveys.visit(ACME, TENT_SURVEY, tap(9), ["nps"], NOW)

    assert refused(outcome) == "missing"


def test_a_tap_beyond_the_cap_is_not_kept_but_shows_the_survey(surveys: SurveyTable) -> None:
    visits = tuple(tap(9, at=SENT_AT + timedelta(seconds=second)) for second in range(MOST_VISITS))
    surveys.create(replace(sent(), visits=visits), MONDAY)

    outcome = surveys.visit(ACME, TENT_SURVEY, tap(9, at=NOW), ["nps"], NOW)

    assert outcome == VisitRefused("full", replace(sent(), visits=visits))


def test_of_many_taps_at_once_the_cap_keeps_exactly_its_number(surveys: SurveyTable) -> None:
    visits = tuple(tap(9, at=SENT_AT + timedelta(seconds=second)) for second in range(MOST_VISITS - 3))
    surveys.create(replace(sent(), visits=visits), MONDAY)

    def scan(place: int) -> str:
        try:
            outcome = surveys.visit(
                ACME, TENT_SURVEY, tap(place % 11, client=ClientKey(f"scanner{place}")), ["nps"], NOW
            )
        except Conflict:
            return "too-busy"
        return outcome.reason if isinstance(outcome, VisitRefused) else "kept"

    outcomes = all_at_once(12, scan)

    known = surveys.get(TENT_SURVEY)
    assert known is not None
    assert (len(known.visits), outcomes.count("kept")) == (MOST_VISITS, 3)


def test_a_tap_that_is_written_twice_because_its_answer_was_lost_counts_once(surveys: SurveyTable) -> None:
    surveys.create(sent(), MONDAY)

    surveys.visit(ACME, TENT_SURVEY, tap(9), ["nps"], NOW)
    known = seen(surveys.visit(ACME, TENT_SURVEY, tap(9), ["nps"], NOW))

    assert known.visits == (tap(9),)


def test_a_tap_keeps_its_milliseconds(surveys: SurveyTable) -> None:
    surveys.create(sent(), MONDAY)
    at = SENT_AT + timedelta(seconds=42, milliseconds=120)

    known = seen(surveys.visit(ACME, TENT_SURVEY, tap(9, at=at), ["nps"], NOW))

    assert known.visits[0].at == at


def test_a_form_is_kept_as_a_visit_and_as_its_clients_reply(surveys: SurveyTable) -> None:
    surveys.create(sent(), MONDAY)
    visit, reply = form(9)

    known = seen(sent_in(surveys, visit, reply))

    assert (known.visits, known.replies) == ((visit,), (reply,))


def test_a_client_may_change_its_own_reply_and_no_other(surveys: SurveyTable) -> None:
    surveys.create(sent(), MONDAY)
    sent_in(surveys, *form(3, client=LAPTOP))
    sent_in(surveys, *form(9))

    known = seen(sent_in(surveys, *form(10, at=NOW)))

    assert {reply.client: reply.score for reply in known.replies} == {LAPTOP: 3, TELEPHONE: 10}


def test_a_form_is_taken_when_machines_have_filled_the_visits(surveys: SurveyTable) -> None:
    visits = tuple(tap(9, at=SENT_AT + timedelta(seconds=second)) for second in range(MOST_VISITS))
    surveys.create(replace(sent(), visits=visits), MONDAY)
    visit, reply = form(9)

    known = seen(sent_in(surveys, visit, reply))

    assert (known.visits[-1], known.replies) == (visit, (reply,))


def test_forms_without_end_change_the_reply_but_no_longer_grow_the_item(surveys: SurveyTable) -> None:
    visits = tuple(form(9, at=SENT_AT + timedelta(seconds=second))[0] for second in range(MOST_POSTS))
    surveys.create(replace(sent(), visits=visits), MONDAY)
    visit, reply = form(1, at=NOW)

    known = seen(sent_in(surveys, visit, reply))

    assert (len(known.visits), known.replies) == (MOST_POSTS, (reply,))


def test_after_a_crowd_of_clients_another_s_reply_takes_the_place_of_the_one_worth_least(surveys: SurveyTable) -> None:
    replies = tuple(form(9, client=ClientKey(f"client{number:02}"))[1] for number in range(MOST_REPLIES))
    surveys.create(replace(sent(), replies=replies), MONDAY)

    known = seen(sent_in(surveys, *form(1, client=ClientKey("late-person"))))

    kept = {reply.client for reply in known.replies}
    assert len(kept) == MOST_REPLIES
    # The first to confirm owns the answer; the next of those without a word gives way.
    assert {"client00", "late-person"} <= kept
    assert "client01" not in kept


def test_whoever_replied_may_change_it_however_many_others_did(surveys: SurveyTable) -> None:
    replies = tuple(form(9, client=ClientKey(f"client{number:02}"))[1] for number in range(MOST_REPLIES))
    surveys.create(replace(sent(), replies=replies), MONDAY)

    known = seen(sent_in(surveys, *form(2, client=ClientKey("client00"))))

    assert known.replies[0].score == 2
    assert len(known.replies) == MOST_REPLIES


def test_replies_of_ten_clients_at_once_are_all_kept(surveys: SurveyTable) -> None:
    surveys.create(sent(), MONDAY)

    def answer(place: int) -> Survey | VisitRefused:
        return sent_in(surveys, *form(place, client=ClientKey(f"client{place}")))

    all_at_once(10, answer)

    known = surveys.get(TENT_SURVEY)
    assert known is not None
    assert (len(known.visits), {reply.score for reply in known.replies}) == (10, set(range(10)))


def test_a_form_whose_survey_was_changed_since_it_was_read_is_decided_by_what_stands_there(
    surveys: SurveyTable,
) -> None:
    before = sent()
    surveys.create(before, MONDAY)
    surveys.save(before, replace(before, due_at=REMINDER_AT), NOW)

    known = seen(surveys.reply(before, *form(9), ["nps"], NOW))

    assert (known.due_at, len(known.replies)) == (None, 1)


def test_a_form_for_a_survey_that_was_removed_since_it_was_read_is_refused(surveys: SurveyTable) -> None:
    outcome = surveys.reply(sent(), *form(9), ["nps"], NOW)

    assert outcome == VisitRefused("missing", None)


def test_a_form_for_an_expired_survey_is_refused(surveys: SurveyTable) -> None:
    surveys.create(sent(), MONDAY)

    outcome = sent_in(surveys, *form(9), SENT_AT + timedelta(days=31))

    assert refused(outcome) == "expired"


def test_a_reply_takes_the_pending_reminder_back(surveys: SurveyTable) -> None:
    surveys.create(sent(reminder_at=REMINDER_AT), MONDAY)

    known = seen(sent_in(surveys, *form(9)))

    assert known.due_at is None
    assert [surveys.next_due(shard) for shard in range(keys.SHARDS)] == [None] * keys.SHARDS


def test_a_form_that_a_machine_sent_leaves_the_reminder_where_it_is(surveys: SurveyTable) -> None:
    surveys.create(sent(reminder_at=REMINDER_AT), MONDAY)
    visit, reply = form(0)

    known = seen(sent_in(surveys, replace(visit, evidence="script"), reply))

    assert (known.due_at, known.version, known.replies) == (REMINDER_AT, 0, (reply,))


def test_a_machine_that_was_there_first_does_not_keep_the_reminder_from_being_taken_back(surveys: SurveyTable) -> None:
    surveys.create(sent(reminder_at=REMINDER_AT), MONDAY)
    visit, reply = form(0, client=LAPTOP)
    sent_in(surveys, replace(visit, evidence="script"), reply)

    known = seen(sent_in(surveys, *form(9)))

    assert (known.due_at, known.version) == (None, 1)


def test_a_sender_who_read_before_the_reply_cannot_claim_the_reminder(surveys: SurveyTable) -> None:
    before = sent(reminder_at=REMINDER_AT)
    surveys.create(before, MONDAY)
    sent_in(surveys, *form(9))

    with pytest.raises(Conflict):
        surveys.save(before, replace(before, stage="reminding", due_at=None), REMINDER_AT)


def test_a_tap_leaves_the_reminder_where_it_is(surveys: SurveyTable) -> None:
    surveys.create(sent(reminder_at=REMINDER_AT), MONDAY)

    known = seen(surveys.visit(ACME, TENT_SURVEY, tap(9), ["nps"], NOW))

    assert (known.due_at, known.version) == (REMINDER_AT, 0)


def test_a_tap_and_a_form_are_changes_for_reports(surveys: SurveyTable, changes: ChangeIndex) -> None:
    surveys.create(sent(), MONDAY)
    later = NOW + timedelta(hours=5)

    surveys.visit(ACME, TENT_SURVEY, tap(9), ["nps"], NOW)
    at_the_tap = changes.changed(ACME, NOW, NOW).surveys
    sent_in(surveys, *form(9), later)

    assert (at_the_tap, changes.changed(ACME, later, later).surveys) == ([TENT_SURVEY], [TENT_SURVEY])


def test_a_ruling_is_a_change_for_reports_also_when_the_survey_is_long_over(
    surveys: SurveyTable, changes: ChangeIndex
) -> None:
    closed = replace(sent(), stage="closed", visits=(tap(9),))
    surveys.create(closed, MONDAY)
    later = NOW + timedelta(days=60)

    surveys.change(closed, partial(ruled, counts=False, why="a colleague tried the link", now=later), later)

    assert changes.changed(ACME, later, later).surveys == [TENT_SURVEY]
