"""`python -m infra.packaging` makes all packages and tells their sizes; `... FUNCTION FOLDER` makes one, as `sam build` asks for it."""

import sys
from collections.abc import Sequence
from pathlib import Path

from infra.packaging.deployed import deployed_functions, runtime
from infra.packaging.packages import packages
from infra.packaging.targets import BUILD, Missing, for_lambda

_MEGABYTE = 1_000_000


def main(arguments: Sequence[str]) -> str:
    """Make what is asked for; returns what there is to say. Missing when it cannot be made here."""
    functions, target = deployed_functions(), for_lambda(runtime())
    match arguments:
        case []:
            made = [
                (each, each.write_zip(BUILD / "packages" / f"{each.function.name}.zip"))
                for each in packages(target, functions.values())
            ]
            lines = [
                f"{each.function.name:24} {size / _MEGABYTE:6.2f} {each.unpacked / _MEGABYTE:9.1f}"
                for each, size in made
            ]
            return "\n".join([f"{'MB in build/packages':24} {'zipped':>6} {'unpacked':>9}", *lines])
        case [name, folder] if name in functions:
            for package in packages(target, [functions[name]]):
                package.write_folder(Path(folder))
            return f"{name} lies in {folder}"
        case _:
            raise Missing(f"say nothing, or one of {', '.join(functions)} and a folder")


if __name__ == "__main__":
    try:
        print(main(sys.argv[1:]))  # noqa: T201 - a program
    except Missing as problem:
        sys.exit(str(problem))
