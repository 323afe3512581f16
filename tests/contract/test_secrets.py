"""What the secrets' adapter promises: read seldom, renewed soon enough, and never shown."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

import boto3
import pytest
from moto import mock_aws
from mypy_boto3_ssm import SSMClient

from cx_domain.errors import NotConfigured
from infra.aws.secrets import MOST_REFRESHES, REFRESH_WINDOW, KeyRing, Secrets
from tests.contract.backends import STAND_IN_KEYS
from tests.contract.examples import ACME

_NUMBERS = count(1)
RING = KeyRing(b"identity key", (b"last year's", b"this year's"))

MINUTE = 60.0


@dataclass
class Clock:
    """A clock that stands until it is told to go."""

    seconds: float = field(default=1000.0)

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture(scope="module")
def ssm() -> Iterator[SSMClient]:
    with mock_aws():
        client = boto3.client("ssm", **STAND_IN_KEYS)
        yield client
        client.close()


@pytest.fixture
def prefix() -> str:
    """A stack of its own for each test: moto's parameter store is slow to begin with."""
    return f"/afterorder/stack{next(_NUMBERS)}"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def secrets(ssm: SSMClient, prefix: str, clock: Clock) -> Secrets:
    return Secrets(ssm, prefix, MINUTE, clock.monotonic)


@pytest.fixture
def operator(ssm: SSMClient, prefix: str) -> Secrets:
    """Somebody else, who writes what the function then reads."""
    return Secrets(ssm, prefix)


def test_a_shop_that_is_not_connected_has_no_secrets(secrets: Secrets) -> None:
    assert secrets.webhook_secrets(ACME, "shopify") == ()


def test_a_shops_secrets_come_back_in_their_order(secrets: Secrets, operator: Secrets) -> None:
    operator.put_webhook_secrets(ACME, "shopify", ("old", "new"))

    assert secrets.webhook_secrets(ACME, "shopify") == ("old", "new")


def test_secrets_lie_encrypted_in_the_store(ssm: SSMClient, prefix: str, operator: Secrets) -> None:
    operator.put_webhook_secrets(ACME, "shopify", ("hush",))

    assert ssm.get_parameter(Name=f"{prefix}/webhooks/acme/shopify")["Parameter"]["Type"] == "SecureString"


def test_secrets_are_read_once_a_minute(secrets: Secrets, operator: Secrets, clock: Clock) -> None:
    operator.put_webhook_secrets(ACME, "shopify", ("old",))
    secrets.webhook_secrets(ACME, "shopify")
    operator.put_webhook_secrets(ACME, "shopify", ("new",))

    clock.seconds += MINUTE - 1
    before = secrets.webhook_secrets(ACME, "shopify")
    clock.seconds += 1
    after = secrets.webhook_secrets(ACME, "shopify")

    assert (before, after) == (("old",), ("new",))


def test_a_rotated_secret_is_found_when_a_signature_does_not_fit(secrets: Secrets, operator: Secrets) -> None:
    operator.put_webhook_secrets(ACME, "shopify", ("old",))
    secrets.webhook_secrets(ACME, "shopify")
    operator.put_webhook_secrets(ACME, "shopify", ("new",))

    assert secrets.webhook_secrets(ACME, "shopify", refresh=True) == ("new",)


def test_a_flood_of_bad_signatures_does_not_reach_the_store(secrets: Secrets, operator: Secrets, clock: Clock) -> None:
    for _ in range(1 + MOST_REFRESHES):
        secrets.webhook_secrets(ACME, "shopify", refresh=True)
    operator.put_webhook_secrets(ACME, "shopify", ("new",))

    during = secrets.webhook_secrets(ACME, "shopify", refresh=True)
    clock.seconds += REFRESH_WINDOW
    later = secrets.webhook_secrets(ACME, "shopify", refresh=True)

    assert (during, later) == ((), ("new",))


@pytest.mark.parametrize("text", ["not JSON", '"one secret"', "[1]", '[""]'])
def test_secrets_that_cannot_be_read_are_our_trouble_and_not_a_bad_signature(
    ssm: SSMClient, prefix: str, secrets: Secrets, text: str
) -> None:
    ssm.put_parameter(Name=f"{prefix}/webhooks/acme/shopify", Value=text, Type="SecureString")

    with pytest.raises(NotConfigured, match=f"{prefix}/webhooks/acme/shopify"):
        secrets.webhook_secrets(ACME, "shopify")


def test_a_stack_without_keys_says_how_to_make_them(secrets: Secrets) -> None:
    with pytest.raises(NotConfigured, match="`afterorder shop put` makes it"):
        secrets.key_ring()


def test_keys_come_back_oldest_first(secrets: Secrets, operator: Secrets) -> None:
    operator.put_key_ring(RING)

    assert secrets.key_ring() == RING


def test_keys_that_are_there_are_never_replaced_by_chance(secrets: Secrets, operator: Secrets) -> None:
    first = operator.put_key_ring(RING)

    second = operator.put_key_ring(KeyRing(b"another", (b"another",)))

    assert (first, second, secrets.key_ring()) == (True, False, RING)


def test_links_get_a_new_key_when_the_operator_says_so(secrets: Secrets, operator: Secrets) -> None:
    operator.put_key_ring(RING)

    operator.put_key_ring(KeyRing(RING.identity, (*RING.links, b"next year's")), replace=True)

    assert secrets.key_ring().links[-1] == b"next year's"


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[]",
        '{"identity": "!", "links": ["YQ=="]}',
        '{"identity": "", "links": ["YQ=="]}',
        '{"identity": "YQ==", "links": []}',
    ],
)
def test_keys_that_cannot_be_read_sign_nothing(ssm: SSMClient, prefix: str, secrets: Secrets, text: str) -> None:
    ssm.put_parameter(Name=f"{prefix}/keys", Value=text, Type="SecureString")

    with pytest.raises(NotConfigured, match=f"{prefix}/keys"):
        secrets.key_ring()


def test_nothing_secret_is_shown(secrets: Secrets, operator: Secrets) -> None:
    operator.put_key_ring(RING)
    operator.put_webhook_secrets(ACME, "shopify", ("hush",))
    secrets.key_ring()
    secrets.webhook_secrets(ACME, "shopify")

    shown = f"{secrets!r} {secrets.key_ring()!r} {secrets._kept!r}"  # noqa: SLF001  what a debugger would show

    assert not any(secret in shown for secret in ("hush", "identity key", "this year"))


def test_a_token_is_kept_for_one_shop_and_platform(secrets: Secrets, operator: Secrets) -> None:
    operator.put_api_token(ACME, "woocommerce", "ck_1:cs_1")

    assert secrets.api_token(ACME, "woocommerce") == "ck_1:cs_1"
    assert secrets.api_token(ACME, "shopify") is None


def test_a_token_that_was_refused_is_read_again(secrets: Secrets, operator: Secrets) -> None:
    operator.put_api_token(ACME, "woocommerce", "ck_1:cs_1")
    secrets.api_token(ACME, "woocommerce")
    operator.put_api_token(ACME, "woocommerce", "ck_2:cs_2")

    kept, renewed = secrets.api_token(ACME, "woocommerce"), secrets.api_token(ACME, "woocommerce", refresh=True)

    assert (kept, renewed) == ("ck_1:cs_1", "ck_2:cs_2")


def test_a_forgotten_token_is_gone_however_often_it_is_forgotten(operator: Secrets) -> None:
    operator.put_api_token(ACME, "woocommerce", "ck_1:cs_1")

    operator.remove_api_token(ACME, "woocommerce")
    operator.remove_api_token(ACME, "woocommerce")

    assert operator.api_token(ACME, "woocommerce") is None
