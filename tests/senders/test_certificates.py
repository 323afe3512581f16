"""Nothing is told to a server whose certificate nobody vouches for."""

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from infra.local.wire import Connection, Reply, listen
from tests.senders.programs import LANGUAGES, PLATFORMS, SECRET, Language, run


def self_signed(folder: Path) -> Path:
    """A certificate for this machine, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "certificate.pem"
    file.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[tuple[str, list[str]]]:
    """The address of a server with a certificate of its own making, and what it is asked for."""
    asked: list[str] = []

    class Stranger(Connection):
        def respond(self) -> None:
            asked.append(self.path)
            self.reply(Reply(200))

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    server = listen(Stranger, 0)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}/webhooks/acme/standard", asked
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_told_to_a_server_that_nobody_vouches_for(
    language: Language, stranger: tuple[str, list[str]]
) -> None:
    url, asked = stranger
    program, file = LANGUAGES[language]
    settings = {"AFTERORDER_URL": url, "AFTERORDER_SECRET": SECRET, "AFTERORDER_PAUSES": "0"}

    sent = run(
        program,
        PLATFORMS / "senders" / file,
        settings=settings,
        given='{"type": "order.placed", "data": {"id": "1001"}}',
    )

    assert (sent.returncode, asked) == (1, [])
    assert "certificate" in sent.stderr.lower()
