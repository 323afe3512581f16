"""Whatever machines do to a survey's links, a person's answer stands."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_domain.scanners import clients_of
from cx_domain.shops import Protection
from cx_domain.verdicts import Judgement, judge, judged, least_worth
from cx_domain.visits import ClientKey, Evidence, Reply, Visit
from tests.builders import sent

NPS = range(11)
DELIVERED_AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
SAFARI, CHROME, CURL = "safari22", "chrome22", "curl2222"
ANNA, ANNAS_LAPTOP = ClientKey(f"annahome{SAFARI}"), ClientKey(f"annahome{CHROME}")
MACHINE = ClientKey(f"cloud222{CHROME}")
SECOND, MILLISECOND = timedelta(seconds=1), timedelta(milliseconds=1)
PROTECTIONS = st.sampled_from(get_args(Protection))


def tap(score: int, after: timedelta, client: ClientKey = ANNA, *, preview: bool = False) -> Visit:
    return Visit(DELIVERED_AT + after, score, client, preview=preview)


def post(score: int, after: timedelta, client: ClientKey = ANNA, evidence: Evidence = "touch") -> Visit:
    return Visit(DELIVERED_AT + after, score, client, "POST", evidence=evidence)


def reply(score: int, after: timedelta, client: ClientKey = ANNA, comment: str = "") -> Reply:
    return Reply(DELIVERED_AT + after, score, client, comment)


def judged_of(visits: Sequence[Visit], replies: Sequence[Reply] = (), protection: Protection = "balanced") -> Judgement:
    return judge(visits, replies, DELIVERED_AT, NPS, protection)


def newest_replies(visits: Sequence[Visit]) -> list[Reply]:
    """What the table keeps of these visits: each client's newest form."""
    return list({v.client: Reply(v.at, v.score, v.client) for v in visits if v.method == "POST"}.values())


# Machines, each the visits of one errand

CLIENTS = st.sampled_from([MACHINE, ClientKey("safelinks"), ClientKey("barracuda"), ClientKey("slackbot")])
AFTER = st.integers(-600, 90_000).map(lambda seconds: seconds * SECOND)
EARLY = st.integers(0, 297).map(lambda seconds: seconds * SECOND)
SCORES = st.sampled_from(NPS)
STEPS = st.integers(1, 3_600_000).map(lambda some: some * MILLISECOND)
BURSTS_AND_CRAWLS = st.builds(
    lambda after, step, posts: [
        *(tap(score, after + score * step, ClientKey("every-link")) for score in NPS),
        *(
            post(score, after + 10 * step + wait * SECOND, ClientKey("every-link"), evidence)
            for score, wait, evidence in posts
        ),
    ],
    AFTER,
    STEPS,
    st.lists(st.tuples(SCORES, st.integers(0, 90_000), st.sampled_from(get_args(Evidence))), max_size=3),
)
PRESSED_LINKS = st.builds(
    lambda after, step, evidence: [
        visit
        for score in NPS
        for visit in (
            tap(score, after + score * step, ClientKey("presses-all")),
            post(score, after + score * step + MILLISECOND, ClientKey("presses-all"), evidence),
        )
    ],
    AFTER,
    st.integers(1, 3000).map(lambda some: some * MILLISECOND),
    st.sampled_from(get_args(Evidence)),
)
PREVIEWS = st.builds(
    lambda score, after, evidence: [
        tap(score, after, ClientKey("preview"), preview=True),
        replace(post(score, after + SECOND, ClientKey("preview"), evidence), preview=True),
    ],
    SCORES,
    AFTER,
    st.sampled_from(get_args(Evidence)),
)
SCRIPTS = st.builds(
    lambda score, after, visible: [
        tap(score, after, ClientKey("script")),
        replace(post(score, after + visible, ClientKey("script"), "script"), visible=visible),
    ],
    SCORES,
    AFTER,
    st.integers(0, 60).map(lambda seconds: seconds * SECOND),
)
HASTY_FORMS = st.builds(
    lambda score, after, wait: [
        tap(score, after, ClientKey("hasty")),
        post(score, after + wait * MILLISECOND, ClientKey("hasty"), "form"),
    ],
    SCORES,
    EARLY,
    st.integers(0, 1999),
)
SINGLES = st.builds(lambda score, after, client: [tap(score, after, client)], SCORES, EARLY, CLIENTS)
SILENT = st.builds(lambda after, step: [tap(s, after + s * step, MACHINE) for s in NPS], AFTER, STEPS)


def together(*errands: st.SearchStrategy[list[Visit]]) -> st.SearchStrategy[list[Visit]]:
    return st.lists(st.one_of(*errands), max_size=4).map(lambda parts: [visit for part in parts for visit in part])


RESCANS = st.lists(st.tuples(st.integers(1, 90_000), SCORES, st.sampled_from([None, *get_args(Evidence)])), max_size=4)


@given(
    together(BURSTS_AND_CRAWLS, PRESSED_LINKS, PREVIEWS, SCRIPTS, HASTY_FORMS, SINGLES),
    RESCANS,
    SCORES,
    st.integers(1, 80_000),
    st.sampled_from(get_args(Protection)[:2]),
)
def test_no_machine_changes_a_persons_confirmed_answer(
    machines: list[Visit],
    rescans: list[tuple[int, int, Evidence | None]],
    score: int,
    second: int,
    protection: Protection,
) -> None:
    anna = [tap(score, second * SECOND), post(score, (second + 5) * SECOND)]
    anna_said = reply(score, (second + 5) * SECOND, comment="A fine tent")
    later = [
        tap(given_, (second + 5 + wait) * SECOND, ClientKey("rescan"))
        if evidence is None
        else post(given_, (second + 5 + wait) * SECOND, ClientKey("rescan"), evidence)
        for wait, given_, evidence in rescans
    ]

    verdict = judged_of([*machines, *later, *anna], [*newest_replies([*machines, *later]), anna_said], protection)

    assert verdict == judged_of(anna, [anna_said], protection)
    assert (verdict.verdict, verdict.score, verdict.reply, verdict.owner) == ("person", score, anna_said, ANNA)


FARMS = st.builds(
    lambda after, taps: [
        tap(score, after + place * 500 * MILLISECOND, ClientKey(f"farm{place:04}{CURL}"))
        for place, score in enumerate(taps)
    ],
    AFTER,
    st.lists(SCORES, min_size=2, max_size=12).filter(lambda scores: len(set(scores)) > 1),
)
ANNOUNCED = st.builds(lambda score, after: [tap(score, after, ClientKey("slackbot"), preview=True)], SCORES, AFTER)
UNSEEN_SCRIPTS = SCRIPTS.map(lambda visits: [replace(visit, visible=None) for visit in visits])


@given(together(SILENT, ANNOUNCED, SINGLES, UNSEEN_SCRIPTS), FARMS, SCORES, st.integers(300, 80_000))
def test_no_machine_that_confirms_nothing_changes_a_lone_tap(
    machines: list[Visit], farm: list[Visit], score: int, second: int
) -> None:
    verdict = judged_of([*machines, *farm, tap(score, second * SECOND)], newest_replies(machines))

    assert (verdict.verdict, verdict.score, verdict.given_at) == ("unsure", score, DELIVERED_AT + second * SECOND)


# Whatever there is

VISITS = st.builds(
    Visit,
    at=st.integers(0, 40).map(lambda ticks: DELIVERED_AT + ticks * 20 * SECOND)
    | st.integers(0, 600).map(lambda ticks: DELIVERED_AT + ticks * SECOND),
    score=st.sampled_from([0, 3, 9, 10, 12]),
    client=st.sampled_from([ANNA, ANNAS_LAPTOP, MACHINE]),
    method=st.sampled_from(["GET", "POST"]),
    preview=st.booleans(),
    evidence=st.sampled_from([None, *get_args(Evidence)]),
    visible=st.none() | st.just(30 * SECOND),
)
ANY_VISITS = st.lists(VISITS, max_size=12, unique_by=lambda visit: visit.at)
TOLD_MACHINES = st.one_of(
    BURSTS_AND_CRAWLS, UNSEEN_SCRIPTS, SILENT.map(lambda v: [replace(each, client=ClientKey("m")) for each in v])
)


@given(ANY_VISITS, PROTECTIONS, st.randoms(use_true_random=False))
def test_the_verdict_does_not_depend_on_the_order_in_which_visits_and_replies_are_read(
    visits: list[Visit], protection: Protection, chance: random.Random
) -> None:
    replies = newest_replies(visits)
    shuffled, mixed = chance.sample(visits, len(visits)), chance.sample(replies, len(replies))

    assert judged_of(shuffled, mixed, protection) == judged_of(visits, replies, protection)


@given(ANY_VISITS, PROTECTIONS)
def test_a_score_counts_exactly_where_the_verdict_says_so(visits: list[Visit], protection: Protection) -> None:
    verdict = judged_of(visits, protection=protection)

    assert (verdict.score is not None) == (verdict.verdict in {"person", "unsure"})
    assert (verdict.given_at is None) == (verdict.verdict is None)
    assert bool(verdict.reasons) == (verdict.verdict is not None)


@given(ANY_VISITS)
def test_what_counts_where_the_rule_is_strict_counts_the_same_where_it_is_balanced(visits: list[Visit]) -> None:
    replies = newest_replies(visits)
    strict, balanced = judged_of(visits, replies, "strict"), judged_of(visits, replies, "balanced")

    if strict.score is not None:
        assert (balanced.score, balanced.owner, balanced.reply) == (strict.score, strict.owner, strict.reply)


@given(ANY_VISITS.filter(lambda visits: any(visit.score in NPS for visit in visits)), TOLD_MACHINES)
def test_a_client_that_is_a_scanner_by_its_own_visits_changes_nothing_that_counts(
    visits: list[Visit], machine: list[Visit]
) -> None:
    (told,) = clients_of(machine, newest_replies(machine), NPS)
    replies = newest_replies(visits)

    without = judged_of(visits, replies)
    beside = judged_of([*visits, *machine], [*replies, *newest_replies(machine)])

    assert told.scanner is not None
    assert (beside.verdict, beside.score, beside.owner, beside.reply) == (
        without.verdict,
        without.score,
        without.owner,
        without.reply,
    )


@pytest.mark.parametrize("protection", ["strict", "balanced"])
@given(visits=ANY_VISITS)
def test_a_reply_that_must_give_way_is_never_the_owners(protection: Protection, visits: list[Visit]) -> None:
    replies = [answer for answer in newest_replies(visits) if answer.score in NPS]
    crowd = [Reply(DELIVERED_AT + 900 * SECOND, 5, ClientKey("latecomer")), *replies]
    survey = replace(sent(), sent_at=DELIVERED_AT, visits=tuple(visits), replies=tuple(crowd))

    owner = judged(survey, protection).owner

    if len(crowd) > 1:
        assert least_worth(survey) != owner
