"""Adding days: whatever the order and the split, the sum says what the whole would have said."""

from collections.abc import Sequence
from datetime import date
from functools import reduce
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from cx_domain.histograms import Histogram
from cx_domain.shops import Legal, Shop, ShopId
from cx_domain.support_totals import Cases
from cx_domain.total_files import DayEntry, decode_month, encode_month, from_json, to_json
from cx_domain.totals import DayTotal, DriverBucket, Question, day_total, together

ACME = Shop(
    id=ShopId("acme"),
    name="Acme Outdoor",
    zone=ZoneInfo("Europe/Warsaw"),
    languages=("pl",),
    sender="Acme Outdoor <hello@acme.example>",
    consent_required=(),
    surveys=(),
    legal=Legal("Acme sp. z o.o.", "Teczowa 7, Wroclaw"),
)


def answer(score: int | None, **facts: Any) -> dict[str, Any]:
    """An answer line about a tent to Poland, other facts as told."""
    return {
        "id": "s1001",
        "kind": "nps",
        "touchpoint": "order",
        "score": score,
        "score_if_all_counted": score,
        "verdict": "person",
        "drivers": [],
        "segments": {"country": ["PL"], "category": ["tents"]},
        **facts,
    }


def asked(**facts: Any) -> dict[str, Any]:
    """An asked line of a mail that was delivered and nothing more."""
    quiet = dict.fromkeys(("bounced", "complained", "unsubscribed", "reminded", "answered"), False)
    about = {"kind": "nps", "subject": "order", "sent_at": "2026-01-05T09:00:00Z", "reason": None, "delivered": True}
    return {**about, **quiet, **facts}


def ticket(
    opened_at: str | None, solved_at: str | None = None, first_reply_at: str | None = None, **facts: Any
) -> dict[str, Any]:
    return {"opened_at": opened_at, "first_reply_at": first_reply_at, "solved_at": solved_at, **facts}


ANSWERS = st.builds(
    answer,
    st.none() | st.integers(0, 10),
    kind=st.sampled_from(["nps"]),
    touchpoint=st.sampled_from(["order", "delivery"]),
    question=st.sampled_from([None, "2026-01-05", "2026-01-05-2"]),
    verdict=st.sampled_from(["person", "unsure", "scanner", "contradicted", "excluded"]),
    score_if_all_counted=st.none() | st.integers(0, 10),
    protection=st.sampled_from([None, "strict", "balanced"]),
    journey_stage=st.sampled_from([None, "before", "during"]),
    drivers=st.lists(st.sampled_from(["delivery", "price"]), unique=True),
    segments=st.fixed_dictionaries(
        {
            "country": st.lists(st.sampled_from(["PL", "DE"]), max_size=1),
            "category": st.lists(st.text(max_size=2), unique=True),
        }
    ),
)
ASKED = st.builds(
    asked,
    sent_at=st.sampled_from([None, "2026-01-05T09:00:00Z"]),
    reason=st.sampled_from([None, "cancelled", "outcome-unknown"]),
    answered=st.booleans(),
    bounced=st.booleans(),
    commented=st.booleans(),
    kind=st.sampled_from(["nps", "csat"]),
    subject=st.sampled_from(["order", "ticket"]),
)
TICKETS = st.builds(
    ticket,
    st.sampled_from([None, "2026-01-05T09:00:00Z"]),
    st.sampled_from([None, "2026-01-05T09:59:59Z", "2026-01-07T09:00:00Z"]),
    topic=st.sampled_from([None, "returns"]),
    agent=st.sampled_from([None, "Ewa", "Piotr"]),
    reopened=st.sampled_from([0, 1]),
    solve_minutes=st.sampled_from([None, 30, 59]),
    timed_by=st.sampled_from(["business-hours", "around-the-clock"]),
)


@settings(max_examples=60)
@given(
    st.lists(ANSWERS),
    st.lists(ASKED),
    st.lists(TICKETS),
    st.lists(st.integers(0, 3), min_size=40),
    st.permutations(range(4)),
)
def test_any_split_of_the_lines_in_any_order_adds_up_to_the_whole(
    answers: list[dict[str, Any]],
    asked_lines: list[dict[str, Any]],
    tickets: list[dict[str, Any]],
    places: list[int],
    order: Sequence[int],
) -> None:
    def part(lines: list[dict[str, Any]], number: int) -> list[dict[str, Any]]:
        return [line for index, line in enumerate(lines) if places[index % len(places)] == number]

    parts = [day_total(part(answers, n), part(asked_lines, n), ACME, part(tickets, n)) for n in order]

    whole = day_total(answers, asked_lines, ACME, tickets)
    assert reduce(lambda total, other: total + other, parts, DayTotal()) == whole
    assert together(parts) == whole


@settings(max_examples=60)
@given(st.lists(ANSWERS), st.lists(ASKED), st.lists(TICKETS))
def test_a_total_reads_back_as_it_was_written(
    answers: list[dict[str, Any]], asked_lines: list[dict[str, Any]], tickets: list[dict[str, Any]]
) -> None:
    entry = DayEntry(day_total(answers, asked_lines, ACME, tickets), answers_etag='"a1"', tickets_etag=None)

    month = decode_month(encode_month({date(2026, 1, 5): entry}))

    assert month == {date(2026, 1, 5): entry}


def test_a_months_file_is_the_same_bytes_in_whatever_order_its_days_were_added() -> None:
    monday, tuesday = DayEntry(day_total([answer(9)], [], ACME)), DayEntry(day_total([answer(2)], [], ACME))

    one_way = encode_month({date(2026, 1, 5): monday, date(2026, 1, 6): tuesday})
    other_way = encode_month({date(2026, 1, 6): tuesday, date(2026, 1, 5): monday})

    assert one_way == other_way


def test_an_answer_is_counted_once_in_the_whole_and_once_in_each_of_its_segments() -> None:
    total = day_total([answer(9, segments={"country": ["PL"], "category": ["boots", "tents"]})], [], ACME)

    nine = Histogram({9: 1})
    assert total.histogram("nps", "order") == nine
    assert total.histogram("nps", "order", "country", "PL") == nine
    assert total.histogram("nps", "order", "category", "boots") == nine
    assert total.histogram("nps", "order", "category", "tents") == nine
    assert len(total.cells) == 4


def test_answers_to_other_words_are_counted_apart() -> None:
    total = day_total([answer(9), answer(2, question="2026-01-05")], [], ACME)

    assert total.histogram("nps", "order") == Histogram({9: 1})
    assert total.histogram("nps", "order", "country", "PL", series="2026-01-05") == Histogram({2: 1})
    assert total.if_all_counted[Question("nps", "order", "2026-01-05")] == Histogram({2: 1})


def test_of_series_the_newest_comes_first() -> None:
    names = ["2026-01-05-2", None, "2026-01-05-10", "2025-12-01"]

    total = day_total([answer(9, question=name) for name in names], [], ACME)

    assert total.series("nps", "order") == ["2026-01-05-10", "2026-01-05-2", "2025-12-01", None]


def test_words_that_only_a_scanner_tapped_are_no_newer_series() -> None:
    scanned = answer(None, question="2026-01-05", verdict="scanner", score_if_all_counted=0)

    assert day_total([answer(9), scanned], [], ACME).series("nps", "order") == [None]
    assert day_total([scanned], [], ACME).series("nps", "order") == ["2026-01-05"]


def test_a_month_that_an_older_release_counted_is_told_by_its_lack_of_a_version() -> None:
    older = b'{"2026-01-05":{"answers_etag":null,"asked_etag":null,"tickets_etag":null,"total":{}}}'

    assert decode_month(older) is None


def test_what_an_operator_left_out_is_reported() -> None:
    total = day_total([answer(None, verdict="excluded", score_if_all_counted=0)], [], ACME)

    assert total.verdicts == {"excluded": 1}


def test_what_a_scanner_tapped_is_excluded_and_reported() -> None:
    total = day_total([answer(9), answer(None, verdict="scanner", score_if_all_counted=0)], [], ACME)

    assert total.histogram("nps", "order") == Histogram({9: 1})
    assert total.if_all_counted == {Question("nps", "order"): Histogram({0: 1, 9: 1})}
    assert total.verdicts == {"person": 1, "scanner": 1}


def test_a_mention_without_a_score_is_words_and_no_answer() -> None:
    total = day_total([answer(None, source="review-site")], [], ACME)

    assert (total.cells, total.verdicts) == ({}, {})


def test_every_survey_that_was_not_sent_is_counted_under_its_reason() -> None:
    lines = [asked(), asked(sent_at=None, reason="asked-recently", delivered=False)]

    total = day_total([], lines, ACME)

    assert total.asked == {"sent": 1, "delivered": 1}
    assert total.not_sent == {"asked-recently": 1}


def test_an_answer_proves_that_a_mail_of_unknown_outcome_came() -> None:
    lost = asked(sent_at=None, reason="outcome-unknown", delivered=False, answered=True)

    total = day_total([], [lost], ACME)

    assert (total.asked, total.not_sent) == ({"sent": 1, "answered": 1}, {})


def test_a_reminder_of_unknown_outcome_is_counted_beside_its_survey() -> None:
    total = day_total([], [asked(reason="outcome-unknown")], ACME)

    assert (total.asked["sent"], total.not_sent) == (1, {"outcome-unknown": 1})


def test_drivers_are_counted_by_who_named_them_and_where() -> None:
    lines = [
        answer(9, drivers=["price"]),
        answer(3, drivers=["delivery"]),
        answer(2, drivers=["price"], touchpoint="support"),
        answer(None, drivers=["price"]),
    ]

    total = day_total(lines, [], ACME)

    assert total.drivers == {
        DriverBucket("price", "promoter", "order"): 1,
        DriverBucket("delivery", "detractor", "order"): 1,
        DriverBucket("price", "detractor", "support"): 1,
    }


def test_a_ticket_is_timed_by_the_minute_once_it_is_solved() -> None:
    lines = [ticket("2026-01-05T09:00:00Z", "2026-01-05T14:30:59Z"), ticket("2026-01-05T09:00:00Z")]

    total = day_total([], [], ACME, lines)

    assert total.support.whole == Cases({"opened": 2, "solved": 1}, {}, {330: 1})


def test_the_json_form_names_the_cells_in_order() -> None:
    total = day_total([answer(10), answer(2)], [], ACME)

    data = to_json(total)

    assert data["cells"] == [
        ["nps", "order", "all", "all", None, {"2": 1, "10": 1}],
        ["nps", "order", "category", "tents", None, {"2": 1, "10": 1}],
        ["nps", "order", "country", "PL", None, {"2": 1, "10": 1}],
    ]
    assert from_json(data) == total


def test_the_rate_of_two_mailings_is_pooled_and_never_averaged() -> None:
    # Winningtemp's help page averages 100 % of 20 and 70 % of 30 to 85 %; 41 of 50 people answered, which is 82 %.
    first = day_total([], [asked(answered=True)] * 20, ACME)
    second = day_total([], [asked(answered=True)] * 21 + [asked()] * 9, ACME)

    both = together([first, second]).asked

    assert both["answered"] / (both["sent"] - both.get("bounced", 0)) == 0.82
