"""What template.yaml comes to, once it is expanded and every reference in it has its value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a function's policies; actions and resources may hold `*` and `?`.

    With `prefixes` it is about lists of a bucket that begin so; without, it has no condition.
    """

    effect: Literal["Allow", "Deny"]
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    prefixes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """One Lambda function. `name` is its logical id; times are seconds, memory is MB."""

    name: str
    physical_name: str
    arn: str
    handler: str
    timeout: int
    memory: int
    environment: Mapping[str, str]
    policies: tuple[Statement, ...]
    access_key: str


@dataclass(frozen=True, slots=True)
class Route:
    """One route of the HTTP API: its method (or `ANY`), its path template, and the function's logical id."""

    method: str
    path: str
    function: str


@dataclass(frozen=True, slots=True)
class QueueSource:
    """A queue whose messages are a function's batches."""

    queue_name: str
    queue_url: str
    queue_arn: str
    function: str
    batch_size: int
    partial_failures: bool
    max_concurrency: int | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """One schedule: `rate(1 minute)` or `cron(0/15 * * * ? *)`, its zone, and the JSON it sends."""

    name: str
    expression: str
    timezone: str
    input: str | None
    function: str


@dataclass(frozen=True, slots=True)
class Table:
    """A DynamoDB table: its keys, the keys of its indexes by the index's name, and the attribute that says when an item may go."""

    logical_id: str
    name: str
    arn: str
    keys: tuple[str, ...]
    index_keys: Mapping[str, tuple[str, ...]]
    ttl_attribute: str | None


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource with every intrinsic resolved; `name` is what it is called on AWS."""

    logical_id: str
    type: str
    name: str
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stack:
    """The whole template, ready to be made and run. `functions` is by logical id."""

    name: str
    region: str
    account: str
    functions: Mapping[str, Function]
    routes: tuple[Route, ...]
    sources: tuple[QueueSource, ...]
    schedules: tuple[Schedule, ...]
    tables: tuple[Table, ...]
    resources: Mapping[str, Resource]
    outputs: Mapping[str, str] = field(default_factory=dict)

    def of_type(self, kind: str) -> tuple[Resource, ...]:
        return tuple(resource for resource in self.resources.values() if resource.type == kind)
