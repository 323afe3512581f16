"""A kill at any moment, and a start on the same folder: nothing is lost, nobody is mailed twice."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import requests

from tests.journey.shop import Shop, order
from tests.journey.stack import Stack

ORDERS = range(1001, 1021)


def test_a_kill_while_webhooks_and_mails_are_on_their_way_loses_none_and_repeats_none(stack: Stack) -> None:
    shop = Shop(stack)
    acknowledged: list[int] = []

    def deliver() -> None:
        session = requests.Session()
        for number in ORDERS:
            try:
                if shop.post(order(number, at="2026-01-05T09:00:00Z"), session).status_code == 200:
                    acknowledged.append(number)
            except requests.RequestException:
                return  # the shop will try again

    for pause in (0.4, 0.9):
        sender = threading.Thread(target=deliver)
        sender.start()
        time.sleep(pause)
        stack.kill()
        sender.join()
        stack.start()
    kept = set(acknowledged)
    _kill_in_the_middle_of(stack, "8d", after=1.5)
    stack.advance("8d")

    mailed = [mail["to"][0] for mail in stack.mails() if mail["to"][0].startswith("customer")]
    assert len(mailed) == len(set(mailed))
    fates = {survey["order"]: survey for survey in stack.surveys("acme")}
    assert {str(number) for number in kept} <= set(fates)
    assert {(fate["stage"], fate["reason"]) for fate in fates.values()} <= {
        ("sent", None),
        ("sending", "outcome-unknown"),
    }
    told = {f"customer{number}@example.com" for number, fate in fates.items() if fate["stage"] == "sent"}
    assert told == set(mailed)


def _advancing(stack: Stack, by: str) -> threading.Thread:
    def advance() -> None:
        try:
            requests.post(f"{stack.url}/_local/clock", json={"advance": by}, timeout=600)
        except requests.RequestException:
            return  # the stack was killed meanwhile

    traveller = threading.Thread(target=advance)
    traveller.start()
    return traveller


def _kill_in_the_middle_of(stack: Stack, by: str, *, after: float) -> None:
    traveller = _advancing(stack, by)
    time.sleep(after)
    stack.kill()
    traveller.join()
    stack.start()


def test_a_send_without_an_answer_leaves_the_outcome_unknown_and_is_never_repeated(stack: Stack) -> None:
    shop = Shop(stack)
    shop.post(order(1001, at="2026-01-05T09:00:00Z"))
    stack.fault(operation="SendEmail", nth=1, kind="timeout")

    stack.advance("10d")

    survey = stack.surveys("acme", "--stage", "sending")[0]
    assert survey["reason"] == "outcome-unknown"
    assert stack.mails("customer1001@example.com") == []
    assert stack.report("acme", "2026-W03")["asked"]["not_sent"] == {"outcome-unknown": 1}


def test_a_kill_inside_a_send_leaves_the_outcome_unknown_and_the_mail_is_never_repeated(stack: Stack) -> None:
    shop = Shop(stack)
    shop.post(order(1001, at="2026-01-05T09:00:00Z"))
    stack.fault(operation="SendEmail", nth=1, kind="timeout")

    traveller = _advancing(stack, "10d")
    while stack.stage_of_the_only_survey() != "sending":
        time.sleep(0.02)
    stack.kill()
    traveller.join()
    stack.start()
    stack.advance("10d")

    [survey] = stack.surveys("acme", "--stage", "sending")
    assert survey["reason"] == "outcome-unknown"
    assert stack.mails("customer1001@example.com") == []
    assert stack.report("acme", "2026-W03")["asked"]["not_sent"] == {"outcome-unknown": 1}


def test_a_mail_that_never_left_is_sent_later(stack: Stack) -> None:
    shop = Shop(stack)
    shop.post(order(1001, at="2026-01-05T09:00:00Z"))
    stack.fault(operation="SendEmail", nth=1, kind="before")

    stack.advance("10d")

    assert len(stack.mails("customer1001@example.com")) == 1


def test_a_lost_answer_of_the_mail_service_is_settled_by_its_delivery_event(stack: Stack) -> None:
    shop = Shop(stack)
    shop.post(order(1001, at="2026-01-05T09:00:00Z"))
    stack.fault(operation="SendEmail", nth=1, kind="after")

    stack.advance("10d")

    assert len(stack.mails("customer1001@example.com")) == 1
    assert [survey["stage"] for survey in stack.surveys("acme")] == ["sent"]


def test_a_throttled_send_waits_and_goes_out_once(stack: Stack) -> None:
    shop = Shop(stack)
    shop.post(order(1001, at="2026-01-05T09:00:00Z"))
    stack.fault(operation="SendEmail", nth=1, kind="throttle")

    stack.advance("10d")

    assert len(stack.mails("customer1001@example.com")) == 1


def test_four_of_each_function_make_one_survey_one_mail_and_right_totals(start_stack: Callable[..., Stack]) -> None:
    stack = start_stack(concurrency=4)
    shop = Shop(stack)
    identical = [order(1, at="2026-01-05T09:00:00Z")] * 100
    different = [order(number, at="2026-01-05T09:00:00Z") for number in range(2, 102)]

    def post(news: Mapping[str, Any]) -> Callable[[], int]:
        return lambda: shop.post(news, requests.Session()).status_code

    statuses = _at_once([post(news) for news in identical + different])
    assert set(statuses) == {200}
    stack.advance("7d")
    _at_once([lambda: stack.invoke("DispatchFunction", {})] * 2)
    stack.advance("1d")
    _at_once([lambda: stack.invoke("RollupFunction", {"shop": "acme", "period": "2026-W03"})] * 2)

    assert len(stack.surveys("acme")) == 101
    mailed = [mail["to"][0] for mail in stack.mails() if mail["to"][0].startswith("customer")]
    assert sorted(mailed) == sorted({f"customer{number}@example.com" for number in range(1, 102)})
    assert stack.report("acme", "2026-W03")["asked"]["sent"] == 101


def _at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    results: list[Any] = []
    lock = threading.Lock()

    def run(call: Callable[[], Any]) -> None:
        result = call()
        with lock:
            results.append(result)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
