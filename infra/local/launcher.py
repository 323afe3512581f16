"""What runs inside a function's process: AWS's own runtime client, with a hook for the faults that tests arm.

Run as `python -m infra.local.launcher HANDLER RUNTIME_API RUNNER_PID FLAG_FILE`, never by hand.
"""

import gc
import http.client
import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

from awslambdaric import bootstrap
from awslambdaric.lambda_runtime_client import LambdaRuntimeClient

from infra.local import faults
from infra.local.parents import die_with

OBJECTS_BETWEEN_COLLECTIONS = 50_000
"""Loading a function makes hundreds of thousands of objects that stay; Python's 700 would go through them again and again."""


class _Client(LambdaRuntimeClient):  # type: ignore[misc]  # the library has no types
    """AWS's client; its start-up errors go through `http.client`, which takes no path in an address."""

    def __init__(self, runtime_api: str) -> None:
        address, _, self._key = runtime_api.partition("/")
        super().__init__(address)

    def call_rapid(self, http_method: str, endpoint: str, *rest: Any) -> None:
        super().call_rapid(http_method, f"/{self._key}{endpoint}", *rest)


def _asker(runtime_api: str, flag: Path) -> faults.Ask:
    """Ask the runner before each AWS call, but only while the flag file says that a fault is armed."""
    address, _, key = runtime_api.partition("/")

    def ask(operation: str) -> faults.FaultKind | None:
        if not flag.exists():
            return None
        connection = http.client.HTTPConnection(address, timeout=10)
        connection.request("GET", f"/{key}/fault?operation={quote(operation)}")
        answer = json.loads(connection.getresponse().read())
        connection.close()
        kind: faults.FaultKind | None = answer["kind"]
        return kind

    return ask


def run(handler: str, runtime_api: str, *, parent: int, flag: Path) -> None:
    """Run events of a handler until the process of this number, which started this one, has ended."""
    die_with(parent)
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    faults.install(_asker(runtime_api, flag))
    bootstrap.run(handler, _Client(runtime_api))


def main(handler: str, runtime_api: str, runner: str, flag: str) -> None:
    run(handler, runtime_api, parent=int(runner), flag=Path(flag))


if __name__ == "__main__":
    main(*sys.argv[1:])
