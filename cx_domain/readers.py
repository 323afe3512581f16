"""Who may read a shop's reports: the managers of its file and those whom an operator added, less those who were removed.

A removal outweighs the file, and raises the manager's generation: links of an older one never open again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cx_domain import identities
from cx_domain.shops import Shop

FIRST_GENERATION = 1


@dataclass(frozen=True, slots=True)
class ReaderRecord:
    """What is kept of one manager beside the shop's file; `address` is None unless an operator added them."""

    address: str | None = None
    name: str | None = None
    generation: int = FIRST_GENERATION
    added_at: datetime | None = None
    removed_at: datetime | None = None
    opened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """One manager. `key` names them in links and logs; `address` is as the file writes it, or as it was added."""

    key: str
    address: str
    in_file: bool
    record: ReaderRecord

    @property
    def reads(self) -> bool:
        """Whether their links open and digests go to them."""
        return self.record.removed_at is None


NO_RECORD = ReaderRecord()


def readers(key: bytes, shop: Shop, records: Mapping[str, ReaderRecord]) -> tuple[Reader, ...]:
    """List a shop's managers, the removed ones that its file still names included: the file's first, then the others as they were added.

    `key` is that of identities, `records` are by the managers' keys.
    """
    named: dict[str, str] = {}
    for address in shop.managers:
        named.setdefault(identities.manager_key(key, shop.id, address), address)
    in_file = [
        Reader(each, address, in_file=True, record=records.get(each, NO_RECORD)) for each, address in named.items()
    ]
    added = [
        Reader(each, record.address, in_file=False, record=record)
        for each, record in records.items()
        if each not in named and record.address is not None
    ]
    return (*in_file, *sorted(added, key=lambda reader: (str(reader.record.added_at), reader.address)))


def reader(key: bytes, shop: Shop, manager: str, record: ReaderRecord) -> Reader | None:
    """Find the manager of this key, with what is kept of them; None where nobody of that key reads the shop's reports."""
    found = (each for each in readers(key, shop, {manager: record}) if each.key == manager and each.reads)
    return next(found, None)
