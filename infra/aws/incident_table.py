"""A shop's incidents, in the shop's own partition. There are few, so all of them are read at once."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from cx_domain.errors import Conflict, NotFound
from cx_domain.excesses import Count, Watched
from cx_domain.incidents import Closing, Incident, Step
from cx_domain.shops import ShopId
from cx_domain.value_checks import did_you_mean
from infra.aws import keys
from infra.aws.attribute_values import Item, to_exact, to_time
from infra.aws.dynamo_table import ConditionFailed, DynamoTable, Terms

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_TRIES = 8
_TEXTS = ("owner", "root_cause", "changed")


class IncidentTable:
    """Incidents by shop, by what they are about, and by their number."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._items = DynamoTable(client, table)

    def list(self, shop: ShopId) -> tuple[Incident, ...]:
        """Read every incident of a shop, the newest first; strongly consistent."""
        terms = Terms()
        partition = f"{terms.name('pk')} = {terms.value(keys.shop_partition(shop))}"
        prefix = f"begins_with({terms.name('sk')}, {terms.value(keys.INCIDENT_PREFIX)})"
        items = self._items.query(f"{partition} AND {prefix}", terms, consistent=True)
        return tuple(sorted(map(_read, items), key=lambda each: (-each.opened_at.timestamp(), each.id)))

    def save(self, shop: ShopId, incident: Incident) -> int:
        """Keep an incident whose `version` is the one that was read, 0 for a new one; returns its next version.

        Conflict when somebody else was first: also for a new one, when another has opened the thing's incident of this number.
        """
        key = keys.incident(shop, _thing(incident.watched), incident.number)
        is_new = incident.version == 0
        written = self._items.save_version(key, _attributes(incident), (), incident.version, or_absent=is_new)
        if isinstance(written, ConditionFailed):
            raise Conflict(f"the incident {incident.id} of {shop} was changed by somebody else just now")
        return int(written["version"])

    def change(
        self, shop: ShopId, incident_id: str, how: Callable[[Incident, Sequence[Incident]], Incident]
    ) -> Incident:
        """Change one incident, knowing all of the shop; again if somebody came in between. NotFound names what comes near."""
        for _ in range(_TRIES):
            known = self.list(shop)
            after = how(found(known, incident_id), known)
            try:
                self.save(shop, after)
            except Conflict:
                continue
            return after
        raise Conflict(f"others keep changing the incident {incident_id} of {shop}")


def found(known: Sequence[Incident], incident_id: str) -> Incident:
    """Pick one by its id; NotFound names what comes near."""
    for incident in known:
        if incident.id == incident_id:
            return incident
    near = did_you_mean(incident_id, (incident.id for incident in known))
    raise NotFound(f"there is no incident {incident_id!r}{near}")


def _thing(watched: Watched) -> str:
    """Name what is watched in a sort key, whatever letters and however many a tag has."""
    return sha256("\x1f".join(watched).encode()).hexdigest()[:20]


def _attributes(incident: Incident) -> Item:
    item: Item = {
        "id": incident.id,
        "number": incident.number,
        "watched": list(incident.watched),
        "opened_at": to_exact(incident.opened_at),
        "start": incident.start.isoformat(),
        "end": incident.end.isoformat(),
        "seen": [incident.seen.answers, incident.seen.detractors],
        "usual": [incident.usual.answers, incident.usual.detractors],
        "p_value": repr(incident.p_value),
        "last_seen_on": incident.last_seen_on.isoformat(),
        "surveys": list(incident.surveys),
        "steps": [{"at": to_exact(step.at), "what": step.what} for step in incident.steps],
        "closings": [_closing_item(closing) for closing in incident.closings],
    }
    return item | {name: text for name in _TEXTS if (text := getattr(incident, name)) is not None}


def _closing_item(closing: Closing) -> Item:
    reopened = {} if closing.reopened_at is None else {"reopened_at": to_exact(closing.reopened_at)}
    return {"at": to_exact(closing.at), "why": closing.why, **reopened}


def _read(item: Mapping[str, Any]) -> Incident:
    return Incident(
        id=item["id"],
        number=int(item["number"]),
        watched=Watched(*item["watched"]),
        opened_at=to_time(item["opened_at"]),
        start=date.fromisoformat(item["start"]),
        end=date.fromisoformat(item["end"]),
        seen=Count(*map(int, item["seen"])),
        usual=Count(*map(int, item["usual"])),
        p_value=float(item["p_value"]),
        last_seen_on=date.fromisoformat(item["last_seen_on"]),
        surveys=tuple(item["surveys"]),
        owner=item.get("owner"),
        root_cause=item.get("root_cause"),
        changed=item.get("changed"),
        steps=tuple(Step(to_time(step["at"]), step["what"]) for step in item["steps"]),
        closings=tuple(_read_closing(closing) for closing in item["closings"]),
        version=int(item["version"]),
    )


def _read_closing(item: Mapping[str, Any]) -> Closing:
    reopened_at = to_time(item["reopened_at"]) if "reopened_at" in item else None
    return Closing(to_time(item["at"]), item["why"], reopened_at)
