"""A survey's life as one total table: for each stage and each thing that can happen, the next stage, or why nothing changes.

Expiry is computed from `expires_at`, and an answer is judged from visits and replies; neither is a stage.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from cx_domain.surveys import Stage

Happening = Literal[
    "waits",  # the order has not come to its trigger
    "is-planned",  # the order came to its trigger
    "is-refused",  # the order, or a check before the mail, says no
    "is-claimed",  # one sender took it
    "is-put-off",  # it was certainly not sent, and must be tried later
    "is-accepted",  # SES took the mail, or an event of SES proves that it did
    "outcome-is-lost",  # nobody knows whether SES took the mail
    "bounces",
    "complains",
    "unsubscribes",
    "closes",  # it expired, and the address left
    "is-erased",
]


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing changes, and why."""

    why: str


_NOT_SENT = Ignored("no mail was sent about this survey, so the event cannot be about it")
_GONE_OUT = Ignored("the mail went out; what the order does now changes no question that was asked")
_IN_FLIGHT = Ignored("the mail is on its way; what the order does now comes too late")
_TWICE = Ignored("this was known already; queues and webhooks repeat themselves")
_OVER = Ignored("the survey is over")
_ERASED = Ignored("the person was erased; nothing about this order may come back")
_NOT_CLAIMED = Ignored("only the sender that holds the claim can say what became of the mail")
_LATE_CLAIM = Ignored("another sender was first, or the order changed; the message is a leftover")
_TOO_EARLY = Ignored("a survey closes after its mail expired, not before")
_FACT_ONLY = Ignored("noted with its time; the answer can still come, only reminders stop")

TABLE: Final[Mapping[tuple[Stage, Happening], Stage | Ignored]] = {
    ("waiting", "waits"): "waiting",
    ("waiting", "is-planned"): "planned",
    ("waiting", "is-refused"): "refused",
    ("waiting", "is-claimed"): _LATE_CLAIM,
    ("waiting", "is-put-off"): _NOT_CLAIMED,
    ("waiting", "is-accepted"): _NOT_SENT,
    ("waiting", "outcome-is-lost"): _NOT_CLAIMED,
    ("waiting", "bounces"): _NOT_SENT,
    ("waiting", "complains"): _NOT_SENT,
    ("waiting", "unsubscribes"): _NOT_SENT,
    ("waiting", "closes"): _TOO_EARLY,
    ("waiting", "is-erased"): "erased",
    ("planned", "waits"): "waiting",
    ("planned", "is-planned"): "planned",
    ("planned", "is-refused"): "refused",
    ("planned", "is-claimed"): "sending",
    ("planned", "is-put-off"): "planned",
    ("planned", "is-accepted"): Ignored(
        "it was put off after SES refused; a mail that came through all the same is settled by its claim"
    ),
    ("planned", "outcome-is-lost"): _NOT_CLAIMED,
    ("planned", "bounces"): _NOT_SENT,
    ("planned", "complains"): _NOT_SENT,
    ("planned", "unsubscribes"): _NOT_SENT,
    ("planned", "closes"): _TOO_EARLY,
    ("planned", "is-erased"): "erased",
    ("refused", "waits"): "waiting",
    ("refused", "is-planned"): "planned",
    ("refused", "is-refused"): "refused",
    ("refused", "is-claimed"): _LATE_CLAIM,
    ("refused", "is-put-off"): _NOT_CLAIMED,
    ("refused", "is-accepted"): _NOT_SENT,
    ("refused", "outcome-is-lost"): _NOT_CLAIMED,
    ("refused", "bounces"): _NOT_SENT,
    ("refused", "complains"): _NOT_SENT,
    ("refused", "unsubscribes"): _NOT_SENT,
    ("refused", "closes"): _TOO_EARLY,
    ("refused", "is-erased"): "erased",
    ("sending", "waits"): _IN_FLIGHT,
    ("sending", "is-planned"): _IN_FLIGHT,
    ("sending", "is-refused"): "refused",
    ("sending", "is-claimed"): _LATE_CLAIM,
    ("sending", "is-put-off"): "planned",
    ("sending", "is-accepted"): "sent",
    ("sending", "outcome-is-lost"): "sending",
    ("sending", "bounces"): "sent",
    ("sending", "complains"): "sent",
    ("sending", "unsubscribes"): "sent",
    ("sending", "closes"): "closed",
    ("sending", "is-erased"): "erased",
    ("sent", "waits"): _GONE_OUT,
    ("sent", "is-planned"): _GONE_OUT,
    ("sent", "is-refused"): _GONE_OUT,
    ("sent", "is-claimed"): "reminding",
    ("sent", "is-put-off"): _NOT_CLAIMED,
    ("sent", "is-accepted"): _TWICE,
    ("sent", "outcome-is-lost"): _TWICE,
    ("sent", "bounces"): _FACT_ONLY,
    ("sent", "complains"): _FACT_ONLY,
    ("sent", "unsubscribes"): _FACT_ONLY,
    ("sent", "closes"): "closed",
    ("sent", "is-erased"): "erased",
    ("reminding", "waits"): _GONE_OUT,
    ("reminding", "is-planned"): _GONE_OUT,
    ("reminding", "is-refused"): "sent",
    ("reminding", "is-claimed"): _LATE_CLAIM,
    ("reminding", "is-put-off"): "sent",
    ("reminding", "is-accepted"): "reminded",
    ("reminding", "outcome-is-lost"): "reminding",
    ("reminding", "bounces"): _FACT_ONLY,
    ("reminding", "complains"): _FACT_ONLY,
    ("reminding", "unsubscribes"): _FACT_ONLY,
    ("reminding", "closes"): "closed",
    ("reminding", "is-erased"): "erased",
    ("reminded", "waits"): _GONE_OUT,
    ("reminded", "is-planned"): _GONE_OUT,
    ("reminded", "is-refused"): _GONE_OUT,
    ("reminded", "is-claimed"): Ignored("there is at most one reminder"),
    ("reminded", "is-put-off"): _NOT_CLAIMED,
    ("reminded", "is-accepted"): _TWICE,
    ("reminded", "outcome-is-lost"): _TWICE,
    ("reminded", "bounces"): _FACT_ONLY,
    ("reminded", "complains"): _FACT_ONLY,
    ("reminded", "unsubscribes"): _FACT_ONLY,
    ("reminded", "closes"): "closed",
    ("reminded", "is-erased"): "erased",
    ("closed", "waits"): _OVER,
    ("closed", "is-planned"): _OVER,
    ("closed", "is-refused"): _OVER,
    ("closed", "is-claimed"): _OVER,
    ("closed", "is-put-off"): _OVER,
    ("closed", "is-accepted"): _OVER,
    ("closed", "outcome-is-lost"): _OVER,
    ("closed", "bounces"): _FACT_ONLY,
    ("closed", "complains"): _FACT_ONLY,
    ("closed", "unsubscribes"): _FACT_ONLY,
    ("closed", "closes"): _TWICE,
    ("closed", "is-erased"): "erased",
    **{("erased", happening): _ERASED for happening in get_args(Happening)},
}


def next_stage(stage: Stage, happening: Happening) -> Stage:
    """Say which stage follows; the same one where the happening is ignored."""
    outcome = TABLE[stage, happening]
    return stage if isinstance(outcome, Ignored) else outcome


def is_allowed(stage: Stage, happening: Happening) -> bool:
    """Say whether the happening means anything at this stage."""
    return not isinstance(TABLE[stage, happening], Ignored)
