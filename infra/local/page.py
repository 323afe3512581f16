"""The page of the local stack, `/_local/`: the mailbox, what became of each survey, the reports, and the clock."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, Protocol

from cx_domain.errors import AfterorderError
from cx_domain.shops import Shop, ShopId
from cx_domain.surveys import Stage, Survey
from infra.local.mailbox import MailRecord
from infra.local.ses_events import SUBTYPES
from infra.local.survey_stories import answer, local_time, story
from infra.local.virtual_clock import VirtualClock
from infra.writing.rendering import render

HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)
PAGE_OF_MAILS = 25
MOST_SURVEYS = 200
STAGES: tuple[Stage, ...] = (
    "waiting",
    "planned",
    "sending",
    "sent",
    "reminding",
    "reminded",
    "refused",
    "closed",
    "erased",
)
REPORT_FILES = ("report.html", "report.xlsx", "answers.csv", "report.json")


class Looking(Protocol):
    """The part of the cloud that the page shows."""

    def mails(self) -> Sequence[MailRecord]: ...

    def mail(self, mail_id: str) -> MailRecord | None: ...

    def objects(self, prefix: str) -> Sequence[str]: ...

    def calls(self) -> Mapping[str, Mapping[str, float]]: ...


@dataclass(frozen=True, slots=True)
class Shelf:
    """One period's report of one shop, and the addresses of its files."""

    shop: str
    period: str
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """Renders itself from what is there; `shops` and `surveys` read DynamoDB with the operator's rights.

    `lists_of_reports` says by which path each manager of a shop comes to the list of all reports, by address.
    """

    cloud: Looking
    clock: VirtualClock
    shops: Callable[[], Iterable[Shop]]
    surveys: Callable[[ShopId, Stage | None], Iterable[Survey]]
    lists_of_reports: Callable[[Shop], Mapping[str, str]]

    def __call__(self, query: Mapping[str, str]) -> str:
        now = self.clock.now()
        shops, trouble = self._shops()
        return render(
            "local/page.html",
            now=now,
            shops=[{"shop": shop, "now": local_time(now, shop)} for shop in shops],
            trouble=trouble,
            query=query,
            mailbox=self._mailbox(query),
            surveys=self._surveys(shops, query, now),
            stages=STAGES,
            reports=self._reports(),
            lists_of_reports={shop.id: self.lists_of_reports(shop) for shop in shops},
            calls=self.cloud.calls(),
            subtypes=SUBTYPES,
        )

    def _shops(self) -> tuple[list[Shop], str]:
        """Read the shops; a stored file that is no longer readable is said, not fatal."""
        try:
            return list(self.shops()), ""
        except AfterorderError as problem:
            return [], str(problem)

    def _mailbox(self, query: Mapping[str, str]) -> dict[str, Any]:
        wanted = query.get("to", "").strip().lower()
        mails = [
            mail for mail in reversed(self.cloud.mails()) if wanted in f"{' '.join(mail.to)} {mail.subject}".lower()
        ]
        pages = max(1, -(-len(mails) // PAGE_OF_MAILS))
        number = min(max(_number(query.get("page", "1")), 1), pages)
        chosen = self.cloud.mail(query["mail"]) if "mail" in query else next(iter(mails), None)
        shown = mails[(number - 1) * PAGE_OF_MAILS : number * PAGE_OF_MAILS]
        return {
            "count": len(mails), "page": number, "pages": pages, "mails": shown,
            "open": _opened(chosen) if chosen else None, "to": query.get("to", ""),
        }  # fmt: skip

    def _surveys(self, shops: Sequence[Shop], query: Mapping[str, str], now: datetime) -> dict[str, Any]:
        stage = next((stage for stage in STAGES if stage == query.get("stage")), None)
        wanted = query.get("order", "").strip().lower()
        chosen = [shop for shop in shops if query.get("shop", "") in {"", shop.id}]
        found = [(survey, shop) for shop in chosen for survey in self.surveys(shop.id, stage)]
        fitting = [pair for pair in found if wanted in f"{pair[0].subject_id} {_number_of(pair[0])}".lower()]
        fitting.sort(key=lambda pair: _moved_at(pair[0], now), reverse=True)
        rows = [_row(survey, shop, now) for survey, shop in fitting[:MOST_SURVEYS]]
        return {
            "rows": rows,
            "count": len(fitting),
            "stage": stage or "",
            "order": query.get("order", ""),
            "shop": query.get("shop", ""),
        }

    def _reports(self) -> list[Shelf]:
        shelves: dict[tuple[str, str], dict[str, str]] = {}
        for key in self.cloud.objects("reports/"):
            match key.split("/"):
                case [_, shop, period, name] if name in REPORT_FILES:
                    shelves.setdefault((shop, period), {})[name] = f"/_local/objects/{key}"
        return [Shelf(shop, period, files) for (shop, period), files in sorted(shelves.items())]


def _opened(record: MailRecord) -> dict[str, Any]:
    message = message_from_bytes(record.raw, policy=default)
    # Links open beside the page, as in a mail program; before the doctype the line would put the mail in quirks mode.
    html = HEAD.sub(r"\g<0><base target=_blank>", _part(message, "html"), count=1)
    return {"mail": record, "html": html, "text": _part(message, "plain")}


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    content = part.get_content() if part else ""
    return content if isinstance(content, str) else ""


def _row(survey: Survey, shop: Shop, now: datetime) -> dict[str, Any]:
    details = survey.order.details
    return {
        "shop": shop,
        "survey": survey,
        "order": _number_of(survey),
        "who": (details.first_name or details.email or "") if details else "",
        "story": story(survey, shop, now),
        "answer": answer(survey, shop),
    }


def _number_of(survey: Survey) -> str:
    return survey.order.details.number if survey.order.details else survey.subject_id


def _moved_at(survey: Survey, now: datetime) -> datetime:
    """Order surveys by what happened last; those still to come first, the nearest at the top."""
    last = [at for at in (survey.sent_at, survey.refused_at, survey.delivered_at, survey.reminded_at) if at is not None]
    last += [visit.at for visit in survey.visits]
    if not last and survey.due_at is not None:
        return now - (survey.due_at - now)
    return max(last, default=min(survey.order.happened.values(), default=now))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 1
