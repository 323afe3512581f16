"""Whatever machines do to a survey's links, a person's answer stands."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cx_domain.shops import Protection
from cx_domain.verdicts import Judgement, judge
from cx_domain.visits import ClientKey, Reply, Visit

NPS = range(11)
DELIVERED_AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
ANNA, ANNAS_LAPTOP, MACHINE = ClientKey("anna"), ClientKey("laptop"), ClientKey("machine")
SECOND, MILLISECOND = timedelta(seconds=1), timedelta(milliseconds=1)


def tap(score: int, after: timedelta, client: ClientKey = ANNA, *, preview: bool = False) -> Visit:
    return Visit(DELIVERED_AT + after, score, client, preview=preview)


def post(score: int, after: timedelta, client: ClientKey = ANNA) -> Visit:
    return Visit(DELIVERED_AT + after, score, client, "POST", evidence="touch")


def reply(score: int, after: timedelta, client: ClientKey = ANNA, comment: str = "") -> Reply:
    return Reply(DELIVERED_AT + after, score, client, comment)


def burst(after: timedelta, client: ClientKey, step: timedelta = 90 * MILLISECOND) -> list[Visit]:
    return [tap(score, after + score * step, client) for score in NPS]


def judged(visits: Sequence[Visit], replies: Sequence[Reply] = (), protection: Protection = "balanced") -> Judgement:
    return judge(visits, replies, DELIVERED_AT, NPS, protection)


CLIENTS = st.sampled_from([MACHINE, ClientKey("safelinks"), ClientKey("barracuda"), ClientKey("slackbot")])
AFTER = st.integers(-600, 90_000).map(lambda seconds: seconds * SECOND)
SCORES = st.sampled_from(NPS)
BURSTS = st.builds(burst, AFTER, CLIENTS, step=st.integers(1, 900).map(lambda some: some * MILLISECOND))
PREVIEWS = st.builds(lambda score, after: [tap(score, after, ClientKey("slackbot"), preview=True)], SCORES, AFTER)
SINGLES = st.builds(
    lambda score, seconds, client: [tap(score, seconds * SECOND, client)], SCORES, st.integers(0, 299), CLIENTS
)
MACHINES = st.lists(st.one_of(BURSTS, PREVIEWS, SINGLES), max_size=4).map(
    lambda parts: [v for part in parts for v in part]
)
BURST_POSTS = st.lists(st.tuples(AFTER, SCORES), max_size=4)
RESCANS = st.lists(st.tuples(st.integers(1, 90_000), SCORES, st.booleans()), max_size=4)


@given(MACHINES, BURST_POSTS, RESCANS, SCORES, st.integers(1, 80_000))
def test_no_machine_changes_a_persons_confirmed_answer(
    machines: list[Visit],
    posts: list[tuple[timedelta, int]],
    rescans: list[tuple[int, int, bool]],
    score: int,
    second: int,
) -> None:
    anna_said = reply(score, (second + 5) * SECOND, comment="A fine tent")
    anna = [tap(score, second * SECOND), post(score, (second + 5) * SECOND)]
    bursting = [
        *burst(43 * SECOND, ClientKey("poster")),
        *(post(given_, after, ClientKey("poster")) for after, given_ in posts),
    ]
    bursting_replies = [reply(given_, after, ClientKey("poster")) for after, given_ in posts]
    later = [
        (post if posts_too else tap)(given_, (second + 5 + wait) * SECOND, ClientKey("rescan"))
        for wait, given_, posts_too in rescans
    ]
    later_replies = [Reply(visit.at, visit.score, visit.client) for visit in later if visit.method == "POST"]

    verdict = judged([*machines, *bursting, *later, *anna], [*bursting_replies, *later_replies, anna_said])

    assert (verdict.verdict, verdict.score, verdict.reply, verdict.owner) == ("person", score, anna_said, ANNA)
    assert verdict.given_at == DELIVERED_AT + second * SECOND


@given(MACHINES, SCORES, st.integers(300, 80_000))
def test_no_machine_that_does_not_post_changes_a_lone_tap(machines: list[Visit], score: int, second: int) -> None:
    verdict = judged([*machines, tap(score, second * SECOND)])

    assert (verdict.verdict, verdict.score) == ("unsure", score)


VISITS = st.builds(
    Visit,
    at=st.integers(0, 40).map(lambda ticks: DELIVERED_AT + ticks * 20 * SECOND),
    score=st.sampled_from([0, 3, 9, 10, 12]),
    client=st.sampled_from([ANNA, ANNAS_LAPTOP, MACHINE]),
    method=st.sampled_from(["GET", "POST"]),
    preview=st.booleans(),
)


@given(
    st.lists(VISITS, max_size=12, unique_by=lambda visit: visit.at),
    st.sampled_from(["strict", "balanced", "off"]),
    st.randoms(use_true_random=False),
)
def test_the_verdict_does_not_depend_on_the_order_in_which_visits_are_read(
    visits: list[Visit], protection: Protection, chance: random.Random
) -> None:
    shuffled = chance.sample(visits, len(visits))

    assert judged(shuffled, protection=protection) == judged(visits, protection=protection)


@given(st.lists(VISITS, max_size=12, unique_by=lambda visit: visit.at), st.sampled_from(["strict", "balanced", "off"]))
def test_a_score_counts_exactly_where_the_verdict_says_so(visits: list[Visit], protection: Protection) -> None:
    verdict = judged(visits, protection=protection)

    assert (verdict.score is not None) == (verdict.verdict in {"person", "unsure"})
    assert (verdict.given_at is None) == (verdict.verdict is None)
