"""Shortcuts through moto, above all its DynamoDB, where a month of surveys spends its time. None changes an answer.

At every query of an index moto sorts the whole table, by comparisons that take microseconds each; and it looks for each of an
attribute value's ten possible members (`S`, `N`, …) under half a dozen names. At every call it asks its classes what they can do,
looks through the addresses of a hundred services that nobody uses here, and reads a service's errors from its model when there is one
to tell; botocore spells out who calls, letter by letter. They always say the same.
"""

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from botocore import useragent
from moto import backend_index, backends
from moto.core import responses
from moto.core.base_backend import BaseBackend
from moto.core.errors import ErrorLookup, ErrorLookupFactory
from moto.core.serialize import AttributePicker, BaseJSONSerializer
from moto.core.utils import method_names_from_class, unix_time
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table
from moto.dynamodb.parsing.ast_nodes import DepthFirstTraverser, Node  # type: ignore[attr-defined]  # the file is not checked
from moto.sqs.models import Message, SQSBackend

SERVICES = ("dynamodb", "s3", "sns", "sqs", "ssm", "sts", "iam", "kms", "sesv2", "ses")
"""What a stack uses of moto."""
VALUE_TYPES = frozenset({"S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"})

_pick_slowly = AttributePicker.__call__
_serialize_slowly = BaseJSONSerializer._serialize_type_structure  # noqa: SLF001
_urls_of: Callable[[BaseBackend], dict[str, Any]] = BaseBackend.urls.fget  # type: ignore[attr-defined]
_known_nodes: dict[tuple[type, type], type | None] = {}
_known_urls: dict[type, dict[str, Any]] = {}
_is_node: Callable[[Any], bool] = cache(lambda kind: issubclass(kind, Node))
_method_names = cache(method_names_from_class)
_known_errors: dict[str, ErrorLookup] = {}
_errors_of: Callable[[Any], ErrorLookup] = ErrorLookupFactory._create_error_lut  # noqa: SLF001
_spelled_out = lru_cache(maxsize=1024)(useragent.sanitize_user_agent_string_component)


def take_shortcuts() -> None:
    """Take them, for everything in this process."""
    Table.all_items = _all_items  # type: ignore[method-assign, assignment]
    # moto lists its own folder at every request to see which service is meant; the folder stays as it is.
    known = tuple(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: known
    SQSBackend.is_message_valid_based_on_retention_period = _is_retained  # type: ignore[method-assign, assignment]
    AttributePicker.__call__ = _pick  # type: ignore[method-assign, assignment]
    BaseJSONSerializer._serialize_type_structure = _serialize  # type: ignore[method-assign, assignment]  # noqa: SLF001
    DepthFirstTraverser.traverse_node_recursively = _traverse
    setattr(responses, "method_names_from_class", _method_names)  # noqa: B010 - the name is one that it imported
    BaseBackend.urls = property(_urls)  # type: ignore[assignment, method-assign]
    backend_index.backend_url_patterns.sort(key=lambda each: each[0] not in SERVICES)
    ErrorLookupFactory._create_error_lut = staticmethod(_errors)  # type: ignore[method-assign, assignment]  # noqa: SLF001
    setattr(useragent, "sanitize_user_agent_string_component", _spelled_out)  # noqa: B010 - as above


def _all_items(table: Table) -> list[Any]:
    """Sort by the plain keys: the same order."""
    if not table.range_key_attr:
        return sorted(table.items.values(), key=lambda item: _plain(item.hash_key))
    items = [item for group in table.items.values() for item in group.values()]
    return sorted(items, key=lambda item: (_plain(item.hash_key), _plain(item.range_key)))


def _plain(key: DynamoType) -> Any:
    return key.value if key.type == "S" else key.cast_value


def _is_retained(backend: SQSBackend, queue_name: str, message: Message) -> bool:
    """Look at the one attribute that is asked for; moto counts the queue's messages three times to say it."""
    retained_for: int = backend.get_queue(queue_name).message_retention_period  # type: ignore[attr-defined]
    sent_at: float = message.sent_timestamp / 1000  # type: ignore[operator]
    return sent_at + retained_for > unix_time()


def _pick(picker: AttributePicker, context: Any) -> Any:
    """An attribute value has one member, under its own name; everything else goes the long way."""
    if type(context.obj) is dict and len(context.obj) == 1 and context.obj.keys() <= VALUE_TYPES:
        return context.obj.get(context.key)
    return _pick_slowly(picker, context)


def _serialize(serializer: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
    """Write the one member that an attribute value has, without looking for the other nine."""
    if shape.name != "AttributeValue" or not key or type(value) is not dict or len(value) != 1:
        _serialize_slowly(serializer, serialized, value, shape, key)
        return
    [(member, inner)] = value.items()
    if member not in VALUE_TYPES or inner is None:
        _serialize_slowly(serializer, serialized, value, shape, key)
        return
    written: dict[str, Any] = {}
    serializer._serialize(written, inner, shape.members[member], member)  # noqa: SLF001
    serializer._default_serialize(serialized, written, shape, key)  # noqa: SLF001


def _traverse(traverser: Any, node: Any, child_id: int = -1) -> Any:
    """Process an expression's nodes, the inner ones first. Whether a traverser looks at nodes of a class is found out once, not at each."""
    if not _is_node(type(node)):
        return node
    parent = node.parent
    for place, child in enumerate(node.children or ()):
        traverser.pre_processing_of_child(node, place)
        _traverse(traverser, child, place)
    wanted = _wanted(traverser, type(node))
    if wanted is None:
        return node
    made = traverser._processing_map()[wanted](node)  # noqa: SLF001
    made.parent = parent
    if parent:
        parent.children[child_id] = made
    return made


def _wanted(traverser: Any, kind: type) -> type | None:
    """Give the class under which a traverser processes nodes of a kind, if it does."""
    known = (type(traverser), kind)
    if known not in _known_nodes:
        wanted = traverser._processing_map()  # noqa: SLF001
        _known_nodes[known] = next((each for each in wanted if issubclass(kind, each)), None)
    return _known_nodes[known]


def _errors(service: Any) -> ErrorLookup:
    """Give the errors that a service's model names."""
    if service.service_name not in _known_errors:
        _known_errors[service.service_name] = _errors_of(service)
    return _known_errors[service.service_name]


def _urls(backend: BaseBackend) -> dict[str, Any]:
    """Give the addresses of a service, which its class says."""
    kind = type(backend)
    if kind not in _known_urls:
        _known_urls[kind] = _urls_of(backend)
    return _known_urls[kind]
