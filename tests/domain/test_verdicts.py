"""Who was a person. Anna's mail with a question about order 1001 arrives at nine; scanners read it too."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from cx_domain.shops import Protection
from cx_domain.verdicts import Judgement, judge
from cx_domain.visits import ClientKey, Reply, Visit

NPS = range(11)
DELIVERED_AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
ANNA, ANNAS_LAPTOP, MACHINE, SAFE_LINKS = (
    ClientKey("anna"),
    ClientKey("laptop"),
    ClientKey("machine"),
    ClientKey("safelinks"),
)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def tap(score: int, after: timedelta, client: ClientKey = ANNA, *, preview: bool = False) -> Visit:
    return Visit(DELIVERED_AT + after, score, client, preview=preview)


def post(score: int, after: timedelta, client: ClientKey = ANNA) -> Visit:
    return Visit(DELIVERED_AT + after, score, client, "POST", evidence="touch")


def reply(score: int, after: timedelta, client: ClientKey = ANNA, comment: str = "") -> Reply:
    return Reply(DELIVERED_AT + after, score, client, comment)


def burst(
    after: timedelta, client: ClientKey = MACHINE, *, step: timedelta = timedelta(milliseconds=90)
) -> list[Visit]:
    return [tap(score, after + score * step, client) for score in NPS]


def judged(
    visits: Sequence[Visit],
    replies: Sequence[Reply] = (),
    protection: Protection = "balanced",
    reminded_at: datetime | None = None,
    scale: range = NPS,
) -> Judgement:
    return judge(visits, replies, DELIVERED_AT, scale, protection, reminded_at=reminded_at)


# Scanners, as they have been seen


def test_a_scanner_that_opens_all_eleven_links_within_a_second_does_not_count() -> None:
    verdict = judged(burst(43 * SECOND))

    assert (verdict.verdict, verdict.score) == ("scanner", None)
    assert verdict.reasons == ("faster-than-a-hand",)
    assert verdict.given_at == DELIVERED_AT + 43 * SECOND


def test_a_single_link_opened_twelve_seconds_after_delivery_does_not_count() -> None:
    verdict = judged([tap(0, 12 * SECOND, MACHINE)])

    assert (verdict.verdict, verdict.score, verdict.reasons) == ("scanner", None, ("too-soon",))


def test_a_scanner_that_runs_scripts_and_posts_is_still_a_scanner() -> None:
    visits = [*burst(23 * SECOND, MACHINE), post(0, 23 * SECOND + timedelta(milliseconds=134), MACHINE)]

    verdict = judged(visits, [reply(0, 23 * SECOND + timedelta(milliseconds=134), MACHINE)])

    assert (verdict.verdict, verdict.score, verdict.owner) == ("scanner", None, None)


def test_a_person_answers_after_a_scanner_that_posted() -> None:
    visits = [*burst(23 * SECOND, MACHINE), post(0, 24 * SECOND, MACHINE), tap(9, HOUR), post(9, HOUR + 8 * SECOND)]

    verdict = judged(visits, [reply(0, 24 * SECOND, MACHINE), reply(9, HOUR + 8 * SECOND)])

    assert (verdict.verdict, verdict.score, verdict.owner) == ("person", 9, ANNA)


def test_safe_links_that_opens_and_posts_after_the_person_changes_nothing() -> None:
    customer = [tap(10, HOUR), post(10, HOUR + 5 * SECOND)]
    scanner = [tap(10, HOUR + 35 * SECOND, SAFE_LINKS), post(0, HOUR + 40 * SECOND, SAFE_LINKS)]

    verdict = judged([*customer, *scanner], [reply(10, HOUR + 5 * SECOND), reply(0, HOUR + 40 * SECOND, SAFE_LINKS)])

    assert (verdict.verdict, verdict.score, verdict.score_if_all_counted) == ("person", 10, 10)


def test_a_crawl_of_every_link_stays_a_scanners_whatever_it_posts() -> None:
    verdict = judged([*burst(6 * MINUTE, MACHINE, step=MINUTE), post(0, HOUR, MACHINE)], [reply(0, HOUR, MACHINE)])

    assert (verdict.verdict, verdict.score) == ("scanner", None)


def test_a_preview_of_a_forwarded_mail_does_not_count() -> None:
    verdict = judged([tap(9, 3 * HOUR, ClientKey("slackbot"), preview=True)])

    assert (verdict.verdict, verdict.score, verdict.reasons) == ("scanner", None, ("link-preview",))


def test_a_hidden_link_is_a_score_that_is_not_there() -> None:
    verdict = judged([tap(99, HOUR, MACHINE), tap(9, HOUR + MINUTE)])

    assert (verdict.verdict, verdict.score) == ("unsure", 9)


def test_a_machine_that_opens_one_link_and_presses_the_button_is_not_told_from_a_person() -> None:
    # The limit of what visits can show: its visits are those of an eager person.
    verdict = judged([tap(0, 12 * SECOND, MACHINE), post(0, 23 * SECOND, MACHINE)], [reply(0, 23 * SECOND, MACHINE)])

    assert (verdict.verdict, verdict.score) == ("person", 0)


# People


def test_a_person_who_taps_and_confirms_counts_with_their_words() -> None:
    words = reply(9, HOUR + 20 * SECOND, comment="The tent is lovely")

    verdict = judged([tap(9, HOUR), post(9, HOUR + 5 * SECOND), post(9, HOUR + 20 * SECOND)], [words])

    assert verdict == Judgement(
        verdict="person",
        score=9,
        given_at=DELIVERED_AT + HOUR,
        confirmed_at=DELIVERED_AT + HOUR + 5 * SECOND,
        reply=words,
        owner=ANNA,
        reasons=("confirmed",),
        score_if_all_counted=9,
    )


def test_a_person_who_taps_and_closes_counts() -> None:
    verdict = judged([tap(9, 2 * HOUR)])

    assert (verdict.verdict, verdict.score, verdict.reasons) == ("unsure", 9, ("lone-tap",))
    assert verdict.given_at == DELIVERED_AT + 2 * HOUR


@pytest.mark.parametrize(("after", "counts"), [(5 * MINUTE - SECOND, False), (5 * MINUTE, True)])
def test_a_lone_tap_counts_from_five_minutes_after_delivery(after: timedelta, counts: bool) -> None:
    verdict = judged([tap(9, after)])

    assert (verdict.score is not None) is counts


def test_a_lone_tap_before_delivery_does_not_count() -> None:
    assert judged([tap(9, -HOUR)]).reasons == ("too-soon",)


def test_an_eager_person_counts_twenty_seconds_after_delivery_by_confirming() -> None:
    verdict = judged([tap(10, 20 * SECOND), post(10, 26 * SECOND)], [reply(10, 26 * SECOND)])

    assert (verdict.verdict, verdict.score, verdict.given_at) == ("person", 10, DELIVERED_AT + 20 * SECOND)


def test_a_person_in_an_in_app_browser_that_looks_like_a_preview_counts_by_confirming() -> None:
    verdict = judged([tap(8, HOUR, preview=True), post(8, HOUR + MINUTE)], [reply(8, HOUR + MINUTE)])

    assert (verdict.verdict, verdict.score) == ("person", 8)


def test_a_double_click_is_one_tap() -> None:
    verdict = judged([tap(9, HOUR), tap(9, HOUR + timedelta(milliseconds=180))])

    assert (verdict.verdict, verdict.score, verdict.given_at) == ("unsure", 9, DELIVERED_AT + HOUR)


def test_the_same_tap_on_another_day_is_still_the_first_one() -> None:
    verdict = judged([tap(9, HOUR), tap(9, 30 * HOUR)])

    assert verdict.given_at == DELIVERED_AT + HOUR


def test_an_early_tap_that_is_repeated_later_counts_from_then() -> None:
    verdict = judged([tap(9, 12 * SECOND), tap(9, 2 * HOUR)])

    assert (verdict.verdict, verdict.score, verdict.given_at) == ("unsure", 9, DELIVERED_AT + 2 * HOUR)


def test_a_change_of_mind_after_two_hours_counts_as_the_last_tap() -> None:
    verdict = judged([tap(3, HOUR), tap(8, 3 * HOUR)])

    assert (verdict.verdict, verdict.score) == ("unsure", 8)


def test_an_answer_belongs_to_the_moment_it_was_first_given_also_when_the_mind_changes_next_day() -> None:
    verdict = judged([tap(3, HOUR), tap(9, 25 * HOUR)])

    assert (verdict.score, verdict.given_at) == (9, DELIVERED_AT + HOUR)


def test_of_two_who_confirm_at_one_moment_the_answer_is_whose_came_first() -> None:
    here, there = post(9, HOUR, ANNA), post(2, HOUR, ANNAS_LAPTOP)

    assert judged([here, there]).owner == ANNA
    assert judged([there, here]).owner == ANNAS_LAPTOP


def test_a_change_of_mind_between_yes_and_no_is_not_a_crawl_of_every_link() -> None:
    verdict = judged([tap(0, HOUR), tap(1, 2 * HOUR)], scale=range(2))

    assert (verdict.verdict, verdict.score) == ("unsure", 1)


def test_an_unsteady_hand_that_confirms_is_a_person() -> None:
    visits = [tap(6, HOUR), tap(7, HOUR + SECOND), tap(8, HOUR + 3 * SECOND), post(8, HOUR + 9 * SECOND)]

    verdict = judged(visits, [reply(8, HOUR + 9 * SECOND)])

    assert (verdict.verdict, verdict.score) == ("person", 8)


def test_an_unsteady_hand_that_does_not_confirm_does_not_count() -> None:
    verdict = judged([tap(7, HOUR), tap(8, HOUR + 3 * SECOND)])

    assert (verdict.verdict, verdict.reasons) == ("scanner", ("unconfirmed-burst",))


def test_a_person_may_change_their_confirmed_answer_by_another_reply() -> None:
    verdict = judged([tap(3, HOUR), post(3, HOUR + MINUTE), post(8, 4 * HOUR)], [reply(8, 4 * HOUR)])

    assert (verdict.score, verdict.given_at) == (8, DELIVERED_AT + HOUR)
    assert verdict.confirmed_at == DELIVERED_AT + HOUR + MINUTE


def test_a_later_tap_without_a_reply_does_not_change_a_confirmed_answer() -> None:
    verdict = judged([tap(3, HOUR), post(3, HOUR + MINUTE), tap(9, 4 * HOUR)], [reply(3, HOUR + MINUTE)])

    assert (verdict.verdict, verdict.score) == ("person", 3)


def test_nobody_else_changes_a_confirmed_answer() -> None:
    visits = [tap(9, HOUR), post(9, HOUR + MINUTE), tap(0, 5 * HOUR, ANNAS_LAPTOP), post(0, 6 * HOUR, ANNAS_LAPTOP)]

    verdict = judged(visits, [reply(9, HOUR + MINUTE), reply(0, 6 * HOUR, ANNAS_LAPTOP)])

    assert (verdict.score, verdict.owner) == (9, ANNA)


def test_a_reply_belongs_to_the_owner_even_if_the_visits_were_too_many_to_keep() -> None:
    verdict = judged(burst(43 * SECOND), [reply(9, HOUR)])

    assert (verdict.verdict, verdict.score, verdict.given_at) == ("person", 9, DELIVERED_AT + HOUR)


# Several clients, nothing confirmed


def test_two_clients_with_different_scores_contradict_each_other() -> None:
    verdict = judged([tap(9, HOUR), tap(2, 2 * HOUR, ANNAS_LAPTOP)])

    assert (verdict.verdict, verdict.score, verdict.reasons) == ("contradicted", None, ("clients-disagree",))
    assert verdict.given_at == DELIVERED_AT + HOUR


def test_a_contradiction_belongs_to_the_day_of_the_first_visit_of_anybody() -> None:
    verdict = judged([tap(5, 12 * SECOND, MACHINE), tap(9, HOUR), tap(2, 2 * HOUR, ANNAS_LAPTOP)])

    assert verdict.given_at == DELIVERED_AT + 12 * SECOND


def test_two_clients_with_the_same_score_are_one_answer() -> None:
    verdict = judged([tap(9, 2 * HOUR, ANNAS_LAPTOP), tap(9, HOUR)])

    assert (verdict.verdict, verdict.score, verdict.given_at) == ("unsure", 9, DELIVERED_AT + HOUR)


def test_confirming_settles_a_contradiction() -> None:
    visits = [tap(9, HOUR), tap(2, 2 * HOUR, ANNAS_LAPTOP), post(2, 3 * HOUR, ANNAS_LAPTOP)]

    verdict = judged(visits, [reply(2, 3 * HOUR, ANNAS_LAPTOP)])

    assert (verdict.verdict, verdict.score, verdict.owner) == ("person", 2, ANNAS_LAPTOP)


@pytest.mark.parametrize(
    "machine",
    [burst(43 * SECOND), burst(HOUR), [tap(0, 12 * SECOND, MACHINE)], [tap(0, 4 * HOUR, MACHINE, preview=True)]],
    ids=["burst at delivery", "burst after the tap", "early single", "preview"],
)
def test_machines_contradict_nobody(machine: list[Visit]) -> None:
    verdict = judged([tap(9, 30 * MINUTE), *machine])

    assert (verdict.verdict, verdict.score) == ("unsure", 9)


def test_every_client_says_why_it_did_not_count() -> None:
    visits = [*burst(43 * SECOND), tap(3, 50 * SECOND, SAFE_LINKS), tap(9, HOUR, ClientKey("slackbot"), preview=True)]

    assert judged(visits).reasons == ("faster-than-a-hand", "link-preview", "too-soon")


# A farm: one machine at many addresses

CHROME = "chrome22"


def farm(after: timedelta, *scores: int, step: timedelta = 3 * SECOND) -> list[Visit]:
    return [
        tap(score, after + place * step, ClientKey(f"cloud{place:03}{CHROME}")) for place, score in enumerate(scores)
    ]


def test_a_farm_says_nothing_against_a_persons_tap() -> None:
    verdict = judged([*farm(6 * MINUTE, 0, 4, 10), tap(9, 2 * HOUR)])

    assert (verdict.verdict, verdict.score, verdict.reasons) == ("unsure", 9, ("lone-tap",))


def test_a_farm_alone_contradicts_itself() -> None:
    verdict = judged(farm(6 * MINUTE, 0, 4, 10))

    assert (verdict.verdict, verdict.reasons) == ("contradicted", ("clients-disagree", "scanner-farm"))


def test_a_farms_last_tap_does_not_count_because_its_others_were_too_soon() -> None:
    verdict = judged(farm(5 * MINUTE - 2 * SECOND, 4, 10))

    assert (verdict.verdict, verdict.score, verdict.reasons) == ("scanner", None, ("scanner-farm",))


@pytest.mark.parametrize(("step", "told"), [(10 * SECOND, True), (11 * SECOND, False)])
def test_the_taps_of_a_farm_are_seconds_apart(step: timedelta, told: bool) -> None:
    verdict = judged([*farm(HOUR, 3, 8, step=step), tap(9, 2 * HOUR)])

    assert (verdict.score == 9) is told


def test_addresses_that_agree_are_no_farm() -> None:
    verdict = judged(farm(HOUR, 9, 9))

    assert (verdict.verdict, verdict.score) == ("unsure", 9)


def test_different_agents_are_no_farm() -> None:
    verdict = judged(
        [tap(9, HOUR, ClientKey(f"cloud000{CHROME}")), tap(2, HOUR + SECOND, ClientKey("cloud001safari22"))]
    )

    assert verdict.reasons == ("clients-disagree",)


def test_one_of_a_farm_that_confirms_is_a_person_all_the_same() -> None:
    seen = farm(HOUR, 3, 8)

    verdict = judged([*seen, post(8, HOUR + MINUTE, seen[1].client)])

    assert (verdict.verdict, verdict.score) == ("person", 8)


# What the mails' times say


def test_a_scanner_reads_the_reminder_too() -> None:
    reminded_at = DELIVERED_AT + 120 * HOUR

    verdict = judged([tap(0, 120 * HOUR + 43 * SECOND, MACHINE)], reminded_at=reminded_at)

    assert (verdict.verdict, verdict.reasons) == ("scanner", ("too-soon",))


def test_a_tap_on_the_first_mail_is_not_too_soon_for_the_reminder() -> None:
    verdict = judged([tap(9, HOUR)], reminded_at=DELIVERED_AT + 120 * HOUR)

    assert (verdict.verdict, verdict.score) == ("unsure", 9)


def test_an_unknown_time_of_delivery_holds_against_nobody() -> None:
    assert judge([tap(9, HOUR)], [], None, NPS).verdict == "unsure"


# Strict, off, and nothing at all


def test_strict_counts_no_lone_tap() -> None:
    verdict = judged([tap(9, 2 * HOUR)], protection="strict")

    assert (verdict.verdict, verdict.score, verdict.reasons) == ("scanner", None, ("unconfirmed",))
    assert verdict.score_if_all_counted == 9


def test_strict_counts_what_was_confirmed() -> None:
    verdict = judged([tap(9, HOUR), post(9, HOUR + MINUTE)], [reply(9, HOUR + MINUTE)], "strict")

    assert (verdict.verdict, verdict.score) == ("person", 9)


def test_off_counts_the_last_tap_of_anybody() -> None:
    verdict = judged([tap(9, HOUR), *burst(2 * HOUR)], protection="off")

    assert (verdict.verdict, verdict.score) == ("unsure", 10)


def test_off_counts_the_last_reply_of_anybody() -> None:
    visits = [tap(9, HOUR), post(9, HOUR + MINUTE), post(0, 2 * HOUR, MACHINE), tap(5, 3 * HOUR, MACHINE)]

    verdict = judged(visits, [reply(9, HOUR + MINUTE), reply(0, 2 * HOUR, MACHINE)], "off")

    assert (verdict.verdict, verdict.score) == ("person", 0)


def test_the_report_can_say_what_a_scanner_would_have_done() -> None:
    verdict = judged([tap(9, 30 * MINUTE), tap(0, 4 * HOUR, MACHINE, preview=True)])

    assert (verdict.score, verdict.score_if_all_counted) == (9, 0)


def test_a_survey_that_nobody_opened_has_no_verdict() -> None:
    assert judged([]) == Judgement()
