"""From a platform's signed bytes to news in our words. Foreign words stop here."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NoReturn, assert_never

from cx_domain.errors import BadField, BadInput
from cx_domain.order_fields import FeedbackEvent, TicketEvent, feedback_event, order_event, ticket_event
from cx_domain.orders import OrderEvent, Standing
from cx_domain.raw_fields import RawFields
from infra.platforms.files import Ignored, Platform, Shape, platform

Reading = OrderEvent | TicketEvent | FeedbackEvent | Ignored
Payload = Mapping[str, Any]

_MOST_LINES = 50
"""Of an order's lines; five of them are kept."""


def is_ping(name: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Say whether this is the platform's unsigned "are you there?", which gets 200 and nothing more. Header names are lower case."""
    here = platform(name)
    if here.ping is None or here.ping.fullmatch(body) is None:
        return False
    return not any(header.startswith(here.ping_without) for header in headers)


def read(here: Platform, headers: Mapping[str, str], body: bytes, received_at: datetime) -> Reading:
    """Read a webhook whose signature is good. Raises BadInput for what is not a JSON object, BadField with the sender's path."""
    payload = _payload(body)
    shape = here.topics.get(_topic(here, headers, payload), Ignored("topic-ignored"))
    if isinstance(shape, Ignored):
        return shape
    if shape.unless is not None and _is_true(shape.unless.search(payload)):
        return Ignored(shape.unless_reason)
    fields = RawFields(_raw(shape, headers, payload), zoneless_is_utc=here.zoneless_is_utc)
    try:
        return _event(shape, fields, payload, received_at)
    except BadField as error:
        raise BadField(_senders_name(shape, error.field, fields, payload), error.why) from None


def _event(shape: Shape, fields: RawFields, payload: Payload, received_at: datetime) -> Reading:
    match shape.becomes:
        case "order":
            standing = _standing(shape, payload)
            return order_event(fields, standing=standing, has_details=bool(shape.item), received_at=received_at)
        case "ticket":
            return ticket_event(fields, received_at=received_at)
        case "feedback":
            return feedback_event(fields, received_at=received_at)
        case _:
            assert_never(shape.becomes)


def _payload(body: bytes) -> Payload:
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


def _topic(here: Platform, headers: Mapping[str, str], payload: Payload) -> str:
    where = here.topic_header or here.topic_field or ""
    topic = headers.get(where) if here.topic_header else payload.get(where)
    if topic is None or topic == "":
        raise BadField(where, "is missing")
    if not isinstance(topic, str):
        raise BadField(where, "must be text")
    return topic


def _raw(shape: Shape, headers: Mapping[str, str], payload: Payload) -> dict[str, object]:
    found = {name: expression.search(payload) for name, expression in {**shape.fields, **shape.happened}.items()}
    if shape.means is not None and shape.means in shape.happened and not found[shape.means]:
        found[shape.means] = True
    found |= {name: headers.get(header) for name, header in shape.headers.items()}
    if isinstance(items := found.get("items"), list):
        found["items"] = [_item(shape, item) for item in items[:_MOST_LINES]]
    return found


def _item(shape: Shape, item: object) -> object:
    if not isinstance(item, dict):
        return item
    return {name: expression.search(item) for name, expression in shape.item.items()}


def _standing(shape: Shape, payload: Payload) -> Standing | None:
    if not shape.standing:
        return None
    if shape.means == "cancelled" or _is_true(shape.standing["cancelled"].search(payload)):
        return "cancelled"
    refunded = shape.standing.get("refunded")
    return "refunded" if refunded is not None and _is_true(refunded.search(payload)) else "live"


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
