"""What packages are made for: Lambda, or this machine so that tests can start them. Holds what all functions' packages share."""

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from jinja2 import ModuleLoader

from infra.packaging.modules import ROOT
from infra.writing import rendering
from infra.writing.catalogues import LOCALES
from infra.writing.po_files import compiled

BUILD = ROOT / "build"
Requirements = Literal["run", "runtime"]
"""What functions import, or what Lambda brings itself: the files of requirements/."""
TASK_ROOT = "/var/task"
"""Where Lambda unpacks a package; byte code names its files there, and so do tracebacks."""


class Missing(Exception):
    """Something that making packages needs is not on this machine; says what, and how to get it."""


@dataclass(frozen=True, slots=True)
class Target:
    """`arguments` tell uv for which machine and Python to install; `python` compiles, and must be of the version that runs."""

    name: str
    python: Path
    arguments: tuple[str, ...]


def for_lambda(version: str) -> Target:
    """arm64 and the runtime's own Python; Missing where that is not here to compile with."""
    python = python_of(version)
    if python is None:
        raise Missing(
            f"python{version} is missing: Lambda runs it, and byte code of another version would not be read. "
            f"Install it (`uv python install {version}`, pyenv, or your distribution), so that python{version} is on PATH."
        )
    return Target("lambda", python, ("--python-platform", "aarch64-manylinux2014", "--python-version", version))


def for_this_machine(version: str) -> Target:
    """Packages as this machine runs them, for the runtime's Python where it is here, else for the one that runs this."""
    python = python_of(version) or Path(sys.executable)
    return Target("host", python, ("--python", str(python)))


def python_of(version: str) -> Path | None:
    """An interpreter of this version: on PATH, of uv, or of pyenv."""
    pyenv = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python3"))
    uv = sorted((Path.home() / ".local" / "share" / "uv" / "python").glob(f"cpython-{version}.*/bin/python3"))
    on_path = shutil.which(f"python{version}")
    return next((each for each in (*([Path(on_path)] if on_path else []), *uv, *pyenv) if _is(each, version)), None)


def _is(python: Path, version: str) -> bool:
    # pyenv puts a stand-in on PATH also for versions that it does not start.
    asked = [str(python), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 - an interpreter
    return answer.returncode == 0 and answer.stdout.strip() == version


def installed(target: Target, what: Requirements = "run") -> Path:
    """The folder with everything of a file of requirements, compiled; made once for each version of that file."""
    wanted = ROOT / "requirements" / f"{what}.txt"
    folder, mark = BUILD / target.name / what, BUILD / target.name / f"{what}.json"
    state = {
        "requirements": hashlib.sha256(wanted.read_bytes()).hexdigest(),
        "python": str(target.python.resolve()),
        "arguments": list(target.arguments),
    }
    if not mark.exists() or json.loads(mark.read_text(encoding="utf-8")) != state:
        mark.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        _uv("install", "--target", str(folder), *target.arguments, "--no-build", "-r", str(wanted))
        compile_all(target, folder)
        mark.write_text(json.dumps(state), encoding="utf-8")
    return folder


def staged(target: Target, files: frozenset[Path]) -> Path:
    """Our own files, compiled: modules and templates for the target's Python, catalogues for gettext. Always made anew."""
    folder = BUILD / target.name / "own"
    shutil.rmtree(folder, ignore_errors=True)
    for file in sorted(files):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / file, folder / file)
        if file.is_relative_to(LOCALES.relative_to(ROOT)):
            (folder / file).with_suffix(".mo").write_bytes(compiled(ROOT / file))
    names = {str((ROOT / file).relative_to(rendering.TEMPLATES)) for file in files if is_template(file)}
    made = folder / rendering.COMPILED.relative_to(ROOT)
    rendering.environment().compile_templates(made, zip=None, ignore_errors=False, filter_func=names.__contains__)
    compile_all(target, folder)
    return folder


def is_template(file: Path) -> bool:
    """Whether it is one of Jinja's, by its path in the repository."""
    whole = ROOT / file
    return whole.is_relative_to(rendering.TEMPLATES) and not whole.is_relative_to(LOCALES)


def template_module(file: Path) -> Path:
    """The module that a template is compiled to."""
    name = str((ROOT / file).relative_to(rendering.TEMPLATES))
    return rendering.COMPILED.relative_to(ROOT) / ModuleLoader.get_module_filename(name)


def byte_code(file: Path) -> Iterator[Path]:
    """What was compiled from a file: one other file, or none where it is no module."""
    if file.suffix == ".py":
        yield from file.parent.glob(f"__pycache__/{file.stem}.cpython-*.pyc")


def compile_all(target: Target, folder: Path) -> None:
    """Compile for good: `unchecked-hash` byte code is not held against its source, whose times a package does not keep."""
    options = ["-q", "--invalidation-mode", "unchecked-hash", "-s", str(folder), "-p", TASK_ROOT]
    subprocess.run([target.python, "-m", "compileall", *options, folder], check=True)  # noqa: S603 - an interpreter


def _uv(*arguments: str) -> None:
    uv = Path(sys.executable).parent / "uv"
    subprocess.run([uv, "pip", *arguments, "--quiet", "--require-hashes"], check=True, cwd=ROOT)  # noqa: S603 - ours
