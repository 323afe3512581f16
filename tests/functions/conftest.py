"""The template's table, queues, bucket, mail identity and secrets on moto, and Acme Outdoor in them."""

import io
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from moto import mock_aws
from moto.moto_api._internal.models import moto_api_backend

from infra import adapters, deliveries, logs, shop_platforms
from infra.aws import clients
from infra.aws.secrets import KeyRing
from infra.local.moto_speed import take_shortcuts
from tests.builders import KEY
from tests.functions.moto_snapshot import MotoSnapshot
from tests.functions.week import play
from tests.functions.world import ACME_FILE, ACME_SECRETS, LINK_KEYS, REGION, World
from tests.template import environment, functions, parameter, resources

PUBLIC_URL = "https://ask.acme.example"
STACK = "afterorder"
MONDAY = "2026-01-05T09:00:00Z"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let Powertools' remark pass that an invocation counted nothing: many rightly do."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("ignore:No application metrics to publish"))


Play = Callable[[World], None]
"""Something that happens in the world just deployed."""


@dataclass(frozen=True, slots=True)
class Played:
    """What something left behind that happened: what AWS holds, the time, and the log."""

    snapshot: MotoSnapshot
    moment: str
    log: str


@dataclass(frozen=True, slots=True)
class Deployed:
    """A stack just after its deployment, and the names that it gave to its resources."""

    made: dict[str, str]
    snapshot: MotoSnapshot
    played: dict[Play, Played] = field(default_factory=dict)


@pytest.fixture(scope="module")
def aws() -> Iterator[None]:
    """An account of its own for each file of tests; making a client takes longer than most tests."""
    with pytest.MonkeyPatch.context() as environ:
        for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
            environ.delenv(name, raising=False)
        environ.setenv("AWS_DEFAULT_REGION", REGION)
        environ.setenv("AWS_ACCESS_KEY_ID", "stand-in")
        environ.setenv("AWS_SECRET_ACCESS_KEY", "stand-in")
        take_shortcuts()
        with mock_aws():
            _forget(clients)
            yield
        _forget(clients, adapters)


@pytest.fixture(scope="module")
def deployed(aws: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """The stack with Acme Outdoor in it; made once, and put back before each test."""
    del aws
    moto_api_backend.reset()
    _forget(adapters, deliveries)
    made = _deploy()
    with pytest.MonkeyPatch.context() as environ:
        clock_file = tmp_path_factory.mktemp("deployed") / "clock"
        _settle(environ, made, clock_file)
        world = World(clock_file, log=io.StringIO(), made=made)
        world.at(MONDAY)
        adapters.secrets().put_key_ring(KeyRing(KEY, LINK_KEYS))
        for platform, secrets in ACME_SECRETS.items():
            adapters.secrets().put_webhook_secrets(world.acme, platform, secrets)
        world.put_shop(ACME_FILE.read_text(encoding="utf-8"))
    deployed = Deployed(made, MotoSnapshot())
    yield deployed
    moto_api_backend.reset()
    for played in deployed.played.values():
        played.snapshot.drop()


@pytest.fixture
def world(deployed: Deployed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The deployed stack with Acme Outdoor in it, on Monday the 5th of January 2026 at nine."""
    deployed.snapshot.put_back()
    _forget(adapters, deliveries)
    clock_file = tmp_path / "clock"
    _settle(monkeypatch, deployed.made, clock_file)
    # The namespace is read when the module is imported, which can be before this environment was set.
    monkeypatch.setattr(logs.metrics.provider, "namespace", "afterorder")
    world = World(clock_file, log=_log(monkeypatch), made=deployed.made)
    world.at(MONDAY)
    return world


def _settle(environ: pytest.MonkeyPatch, made: dict[str, str], clock_file: Path) -> None:
    """Set what the template sets for its functions, and the clock."""
    for function in functions():
        for name, value in environment(function).items():
            environ.setenv(name, _resolved(value, made))
    environ.setenv("AFTERORDER_CLOCK_FILE", str(clock_file))


def _deploy() -> dict[str, str]:
    """Make what the template defines; what `!Ref` gives for each."""
    made = {name: f"{STACK}-{name}" for name in resources("AWS::DynamoDB::Table")}
    dynamodb, sqs, s3, ses = clients.dynamodb(), clients.sqs(), clients.s3(), clients.sesv2()
    for properties in resources("AWS::DynamoDB::Table").values():
        asked = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
        dynamodb.create_table(TableName=f"{STACK}-Table", **{name: properties[name] for name in asked})
    for name in resources("AWS::SQS::Queue"):
        made[name] = sqs.create_queue(QueueName=f"{STACK}-{name}")["QueueUrl"]
    for name in resources("AWS::S3::Bucket"):
        made[name] = f"{STACK}-{name.lower()}"
        s3.create_bucket(Bucket=made[name], CreateBucketConfiguration={"LocationConstraint": REGION})
    for name in resources("AWS::SES::ConfigurationSet"):
        made[name] = f"{STACK}-{name}"
        ses.create_configuration_set(ConfigurationSetName=made[name])
    ses.create_email_identity(EmailIdentity="acme.example")
    return made


def _resolved(value: Any, made: dict[str, str]) -> str:
    match value:
        case {"Ref": name}:
            return made.get(name) or parameter(name)
        case {"Fn::Sub": text}:
            return str(text).replace("${AWS::StackName}", STACK)
        case {"Fn::If": ["HasPublicUrl", *_]}:
            return PUBLIC_URL
        case _:
            return str(value)


def _log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """Everything that is logged, as it would stand in CloudWatch."""
    written = io.StringIO()
    for handler in logging.getLogger(logs.logger.name).handlers:
        if isinstance(handler, logging.StreamHandler):
            monkeypatch.setattr(handler, "stream", written)
    return written


def _forget(*modules: ModuleType) -> None:
    """Let the functions start cold."""
    for module in modules:
        for kept in vars(module).values():
            if hasattr(kept, "cache_clear"):
                kept.cache_clear()
    adapters._shops_in_memory.clear()  # noqa: SLF001  a new process has none
    shop_platforms._in_memory.clear()  # noqa: SLF001


@pytest.fixture
def after(world: World, deployed: Deployed) -> Callable[[Play], World]:
    """The stack after something happened: it happens once in a file of tests, and what it left is put back for each other test."""

    def world_after(happening: Play) -> World:
        if happening in deployed.played:
            known = deployed.played[happening]
            known.snapshot.put_back()
            world.go_on_from(known.moment, known.log)
            _forget(adapters, deliveries)
        else:
            happening(world)
            deployed.played[happening] = Played(MotoSnapshot(), world.moment, world.log)
        return world

    return world_after


@pytest.fixture
def week(after: Callable[[Play], World]) -> World:
    """A stack in which a week happened that is worth a report."""
    return after(play)
