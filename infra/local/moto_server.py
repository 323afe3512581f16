"""moto, run in this process as one WSGI application under the local stack's own clock."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import moto.core.utils as moto_utils
from moto.backends import get_backend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from infra.local.moto_speed import SERVICES

_real_utcnow = moto_utils.utcnow
_clock: list[Callable[[], datetime]] = []


def _utcnow() -> datetime:
    """Tell moto the local stack's time in moto's own form, a naive UTC datetime."""
    return _clock[0]().astimezone(UTC).replace(tzinfo=None) if _clock else _real_utcnow()


def application(now: Callable[[], datetime]) -> Any:
    """Make an empty moto under the given clock. There is one in a process, because moto's backends are global."""
    _clock[:] = [now]
    for service in SERVICES:
        get_backend(service)  # type: ignore[call-overload]
    _take_over_clock()
    reset()
    return DomainDispatcherApplication(create_backend_app)


def retire() -> None:
    """Forget what the local stack kept in moto, and give moto the real time back."""
    reset()
    _clock.clear()


def reset() -> None:
    for service in SERVICES:
        for account in get_backend(service).values():  # type: ignore[call-overload]
            for backend in account.values():
                backend.reset()


def _take_over_clock() -> None:
    # moto's modules import utcnow by name; those loaded before us hold the real one.
    for name, module in list(sys.modules.items()):
        if name.startswith("moto.") and getattr(module, "utcnow", None) is _real_utcnow:
            module.utcnow = _utcnow  # type: ignore[attr-defined]


moto_utils.utcnow = _utcnow
