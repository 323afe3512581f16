"""What a sent form is worth: some are a person's hand, some may be a machine's, some are nothing.

Each is judged alone, by how the page knew a person, by when it came, and by when its own client opened the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum
from typing import Literal

from cx_domain.shops import Protection
from cx_domain.thresholds import HASTY, PATIENT, TOO_SOON
from cx_domain.visits import Reply, Visit

Doubt = Literal["hasty-form", "link-preview", "no-trusted-event"]
"""What speaks against a form: sent too fast for a person, by an announced agent, or by a script that no hand had moved."""


class Strength(IntEnum):
    """What a form is worth. Who comes first owns the answer, unless theirs is one that gives way to a later one."""

    NOTHING = 0
    PATIENT_SCRIPT = 1
    """A script pressed the button, and had waited as a person's software does. It gives way to any other."""
    WEAK = 2
    """It gives way to a hand, and to nothing less: a machine that was there first shuts nobody out."""
    FORM = 3
    HAND = 4

    def gives_way_to(self, other: "Strength") -> bool:
        """Say whether the answer that this one won goes to the other, which came later."""
        match self:
            case Strength.NOTHING | Strength.PATIENT_SCRIPT:
                return other > self
            case Strength.WEAK:
                return other is Strength.HAND
            case _:
                return False


@dataclass(frozen=True, slots=True)
class MailTimes:
    """When mails reached the inbox; scanners come with each of them."""

    delivered_at: datetime | None = None
    reminded_at: datetime | None = None

    def too_soon(self, at: datetime) -> bool:
        """Before the mail was there, or within minutes of it. A time that is not known holds against nobody."""
        if self.delivered_at is not None and at < self.delivered_at + TOO_SOON:
            return True
        return self.reminded_at is not None and self.reminded_at <= at < self.reminded_at + TOO_SOON


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One sent form, weighed."""

    at: datetime
    score: int
    strength: Strength
    doubt: Doubt | None = None
    settles: bool = False
    """A hand sent it, or somebody who had looked at the page first: what its client opens afterwards says nothing against it."""


def confirmations(
    taps: Sequence[Visit], posts: Sequence[Visit], reply: Reply | None, mail: MailTimes, protection: Protection
) -> tuple[Confirmation, ...]:
    """Weigh every form of one client, its GETs, POSTs and newest reply given in the order of their times."""
    return tuple(_weighed(post, taps, mail, protection) for post in _all_posts(posts, reply))


def _all_posts(posts: Sequence[Visit], reply: Reply | None) -> Sequence[Visit]:
    """The POSTs, and one more for a reply whose own was not kept because there were too many: it is taken for like the last."""
    if reply is None or any(post.at == reply.at for post in posts):
        return posts
    before = posts[-1] if posts else Visit(reply.at, reply.score, reply.client, "POST", evidence="form")
    worded = bool(reply.comment or reply.drivers)
    unkept = replace(before, at=reply.at, score=reply.score, worded=worded)
    return sorted((*posts, unkept), key=lambda post: post.at)


def _weighed(post: Visit, taps: Sequence[Visit], mail: MailTimes, protection: Protection) -> Confirmation:
    strength, doubt = _worth(post, taps, mail, protection)
    settles = strength is Strength.HAND or (strength is Strength.FORM and not _hasty(post, taps))
    return Confirmation(post.at, post.score, strength, doubt, settles)


def _worth(
    post: Visit, taps: Sequence[Visit], mail: MailTimes, protection: Protection
) -> tuple[Strength, Doubt | None]:
    if post.preview:
        # An app's own browser may bear a preview's name, so a form of theirs counts until somebody else confirms.
        return Strength.NOTHING if post.evidence == "script" else Strength.WEAK, "link-preview"
    match post.evidence:
        case "click" | "key" | "touch":
            return Strength.HAND, None
        case "script":
            waited = post.visible is not None and post.visible >= PATIENT and not mail.too_soon(post.at)
            counts = waited and protection != "strict"
            return Strength.PATIENT_SCRIPT if counts else Strength.NOTHING, "no-trusted-event"
        case "form" | None:
            if mail.too_soon(post.at) and _hasty(post, taps):
                return Strength.WEAK, "hasty-form"
            return Strength.FORM, None


def _hasty(post: Visit, taps: Sequence[Visit]) -> bool:
    """Sent without a word, and as soon as the page was there, or without having opened it at all."""
    if post.worded:
        return False
    opened = [tap.at for tap in taps if tap.at <= post.at]
    return not opened or post.at - opened[-1] < HASTY
