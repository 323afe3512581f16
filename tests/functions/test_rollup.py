"""From what changed to day files, totals and reports; and the digest that tells the managers, once."""

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from cx_domain import reports
from cx_domain.errors import BadField, NotFound, Trouble
from cx_domain.shops import ShopId
from cx_domain.surveys import SurveyId
from functions import rollup, survey_page
from infra import adapters, clock
from infra.aws import clients
from infra.aws.changes import Changes
from infra.rollups import histories, news
from tests.functions.envelopes import CONTEXT, batch, envelope, form, request
from tests.functions.week import SUNDAY_MIDNIGHT, WEEK, answer, read, roll_up
from tests.functions.world import ACME_FILE, World, counted, links_in, order_1001, order_id, ses_breaks, ses_lists

DONE: dict[str, list[object]] = {"batchItemFailures": []}
MONDAY_AT_EIGHT = "2026-01-19T07:00:00Z"
SES = "https://email.eu-central-1.amazonaws.com"


def tick() -> dict[str, Any]:
    told: dict[str, Any] = rollup.handler(envelope("rollup_schedule"), CONTEXT)
    return told


def told_by_queue(world: World) -> list[dict[str, Any]]:
    return [json.loads(body) for _, body in world.messages("RollupQueue")]


def shops_told(world: World) -> list[str]:
    """The shops whose rollup waits on the queue."""
    return [told["shop"] for told in told_by_queue(world) if "shop" in told]


def replace_file(key: str, body: bytes) -> None:
    stored = adapters.files().read(key)
    assert stored is not None, key
    adapters.files().write(key, body, if_match=stored.etag, content_type="application/json")


def lines(folder: str, day: str) -> list[dict[str, Any]]:
    text = gzip.decompress(read(f"{folder}/acme/{day}/{folder}.jsonl.gz")).decode()
    return [json.loads(line) for line in text.splitlines()]


def report(period: str = "2026-W03") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(read(f"reports/acme/{period}/report.json"))
    return found


def everything() -> dict[str, bytes]:
    return {key: read(key) for key in adapters.files().list("")}


# --- the tick ----------------------------------------------------------------------------------------------------------


def test_a_new_shop_is_rolled_up_at_the_next_tick(world: World) -> None:
    tick()

    assert shops_told(world) == ["acme"]


def test_a_shop_that_was_rolled_up_today_is_left_in_peace(week: World) -> None:
    roll_up(week, "2026-01-12T23:00:00Z")
    week.at("2026-01-13T11:15:00Z")

    tick()

    assert week.messages("RollupQueue") == []


def test_the_tick_idles_until_the_shops_next_midnight(world: World) -> None:
    roll_up(world, "2026-01-05T09:00:00Z")

    assert tick() == {"idle_until": "2026-01-05T23:00:00+00:00"}


def test_the_tick_idles_until_eight_when_a_digest_is_due(week: World) -> None:
    roll_up(week, SUNDAY_MIDNIGHT)

    assert tick() == {"idle_until": "2026-01-19T07:00:00+00:00"}


def test_a_stack_without_shops_idles_a_day(world: World) -> None:
    shops = [shop for shop in adapters.shops().ids() if shop != world.acme]

    assert shops == []
    assert rollup.tick(clock.now()) > clock.now()


def test_each_shop_has_a_message_of_its_own(world: World) -> None:
    brook = ACME_FILE.read_text(encoding="utf-8").replace('shop = "acme"', 'shop = "brook"')
    adapters.shops().put(ShopId("brook"), brook, clock.now())

    tick()

    assert sorted(shops_told(world)) == ["acme", "brook"]


def test_a_shop_whose_file_reads_no_more_stops_no_other(world: World) -> None:
    adapters.shops().put(ShopId("aaa-broken"), "this is not TOML", clock.now())

    tick()

    assert shops_told(world) == ["acme"]


def test_a_shop_that_fails_comes_again_and_takes_no_other_with_it(week: World) -> None:
    week.at(SUNDAY_MIDNIGHT)
    messages = [("m-0", json.dumps({"shop": "nobody"})), ("m-1", json.dumps({"shop": "acme"}))]

    told = rollup.handler(batch("rollup_queue", *messages), CONTEXT)

    assert told == {"batchItemFailures": [{"itemIdentifier": "m-0"}]}
    assert report()["shop"] == "acme"


# --- the fold ----------------------------------------------------------------------------------------------------------


def test_an_answer_stands_in_the_day_file_of_the_day_it_was_given(week: World) -> None:
    assert roll_up(week, "2026-01-12T23:00:00Z") == DONE

    (line,) = lines("answers", "2026-01-12")
    assert (line["order"], line["score"], line["verdict"]) == ("1001", 9, "person")
    assert (line["comment"], line["drivers"]) == ("Świetny namiot!", ["quality"])


def test_every_survey_stands_where_it_was_asked_or_refused_with_its_reason(week: World) -> None:
    roll_up(week, "2026-01-12T23:00:00Z")

    asked = [(line["order"], line["answered"], line["reason"]) for line in lines("asked", "2026-01-12")]
    refused = [(line["order"], line["reason"]) for line in lines("asked", "2026-01-05")]
    assert sorted(asked) == [("1001", True, None), ("1002", False, None)]
    assert refused == [("1003", "cancelled")]


def test_no_file_holds_an_address_or_a_name(week: World) -> None:
    roll_up(week, SUNDAY_MIDNIGHT)

    for key, body in everything().items():
        text = (gzip.decompress(body) if key.endswith(".gz") else body).decode("utf-8", "replace").lower()
        assert "example.com" not in text
        assert "anna" not in text


def test_rolling_up_again_changes_not_one_byte(week: World) -> None:
    roll_up(week, SUNDAY_MIDNIGHT)
    once = everything()

    roll_up(week, "2026-01-18T23:15:00Z")

    assert everything() == once


def test_a_report_made_again_from_nothing_says_what_the_nightly_one_said(week: World) -> None:
    for night in range(12, 19):
        roll_up(week, f"2026-01-{night}T23:00:00Z")
    nightly = {key: body for key, body in everything().items() if key.startswith(WEEK)}
    for key in everything():
        adapters.files().delete(key)

    for period in ("2026-W02", "2026-W03"):  # of the days before, the thirteen weeks are made
        rollup.handler({"shop": "acme", "period": period}, CONTEXT)

    assert {key: body for key, body in everything().items() if key.startswith(WEEK)} == nightly


def test_a_month_that_an_older_release_counted_is_counted_anew(week: World) -> None:
    roll_up(week, SUNDAY_MIDNIGHT)
    key, reported = "totals/acme/2026-01.json", report()
    counted = json.loads(read(key))["days"]
    older = {day: {**entry, "total": {}} for day, entry in counted.items()}
    replace_file(key, json.dumps(older).encode())

    rollup.handler({"shop": "acme", "period": "2026-01"}, CONTEXT)

    assert json.loads(read(key))["days"] == counted
    assert report() == reported


def test_a_changed_mind_moves_no_line_to_another_day(week: World) -> None:
    roll_up(week, "2026-01-12T23:00:00Z")
    week.at("2026-01-14T10:00:00Z")
    answer(week, "3", "It leaks")

    roll_up(week, "2026-01-14T23:00:00Z")

    (line,) = lines("answers", "2026-01-12")
    assert (line["score"], line["comment"]) == (3, "It leaks")


def test_an_order_that_is_live_again_is_not_counted_as_cancelled_any_more(week: World) -> None:
    roll_up(week, "2026-01-12T23:00:00Z")
    week.at("2026-01-13T10:00:00Z")
    week.order(id="1003", number="1003", email="ewa@example.com", updated_at="2026-01-13T10:00:00Z")

    roll_up(week, "2026-01-13T23:00:00Z")

    assert week.survey("1003").stage == "planned"
    assert lines("asked", "2026-01-05") == []


def test_a_customers_orders_and_answers_stand_in_one_line_without_their_address(week: World) -> None:
    roll_up(week, "2026-01-12T23:00:00Z")

    known = {history.customer: history for history in histories.read(adapters.files(), week.acme)}
    anna, jan = known[week.customer_key()], known[week.customer_key("jan@example.com")]
    assert [(len(one.orders), [answer.bucket for answer in one.answers]) for one in (anna, jan)] == [
        (1, ["promoter"]),
        (1, []),
    ]
    assert week.customer_key("ewa@example.com") not in known  # whose order was cancelled


def test_an_erased_customer_leaves_the_histories(week: World) -> None:
    roll_up(week, "2026-01-12T23:00:00Z")
    gone = {"surveys": [order_1001()], "customer": week.customer_key()}

    rollup.handler({"shop": "acme", "erase": gone}, CONTEXT)

    known = [history.customer for history in histories.read(adapters.files(), week.acme)]
    assert known == [week.customer_key("jan@example.com")]


# --- the report --------------------------------------------------------------------------------------------------------


def test_a_week_is_reported_as_soon_as_it_has_closed(week: World) -> None:
    roll_up(week, SUNDAY_MIDNIGHT)

    assert sorted(adapters.files().list(f"{WEEK}/")) == [
        f"{WEEK}/{name}" for name in ("answers.csv", "report.html", "report.json", "report.xlsx")
    ]


def test_an_open_week_has_no_report_yet(week: World) -> None:
    roll_up(week, "2026-01-18T22:45:00Z")

    assert list(adapters.files().list("reports/acme/2026-W03")) == []


def test_the_report_says_what_happened(week: World) -> None:
    roll_up(week, SUNDAY_MIDNIGHT)

    told = report()
    (headline,) = told["headlines"]
    assert (headline["kind"], headline["n"], headline["score"]) == ("nps", 1, 100.0)
    assert headline["distribution"] == {"9": 1}
    assert (told["asked"]["sent"], told["asked"]["answered"], told["asked"]["response_rate"]) == (2, 1, 0.5)
    assert [comment["comment"] for comment in told["comments"]] == ["Świetny namiot!"]


def test_the_reports_numbers_can_be_recomputed_from_the_day_files(week: World) -> None:
    week.at("2026-01-14T10:00:00Z")
    answer(week, "2", order="1002")
    roll_up(week, SUNDAY_MIDNIGHT)

    given = [line for day in range(12, 19) for line in _answers_of(f"2026-01-{day}")]
    scores = [line["score"] for line in given if line["verdict"] in {"person", "unsure"}]

    promoters, detractors = sum(score >= 9 for score in scores), sum(score <= 6 for score in scores)
    (headline,) = report()["headlines"]
    assert (headline["n"], headline["score"]) == (len(scores), 100 * (promoters - detractors) / len(scores))


def _answers_of(day: str) -> list[dict[str, Any]]:
    return lines("answers", day) if adapters.files().read(f"answers/acme/{day}/answers.jsonl.gz") else []


def test_what_was_not_sent_is_counted_by_its_reason(week: World) -> None:
    roll_up(week, "2026-01-11T23:00:00Z")

    assert report("2026-W02")["asked"]["not_sent"] == {"cancelled": 1}


def test_a_week_with_mails_and_no_answer_is_reported_with_nulls(world: World) -> None:
    world.mailed()

    roll_up(world, SUNDAY_MIDNIGHT)

    (headline,) = report()["headlines"]
    assert (headline["n"], headline["score"], headline["interval"]) == (0, None, None)


def test_a_week_in_which_nothing_happened_has_no_report(week: World) -> None:
    roll_up(week, SUNDAY_MIDNIGHT)

    roll_up(week, "2026-01-25T23:00:00Z")

    assert list(adapters.files().list("reports/acme/2026-W04")) == []


def test_a_closed_week_is_judged_by_a_new_protection_only_when_somebody_asks(
    week: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AFTERORDER_SHOP_CACHE_SECONDS", "0.000001")
    survey_page.handler(request("tap", {"token": week.link(order="1002"), "score": "3"}), CONTEXT)
    roll_up(week, SUNDAY_MIDNIGHT)
    strict = ACME_FILE.read_text(encoding="utf-8") + '\n[answers]\nprotection = "strict"\n'
    week.put_shop(strict)

    roll_up(week, "2026-01-19T23:00:00Z")
    nightly = report()["verdicts"]
    rollup.handler({"shop": "acme", "period": "2026-W03"}, CONTEXT)

    assert (nightly["protection"], nightly["unsure"], nightly["scanner"]) == ("balanced", 1, 0)
    asked_for = report()["verdicts"]
    assert (asked_for["protection"], asked_for["unsure"], asked_for["scanner"]) == ("strict", 0, 1)


def test_a_late_answer_makes_the_closed_weeks_report_again(week: World) -> None:
    roll_up(week, SUNDAY_MIDNIGHT)
    week.at("2026-01-19T10:00:00Z")
    answer(week, "4", order="1002")

    roll_up(week, "2026-01-19T23:00:00Z")

    assert report()["asked"]["answered"] == 2
    assert report()["headlines"][0]["n"] == 1  # it was given in the next week


def test_a_changed_mind_revises_the_closed_week_and_every_report_that_looks_back_on_it(week: World) -> None:
    roll_up(week, SUNDAY_MIDNIGHT)
    week.at("2026-01-20T10:00:00Z")
    answer(week, "4", order="1002")
    roll_up(week, "2026-01-25T23:00:00Z")
    first = report(), report("2026-W04")
    week.at("2026-01-26T10:00:00Z")
    answer(week, "0")

    roll_up(week, "2026-01-26T23:00:00Z")

    before, after = (told["revision"] for told in first), (report()["revision"], report("2026-W04")["revision"])
    assert (tuple(before), after) == ((0, 0), (1, 0))
    assert report()["headlines"][0]["distribution"] == {"0": 1}
    assert first[1]["headlines"][0]["change"]["difference"] == -200
    assert report("2026-W04")["headlines"][0]["change"]["difference"] == 0
    assert "Poprawiono 1 raz od pierwszej publikacji" in read(f"{WEEK}/report.html").decode()


def test_what_an_operator_folded_by_building_a_report_still_reaches_the_reports_that_look_back_on_it(
    week: World,
) -> None:
    roll_up(week, SUNDAY_MIDNIGHT)
    week.at("2026-01-20T10:00:00Z")
    answer(week, "4", order="1002")
    roll_up(week, "2026-01-25T23:00:00Z")
    week.at("2026-01-26T10:00:00Z")
    answer(week, "0")
    rollup.handler({"shop": "acme", "period": "2026-W03"}, CONTEXT)

    roll_up(week, "2026-01-26T23:00:00Z")

    assert report("2026-W04")["headlines"][0]["change"]["difference"] == 0


def test_a_rollup_that_broke_off_before_its_reports_makes_also_those_that_look_back_when_it_comes_again(
    week: World,
) -> None:
    roll_up(week, SUNDAY_MIDNIGHT)
    week.at("2026-01-20T10:00:00Z")
    answer(week, "4", order="1002")
    roll_up(week, "2026-01-25T23:00:00Z")
    week.at("2026-01-26T10:00:00Z")
    answer(week, "0")
    with no_report_is_written():
        roll_up(week, "2026-01-26T23:00:00Z")

    roll_up(week, "2026-01-26T23:30:00Z")

    assert report("2026-W04")["headlines"][0]["change"]["difference"] == 0


@contextmanager
def no_report_is_written() -> Iterator[None]:
    """End a rollup when it begins to write reports."""

    def end(params: dict[str, Any], **_: Any) -> None:
        if "/reports/" in params["url_path"]:
            raise Trouble("the function's time is over")

    events = clients.s3().meta.events
    events.register("before-call.s3.PutObject", end, unique_id="end")
    yield
    events.unregister("before-call.s3.PutObject", unique_id="end")


def test_a_report_that_was_built_before_its_week_was_over_is_no_revision_afterwards(week: World) -> None:
    week.at("2026-01-13T09:00:00Z")
    rollup.handler({"shop": "acme", "period": "2026-W03"}, CONTEXT)
    early = report()["revision"]
    week.at("2026-01-14T10:00:00Z")
    answer(week, "2", order="1002")

    roll_up(week, SUNDAY_MIDNIGHT)

    assert (early, report()["revision"], report()["headlines"][0]["n"]) == (None, 0, 2)


def test_an_erased_answer_leaves_a_report_even_if_nothing_else_was_in_it(week: World) -> None:
    roll_up(week, SUNDAY_MIDNIGHT)
    gone = {"surveys": [order_id("1001"), order_id("1002")]}

    rollup.handler({"shop": "acme", "erase": gone}, CONTEXT)

    assert (report()["headlines"][0]["n"], report()["comments"], report()["revision"]) == (0, [], 1)


def test_changes_are_parted_by_their_surveys_and_none_is_lost() -> None:
    three = [SurveyId("1001"), SurveyId("1002"), SurveyId("1003")]

    parts = list(Changes(three, ["t-1"], ["f-1"]).parts(2))

    assert parts == [Changes(three[:2], ["t-1"], ["f-1"]), Changes(three[2:])]


def test_very_many_changes_are_folded_in_parts_and_come_to_the_same(
    week: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    roll_up(week, SUNDAY_MIDNIGHT)
    at_once = everything()
    state = adapters.shops().rollup_state(ShopId("acme"))
    adapters.shops().save_rollup_state(ShopId("acme"), replace(state, cursor=None))
    for key in at_once:
        adapters.files().delete(key)

    monkeypatch.setattr(news, "AT_ONCE", 1)
    roll_up(week, SUNDAY_MIDNIGHT)

    assert everything() == at_once


def test_a_week_with_very_many_answers_lists_its_newest_days_and_counts_them_all(
    week: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    week.at("2026-01-14T10:00:00Z")
    answer(week, "2", "Za drogo.", order="1002")
    monkeypatch.setattr(reports, "MOST_OF_A_MONTH", 1)

    roll_up(week, SUNDAY_MIDNIGHT)

    told = report()
    assert (told["headlines"][0]["n"], told["listed_from"]) == (2, "2026-01-14")
    assert [comment["comment"] for comment in told["comments"]] == ["Za drogo."]


def test_a_year_is_reported_from_its_months(week: World) -> None:
    roll_up(week, SUNDAY_MIDNIGHT)
    week.at("2026-12-31T23:00:00Z")

    rollup.handler({"shop": "acme", "period": "2026"}, CONTEXT)

    told = report("2026")
    (headline,) = told["headlines"]
    assert (headline["n"], headline["rolling"], told["listed_from"]) == (1, None, "2026-01-01")
    assert [comment["comment"] for comment in told["comments"]] == ["Świetny namiot!"]


def test_a_mail_of_unknown_outcome_is_counted_by_that_name_and_not_as_sent(world: World) -> None:
    world.order()
    world.at("2026-01-12T09:00:00Z")
    with ses_breaks(ReadTimeoutError(endpoint_url=SES), after_taking_the_mail=True):
        world.send()

    roll_up(world, SUNDAY_MIDNIGHT)

    assert (report()["asked"]["sent"], report()["asked"]["not_sent"]) == (0, {"outcome-unknown": 1})


# --- addresses ---------------------------------------------------------------------------------------------------------


def address(world: World, order: str = "1001") -> str | None:
    details = world.survey(order).order.details
    assert details is not None
    return details.email


def may_write_back(world: World) -> None:
    """Anna ticks the box."""
    token = world.link()
    body = form(("score", "3"), ("comment", "It leaks"), ("may_reply", "on"))
    survey_page.handler(request("answer", {"token": token}, body=body), CONTEXT)


def test_the_address_leaves_in_the_night_after_the_survey_expired(week: World) -> None:
    roll_up(week, "2026-02-10T23:00:00Z")
    before = address(week)

    roll_up(week, "2026-02-12T23:00:00Z")

    assert (before, address(week)) == ("anna@example.com", None)
    assert week.survey().stage == "closed"


def test_the_address_leaves_in_time_also_after_the_shop_moved_to_a_zone_whose_days_end_earlier(world: World) -> None:
    world.mailed("2026-01-12T18:00:00Z")
    for night in ("2026-01-12T23:00:00Z", "2026-01-31T23:00:00Z", "2026-02-08T23:00:00Z"):
        roll_up(world, night)
    world.put_shop(ACME_FILE.read_text(encoding="utf-8").replace("Europe/Warsaw", "Pacific/Auckland"))
    adapters._shops_in_memory.clear()  # noqa: SLF001  a new process has none

    for night in ("2026-02-11T11:00:00Z", "2026-02-12T11:00:00Z"):
        roll_up(world, night)

    assert address(world) is None


def test_the_address_of_a_customer_who_may_be_written_to_stays_for_ninety_days_more(week: World) -> None:
    may_write_back(week)
    roll_up(week, "2026-01-12T23:00:00Z")
    roll_up(week, "2026-02-12T23:00:00Z")
    at_expiry = address(week), address(week, "1002")
    roll_up(week, "2026-05-11T22:00:00Z")
    before_the_last_day = address(week)

    roll_up(week, "2026-05-13T22:00:00Z")

    assert at_expiry == ("anna@example.com", None)
    assert (before_the_last_day, address(week)) == ("anna@example.com", None)


# --- SES's own list ----------------------------------------------------------------------------------------------------

NIGHT = "2026-01-12T23:00:00Z"
FIRST_READING = {"reconcile": {"since": None, "until": NIGHT, "token": None}}


def reconcile(reading: dict[str, Any] | None = None) -> dict[str, Any]:
    body = json.dumps(reading or FIRST_READING)
    told: dict[str, Any] = rollup.handler(batch("rollup_queue", ("m-1", body)), CONTEXT)
    return told


def readings(world: World) -> list[dict[str, Any]]:
    """The readings of SES's list that wait on the queue."""
    return [told for told in told_by_queue(world) if "reconcile" in told]


def test_the_first_tick_of_a_night_has_sess_list_read_and_the_others_do_not(week: World) -> None:
    week.at(NIGHT)

    tick()
    tick()

    assert readings(week) == [FIRST_READING]


def test_whom_ses_suppresses_is_not_asked_about_the_next_order(week: World, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    with ses_lists([("Anna@example.com", "BOUNCE"), ("stranger@example.com", "COMPLAINT")]):
        assert reconcile() == DONE

    customer = week.customer()
    assert customer is not None
    assert customer.suppressed_why == "bounced"
    assert week.customer("stranger@example.com") is None
    assert "suppressed-by-ses" in counted(week.log)


def test_each_page_of_the_list_is_a_message_of_its_own(week: World) -> None:
    with ses_lists([("anna@example.com", "BOUNCE")], next_token="page-2"):
        reconcile()

    assert readings(week) == [{"reconcile": {"since": None, "until": NIGHT, "token": "page-2"}}]
    assert adapters.reconciling().read_until() is None


def test_the_next_night_reads_on_from_a_day_before_the_last_whole_reading(week: World) -> None:
    with ses_lists([]):
        reconcile()
    week.at("2026-01-13T23:00:00Z")

    tick()

    until = "2026-01-13T23:00:00Z"
    assert readings(week) == [{"reconcile": {"since": "2026-01-11T23:00:00Z", "until": until, "token": None}}]


def test_a_list_that_ses_does_not_show_comes_again_and_stops_no_shop(week: World) -> None:
    messages = [("m-0", json.dumps(FIRST_READING)), ("m-1", json.dumps({"shop": "acme"}))]
    week.at(SUNDAY_MIDNIGHT)

    with ses_lists([], refused=True):
        told = rollup.handler(batch("rollup_queue", *messages), CONTEXT)

    assert told == {"batchItemFailures": [{"itemIdentifier": "m-0"}]}
    assert report()["shop"] == "acme"
    assert adapters.reconciling().read_until() is None


def test_the_log_of_a_reading_holds_no_address(week: World) -> None:
    with ses_lists([("anna@example.com", "BOUNCE")]):
        reconcile()

    assert "anna" not in week.log


# --- by hand -----------------------------------------------------------------------------------------------------------


def test_an_operator_has_any_period_reported_at_any_time(week: World) -> None:
    week.at("2026-01-13T09:00:00Z")

    told = rollup.handler({"shop": "acme", "period": "2026-01-12"}, CONTEXT)

    assert f"{told['keys'][0]}" == "reports/acme/2026-01-12/report.json"
    assert report("2026-01-12")["headlines"][0]["n"] == 1


@pytest.mark.parametrize("period", ["2026-W60", "January", "", "2026-02-30", "../../acme"])
def test_a_period_that_is_none_is_refused_by_name(week: World, period: str) -> None:
    assert week.survey().stage == "sent"
    with pytest.raises(BadField, match="period"):
        rollup.handler({"shop": "acme", "period": period}, CONTEXT)


def test_a_shop_that_there_is_not_has_no_report(week: World) -> None:
    assert week.survey().stage == "sent"
    with pytest.raises(NotFound, match="nobody"):
        rollup.handler({"shop": "nobody", "period": "2026-W03"}, CONTEXT)


def test_an_erased_survey_leaves_day_files_and_reports(week: World) -> None:
    roll_up(week, SUNDAY_MIDNIGHT)

    told = rollup.handler({"shop": "acme", "erase": {"surveys": [order_1001()]}}, CONTEXT)

    assert f"{WEEK}/report.json" in told["keys"]
    assert (lines("answers", "2026-01-12"), report()["comments"]) == ([], [])
    assert "namiot" not in read(f"{WEEK}/answers.csv").decode()


# --- the digest --------------------------------------------------------------------------------------------------------


def digests(world: World) -> list[Any]:
    return [mail for mail in world.mails() if mail["To"] == "boss@acme.example"]


def test_the_managers_get_the_weeks_digest_on_monday_at_eight(week: World, capsys: pytest.CaptureFixture[str]) -> None:
    roll_up(week, SUNDAY_MIDNIGHT)
    too_early = digests(week)
    capsys.readouterr()

    roll_up(week, MONDAY_AT_EIGHT)

    (mail,) = digests(week)
    assert too_early == []
    assert any(link.startswith("https://ask.acme.example/r/") for link in links_in(mail))
    assert "digests" in counted(week.log)


def test_nobody_gets_a_digest_twice(week: World) -> None:
    roll_up(week, MONDAY_AT_EIGHT)

    roll_up(week, "2026-01-19T07:15:00Z")

    assert len(digests(week)) == 1


def test_a_digest_that_never_left_is_sent_with_the_next_rollup(week: World) -> None:
    with ses_breaks(EndpointConnectionError(endpoint_url=SES)):
        roll_up(week, MONDAY_AT_EIGHT)

    roll_up(week, "2026-01-19T07:15:00Z")

    assert len(digests(week)) == 1


def test_a_week_without_a_report_has_no_digest(world: World) -> None:
    roll_up(world, MONDAY_AT_EIGHT)

    assert digests(world) == []


def test_the_log_holds_no_managers_address_and_no_link(week: World) -> None:
    roll_up(week, MONDAY_AT_EIGHT)

    assert "boss@" not in week.log
    assert "/r/" not in week.log
