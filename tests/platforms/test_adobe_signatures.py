"""Adobe I/O Events: either of two signatures suffices, for our client id alone, by keys from Adobe's own host."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from cx_domain.errors import BadField, BadSignature, Trouble
from cx_domain.signatures import Delivery, verify
from infra.platforms.adobe import AdobeSignatures
from infra.platforms.public_keys import PublicKeys
from tests.platforms.sealing import CLIENT_ID, PATHS, KeyHost, adobe_headers, key_host, pem

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
ADOBE = AdobeSignatures()
BODY = json.dumps({"event_id": "1", "recipient_client_id": CLIENT_ID, "data": {"value": {"name": "Ætna"}}}).encode()


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[KeyHost]:
    with key_host() as made:
        monkeypatch.setenv("AFTERORDER_ADOBE_KEYS_URL", made.address)
        yield made


def taken(body: bytes = BODY, headers: dict[str, str] | None = None, client_id: str = CLIENT_ID) -> None:
    verify(ADOBE, [client_id], Delivery(body, headers or adobe_headers(body)), NOW)


def test_an_event_that_adobe_signed_for_us_is_taken_and_its_key_is_read_once(host: KeyHost) -> None:
    taken()
    taken()

    assert host.asked == [PATHS[0]]


@pytest.mark.parametrize(("first", "second"), [("adobe-1", "somebody"), ("somebody", "adobe-2")])
def test_either_signature_suffices(host: KeyHost, first: str, second: str) -> None:
    taken(headers=adobe_headers(BODY, first, second))

    assert host.asked


def test_an_event_that_nobody_at_adobe_signed_is_refused(host: KeyHost) -> None:
    with pytest.raises(BadSignature):
        taken(headers=adobe_headers(BODY, "somebody", "somebody"))

    assert set(host.asked) == set(PATHS)


def test_a_flipped_byte_is_refused(host: KeyHost) -> None:
    with pytest.raises(BadSignature):
        taken(BODY.replace(b'"1"', b'"2"'), adobe_headers(BODY))

    assert host.asked


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"recipient_client_id": "2f0e142407e73ef48f884aeb8e925c1e"}).encode(),
        json.dumps({"recipient_client_id": None}).encode(),
        b"{}",
        b"[]",
        b"\xff",
        b"[" * 100_000,
    ],
)
def test_an_event_for_somebody_else_is_refused_before_a_key_is_read(host: KeyHost, body: bytes) -> None:
    with pytest.raises(BadSignature):
        taken(body)

    assert host.asked == []


@pytest.mark.parametrize(
    "path",
    [
        "",
        "http://keys.mallory.example/prod/keys/pub-key-1.pem",
        "//keys.mallory.example/prod/keys/pub-key-1.pem",
        "@keys.mallory.example/prod/keys/pub-key-1.pem",
        "/prod/keys/../../mallory/pub-key-1.pem",
        "/prod/keys/pub-key-1.pem?mallory",
        "/prod/keys/pub-key-1.pem\n",
        "/prod/keys/pub-key-é.pem",
    ],
)
def test_a_key_is_read_from_adobes_own_paths_only(host: KeyHost, path: str) -> None:
    headers = adobe_headers(BODY) | {f"x-adobe-public-key{number}-path": path for number in ("1", "2")}

    with pytest.raises(BadSignature):
        taken(headers=headers)

    assert host.asked == []


def test_a_host_that_sends_us_elsewhere_is_not_followed(host: KeyHost) -> None:
    host.shown = dict.fromkeys(PATHS, (302, f"{host.address}/elsewhere.pem".encode()))

    with pytest.raises(Trouble, match="302"):
        taken()

    assert "/elsewhere.pem" not in host.asked


@pytest.mark.parametrize("shown", [(500, b""), (200, b"no key"), (200, b"-" * 20_000)])
def test_keys_that_cannot_be_read_now_are_our_trouble_so_that_adobe_sends_again(
    host: KeyHost, shown: tuple[int, bytes]
) -> None:
    host.shown = dict.fromkeys(PATHS, shown)

    with pytest.raises(Trouble):
        taken()


def test_one_key_that_cannot_be_read_does_no_harm(host: KeyHost) -> None:
    host.shown = {PATHS[0]: (500, b""), PATHS[1]: (200, pem("adobe-2"))}

    taken()


def test_a_host_that_does_not_answer_is_our_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERORDER_ADOBE_KEYS_URL", "http://127.0.0.1:9")

    with pytest.raises(Trouble, match="could not be read"):
        taken()


def test_a_missing_signature_is_told_by_its_header() -> None:
    with pytest.raises(BadSignature, match="x-adobe-digital-signature-1"):
        verify(ADOBE, [CLIENT_ID], Delivery(BODY, {}), NOW)


def test_forged_paths_make_us_no_nuisance_to_adobe(host: KeyHost) -> None:
    seconds = [0.0]
    keys = PublicKeys(host.address, lambda: seconds[0])
    for number in range(10):
        assert keys.get(f"/prod/keys/pub-key-{number}.pem") is None

    with pytest.raises(Trouble, match="too many"):
        keys.get(PATHS[0])
    seconds[0] = 61.0

    assert keys.get(PATHS[0]) == pem("adobe-1")
    assert len(host.asked) == 11


def test_a_key_is_read_again_after_a_day(host: KeyHost) -> None:
    seconds = [0.0]
    keys = PublicKeys(host.address, lambda: seconds[0])
    keys.get(PATHS[0])
    seconds[0] = 24 * 3600.0

    keys.get(PATHS[0])

    assert host.asked == [PATHS[0], PATHS[0]]


@pytest.mark.parametrize("client_id", ["", "short", "with spaces in it, and long enough", "é" * 20])
def test_what_is_no_client_id_cannot_be_set(client_id: str) -> None:
    with pytest.raises(BadField, match="client id"):
        ADOBE.key(client_id)


def test_the_client_id_is_adobes_to_give_and_its_key_adobes_to_sign_with() -> None:
    with pytest.raises(BadField, match="must be given"):
        ADOBE.new_secret(b"r" * 32)
    with pytest.raises(BadField, match="only Adobe can sign"):
        ADOBE.sign(CLIENT_ID, BODY, message_id="1", now=NOW)
