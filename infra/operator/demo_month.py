"""The demo's month: webhooks, mail, scanners and customers on one line of virtual time, played over real HTTP.

Whatever is due at one moment is done by a few threads at once; what follows from it is put on the same line.
"""

import heapq
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial

from cx_domain.errors import Trouble
from cx_domain.shops import ShopId
from infra.operator.connections import Connection
from infra.operator.demo_customers import Household, Step, Visitor
from infra.operator.demo_mail import survey_mail
from infra.operator.demo_orders import Delivery
from infra.operator.demo_people import Person
from infra.operator.http import Http
from infra.operator.local_doors import LocalDoors, MailHeading
from infra.operator.webhooks import signed

THREADS = 4
_SWEPT_WITHIN = (timedelta(seconds=1), timedelta(seconds=61))
"""The sweep runs each minute, so a mail that is due now comes now or in a minute."""
_OK = 200


class Month:
    """Everything that happens, and how much of it did: `counts` has `webhooks`, `mails` and `visits`."""

    def __init__(
        self,
        http: Http,
        connections: Mapping[tuple[ShopId, str], Connection],
        reminders: Mapping[ShopId, timedelta],
        watch: Callable[[str, int], None],
    ) -> None:
        """Take the connections by shop and platform, how long after its mail each shop reminds, and whom to tell how it goes."""
        self.counts: Counter[str] = Counter()
        self._http = http
        self._doors = LocalDoors(http)
        self._connections = connections
        self._reminders = reminders
        self._watch = watch
        self._people: dict[str, Person] = {}
        self._line: list[Step] = []
        self._now = self._doors.now()
        self._looks: set[datetime] = set()
        self._seen: Counter[str] = Counter()
        self._lock = threading.Lock()

    def expect(self, deliveries: Iterable[Delivery], people: Iterable[Person], mail_times: Iterable[datetime]) -> None:
        """Put webhooks on the line, and looks into the mailbox shortly after each time at which mail should come."""
        self._people |= {person.email: person for person in people}
        for number, delivery in enumerate(deliveries):
            key = f"{delivery.shop} {delivery.order} {number:06}"
            self._add([Step(delivery.at, key, partial(self._deliver, delivery, key))])
        for at in mail_times:
            self._look_after(at)

    def play(self, until: datetime) -> None:
        """Do everything up to a moment, and leave the clock there."""
        with ThreadPoolExecutor(THREADS) as pool:
            while self._line and self._line[0].at < until:
                at = self._line[0].at
                self._advance_to(at)
                for following in pool.map(lambda step: list(step.do()), list(self._due(at))):
                    self._add(following)
        self._advance_to(until)
        self._add(self._look())

    def _advance_to(self, at: datetime) -> None:
        """Move the clock; what should have happened before the mail was seen happens now."""
        if at > self._now:
            self._doors.advance_to(at)
            self._now = at

    def _due(self, at: datetime) -> Iterable[Step]:
        while self._line and self._line[0].at == at:
            yield heapq.heappop(self._line)

    def _add(self, steps: Iterable[Step]) -> None:
        for step in steps:
            heapq.heappush(self._line, step)

    def _deliver(self, delivery: Delivery, key: str) -> Iterable[Step]:
        connection = self._connections[delivery.shop, delivery.platform]
        sent = signed(connection, delivery.topic, delivery.body, message_id=key, now=delivery.at)
        answer = self._http.call("POST", connection.url, sent.body, sent.headers)
        if answer.status != _OK:
            raise Trouble(f"A webhook of {delivery.shop} got {answer.status}: {answer.text[:200]}")
        self._count("webhooks")
        return ()

    def _look_after(self, at: datetime) -> None:
        for wait in _SWEPT_WITHIN:
            if at + wait not in self._looks:
                self._looks.add(at + wait)
                self._add([Step(at + wait, "look", self._look)])

    def _look(self) -> list[Step]:
        fresh = sorted(self._doors.mails()[self.counts["mails"] :], key=lambda mail: (mail.sent_at, mail.to))
        steps: list[Step] = []
        for mail in fresh:
            self._count("mails")
            person = self._people.get(mail.to)
            if person is not None:
                steps += self._read(mail, person)
        return steps

    def _read(self, mail: MailHeading, person: Person) -> list[Step]:
        links = survey_mail(self._doors.mail(mail.id))
        if links is None:
            return []
        self._seen[mail.to] += 1
        if person.shop in self._reminders:
            self._look_after(mail.sent_at + self._reminders[person.shop])
        reader, scanner = (Visitor(self._http, each, self._count) for each in (person.client, person.scanner))
        household = Household(person, mail, links, reader, scanner, self._doors)
        return list(household.steps(person.habit if self._seen[mail.to] == 1 else person.on_reminder))

    def _count(self, what: str) -> None:
        with self._lock:
            self.counts[what] += 1
        self._watch(what, 1)
