"""A mail to a shop's own people about something that they must look at: what happened, how we know, what to do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to look at, and what to type for it, or the address that it is about."""

    text: str
    command: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """What happened in a line, how we know, what to do, and why its reader gets it."""

    title: str
    lead: str
    steps: tuple[Step, ...]
    why: str
