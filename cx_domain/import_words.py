"""What other services call their columns and say in them: in English, Polish, German, Russian and Ukrainian.

All stands as `imports.normalised` writes it: small letters, without hyphens and underscores. Of several names of a column the surest
comes first.
"""

from collections.abc import Mapping
from typing import Literal

from cx_domain.imports import Synonyms
from cx_domain.shops import KindName

Stop = Literal["complained", "bounced", "unsubscribed"]
"""Why somebody is never asked again."""
STOPS: tuple[Stop, ...] = ("complained", "bounced", "unsubscribed")

_EMAIL = (
    *("email", "e mail", "email address", "e mail address", "emailaddress", "customer email", "customer e mail"),
    *(
        "recipient email",
        "respondent email",
        "request sent to",
        "contact email",
        "person email",
        "user email",
        "primary email",
        "mail",
    ),
    *("adres email", "adres e mail", "email klienta", "e mail klienta", "mail klienta"),
    *("e mail adresse", "email adresse", "emailadresse", "mailadresse", "kunden e mail", "empfänger e mail"),
    *("электронная почта", "адрес электронной почты", "эл почта", "email клиента", "почта"),
    *("електронна пошта", "адреса електронної пошти", "ел пошта", "email клієнта", "пошта"),
    *("recipient", "to", "empfänger", "odbiorca", "получатель", "одержувач", "address", "adres", "adresse"),
)
SUPPRESSION_COLUMNS: Synonyms = {
    "email": _EMAIL,
    "status": (
        *(
            "status",
            "email status",
            "subscription status",
            "contact status",
            "suppression status",
            "suppression reason",
        ),
        *("request delivery status", "delivery status", "state", "reason", "suppression type"),
        *("status subskrypcji", "status kontaktu", "stan", "powód", "zustand", "grund", "abonnement"),
        *("статус", "состояние", "причина", "стан"),
    ),
    "unsubscribed": (
        *("unsubscribed", "unsubscribed at", "unsubscribed on", "unsubscribed date", "unsubscribe date", "unsubscribe"),
        *("date unsubscribed", "has unsubscribed", "is unsubscribed", "unsubscribe time", "opted out", "opted out at"),
        *("opt out", "optout", "opt out date", "has opted out", "email opt out", "do not contact", "do not email"),
        *("wypisany", "wypisana", "wypisano", "data wypisania", "rezygnacja", "zrezygnował"),
        *("abgemeldet", "abgemeldet am", "abmeldung", "abmeldedatum", "ausgetragen"),
        *("отписан", "отписался", "отписка", "дата отписки"),
        *("відписаний", "відписався", "відписка", "дата відписки"),
    ),
    "bounced": (
        *(
            "bounced",
            "bounced at",
            "bounced on",
            "bounce",
            "bounce date",
            "date bounced",
            "hard bounce",
            "hard bounced",
        ),
        *(
            "is bounced",
            "has bounced",
            "bounce time",
            "email bounced",
            "invalid email",
            "non deliverable",
            "undeliverable",
        ),
        *("odbity", "odbita", "odbicie", "data odbicia", "niedostarczalny"),
        *("unzustellbar", "zurückgekommen", "bounce datum"),
        *("недоставляемый", "возврат", "дата возврата", "недоставлюваний", "повернення"),
    ),
    "complained": (
        *("complained", "complained at", "complaint", "complaint date", "spam", "spam complaint", "spam report"),
        *("marked as spam", "reported spam", "reported as spam", "abuse"),
        *("skarga", "zgłoszono spam", "zgłoszenie spamu", "beschwerde", "spam gemeldet"),
        *("жалоба", "жалоба на спам", "спам", "скарга", "скарга на спам"),
    ),
    "asked_at": (
        *("last asked", "last asked at", "last sent", "last sent at", "last survey sent", "last survey sent at"),
        *("last surveyed", "last surveyed at", "last survey date", "last survey", "last emailed", "last emailed at"),
        *(
            "last email sent",
            "last contacted",
            "last contacted at",
            "survey sent at",
            "survey sent",
            "survey sent date",
        ),
        *(
            "surveyed at",
            "request sent at",
            "sent at",
            "sent date",
            "date sent",
            "sent on",
            "sent",
            "sent time",
            "invitation sent",
        ),
        *("invitation sent at", "invited at", "invite date"),
        *("ostatnio wysłano", "ostatnio zapytano", "ostatnia ankieta", "data wysyłki", "wysłano"),
        *("zuletzt gesendet", "zuletzt gefragt", "letzte umfrage", "gesendet am", "versendet am", "versanddatum"),
        *("последняя отправка", "последний опрос", "дата отправки", "отправлено"),
        *("остання відправка", "останнє опитування", "дата надсилання", "надіслано"),
    ),
}
SEVERAL = frozenset({"status", "unsubscribed", "bounced", "complained", "asked_at"})
"""Whatever any of these columns says counts, and of several dates the last."""

ANSWER_COLUMNS: Synonyms = {
    "score": (
        *(
            "score",
            "nps score",
            "nps rating",
            "rating",
            "answer score",
            "survey score",
            "star rating",
            "review stars",
            "stars",
            "nps",
        ),
        *("csat score", "csat", "ces score", "ces", "ocena", "wynik", "bewertung", "punktzahl", "note", "sterne"),
        *("оценка", "балл", "оцінка", "бал"),
    ),
    "date": (
        *(
            "responded at",
            "response received at",
            "response date",
            "response time",
            "date of response",
            "answered at",
            "answer date",
            "answered",
        ),
        *(
            "recorded at",
            "submitted at",
            "submission date",
            "submit date",
            "completed at",
            "completed",
            "date submitted",
        ),
        *("end date", "date modified", "review date", "review created utc", "review created", "date created"),
        *("created at", "created", "date", "timestamp", "time"),
        *("data odpowiedzi", "data", "antwortdatum", "beantwortet am", "datum"),
        *("дата ответа", "дата", "дата відповіді"),
    ),
    "comment": (
        *("comment", "comments", "answer comment", "response comment", "feedback", "review content", "review text"),
        *("response text", "open ended response", "text", "answer", "review", "message"),
        *("komentarz", "opinia", "kommentar", "rückmeldung", "комментарий", "отзыв", "коментар", "відгук"),
    ),
    "touchpoint": ("touchpoint", "touch point", "punkt styku", "kontaktpunkt", "точка контакта", "точка контакту"),
    "kind": ("kind", "survey type", "question type", "metric", "metric type", "survey kind", "rodzaj", "art"),
    "email": _EMAIL,
}

SEGMENT_COLUMNS: Synonyms = {
    "country": ("country code", "kraj", "land", "страна", "країна"),
    "language": ("locale", "lang", "język", "sprache", "язык", "мова"),
    "channel": ("sales channel", "kanał", "kanal", "канал"),
    "delivery": ("delivery method", "shipping method", "dostawa", "lieferung", "доставка"),
    "category": ("product category", "kategoria", "kategorie", "категория", "категорія"),
}

STATUSES: Mapping[str, Stop | Literal["active"]] = {
    **dict.fromkeys(
        (
            *(
                "complained",
                "complaint",
                "spam",
                "spam complaint",
                "spam report",
                "marked as spam",
                "abuse",
                "reported spam",
            ),
            *(
                "skarga",
                "zgłoszono spam",
                "beschwerde",
                "als spam gemeldet",
                "жалоба",
                "жалоба на спам",
                "скарга",
                "спам",
            ),
        ),
        "complained",
    ),
    **dict.fromkeys(
        (
            *(
                "bounced",
                "bounce",
                "hard bounce",
                "hard bounced",
                "hardbounce",
                "email hard bounce",
                "permanent bounce",
                "undeliverable",
            ),
            *("non deliverable", "not deliverable", "nondeliverable", "invalid", "invalid email", "failed permanently"),
            *("cleaned", "odbity", "odbita", "niedostarczalny", "nieprawidłowy", "unzustellbar", "ungültig"),
            *("недоставляемый", "недоставлено", "недоставлюваний"),
        ),
        "bounced",
    ),
    **dict.fromkeys(
        (
            *(
                "unsubscribed",
                "unsubscribe",
                "opted out",
                "opt out",
                "optout",
                "opted",
                "do not contact",
                "do not email",
            ),
            *("blocked", "blocklisted", "blacklisted", "suppressed", "deactivated", "inactive", "removed"),
            *("wypisany", "wypisana", "wypisano", "zablokowany", "abgemeldet", "ausgetragen", "gesperrt", "inaktiv"),
            *("отписан", "отписался", "заблокирован", "відписаний", "відписався", "заблокований"),
        ),
        "unsubscribed",
    ),
    **dict.fromkeys(
        (
            *(
                "active",
                "subscribed",
                "enabled",
                "ok",
                "valid",
                "deliverable",
                "sent",
                "delivered",
                "opened",
                "clicked",
            ),
            *("responded", "answered", "completed", "not responded", "pending", "scheduled", "queued", "reminded"),
            *(
                "soft bounce",
                "soft bounced",
                "softbounce",
                "email soft bounce",
                "not sent suppression period",
                "temporary bounce",
                "deferred",
                "none",
                "new",
            ),
            *(
                "aktywny",
                "aktywna",
                "zapisany",
                "wysłano",
                "dostarczono",
                "aktiv",
                "angemeldet",
                "gesendet",
                "zugestellt",
            ),
            *("активен", "подписан", "отправлено", "доставлено", "активний", "підписаний", "надіслано"),
        ),
        "active",
    ),
}
"""What a status means. A bounce that may pass is no reason never to ask again."""

_STOPPED = frozenset(word for word, meaning in STATUSES.items() if meaning != "active")
YES = _STOPPED | {"yes", "y", "true", "t", "1", "x", "✓", "✔", "tak", "ja", "да", "так"}
NO = frozenset({"no", "n", "false", "f", "0", "nie", "nein", "нет", "ні", "null", "none", "never", "nan", "na", ""})

KINDS: Mapping[str, KindName] = {
    "nps": "nps",
    "net promoter score": "nps",
    "nps5": "nps5",
    "csat": "csat",
    "customer satisfaction": "csat",
    "customer satisfaction score": "csat",
    "smileys": "csat",
    "stars5": "csat",
    "5star": "csat",
    "ces": "ces",
    "customer effort": "ces",
    "customer effort score": "ces",
    "yes no": "yes-no",
    "thumbs": "yes-no",
}
