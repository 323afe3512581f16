"""What a sent form is worth, and whose answer it then is. Anna's mail about order 1001 arrives at nine."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from cx_domain.shops import Protection
from cx_domain.verdicts import Judgement, judge
from cx_domain.visits import ClientKey, Evidence, Reply, Visit

NPS = range(11)
DELIVERED_AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
ANNA, MACHINE, SAFE_LINKS = ClientKey("anna"), ClientKey("machine"), ClientKey("safelinks")
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def tap(score: int, after: timedelta, client: ClientKey = ANNA) -> Visit:
    return Visit(DELIVERED_AT + after, score, client)


def post(
    score: int,
    after: timedelta,
    client: ClientKey = ANNA,
    evidence: Evidence | None = "form",
    visible: timedelta | None = None,
    *,
    preview: bool = False,
    worded: bool = False,
) -> Visit:
    return Visit(DELIVERED_AT + after, score, client, "POST", preview, evidence, visible, worded)


def judged(
    *visits: Visit,
    replies: Sequence[Reply] = (),
    protection: Protection = "balanced",
    reminded_at: datetime | None = None,
) -> Judgement:
    return judge(visits, replies, DELIVERED_AT, NPS, protection, reminded_at=reminded_at)


# A script that no hand moved


def test_a_script_that_presses_the_button_does_not_confirm() -> None:
    verdict = judged(tap(0, 23 * SECOND, MACHINE), post(0, 23 * SECOND, MACHINE, "script"))

    assert (verdict.verdict, verdict.score, verdict.reasons) == ("scanner", None, ("no-trusted-event",))


def test_a_late_script_does_not_count_as_a_lone_tap_either() -> None:
    verdict = judged(tap(0, HOUR, MACHINE), post(0, HOUR + SECOND, MACHINE, "script", SECOND))

    assert (verdict.verdict, verdict.reasons) == ("scanner", ("no-trusted-event",))


@pytest.mark.parametrize(
    ("after", "visible", "counts"),
    [
        (HOUR, 20 * SECOND, True),
        (HOUR, 19.9 * SECOND, False),
        (HOUR, None, False),
        (5 * MINUTE, 20 * SECOND, True),
        (5 * MINUTE - SECOND, 60 * SECOND, False),
    ],
)
def test_software_that_presses_the_button_for_a_person_waits_and_comes_late(
    after: timedelta, visible: timedelta | None, counts: bool
) -> None:
    verdict = judged(tap(7, after - MINUTE), post(7, after, ANNA, "script", visible))

    assert (verdict.verdict == "person") is counts
    assert ("no-trusted-event" in verdict.reasons) is True


def test_strict_never_takes_a_script_for_a_person() -> None:
    verdict = judged(tap(7, HOUR), post(7, 2 * HOUR, ANNA, "script", MINUTE), protection="strict")

    assert (verdict.verdict, verdict.reasons) == ("scanner", ("no-trusted-event",))


@pytest.mark.parametrize("evidence", ["click", "key", "touch", "form"])
def test_a_patient_script_gives_way_to_a_person(evidence: Evidence) -> None:
    script = [tap(0, HOUR, MACHINE), post(0, HOUR + MINUTE, MACHINE, "script", 30 * SECOND)]

    verdict = judged(*script, tap(9, 2 * HOUR), post(9, 2 * HOUR + MINUTE, ANNA, evidence))

    assert (verdict.score, verdict.owner, verdict.reasons) == (9, ANNA, ("confirmed",))


# A form without a script


@pytest.mark.parametrize("evidence", ["form", None])
def test_a_form_confirms_also_in_the_second_of_its_own_tap(evidence: Evidence | None) -> None:
    verdict = judged(tap(9, 12 * SECOND), post(9, 12 * SECOND, ANNA, evidence))

    assert (verdict.verdict, verdict.score, verdict.reasons) == ("person", 9, ("confirmed", "hasty-form"))


@pytest.mark.parametrize(
    ("tapped", "sent"),
    [(20 * SECOND, 22 * SECOND), (5 * MINUTE, 5 * MINUTE)],
    ids=["two seconds to read", "five minutes after delivery"],
)
def test_a_form_that_took_its_time_is_not_hasty(tapped: timedelta, sent: timedelta) -> None:
    assert judged(tap(9, tapped), post(9, sent)).reasons == ("confirmed",)


def test_a_form_with_words_is_not_hasty() -> None:
    assert judged(tap(9, 12 * SECOND), post(9, 12 * SECOND, worded=True)).reasons == ("confirmed",)


def test_who_changes_their_words_does_not_lose_what_they_said() -> None:
    anna = [tap(9, 8 * SECOND), post(9, 8 * SECOND, worded=True), post(9, HOUR, worded=True)]
    words = Reply(DELIVERED_AT + HOUR, 9, ANNA, "A lovely tent, and fast")

    verdict = judged(*anna, tap(0, 43 * SECOND, MACHINE), post(0, 43 * SECOND, MACHINE, "click"), replies=[words])

    assert (verdict.score, verdict.owner) == (9, ANNA)


def test_words_that_came_later_do_not_lend_weight_to_a_hasty_form() -> None:
    hasty = [tap(0, 23 * SECOND, MACHINE), post(0, 23 * SECOND, MACHINE), post(0, 2 * HOUR, MACHINE, worded=True)]

    verdict = judged(*hasty, tap(9, MINUTE), post(9, HOUR, ANNA, "touch"))

    assert (verdict.score, verdict.owner) == (9, ANNA)


def test_haste_is_measured_from_the_page_that_was_opened_last() -> None:
    verdict = judged(tap(9, 10 * SECOND), tap(9, MINUTE), post(9, MINUTE + SECOND))

    assert verdict.reasons == ("confirmed", "hasty-form")


def test_a_form_without_a_tap_of_its_own_is_hasty() -> None:
    assert judged(post(9, 30 * SECOND)).reasons == ("confirmed", "hasty-form")


def test_haste_is_measured_from_the_reminder_too() -> None:
    reminded_at = DELIVERED_AT + 120 * HOUR

    verdict = judged(tap(9, 121 * HOUR - HOUR), post(9, 120 * HOUR), reminded_at=reminded_at)

    assert verdict.reasons == ("confirmed", "hasty-form")


def test_a_scanner_that_sends_the_form_at_once_does_not_shut_the_person_out() -> None:
    scanner = [tap(0, 23 * SECOND, MACHINE), post(0, 23 * SECOND, MACHINE)]

    verdict = judged(*scanner, tap(9, HOUR), post(9, HOUR + 8 * SECOND, ANNA, "touch"))

    assert (verdict.score, verdict.owner) == (9, ANNA)
    assert verdict.given_at == DELIVERED_AT + HOUR


@pytest.mark.parametrize("sent", [8 * SECOND, 55 * SECOND, 2 * HOUR])
@pytest.mark.parametrize("worded", [False, True])
def test_a_hasty_form_is_the_first_answer_and_gives_way_to_no_other_form(sent: timedelta, worded: bool) -> None:
    person = [tap(9, 8 * SECOND), post(9, 8 * SECOND)]

    verdict = judged(*person, tap(0, 8 * SECOND, SAFE_LINKS), post(0, sent, SAFE_LINKS, worded=worded))

    assert (verdict.score, verdict.owner) == (9, ANNA)


def test_a_hasty_scanner_after_a_hasty_person_changes_nothing() -> None:
    person = [tap(9, 20 * SECOND), post(9, 20 * SECOND)]

    verdict = judged(*person, tap(0, 55 * SECOND, SAFE_LINKS), post(0, 55 * SECOND, SAFE_LINKS))

    assert (verdict.score, verdict.owner) == (9, ANNA)


def test_a_form_from_another_address_35_seconds_after_the_persons_changes_nothing() -> None:
    person = [tap(9, HOUR), post(9, HOUR + 5 * SECOND, ANNA, "touch")]

    verdict = judged(*person, tap(0, HOUR + 20 * SECOND, SAFE_LINKS), post(0, HOUR + 40 * SECOND, SAFE_LINKS))

    assert (verdict.score, verdict.owner) == (9, ANNA)


def test_a_firm_confirmation_is_not_taken_over_by_a_firmer_looking_one() -> None:
    person = [tap(9, HOUR), post(9, HOUR + 5 * SECOND)]

    verdict = judged(*person, tap(0, 2 * HOUR, MACHINE), post(0, 2 * HOUR + MINUTE, MACHINE, "click"))

    assert (verdict.score, verdict.owner) == (9, ANNA)


def test_who_was_hasty_and_sends_again_at_leisure_is_firm_from_then() -> None:
    verdict = judged(tap(9, 12 * SECOND), post(9, 12 * SECOND), post(10, HOUR), post(0, 2 * HOUR, MACHINE))

    assert (verdict.score, verdict.confirmed_at) == (10, DELIVERED_AT + 12 * SECOND)


def test_who_was_hasty_comes_after_another_who_was_firm_meanwhile() -> None:
    hasty = [tap(0, 23 * SECOND, MACHINE), post(0, 23 * SECOND, MACHINE), post(0, 2 * HOUR, MACHINE)]

    verdict = judged(*hasty, tap(9, MINUTE), post(9, HOUR, ANNA, "touch"))

    assert (verdict.score, verdict.owner) == (9, ANNA)


# An agent that says that it is a preview


def test_an_announced_agents_script_confirms_nothing() -> None:
    verdict = judged(post(0, HOUR, MACHINE, "script", MINUTE, preview=True))

    assert (verdict.verdict, verdict.reasons) == ("scanner", ("link-preview",))


@pytest.mark.parametrize("evidence", ["touch", "form"])
def test_an_apps_own_browser_confirms_until_a_hand_does_elsewhere(evidence: Evidence) -> None:
    in_app = [post(3, HOUR, MACHINE, evidence, preview=True)]

    alone, beside = judged(*in_app), judged(*in_app, tap(9, 2 * HOUR), post(9, 2 * HOUR + MINUTE, ANNA, "touch"))

    assert (alone.score, alone.reasons) == (3, ("confirmed", "link-preview"))
    assert (beside.score, beside.owner) == (9, ANNA)


# Replies whose own POST was not kept


def test_a_reply_without_its_post_is_taken_for_like_the_clients_last() -> None:
    scripted = post(0, HOUR, MACHINE, "script")

    verdict = judged(scripted, replies=[Reply(DELIVERED_AT + 2 * HOUR, 0, MACHINE)])

    assert verdict.verdict == "scanner"


# What comes after a form


def test_who_opens_another_link_and_sends_that_within_the_same_second_has_changed_their_mind() -> None:
    verdict = judged(tap(7, HOUR), post(7, HOUR), tap(9, HOUR), post(9, HOUR))

    assert (verdict.verdict, verdict.score) == ("person", 9)


@pytest.mark.parametrize(("evidence", "worded"), [("touch", False), ("form", True)])
def test_a_virus_scanner_on_the_readers_own_machine_does_not_unmake_what_they_said(
    evidence: Evidence, worded: bool
) -> None:
    anna = [tap(7, MINUTE), post(7, MINUTE + SECOND, evidence=evidence, worded=worded)]

    verdict = judged(*anna, *(tap(score, 2 * MINUTE) for score in NPS))

    assert (verdict.verdict, verdict.score, verdict.given_at) == ("person", 7, DELIVERED_AT + MINUTE)


@pytest.mark.parametrize("evidence", ["click", "form"])
def test_whatever_opens_every_link_and_presses_every_button_is_a_scanner(evidence: Evidence) -> None:
    pressed = [
        visit
        for score in NPS
        for visit in (tap(score, HOUR + score * SECOND), post(score, HOUR + score * SECOND, evidence=evidence))
    ]

    assert judged(*pressed).verdict == "scanner"
