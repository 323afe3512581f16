"""What the survey table promises: made once, saved by one, due in time, and every change to be found again."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from cx_domain.errors import Conflict
from cx_domain.shops import ShopId
from cx_domain.surveys import Due, Survey, SurveyId
from infra.aws import keys
from infra.aws.changes import ChangeIndex
from infra.aws.survey_table import SurveyTable
from tests.contract.conftest import Database
from tests.contract.examples import (
    A_WEEK,
    ACME,
    MONDAY,
    TENT_SURVEY,
    all_at_once,
    planned,
    raw_item,
    sent,
    tap,
    waiting,
)

SENT_AT = MONDAY + A_WEEK


def due_everywhere(surveys: SurveyTable, now: datetime) -> set[SurveyId]:
    return {due.survey for shard in range(keys.SHARDS) for due in surveys.due(shard, now, 10)}


def test_a_survey_that_nobody_made_is_not_there(surveys: SurveyTable) -> None:
    found = surveys.get(TENT_SURVEY)

    assert found is None


def test_a_survey_comes_back_as_it_was_made(surveys: SurveyTable) -> None:
    surveys.create(planned(), MONDAY)

    assert surveys.get(TENT_SURVEY) == planned()


def test_a_repeated_webhook_meets_the_survey_that_it_made(surveys: SurveyTable) -> None:
    first = surveys.create(planned(), MONDAY)

    again = surveys.create(waiting(), MONDAY)

    assert (first, again) == (None, planned())


def test_of_twenty_equal_webhooks_exactly_one_makes_the_survey(surveys: SurveyTable) -> None:
    outcomes = all_at_once(20, lambda _: surveys.create(planned(), MONDAY))

    assert outcomes.count(None) == 1


def test_a_save_writes_the_difference_and_the_next_version(surveys: SurveyTable) -> None:
    surveys.create(planned(), MONDAY)

    saved = surveys.save(planned(), replace(sent(), message_id="0100-abc"), SENT_AT)

    assert saved == replace(sent(), message_id="0100-abc", version=1)
    assert surveys.get(TENT_SURVEY) == saved


def test_a_save_of_nothing_new_writes_nothing(surveys: SurveyTable) -> None:
    surveys.create(planned(), MONDAY)

    surveys.save(planned(), planned(), SENT_AT)

    assert surveys.get(TENT_SURVEY) == planned()


def test_a_save_over_a_newer_version_is_a_conflict(surveys: SurveyTable) -> None:
    surveys.create(planned(), MONDAY)
    surveys.save(planned(), replace(planned(), stage="sending", due_at=None, claim="first"), SENT_AT)

    with pytest.raises(Conflict):
        surveys.save(planned(), replace(planned(), stage="sending", due_at=None, claim="second"), SENT_AT)


def test_a_save_of_a_survey_that_is_gone_makes_no_half_survey(surveys: SurveyTable) -> None:
    with pytest.raises(Conflict):
        surveys.save(planned(), sent(), SENT_AT)

    assert surveys.get(TENT_SURVEY) is None


def test_a_change_that_meets_a_newer_version_is_made_again_on_that(surveys: SurveyTable) -> None:
    surveys.create(planned(), MONDAY)
    surveys.save(planned(), replace(planned(), language="pl"), SENT_AT)

    changed = surveys.change(planned(), lambda known: replace(known, claim="mine"), SENT_AT)

    assert changed is not None
    assert (changed.language, changed.claim) == ("pl", "mine")


def test_a_change_of_a_survey_that_is_gone_changes_nothing(surveys: SurveyTable) -> None:
    assert surveys.change(planned(), lambda known: replace(known, claim="mine"), SENT_AT) is None

    assert surveys.get(TENT_SURVEY) is None


def test_of_twenty_senders_exactly_one_claims_the_survey(surveys: SurveyTable) -> None:
    surveys.create(planned(), MONDAY)

    def claim(place: int) -> Survey | None:
        try:
            return surveys.save(planned(), replace(planned(), stage="sending", due_at=None, claim=str(place)), SENT_AT)
        except Conflict:
            return None

    claimed = [survey for survey in all_at_once(20, claim) if survey is not None]

    assert len(claimed) == 1
    assert surveys.get(TENT_SURVEY) == claimed[0]


def test_a_save_repeated_because_its_answer_was_lost_is_no_conflict(surveys: SurveyTable, database: Database) -> None:
    surveys.create(planned(), MONDAY)
    repeat_the_next_update(database.client)

    saved = surveys.save(planned(), replace(planned(), stage="sending", due_at=None, claim="first"), SENT_AT)

    assert (saved.stage, saved.claim, saved.version) == ("sending", "first", 1)


def repeat_the_next_update(client: DynamoDBClient) -> None:
    """Send the next UpdateItem twice and lose the first answer, as botocore does after a broken connection."""
    done: list[bool] = []

    def again(params: dict[str, object], **_: object) -> None:
        if not done:
            done.append(True)
            client.update_item(**params)  # type: ignore[arg-type]

    client.meta.events.register_first("provide-client-params.dynamodb.UpdateItem", again, unique_id="repeat")


def test_a_save_keeps_what_visitors_did_meanwhile(surveys: SurveyTable) -> None:
    surveys.create(sent(), MONDAY)
    surveys.visit(ACME, TENT_SURVEY, tap(9), ["nps"], SENT_AT)

    saved = surveys.save(sent(), replace(sent(), delivered_at=SENT_AT), SENT_AT)

    assert saved.visits == (tap(9),)


def test_an_erasure_leaves_nothing_but_its_tombstone(surveys: SurveyTable) -> None:
    surveys.create(sent(), MONDAY)
    known = surveys.visit(ACME, TENT_SURVEY, tap(9), ["nps"], SENT_AT)
    assert isinstance(known, Survey)

    tombstone = surveys.overwrite(known, replace(waiting(), stage="erased", customer=None), SENT_AT)

    assert tombstone.visits == ()
    assert surveys.get(TENT_SURVEY) == tombstone


def test_an_erasure_of_what_somebody_changed_is_a_conflict(surveys: SurveyTable) -> None:
    surveys.create(sent(), MONDAY)
    surveys.save(sent(), replace(sent(), delivered_at=SENT_AT), SENT_AT)

    with pytest.raises(Conflict):
        surveys.overwrite(sent(), replace(waiting(), stage="erased"), SENT_AT)


def test_what_is_due_comes_longest_due_first_and_never_early(surveys: SurveyTable) -> None:
    for number in range(1, 9):
        surveys.create(planned(number, due_at=SENT_AT + timedelta(hours=9 - number)), MONDAY)
    now = SENT_AT + timedelta(hours=6)

    due = {shard: [due.survey for due in surveys.due(shard, now, 10)] for shard in range(keys.SHARDS)}

    read = {survey.id: survey.due_at for survey in surveys.get_many(id_ for ids in due.values() for id_ in ids)}
    assert len(read) == 6
    assert all([read[i] for i in ids] == sorted(at for i in ids if (at := read[i])) for ids in due.values())


def test_the_sweep_takes_no_more_than_it_asked_for(surveys: SurveyTable) -> None:
    for number in range(1, 13):
        surveys.create(planned(number), MONDAY)

    numbers = [len(surveys.due(shard, SENT_AT, 2)) for shard in range(keys.SHARDS)]

    assert max(numbers) == 2


def test_a_shop_can_be_passed_over_however_much_of_it_is_due_first(surveys: SurveyTable) -> None:
    for number in range(1, 25):
        surveys.create(planned(number), MONDAY)
    boots = replace(planned(25, due_at=SENT_AT + timedelta(minutes=1)), shop=ShopId("tarn"))
    surveys.create(boots, MONDAY)
    now = SENT_AT + timedelta(minutes=1)

    found = [due for shard in range(keys.SHARDS) for due in surveys.due(shard, now, 2, besides={planned().shop})]

    assert found == [Due(boots.id, ShopId("tarn"))]


def test_the_next_due_time_is_told_before_it_comes(surveys: SurveyTable) -> None:
    surveys.create(planned(), MONDAY)

    upcoming = [surveys.next_due(shard) for shard in range(keys.SHARDS)]

    assert sorted(at for at in upcoming if at is not None) == [SENT_AT]


def test_a_claim_takes_the_survey_out_of_the_due_index(surveys: SurveyTable) -> None:
    surveys.create(planned(), MONDAY)
    assert due_everywhere(surveys, SENT_AT) == {TENT_SURVEY}

    surveys.save(planned(), replace(planned(), stage="sending", due_at=None), SENT_AT)

    assert due_everywhere(surveys, SENT_AT) == set()


def test_a_survey_that_is_only_planned_is_no_change_for_reports(surveys: SurveyTable, changes: ChangeIndex) -> None:
    surveys.create(waiting(), MONDAY)

    surveys.save(waiting(), planned(), MONDAY)

    assert changes.changed(ACME, MONDAY, SENT_AT).surveys == []


def test_a_claim_is_no_change_for_reports(surveys: SurveyTable, changes: ChangeIndex) -> None:
    surveys.create(planned(), MONDAY)

    surveys.save(planned(), replace(planned(), stage="sending", due_at=None, claim="first"), SENT_AT)

    assert changes.changed(ACME, MONDAY, SENT_AT).surveys == []


def test_a_survey_refused_at_its_first_webhook_is_a_change(surveys: SurveyTable, changes: ChangeIndex) -> None:
    surveys.create(replace(waiting(), stage="refused", reason="no-consent", refused_at=MONDAY), MONDAY)

    assert changes.changed(ACME, MONDAY, MONDAY).surveys == [TENT_SURVEY]


def test_a_send_whose_outcome_is_unknown_is_a_change(surveys: SurveyTable, changes: ChangeIndex) -> None:
    sending = replace(planned(), stage="sending", due_at=None, claim="first")
    surveys.create(sending, MONDAY)

    surveys.save(sending, replace(sending, reason="outcome-unknown"), SENT_AT)

    assert changes.changed(ACME, SENT_AT, SENT_AT).surveys == [TENT_SURVEY]


def test_a_change_stands_at_its_latest_hour_only(surveys: SurveyTable, changes: ChangeIndex) -> None:
    surveys.create(planned(), MONDAY)
    surveys.save(planned(), sent(), SENT_AT)
    later = SENT_AT + timedelta(days=2)

    surveys.visit(ACME, TENT_SURVEY, tap(9, at=later), ["nps"], later)

    assert changes.changed(ACME, SENT_AT, SENT_AT).surveys == []
    assert changes.changed(ACME, later, later).surveys == [TENT_SURVEY]


def test_changes_are_read_over_days_with_both_end_hours_whole(surveys: SurveyTable, changes: ChangeIndex) -> None:
    hours = [datetime.fromisoformat(f"2026-01-{at}:30:00Z") for at in ("04T22", "04T23", "05T12", "06T00", "06T01")]
    for number, hour in enumerate(hours, start=1):
        surveys.create(replace(planned(number), stage="refused", refused_at=hour, due_at=None), hour)

    since, until = datetime.fromisoformat("2026-01-04T23:59:59Z"), datetime.fromisoformat("2026-01-06T00:00:00Z")

    assert changes.changed(ACME, since, until).surveys == [planned(number).id for number in (2, 3, 4)]


def test_many_surveys_are_read_in_batches_each_once(surveys: SurveyTable) -> None:
    made = {planned(number).id for number in range(1, 121)}
    for number in range(1, 121):
        surveys.create(planned(number), MONDAY)

    read = [survey.id for survey in surveys.get_many([*made, *made, TENT_SURVEY])]

    assert sorted(read) == sorted(made)


def test_an_operator_finds_a_shops_surveys_by_their_stage(surveys: SurveyTable) -> None:
    surveys.create(planned(1), MONDAY)
    surveys.create(sent(), MONDAY)

    assert {survey.id for survey in surveys.scan(ACME)} == {planned(1).id, TENT_SURVEY}
    assert [survey.id for survey in surveys.scan(ACME, "sent")] == [TENT_SURVEY]


def test_an_item_says_from_when_it_may_be_forgotten(surveys: SurveyTable, database: Database) -> None:
    surveys.create(planned(), MONDAY)

    surveys.save(planned(), sent(), SENT_AT, purge_at=datetime.fromisoformat("2028-01-12T09:00:00Z"))

    assert raw_item(database.client, database.table, keys.survey(TENT_SURVEY))["purge_at"] == {"N": "1831280400"}
