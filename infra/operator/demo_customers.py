"""What customers, and the scanners before them, do with a survey's mail: steps on the line of virtual time."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import assert_never
from urllib.parse import urlencode, urljoin

from cx_domain.errors import Trouble
from infra.operator.demo_mail import Form, SurveyMail, rating_form
from infra.operator.demo_people import Client, Habit, Person
from infra.operator.http import Answer, Http
from infra.operator.local_doors import LocalDoors, MailEvent, MailHeading

SCANNED_AFTER = timedelta(seconds=43)
"""The median of 836 bursts in one real campaign; two thirds came within the first minute."""
_RESCANNED_AFTER = timedelta(seconds=35)
_READING = timedelta(seconds=25)
_SECOND_THOUGHTS = timedelta(hours=2)
_HALF_HOUR = timedelta(minutes=30)
_OK = 200


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """Something that happens at a moment; `key` makes the order of simultaneous steps certain. Doing it may lead to others."""

    at: datetime
    key: str
    do: Callable[[], Iterable["Step"]] = field(compare=False)


class Visitor:
    """One program on one machine that opens links, and keeps the cookie that it is given."""

    def __init__(self, http: Http, client: Client, count: Callable[[str], None]) -> None:
        self._http = http
        self._client = client
        self._count = count
        self._cookie = ""
        self._form = Form()

    def tap(self, url: str) -> None:
        self._form = rating_form(self._call("GET", url).text)
        self._form.action = urljoin(url, self._form.action)
        self._count("visits")

    def send(self, score: int, comment: str = "", drivers: Iterable[str] = ()) -> None:
        """Send the form of the page that was opened last."""
        offered = set(self._form.drivers)
        fields = [*self._form.hidden, ("score", str(score)), ("comment", comment)]
        fields += [("driver", driver) for driver in drivers if driver in offered]
        self._call("POST", self._form.action, urlencode(fields))
        self._count("visits")

    def unsubscribe(self, url: str) -> None:
        """Post as RFC 8058 has mailbox providers do."""
        self._call("POST", url, "List-Unsubscribe=One-Click")

    def _call(self, method: str, url: str, form: str | None = None) -> Answer:
        headers = {"x-forwarded-for": self._client.address, "user-agent": self._client.agent}
        if form is not None:
            headers["content-type"] = "application/x-www-form-urlencoded"
        if self._cookie:
            headers["cookie"] = self._cookie
        answer = self._http.call(method, url, None if form is None else form.encode(), headers)
        if answer.status == 303:  # noqa: PLR2004 - See Other: the page after a form
            answer = self._http.call("GET", urljoin(url, answer.headers["location"]), None, headers)
        if answer.status != _OK:
            raise Trouble(f"A customer's {method} got {answer.status}: {answer.text[:200]}")
        self._cookie = answer.headers.get("set-cookie", self._cookie).partition(";")[0]
        return answer


@dataclass(frozen=True, slots=True)
class Household:
    """A person, what stands before their mailbox, and the mail that came."""

    person: Person
    mail: MailHeading
    links: SurveyMail
    reader: Visitor
    scanner: Visitor
    doors: LocalDoors

    def steps(self, habit: Habit) -> Iterator[Step]:
        """Yield what happens to this mail."""
        tapped_at = _half_hour_after(self.mail.sent_at + self.person.delay)
        if self.person.gateway in {"opens-everything", "opens-one"} and habit != "bounces":
            yield self._step("scan", self.mail.sent_at + SCANNED_AFTER, self._scan)
        match habit:
            case "ignores":
                return
            case "bounces":
                yield self._told("Bounce", self.mail.sent_at + timedelta(seconds=1))
            case "complains":
                yield self._told("Complaint", tapped_at)
            case "unsubscribes":
                yield self._step("leave", tapped_at, lambda: self.reader.unsubscribe(self.links.unsubscribe))
            case "taps-and-closes":
                yield from self._tap(tapped_at, self.person.score)
            case "answers":
                yield from self._answer(tapped_at, self.person.score)
            case "changes-mind":
                yield from self._answer(tapped_at, self.person.score)
                yield from self._answer(tapped_at + _SECOND_THOUGHTS, self.person.other_score)
            case "slips":
                yield from self._tap(tapped_at, self.person.other_score)
                yield from self._answer(tapped_at + timedelta(seconds=3), self.person.score)
            case _:
                assert_never(habit)

    def _answer(self, at: datetime, score: int) -> Iterator[Step]:
        yield from self._tap(at, score)
        send = lambda: self.reader.send(score, self.person.comment, self.person.drivers)  # noqa: E731 - a step is a value
        yield self._step("send", at + _READING, send)

    def _tap(self, at: datetime, score: int) -> Iterator[Step]:
        yield self._step("tap", at, lambda: self.reader.tap(self.links.scores[score]))
        if self.person.gateway == "opens-again":
            yield self._step("rescan", at + _RESCANNED_AFTER, self._open_everything)

    def _scan(self) -> None:
        if self.person.gateway == "opens-one":
            self.scanner.tap(self.links.scores[min(self.links.scores)])
            return
        self._open_everything()
        if self.person.score % 2:
            self.scanner.send(min(self.links.scores))  # some press the button that they find

    def _open_everything(self) -> None:
        # From the last link to the first: what a scanner leaves behind is "usually in the lowest range".
        for url in reversed(self.links.scores.values()):
            self.scanner.tap(url)

    def _told(self, kind: MailEvent, at: datetime) -> Step:
        return self._step(kind, at, lambda: self.doors.mail_event(self.mail.id, kind))

    def _step(self, name: str, at: datetime, do: Callable[[], None]) -> Step:
        def once() -> Iterable[Step]:
            do()
            return ()

        return Step(at, f"{self.person.shop} {self.person.email} {name}", once)


def _half_hour_after(at: datetime) -> datetime:
    """Move to the next full or half hour, so that much of a shop's month happens at the same moments."""
    epoch = datetime(2026, 1, 1, tzinfo=UTC)
    return epoch + -((epoch - at) // _HALF_HOUR) * _HALF_HOUR
