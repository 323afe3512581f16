"""What moto holds at one moment, to be put back as often as a test begins: that takes a fraction of making it again."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.s3.models import FakeKey
from moto.sqs.models import SQSBackend

from infra.local.moto_parts import SimpleSystemManagerBackend


class MotoSnapshot:
    """All accounts and regions that moto knows at this moment."""

    def __init__(self) -> None:
        self._shared = {id(each): each for each in _shared()}
        # moto closes the files of all objects that it ever made when it is emptied; ours are to stay open.
        known = len(_objects())
        self._kept = {id(backend): self._held_by(backend) for backend in _backends()}
        self._objects = _objects()[known:]
        del _objects()[known:]

    def put_back(self) -> None:
        """Let moto hold again what it held then, and nothing else."""
        backends = list(_backends())
        for backend in backends:
            backend.reset()
        reset_model_data()
        for backend in backends:
            kept = self._kept.get(id(backend), {})
            if isinstance(backend, SimpleSystemManagerBackend):
                backend._parameters.update({name: list(versions) for name, versions in kept.items()})  # noqa: SLF001
            else:
                vars(backend).update(self._copied(kept))

    def drop(self) -> None:
        """Close the files that are kept here: Python would complain of each."""
        for each in self._objects:
            each.dispose()

    def _held_by(self, backend: Any) -> dict[str, Any]:
        if isinstance(backend, SimpleSystemManagerBackend):
            # A version of a parameter never changes, and the dictionary of them cannot be copied.
            return {name: list(versions) for name, versions in backend._parameters.items()}  # noqa: SLF001
        return self._copied(vars(backend))

    def _copied(self, attributes: dict[str, Any]) -> dict[str, Any]:
        return deepcopy(attributes, dict(self._shared))


def _objects() -> list[FakeKey]:
    """All objects of S3 that moto made and did not close yet; its metaclass keeps the list."""
    tracked: list[FakeKey] = FakeKey.instances_tracked  # type: ignore[attr-defined]
    return tracked


def _backends() -> Iterator[Any]:
    for services in BackendDict._instances:  # type: ignore[misc]  # noqa: SLF001  moto has no other list of them
        for regions in services.values():
            yield from regions.values()


def _shared() -> Iterator[Any]:
    """What is not copied: the backends, to which others refer, and locks, which cannot be."""
    for backend in _backends():
        yield backend
        if isinstance(backend, SQSBackend):
            yield from (queue._messages_lock for queue in backend.queues.values())  # noqa: SLF001
