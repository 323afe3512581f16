"""What another service knew is brought in before the first mail goes out: whom not to ask, and what people said before."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from typer.testing import Result

from cx_domain.identities import customer_key
from cx_domain.order_fields import FeedbackEvent
from cx_domain.shops import ShopId
from cx_domain.surveys import CustomerKey, SurveyId
from infra.aws.customer_table import Customer
from infra.operator.session import Stack

Say = Callable[..., Result]
ACME = ShopId("acme")
ANNA, JAN, OLA = "anna@kowalska.example", "jan@nowak.example", "ola@wisniewska.example"
ERASED_AT = datetime(2026, 1, 8, 12, tzinfo=UTC)
EXPORT = f"""Email,Name,Unsubscribed At,Bounced,Last Sent At
{ANNA},Anna Kowalska,2026-01-05T09:00:00Z,no,2026-01-03
{JAN},Jan Nowak,,yes,
{OLA},Ola Wisniewska,,no,2026-01-04 10:00:00 UTC
"""
RATINGS = """Response Date,Score,Comment,Country,Person Email
2025-12-03T10:00:00Z,10,The tent came in a day,pl,anna@kowalska.example
2025-12-04T10:00:00Z,3,It leaks,DE,jan@nowak.example
2025-12-05T10:00:00Z,,,,ola@wisniewska.example
"""


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], str]:
    """Write an export, and say where it lies."""

    def write(text: str) -> str:
        path = tmp_path / "export.csv"
        path.write_bytes(text.encode())
        return str(path)

    return write


Written = Callable[[str], str]


def key(stack: Stack, address: str) -> CustomerKey:
    return customer_key(stack.secrets.key_ring().identity, ACME, address)


def customer(stack: Stack, address: str) -> Customer:
    found = stack.customers.get(ACME, key(stack, address))
    assert found is not None
    return found


def feedback(stack: Stack) -> list[FeedbackEvent]:
    return sorted(stack.feedback.scan(ACME), key=lambda each: each.recorded_at)


@pytest.fixture
def acme_now(acme: Stack, afterorder: Say, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Stack:
    """Acme Outdoor in January, some days before it moves in."""
    clock = tmp_path / "clock"
    clock.write_text("2026-01-10T12:00:00Z", encoding="ascii")
    monkeypatch.setenv("AFTERORDER_CLOCK_FILE", str(clock))
    del afterorder
    return acme


# --- suppressions -------------------------------------------------------------------------------------------------------


def test_whoever_stopped_at_the_other_service_is_never_asked(
    acme_now: Stack, afterorder: Say, written: Written
) -> None:
    told = afterorder("import", "suppressions", "acme", written(EXPORT))

    assert told.exit_code == 0, told.output
    assert customer(acme_now, ANNA).unsubscribed_at == datetime(2026, 1, 5, 9, tzinfo=UTC)
    assert customer(acme_now, JAN).suppressed_why == "bounced"


def test_whoever_was_just_asked_there_is_not_asked_here_until_the_shops_pause_is_over(
    acme_now: Stack, afterorder: Say, written: Written
) -> None:
    afterorder("import", "suppressions", "acme", written(EXPORT))

    asked_at = datetime(2026, 1, 4, 10, tzinfo=UTC)
    ola, pause = key(acme_now, OLA), timedelta(days=90)
    take = acme_now.customers.take_slot
    assert (
        take(ACME, ola, SurveyId("nps-1001"), "1001", asked_at + pause - timedelta(days=1), pause) == "asked-recently"
    )
    assert not isinstance(take(ACME, ola, SurveyId("nps-1001"), "1001", asked_at + pause, pause), str)


def test_a_dry_run_says_what_would_happen_and_writes_nothing(
    acme_now: Stack, afterorder: Say, written: Written
) -> None:
    told = afterorder("import", "suppressions", "acme", written(EXPORT + "no address,,,,\n"), "--dry-run")

    assert told.stdout.splitlines() == [
        "Columns taken: email from 'Email'; unsubscribed from 'Unsubscribed At'; bounced from 'Bounced'; asked_at from 'Last Sent At'.",
        "Columns not used: 'Name'.",
        "Nothing was written. This would happen:",
        "  never ask again, the address bounced: 1",
        "  never ask again, unsubscribed: 1",
        "  the day they were asked last: 1",
        "Wrong rows: 1",
        "  line 5: email: is no address that a mail can reach",
    ]
    assert acme_now.customers.get(ACME, key(acme_now, ANNA)) is None


def test_a_dry_run_names_the_first_five_wrong_rows(acme_now: Stack, afterorder: Say, written: Written) -> None:
    del acme_now

    told = afterorder("import", "suppressions", "acme", written("email,bounced\n" + "x,no\n" * 7), "--dry-run")

    assert told.stdout.splitlines()[-7:-1] == ["Wrong rows: 7"] + [
        f"  line {line}: email: is no address that a mail can reach" for line in range(2, 7)
    ]
    assert told.stdout.splitlines()[-1] == "  and 2 more"


def test_one_wrong_row_stops_everything_and_each_is_named(acme_now: Stack, afterorder: Say, written: Written) -> None:
    wrong = f"{EXPORT}kasia@lis.example,Kasia,perhaps,no,\nola,,,,03/04/2026\n"

    told = afterorder("import", "suppressions", "acme", written(wrong))

    assert told.exit_code == 1
    assert told.stderr.splitlines() == [
        "line 5: unsubscribed: says neither yes nor no, nor since when",
        "line 6: email: is no address that a mail can reach",
        "FILE: 2 of 5 rows are wrong, and nothing was written; mend them, or leave them out with --skip-wrong",
    ]
    assert acme_now.customers.get(ACME, key(acme_now, ANNA)) is None


def test_wrong_rows_are_left_out_if_that_is_said(acme_now: Stack, afterorder: Say, written: Written) -> None:
    told = afterorder("import", "suppressions", "acme", written(EXPORT + "ola,,,,\n"), "--skip-wrong")

    assert (told.exit_code, told.stderr) == (0, "line 5: email: is no address that a mail can reach\n")
    assert customer(acme_now, ANNA).unsubscribed_at is not None


def test_to_import_a_file_twice_changes_nothing(acme_now: Stack, afterorder: Say, written: Written) -> None:
    file = written(EXPORT)
    afterorder("import", "suppressions", "acme", file)
    before = [customer(acme_now, address) for address in (ANNA, JAN, OLA)]

    told = afterorder("import", "suppressions", "acme", file)

    assert told.stdout.splitlines()[2:] == ["Done:", "  nothing new: as much is known already: 3"]
    assert [customer(acme_now, address) for address in (ANNA, JAN, OLA)] == before


def test_what_is_known_already_is_never_weakened(acme_now: Stack, afterorder: Say, written: Written) -> None:
    asked_at = datetime(2026, 1, 9, 9, tzinfo=UTC)
    acme_now.customers.take_slot(ACME, key(acme_now, OLA), SurveyId("nps-1001"), "1001", asked_at, timedelta(days=90))
    acme_now.customers.unsubscribe(ACME, key(acme_now, JAN), datetime(2026, 1, 2, tzinfo=UTC))

    afterorder("import", "suppressions", "acme", written(EXPORT))

    assert (customer(acme_now, OLA).asked_at, customer(acme_now, OLA).survey_id) == (asked_at, "nps-1001")
    assert customer(acme_now, JAN).unsubscribed_at == datetime(2026, 1, 2, tzinfo=UTC)


def test_a_list_of_addresses_alone_must_be_said_to_be_of_those_who_left(
    acme_now: Stack, afterorder: Say, written: Written
) -> None:
    file = written(f"email\n{ANNA}\n")

    refused = afterorder("import", "suppressions", "acme", file)
    taken = afterorder("import", "suppressions", "acme", file, "--everyone-is", "unsubscribed")

    assert (refused.exit_code, taken.exit_code) == (1, 0)
    assert "--everyone-is unsubscribed" in refused.stderr
    assert customer(acme_now, ANNA).unsubscribed_at == datetime(2026, 1, 10, 12, tzinfo=UTC)


def test_a_services_own_words_and_columns_can_be_told(acme_now: Stack, afterorder: Say, written: Written) -> None:
    file = written(f"Kontakt;Zustand;Status\n{ANNA};weg;Bayern\n")
    own = ("--column", "email=Kontakt", "--word", "weg=unsubscribed", "--ignore", "Status")

    told = afterorder("import", "suppressions", "acme", file, *own)

    assert told.exit_code == 0, told.output
    assert customer(acme_now, ANNA).unsubscribed_at is not None


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--dates", "ymd"), "--dates: must be one of dmy, mdy"),
        (("--everyone-is", "gone"), "--everyone-is: must be one of complained, bounced, unsubscribed"),
        (("--column", "email"), "--column: must be two words with = between them"),
        (("--column", "mail=Email"), "--column: 'mail' is none of ours; there is email, status, unsubscribed"),
        (("--column", "email=Kontakt"), "--column: the file has no column 'Kontakt'"),
        (("--word", "weg=gone"), "--word: must be one of complained, bounced, unsubscribed, active"),
    ],
)
def test_an_option_that_cannot_be_meant_is_refused(
    acme_now: Stack, afterorder: Say, written: Written, options: tuple[str, str], why: str
) -> None:
    del acme_now

    told = afterorder("import", "suppressions", "acme", written(EXPORT), *options)

    assert told.exit_code == 1
    assert told.stderr.startswith(why)


def test_no_address_is_ever_printed_or_kept(acme_now: Stack, afterorder: Say, written: Written) -> None:
    file = written(EXPORT + "broken@@lis.example,,,,\n")

    told = [afterorder("import", "suppressions", "acme", file, *said) for said in (("--dry-run",), ("--skip-wrong",))]

    assert [re.findall(r"kowalska|nowak|lis\.example", each.output) for each in told] == [[], []]
    items = acme_now.customers.get_many(ACME, [key(acme_now, ANNA)])
    assert "kowalska" not in repr(items)


# --- answers ------------------------------------------------------------------------------------------------------------


def test_old_ratings_come_in_with_their_dates_as_a_series_of_their_own(
    acme_now: Stack, afterorder: Say, written: Written
) -> None:
    told = afterorder("import", "answers", "acme", written(RATINGS), "--from", "Delighted")

    assert told.stdout.splitlines()[2:] == ["Done:", "  new answers: 2", "  left out: without a score: 1"]
    first, second = feedback(acme_now)
    assert (first.score, first.recorded_at, first.comment) == (
        10,
        datetime(2025, 12, 3, 10, tzinfo=UTC),
        "The tent came in a day",
    )
    assert (first.kind, first.touchpoint, first.source) == ("nps", "order", "imported:Delighted")
    assert (first.segments, second.segments) == ((("country", "PL"),), (("country", "DE"),))


def test_the_day_of_the_last_imported_answer_is_remembered(acme_now: Stack, afterorder: Say, written: Written) -> None:
    afterorder("import", "answers", "acme", written(RATINGS), "--from", "Delighted")
    afterorder("import", "answers", "acme", written("date,score\n2025-11-01,9\n"), "--from", "Delighted")

    assert acme_now.shop(ACME).imported_until == {"imported:Delighted": date(2025, 12, 4)}


def test_ratings_that_are_imported_twice_are_counted_once_and_equal_ones_each(
    acme_now: Stack, afterorder: Say, written: Written
) -> None:
    file = written("date,score\n2025-12-03,9\n2025-12-03,9\n")
    afterorder("import", "answers", "acme", file, "--from", "Delighted")

    told = afterorder("import", "answers", "acme", file, "--from", "Delighted")

    assert told.stdout.splitlines()[2:] == ["Done:", "  imported already: 2"]
    assert len(feedback(acme_now)) == 2


def test_a_dry_run_of_answers_writes_nothing(acme_now: Stack, afterorder: Say, written: Written) -> None:
    told = afterorder("import", "answers", "acme", written(RATINGS), "--from", "Delighted", "--dry-run")

    assert told.stdout.splitlines()[2:] == [
        "Nothing was written. This would happen:",
        "  new answers: 2",
        "  left out: without a score: 1",
    ]
    assert feedback(acme_now) == []


def test_answers_older_than_the_shop_keeps_any_are_left_out(acme_now: Stack, afterorder: Say, written: Written) -> None:
    told = afterorder("import", "answers", "acme", written("date,score\n2019-12-03,9\n"), "--from", "Delighted")

    assert told.stdout.splitlines()[2:] == ["Done:", "  left out: older than the shop keeps answers: 1"]
    assert feedback(acme_now) == []


def test_a_score_off_its_scale_stops_the_import(acme_now: Stack, afterorder: Say, written: Written) -> None:
    file = written("date,score\n2025-12-03,9\n")

    told = afterorder("import", "answers", "acme", file, "--from", "Survicate", "--kind", "csat")

    assert told.stderr.splitlines()[0] == "line 2: score: is no whole number from 1 to 5, as csat has them"
    assert (told.exit_code, feedback(acme_now)) == (1, [])


def test_answers_need_the_name_of_a_service(acme_now: Stack, afterorder: Say, written: Written) -> None:
    del acme_now

    told = afterorder("import", "answers", "acme", written(RATINGS), "--from", " ")

    assert told.stderr == "--from: must be the name of a service\n"


# --- whose answers they are --------------------------------------------------------------------------------------------


def test_whose_answer_it_is_is_kept_by_a_keyed_hash_and_never_by_address(
    acme_now: Stack, afterorder: Say, written: Written
) -> None:
    afterorder("import", "answers", "acme", written(RATINGS), "--from", "Delighted")

    assert [one.customer for one in feedback(acme_now)] == [key(acme_now, ANNA), key(acme_now, JAN)]
    everything = json.dumps(boto3.client("dynamodb").scan(TableName="afterorder-table")["Items"])
    assert [trace for trace in ("kowalska", "nowak") if trace in everything] == []


def test_an_answer_without_an_address_is_nobodys(acme_now: Stack, afterorder: Say, written: Written) -> None:
    file = written("date,score,email\n2025-12-03,9,\n2025-12-04,8,not given\n")

    afterorder("import", "answers", "acme", file, "--from", "Delighted")

    assert [one.customer for one in feedback(acme_now)] == [None, None]


def test_a_person_is_shown_what_they_answered_elsewhere_and_nobody_elses(
    acme_now: Stack, afterorder: Say, written: Written
) -> None:
    del acme_now
    afterorder("import", "answers", "acme", written(RATINGS), "--from", "Delighted")

    told = json.loads(afterorder("customer", "export", "acme", ANNA.upper()).stdout)

    assert [(one["score"], one["comment"], one["from"]) for one in told["imported"]] == [
        (10, "The tent came in a day", "imported:Delighted")
    ]


def test_an_import_brings_back_nothing_of_who_was_erased(acme_now: Stack, afterorder: Say, written: Written) -> None:
    acme_now.erasures.mark(ACME, key(acme_now, ANNA), ERASED_AT, purge_at=ERASED_AT + timedelta(days=730))

    told = afterorder("import", "answers", "acme", written(RATINGS), "--from", "Delighted")

    assert told.stdout.splitlines()[2:6] == [
        "Done:",
        "  new answers: 1",
        "  left out: erased at the wish of who gave them: 1",
        "  left out: without a score: 1",
    ]
    assert [one.customer for one in feedback(acme_now)] == [key(acme_now, JAN)]


def test_what_they_answer_after_their_erasure_is_taken(acme_now: Stack, afterorder: Say, written: Written) -> None:
    acme_now.erasures.mark(ACME, key(acme_now, ANNA), ERASED_AT, purge_at=ERASED_AT + timedelta(days=730))

    afterorder("import", "answers", "acme", written(f"date,score,email\n2026-01-09,9,{ANNA}\n"), "--from", "Delighted")

    assert [one.customer for one in feedback(acme_now)] == [key(acme_now, ANNA)]


def test_the_same_row_is_not_brought_back_by_leaving_its_address_out(
    acme_now: Stack, afterorder: Say, written: Written
) -> None:
    afterorder("import", "answers", "acme", written(RATINGS), "--from", "Delighted")
    acme_now.feedback.erase(ACME, feedback(acme_now)[0].id, ERASED_AT, purge_at=ERASED_AT + timedelta(days=730))

    told = afterorder("import", "answers", "acme", written(RATINGS), "--from", "Delighted", "--ignore", "Person Email")

    assert "  left out: erased at the wish of who gave them: 1" in told.stdout.splitlines()
    assert [one.comment for one in feedback(acme_now)] == ["It leaks"]


def test_of_who_was_erased_an_import_keeps_that_they_are_not_to_be_asked_and_not_when_they_were(
    acme_now: Stack, afterorder: Say, written: Written
) -> None:
    for address in (ANNA, OLA):
        acme_now.erasures.mark(ACME, key(acme_now, address), ERASED_AT, purge_at=ERASED_AT + timedelta(days=730))

    told = afterorder("import", "suppressions", "acme", written(EXPORT))

    assert "  left out: asked before they had themselves erased: 1" in told.stdout.splitlines()
    assert acme_now.customers.get(ACME, key(acme_now, OLA)) is None
    anna = customer(acme_now, ANNA)
    assert (anna.asked_at, anna.unsubscribed_at) == (None, datetime(2026, 1, 5, 9, tzinfo=UTC))
