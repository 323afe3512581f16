"""One walk through the whole life; at each of its calls the process forks once for each way to fail, and the child lives on with the failure.

A child ends as soon as the world is where the undisturbed walk was at the same place, or where an earlier child was that is known to
have ended well; else it walks to the end and is compared there.
"""

import gc
import os
import pickle
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from traceback import walk_stack
from typing import Any, NoReturn

from infra import clock
from tests.faults.ends import End, end, fingerprint
from tests.faults.life import Life
from tests.faults.strikes import WAYS, Call, Way, telling

Site = tuple[tuple[str, int], ...]
"""The lines of our own code that lead to a call, the innermost first."""
OURS = ("cx_domain", "functions", "infra")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call is made: its step, its operation, and from where in our code."""

    step: str
    operation: str
    site: Site


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one call that failed in one way."""

    number: int
    step: str
    operation: str
    way: Way
    result: str


@dataclass(slots=True)
class Track:
    """The undisturbed walk: each call with the state after it, the state after each step, and the end."""

    places: list[Place] = field(default_factory=list)
    calls: list[tuple[str, str]] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    heard: dict[tuple[str, str, str], str] = field(default_factory=dict)
    end: End | None = None


class Walk:
    """Walks a life: first to lay the track, then to fork at its calls."""

    def __init__(self, judge: Callable[[End, End], str], *, everywhere: bool) -> None:
        self.track = Track()
        self.outcomes: list[Outcome] = []
        self._judge = judge
        self._everywhere = everywhere
        self._life: Life | None = None
        self._laid = False
        self._number = -1
        self._step = ""
        self._pipe: int | None = None
        self._way: Way | None = None
        self._known: dict[tuple[Any, ...], str] = {}
        self._passed: list[tuple[Any, ...]] = []
        self._struck: frozenset[int] = frozenset()

    def lay(self, life: Life) -> None:
        """Walk undisturbed."""
        self._go(life)
        self.track.end = end(life)
        self._laid = True
        self._struck = frozenset(self._chosen())

    def strike(self, life: Life) -> list[Outcome]:
        """Walk again, and let each call fail in every way."""
        gc.collect()
        gc.freeze()
        self._go(life)
        if self._pipe is not None:
            self._finish(self._judged(life))
        return self.outcomes

    def _go(self, life: Life) -> None:
        self._life, self._number, life.heard = life, -1, self._heard
        try:
            for place, (name, step) in enumerate(life.steps()):
                self._step = name
                step()
                self._step_over(place, life)
        except BaseException:
            if self._pipe is None:
                raise
            self._finish(f"broke: {traceback.format_exc()}")

    def _chosen(self) -> Iterator[int]:
        """All calls; or of those that are made from the same place in our code, the first of the life."""
        numbers: dict[tuple[str, Site], list[int]] = {}
        for number, place in enumerate(self.track.places):
            numbers.setdefault((place.operation, place.site), []).append(number)
        for same in numbers.values():
            yield from same if self._everywhere else same[:1]

    # --- at each call ---------------------------------------------------------------------------------------------

    def begun(self, operation: str) -> Way | None:
        """To be called before each call of the functions: says how it fails, in a child; the parent's never fail."""
        if self._pipe is not None:
            return None
        self._number += 1
        if not self._laid:
            self.track.places.append(Place(self._step, operation, _site()))
            return None
        if self._number in self._struck:
            for way in WAYS if self._everywhere else telling(operation):
                if self._forked(operation, way):
                    return way
        return None

    def ended(self, call: Call) -> None:
        """To be called when a call has come to its end, whatever its attempts."""
        if not self._laid:
            self.track.calls.append((call.ended, self._state()))
        elif self._pipe is not None and self._way is not None:
            way, self._way = self._way, None
            # Its answer is the undisturbed one's, and so is the world: nothing that follows can differ.
            if not way.startswith("killed") and (call.ended, self._state()) == self.track.calls[self._number]:
                self._finish("same")

    def _forked(self, operation: str, way: Way) -> bool:
        now = clock.now()
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            self._pipe, self._way = writing, way
            return True
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            result, passed = pickle.loads(pipe.read())  # noqa: S301 - our own child's
        os.waitpid(child, 0)
        self._walker.world.at(now.isoformat())  # the clock is a file, which the child moved on
        self._known |= dict.fromkeys(passed, result)
        self.outcomes.append(Outcome(self._number, self._step, operation, way, result))
        return False

    # --- where children end ---------------------------------------------------------------------------------------

    def _step_over(self, place: int, life: Life) -> None:
        state = fingerprint(life)
        if not self._laid:
            self.track.steps.append(state)
        elif self._pipe is None:
            if state != self.track.steps[place]:
                raise AssertionError(f"two undisturbed walks differ after {self._step}")
        elif state == self.track.steps[place]:
            self._finish("same")
        else:
            self._pass((self._step, "over", state))

    def _heard(self, where: str) -> None:
        """Look whether the world is where it was, or is known to end well, when the same was done at the same time."""
        place = (self._step, where, str(clock.now()))
        if not self._laid:
            self.track.heard[place] = self._state()
        elif self._pipe is not None:
            state = self._state()
            if state == self.track.heard.get(place):
                self._finish("same")
            self._pass((*place, state))

    def _pass(self, place: tuple[Any, ...]) -> None:
        if place in self._known:
            self._finish(self._known[place])
        self._passed.append(place)

    def _judged(self, life: Life) -> str:
        if self.track.end is None:
            raise AssertionError("the track was not laid to its end")
        return self._judge(self.track.end, end(life))

    def _state(self) -> str:
        return fingerprint(self._walker)

    @property
    def _walker(self) -> Life:
        if self._life is None:
            raise AssertionError("nobody walks")
        return self._life

    def _finish(self, result: str) -> NoReturn:
        if self._pipe is None:
            raise AssertionError("the parent walks on")
        with os.fdopen(self._pipe, "wb") as pipe:
            pickle.dump((result, self._passed), pipe)
        sys.stderr.flush()
        os._exit(0)


def _site() -> Site:
    frames = (frame for frame, _ in walk_stack(sys._getframe(2)))  # noqa: SLF001
    ours = (frame for frame in frames if frame.f_globals.get("__name__", "").startswith(OURS))
    return tuple((frame.f_code.co_filename, frame.f_lineno) for frame in ours)
