"""Private keys of our own in the place of Saleor's and Adobe's, and a host that shows Adobe's public ones."""

import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm
from jwt.api_jws import PyJWS

CLIENT_ID = "1f0e142407e73ef48f884aeb8e925c1e"
PATHS = ("/prod/keys/pub-key-3fVj0Lv0QB.pem", "/prod/keys/pub-key-kdAY1avs2B.pem")


@cache
def private_key(name: str) -> rsa.RSAPrivateKey:
    """A key for each name, made once."""
    assert name
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def jwk(name: str) -> dict[str, Any]:
    return {**RSAAlgorithm.to_jwk(private_key(name).public_key(), as_dict=True), "kid": "1", "use": "sig"}


def jwks(*names: str) -> str:
    return json.dumps({"keys": [jwk(name) for name in names]})


def sealed(name: str, body: bytes) -> str:
    """A detached JWS, as Saleor makes it."""
    headers = {"kid": "1", "b64": False, "crit": ["b64"]}
    return PyJWS().encode(body, private_key(name), algorithm="RS256", headers=headers, is_payload_detached=True)


def pem(name: str) -> bytes:
    return private_key(name).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def adobe_headers(body: bytes, first: str = "adobe-1", second: str = "adobe-2") -> dict[str, str]:
    """Both signatures and the paths of their keys, as Adobe sends them."""
    headers: dict[str, str] = {}
    for number, (name, path) in enumerate(zip((first, second), PATHS, strict=True), start=1):
        signature = private_key(name).sign(body, PKCS1v15(), SHA256())
        headers[f"x-adobe-digital-signature-{number}"] = b64encode(signature).decode()
        headers[f"x-adobe-public-key{number}-path"] = path
    return headers


@dataclass(slots=True)
class KeyHost:
    """What is shown at which path, with which status, and which paths were asked for."""

    address: str
    shown: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


def adobes() -> dict[str, tuple[int, bytes]]:
    return {PATHS[0]: (200, pem("adobe-1")), PATHS[1]: (200, pem("adobe-2"))}


@contextmanager
def key_host() -> Iterator[KeyHost]:
    """A host on this machine that shows the public keys of `adobe-1` and `adobe-2`."""

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host.asked.append(self.path)
            status, text = host.shown.get(self.path, (403, b""))
            self.send_response(status)
            if status in {301, 302}:
                self.send_header("location", text.decode())
                text = b""
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        host = KeyHost(f"http://127.0.0.1:{server.server_port}", adobes())
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield host
        server.shutdown()
        thread.join()
