"""From a platform's signed bytes to news in our words. Foreign words stop here."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn, assert_never
from urllib.parse import parse_qsl

from cx_domain.errors import BadField, BadInput
from cx_domain.minor_units import from_minor_units
from cx_domain.order_fields import HAPPENINGS, FeedbackEvent, TicketEvent, feedback_event, order_event, ticket_event
from cx_domain.orders import OrderEvent, Standing
from cx_domain.privacy_requests import PrivacyRequest, privacy_kind, privacy_request
from cx_domain.raw_fields import RawFields
from cx_domain.signatures import Delivery
from infra.platforms.files import Platform
from infra.platforms.shapes import HAPPENED, Ignored, Shape

Payload = Mapping[str, Any]
Statuses = Mapping[str, str]
"""What a shop's own statuses mean: a happening, `cancelled`, `refunded`, or `ignored`."""

_MOST_LINES = 50
"""Of an order's lines; five of them are kept."""
_MOST_FORM_FIELDS = 200
_LONGEST_PING = 200
_LONGEST_TAG_LIST = 2000
_STANDINGS: Mapping[str, Standing] = {
    "cancelled": "cancelled",
    "refunded": "refunded",
    "partly_refunded": "partly-refunded",
}


@dataclass(frozen=True, slots=True)
class Hint:
    """Something happened to this order; what, is read from the platform itself."""

    order_id: str


Reading = OrderEvent | TicketEvent | FeedbackEvent | PrivacyRequest | Hint | Ignored


def is_ping(here: Platform, delivery: Delivery) -> bool:
    """Say whether this is the platform's unsigned "are you there?", which gets 200 and nothing more."""
    if here.ping is None or len(delivery.body) > _LONGEST_PING or here.ping.body.fullmatch(delivery.body) is None:
        return False
    return not any(header.startswith(here.ping.without_headers) for header in delivery.headers)


def read(here: Platform, delivery: Delivery, received_at: datetime, statuses: Statuses | None = None) -> Reading:
    """Read a webhook whose signature is good. Raises BadInput for what is not a JSON object, BadField with the sender's path."""
    payload = _payload(here, delivery.body)
    topic = _topic(here, delivery, payload)
    # Saleor's own lists write in capitals what its header says in small letters.
    shape = here.topics.get(topic) or here.topics.get(topic.lower(), Ignored("topic-ignored"))
    if isinstance(shape, Ignored):
        return shape
    return read_shape(here, shape, payload, received_at, statuses=statuses, headers=delivery.headers)


def read_shape(
    here: Platform,
    shape: Shape,
    payload: Payload,
    received_at: datetime,
    *,
    statuses: Statuses | None = None,
    headers: Mapping[str, str] | None = None,
) -> Reading:
    """Read a payload of which it is known what shape it has, as read does."""
    if shape.unless is not None and _is_true(shape.unless.search(payload)):
        return Ignored(shape.unless_reason)
    status = _meaning_of_status(shape, payload, statuses or {})
    if status == "ignored":
        return Ignored("status-ignored")
    raw = _raw(here, shape, headers or {}, payload) | ({status: True} if status in HAPPENINGS else {})
    fields = RawFields(raw, zoneless_is_utc=here.zoneless_is_utc, times_are_unix=here.times_are_unix)
    standing = _STANDINGS.get(status or "") or _standing(shape, payload)
    try:
        if raw.get("tag_list") is not None:
            raw["tags"] = _tags(raw["tag_list"])
        if "total_minor" in raw:
            raw["total"] = from_minor_units(raw["total_minor"], raw.get("currency"), here.minor_units)
        return _event(shape, fields, standing, received_at)
    except BadField as error:
        raise BadField(_senders_name(shape, error.field, fields, payload), error.why) from None


def _tags(written: object) -> Mapping[str, str]:
    """Read tags that are words with commas between: each is there, and says `yes`."""
    if not isinstance(written, str):
        raise BadField("tag_list", "must be words with commas between")
    return {tag.strip(): "yes" for tag in written[:_LONGEST_TAG_LIST].split(",") if tag.strip()}


def _event(shape: Shape, fields: RawFields, standing: Standing | None, received_at: datetime) -> Reading:
    match shape.becomes:
        case "order":
            return order_event(fields, standing=standing, has_details=bool(shape.item), received_at=received_at)
        case "ticket":
            return ticket_event(fields, received_at=received_at)
        case "feedback":
            return feedback_event(fields, received_at=received_at)
        case "hint":
            order_id = fields.identifier("id")
            if order_id is None:
                raise BadField("id", "is missing")
            return Hint(order_id)
        case "privacy":
            return privacy_request(fields, privacy_kind(shape.means))
        case _:
            assert_never(shape.becomes)


def _payload(here: Platform, body: bytes) -> Payload:
    match here.body_format:
        case "json":
            return json_object(body)
        case "form":
            return _form(body)
        case _:
            assert_never(here.body_format)


def _form(body: bytes) -> Payload:
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FORM_FIELDS))
    except UnicodeDecodeError as error:
        raise BadInput(f"malformed form: not UTF-8 at byte {error.start + 1}") from None
    except ValueError:
        raise BadInput(f"malformed form: more than {_MOST_FORM_FIELDS} fields") from None


def json_object(body: bytes) -> Payload:
    """Parse what must be a JSON object; BadInput says where it goes wrong."""
    try:
        payload = json.loads(body.decode("utf-8-sig"), parse_constant=_no_such_number)
    except UnicodeDecodeError as error:
        raise BadInput(f"malformed JSON: not UTF-8 at byte {error.start + 1}") from None
    except json.JSONDecodeError as error:
        raise BadInput(f"malformed JSON: {error.msg} at line {error.lineno} column {error.colno}") from None
    except RecursionError:
        raise BadInput("malformed JSON: it nests too deeply") from None
    except ValueError:  # Python refuses to read integers of more than 4300 digits
        raise BadInput("malformed JSON: a number is too long") from None
    if not isinstance(payload, dict):
        raise BadInput("malformed JSON: it must be an object at line 1 column 1")
    return payload


def _no_such_number(word: str) -> NoReturn:
    raise BadInput(f"malformed JSON: {word} is no number in JSON")


def _topic(here: Platform, delivery: Delivery, payload: Payload) -> str:
    if here.topic.always is not None:
        return here.topic.always
    where = here.topic.header or ""
    topic: object = delivery.headers.get(where)
    if here.topic.field is not None:
        where, topic = here.topic.field.paths[0], here.topic.field.search(payload)
    if topic is None or topic == "":
        raise BadField(where, "is missing")
    if not isinstance(topic, str):
        raise BadField(where, "must be text")
    return topic


def _meaning_of_status(shape: Shape, payload: Payload, statuses: Statuses) -> str | None:
    if shape.status is None or not statuses:
        return None
    status = shape.status.search(payload)
    return statuses.get(status) if isinstance(status, str) else None


def _raw(here: Platform, shape: Shape, headers: Mapping[str, str], payload: Payload) -> dict[str, object]:
    found = {name: expression.search(payload) for name, expression in {**shape.fields, **shape.happened}.items()}
    if shape.means in HAPPENED[shape.becomes] and not found.get(shape.means):
        found[shape.means] = True
    found |= {name: headers.get(header) for name, header in shape.headers.items()}
    if (consent := found.get("consent")) is not None:
        found["consent_source"] = f"{here.name} {shape.fields['consent'].path_of(consent, payload)}"
    if isinstance(items := found.get("items"), list):
        found["items"] = [_item(shape, item) for item in items[:_MOST_LINES]]
    return found


def _item(shape: Shape, item: object) -> object:
    if not isinstance(item, dict):
        return item
    return {name: expression.search(item) for name, expression in shape.item.items()}


def _standing(shape: Shape, payload: Payload) -> Standing | None:
    """What the payload says of an end, the worst first; None where its shape never says anything of it."""
    if not shape.standing and shape.means not in _STANDINGS:
        return None
    for name, standing in _STANDINGS.items():
        expression = shape.standing.get(name)
        if shape.means == standing or (expression is not None and _is_true(expression.search(payload))):
            return standing
    return "live"


def _is_true(found: object) -> bool:
    """JMESPath's own truth: everything but false, null and what is empty."""
    return found is True or (found not in (None, False, "", [], {}))


def _senders_name(shape: Shape, field: str, fields: RawFields, payload: Payload) -> str:
    """Translate our name for a field (`items[0].title`, `tags.store`) into the sender's path (`line_items[0].name`)."""
    if field in shape.headers:
        return shape.headers[field]
    name = re.split(r"[.\[]", field, maxsplit=1)[0]
    rest = field.removeprefix(name)
    expression = shape.fields.get(name) or shape.happened.get(name)
    if expression is None:
        return field
    path = expression.path_of(fields.raw(name), payload)
    inner = re.fullmatch(r"(\[\d+\]\.)(\w+)", rest)
    if inner is not None and inner[2] in shape.item:
        rest = inner[1] + shape.item[inner[2]].paths[0]
    return path + rest
