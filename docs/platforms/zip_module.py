"""Pack a shop module into build/: `make prestashop-module`, `make magento-module`. The same files make the same bytes.

The files that both modules share (the sender, and what is still to be told) lie once, in docs/platforms/senders, and are put in here.
"""

import argparse
import sys
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "build"
SHARED = {"afterorder.php": "Sender.php", "Telling.php": "Telling.php"}

# The oldest time that a zip can tell; a module's version tells more than its date.
EPOCH = (1980, 1, 1, 0, 0, 0)
READABLE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Module:
    """A module's folder here, where it lies in its archive, and where in it the shared files go."""

    folder: Path
    root: str
    shared: str


MODULES: Mapping[str, Module] = {
    "prestashop": Module(HERE / "prestashop" / "afterorder", "afterorder", "src"),
    "magento": Module(HERE / "magento", "app/code/Afterorder/Connect", "Shared"),
}


def files(module: Module) -> Iterator[tuple[str, Path]]:
    """Yield each file with its name in the archive, in order."""
    own = {str(path.relative_to(module.folder)): path for path in module.folder.rglob("*") if path.is_file()}
    shared = {f"{module.shared}/{name}": HERE / "senders" / file for file, name in SHARED.items()}
    for name, path in sorted((own | shared).items()):
        yield f"{module.root}/{name}", path


def pack(name: str, folder: Path = BUILD) -> Path:
    """Write the module's archive and return where it lies."""
    packed = folder / name / "afterorder.zip"
    packed.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for inside, path in files(MODULES[name]):
            about = zipfile.ZipInfo(inside, EPOCH)
            about.external_attr, about.create_system = READABLE, 3
            archive.writestr(about, path.read_bytes())
    return packed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("module", choices=sorted(MODULES))
    sys.stdout.write(f"{pack(parser.parse_args().module)}\n")


if __name__ == "__main__":
    main()
