"""Every key string of the table, the bucket and the parameter store; nothing else spells them.

The table has `pk` and `sk`, both strings, and two sparse indexes: `due` (due_shard, due_at), which also holds each survey's shop,
and `changes` (changed_day, changed_hour). Costs are in write units (W, 1 KB) and read units (R, 4 KB); an item stays under 1 KB before visits.

who                    does                              by                                            costs
order_webhook          reads the shop's file             pk=shop#SHOP, sk=config                       1 R
order_webhook          makes a survey, once              pk=survey#ID, sk=survey, if absent            1 W (+1 due, +1 changes)
order_webhook          merges news of its order          the same, if the version is still ours        1 W (+1 or 2 per index key moved)
order_webhook          notes a ticket, feedback          pk=ticket#SHOP#ID, pk=feedback#SHOP#ID        1 W +1 changes (2 when an hour moved)
order_webhook          counts deliveries and refusals    pk=shop#SHOP, sk=deliveries#DAY#PLATFORM       1 W per KB, now and then
rollup, operator       reads a shop's deliveries         pk=shop#SHOP, sk from deliveries#DAY on        0.5 to 1 R per 4 KB
dispatch               asks what is due                  due: due_shard=N, due_at<=now                 0.5 R per 4 KB of keys, per shard
dispatch               looks past a crowding shop        the same, filtered by shop                    0.5 R per 4 KB of keys, passed ones too
send_survey            claims, marks sent                pk=survey#ID, if the version is still ours    1 R, 1 W -1 due; 1 W +1 changes
send_survey            takes a place of a warm-up        pk=shop#SHOP, sk=warm-up#DOMAIN#DAY, version   1 W
send_survey            takes or releases the slot        pk=customer#SHOP#KEY, conditional             1 W each
mail_events            notes a delivery, a bounce        pk=survey#ID, if the version is still ours    1 R, 1 W (+2 changes when an hour moved)
mail_events            suppresses                        pk=customer#SHOP#KEY                          1 W
unsubscribe            unsubscribes, and back            pk=customer#SHOP#KEY                          1 W
survey_page            keeps a visit                     pk=survey#ID, conditional                     1 W per KB (+2 changes when an hour moved)
survey_page            keeps a reply                     the same                                      1 R, 1 W per KB (the same)
rollup                 lists the shops, who is due       pk=shops (query)                              0.5 R per 4 KB
rollup                 notes when a shop is due next     pk=shops, sk=SHOP, conditional                1 W
rollup                 reads what changed                changes: changed_day=SHOP#DAY, hour>=HH       0.5 R per 4 KB of keys, per day
rollup                 reads the changed items           pk by BatchGetItem, 100 at once               1 R per item
rollup                 closes what expired               pk=survey#ID by BatchGetItem, then version    0.5 R, 1 W per KB each
rollup                 moves its cursor                  pk=shop#SHOP, sk=rollup, conditional          1 R, 1 W
rollup                 claims a digest, once             pk=shop#SHOP, sk=digest#PERIOD#MANAGER        1 W
rollup                 claims the night's reconciling    pk=reconciling, sk=suppressions, conditional   1 W
rollup                 looks for suppressed customers    pk=customer#SHOP#KEY by BatchGetItem           1 R per address and shop
rollup                 lists a shop's incidents          pk=shop#SHOP, sk begins incident# (query)      1 R per 4 KB
rollup, operator       opens, notes, closes an incident  pk=shop#SHOP, sk=incident#THING#N, version     1 W per KB
operator               puts a shop's file                pk=shop#SHOP, sk=config and pk=shops, sk=SHOP 1 W per KB, 1 W
operator               puts a shop's own platform        pk=shop#SHOP, sk=platform#NAME                 1 W per KB
order_webhook          reads a shop's own platform       the same                                      1 R per 4 KB
rollup, operator       lists a shop's readers            pk=shop#SHOP, sk begins reader# (query)       1 R per 4 KB
report_download        looks a reader up                 pk=shop#SHOP, sk=reader#MANAGER               1 R
report_download        notes that a reader came          the same, conditional, once a day             1 W
report_download        keeps a reader's guess            pk=shop#SHOP, sk=guess#PERIOD#MANAGER         1 R, 1 W
rollup                 reads the guesses of a month      pk=shop#SHOP, sk begins guess#PERIOD# (query) 1 R per 4 KB
operator               adds and removes a reader         the same                                      1 W
fetch_orders           lists the APIs that are read      pk=apis (query)                               1 R per 4 KB
fetch_orders           begins, moves, ends a reading     pk=apis, sk=SHOP#PLATFORM, conditional        1 W
fetch_orders           finds a shop's API                the same                                      1 R
operator               says where a shop's API is        the same                                      1 W
operator               imports whom not to ask           pk=customer#SHOP#KEY by BatchGetItem, conditional 1 R, 1 W for each that is news
operator               imports old answers               pk=feedback#SHOP#ID, if absent                1 R, 1 W +1 changes
operator               notes whose they are              pk=customer#SHOP#KEY, sk=imported#ID           1 W
rollup, operator       finds a person's imported answers the same, sk begins imported# (query)          1 R per 4 KB
rollup                 notes who was erased              pk=shop#SHOP, sk=erased#KEY                    1 W
operator               asks whether somebody was erased  the same by BatchGetItem                       1 R per address
rollup                 notes and reads last erasures     pk=shop#SHOP, sk begins erasure# (query)       1 W, 1 R per 4 KB
operator               notes who objected                pk=shop#SHOP, sk=objection#KEY                 1 W
rollup                 reads who objected                pk=shop#SHOP, sk begins objection# (query)    1 R per 4 KB
operator               looks through everything          scan                                          0.5 R per 4 KB of table
"""

import zlib
from datetime import UTC, date, datetime
from typing import Literal

from cx_domain.shops import ShopId
from cx_domain.surveys import CustomerKey, SurveyId

Key = dict[str, str]

DUE_INDEX = "due"
CHANGES_INDEX = "changes"
SHARDS = 4
"""How many partitions the due index is spread over; one takes a thousand writes a second."""

SURVEY_PREFIX = "survey#"
SHOPS_PARTITION = "shops"
APIS_PARTITION = "apis"
INCIDENT_PREFIX = "incident#"
READER_PREFIX = "reader#"
PLATFORM_PREFIX = "platform#"
OBJECTION_PREFIX = "objection#"
ERASURE_PREFIX = "erasure#"
IMPORTED_PREFIX = "imported#"
_ERASED = "erased#"
_DELIVERIES = "deliveries#"
LISTINGS = (SHOPS_PARTITION, APIS_PARTITION)
"""Partitions that name shops: by `SHOP`, or by `SHOP#...`."""
Folder = Literal["answers", "asked", "tickets"]
FOLDERS = ("answers", "asked", "tickets", "totals", "histories", "reports", "exports")
"""Of the bucket; each holds a folder for each shop."""
_HISTORIES = ".jsonl.gz"
ReportFile = Literal["report.json", "report.html", "report.xlsx", "answers.csv"]


def survey(survey_id: SurveyId) -> Key:
    return {"pk": f"{SURVEY_PREFIX}{survey_id}", "sk": "survey"}


def ticket(shop: ShopId, ticket_id: str) -> Key:
    return {"pk": f"ticket#{shop}#{ticket_id}", "sk": "ticket"}


def feedback(shop: ShopId, feedback_id: str) -> Key:
    return {"pk": f"feedback#{shop}#{feedback_id}", "sk": "feedback"}


def customer(shop: ShopId, key: CustomerKey) -> Key:
    return {"pk": f"customer#{shop}#{key}", "sk": "customer"}


def shop_file(shop: ShopId) -> Key:
    return {"pk": f"shop#{shop}", "sk": "config"}


def shop_entry(shop: ShopId) -> Key:
    return {"pk": SHOPS_PARTITION, "sk": shop}


def platform_file(shop: ShopId, name: str) -> Key:
    return {"pk": f"shop#{shop}", "sk": f"{PLATFORM_PREFIX}{name}"}


def platform_name(sk: str) -> str:
    """Read the name out of the `sk` of a shop's own platform."""
    return sk.removeprefix(PLATFORM_PREFIX)


def rollup_state(shop: ShopId) -> Key:
    return {"pk": f"shop#{shop}", "sk": "rollup"}


def digest_claim(shop: ShopId, period: str, manager_key: str) -> Key:
    return {"pk": f"shop#{shop}", "sk": f"digest#{period}#{manager_key}"}


def warm_up(shop: ShopId, domain: str) -> Key:
    """Where it stands since when a shop's sender warms up."""
    return {"pk": f"shop#{shop}", "sk": f"warm-up#{domain}"}


def warm_up_day(shop: ShopId, domain: str, day: date) -> Key:
    return {"pk": f"shop#{shop}", "sk": f"warm-up#{domain}#{day.isoformat()}"}


def reconciling() -> Key:
    """Where it stands up to when SES's own list of suppressed addresses was read."""
    return {"pk": "reconciling", "sk": "suppressions"}


def api(shop: ShopId, platform: str) -> Key:
    """Where it stands by which address a shop's orders are read, and up to when they were."""
    return {"pk": APIS_PARTITION, "sk": f"{shop}#{platform}"}


def apis_of(shop: ShopId) -> str:
    """Say with what the `sk` of each of a shop's APIs begins."""
    return f"{shop}#"


def api_of(sk: str) -> tuple[ShopId, str]:
    """Read the shop and the platform out of the `sk` of an API."""
    shop, _, platform = sk.partition("#")
    return ShopId(shop), platform


def shop_partition(shop: ShopId) -> str:
    return f"shop#{shop}"


def prefixes_of(shop: ShopId) -> tuple[str, ...]:
    """Say with what the `pk` of a shop's tickets, feedback and customers begins."""
    return tuple(f"{family}#{shop}#" for family in ("ticket", "feedback", "customer"))


def incident(shop: ShopId, thing: str, number: int) -> Key:
    """The incidents of one thing are numbered, so that of two who open its next one only the first does."""
    return {"pk": shop_partition(shop), "sk": f"{INCIDENT_PREFIX}{thing}#{number:04}"}


def reader(shop: ShopId, manager_key: str) -> Key:
    """Where it stands what is known of a manager beside the shop's file."""
    return {"pk": shop_partition(shop), "sk": f"{READER_PREFIX}{manager_key}"}


def objection(shop: ShopId, key: CustomerKey) -> Key:
    """Where it stands that a customer objected to being profiled."""
    return {"pk": shop_partition(shop), "sk": f"{OBJECTION_PREFIX}{key}"}


def erasure(shop: ShopId, first: str) -> Key:
    """Where it stands for two days who was erased, by the first of their surveys or imported answers."""
    return {"pk": shop_partition(shop), "sk": f"{ERASURE_PREFIX}{first}"}


def erased(shop: ShopId, key: CustomerKey) -> Key:
    """Where it stands when a customer was erased, for as long as answers are kept."""
    return {"pk": shop_partition(shop), "sk": f"{_ERASED}{key}"}


def erased_customer(sk: str) -> CustomerKey:
    """Read the customer out of the `sk` of who was erased."""
    return CustomerKey(sk.removeprefix(_ERASED))


def imported(shop: ShopId, key: CustomerKey, feedback_id: str) -> Key:
    """Where it stands that an imported answer is a customer's: beside what is known of them, so that a query finds all."""
    return {**customer(shop, key), "sk": f"{IMPORTED_PREFIX}{feedback_id}"}


def imported_answer(sk: str) -> str:
    """Read the answer's id out of the `sk` of whose it is."""
    return sk.removeprefix(IMPORTED_PREFIX)


def objector(sk: str) -> CustomerKey:
    """Read the customer out of the `sk` of an objection."""
    return CustomerKey(sk.removeprefix(OBJECTION_PREFIX))


def guess(shop: ShopId, period: str, manager_key: str) -> Key:
    return {"pk": shop_partition(shop), "sk": f"{guesses_of(period)}{manager_key}"}


def guesses_of(period: str) -> str:
    """Say with what the `sk` of every guess of a period begins."""
    return f"guess#{period}#"


def delivery_day(shop: ShopId, day: date, platform: str) -> Key:
    """Where it stands what came of a platform's webhooks on one of the shop's days."""
    return {"pk": shop_partition(shop), "sk": f"{_DELIVERIES}{day.isoformat()}#{platform}"}


def deliveries_since(day: date) -> tuple[str, str]:
    """Between which `sk`s the deliveries of a day and all later ones stand."""
    return f"{_DELIVERIES}{day.isoformat()}", f"{_DELIVERIES}~"


def delivery_of(sk: str) -> tuple[date, str]:
    """Read the day and the platform out of the `sk` of deliveries."""
    _, day, platform = sk.split("#", 2)
    return date.fromisoformat(day), platform


def manager_key(sk: str) -> str:
    """Read the manager's key out of a reader's `sk`."""
    return sk.removeprefix(READER_PREFIX)


def family(pk: str) -> str:
    """Say what sort of item a `pk` names: the word before its first `#`."""
    return pk.partition("#")[0]


def survey_id(pk: str) -> SurveyId:
    """Read the survey's id out of its `pk`."""
    return SurveyId(pk.removeprefix(SURVEY_PREFIX))


def id_within_shop(pk: str) -> str:
    """Read a ticket's or a feedback's id out of its `pk`; the shop's id before it never holds a `#`."""
    return pk.split("#", 2)[2]


def due_shard(survey_id: SurveyId) -> str:
    """Say in which shard of the due index a survey stands, for as long as it lives."""
    return str(zlib.crc32(survey_id.encode()) % SHARDS)


def changed_day(shop: ShopId, day: date) -> str:
    return f"{shop}#{day.isoformat()}"


def changed_at(shop: ShopId, now: datetime) -> Key:
    """Place an item in the changes index. Only the hour stands there, so that several changes within one cost one index write."""
    at = now.astimezone(UTC)
    return {"changed_day": changed_day(shop, at.date()), "changed_hour": f"{at:%H}"}


def day_file(folder: Folder, shop: ShopId, day: date) -> str:
    """Where a day's lines lie, of the shop's calendar: gzipped JSON lines, a folder a day, as Athena's partitions want it."""
    return f"{folder}/{shop}/{day.isoformat()}/{folder}.jsonl.gz"


def shop_folder(folder: Folder | Literal["totals"], shop: ShopId) -> str:
    """Where a shop's files of a kind lie, the earliest first."""
    return f"{folder}/{shop}/"


def day_of_file(key: str) -> date:
    """Read the day out of a day file's key."""
    return date.fromisoformat(key.split("/")[2])


def month_of_totals(key: str) -> str:
    """Read the month out of the key of its totals."""
    return key.rpartition("/")[2].removesuffix(".json")


def totals_file(shop: ShopId, month: str) -> str:
    """Where the totals of a month (`2026-01`) lie."""
    return f"totals/{shop}/{month}.json"


def histories_file(shop: ShopId) -> str:
    """Where customers' histories lie, or where it says in which parts they lie: one file until a shop has very many customers."""
    return f"{histories_folder(shop)}all{_HISTORIES}"


def histories_part(whole: str, parts: str, letter: str) -> str:
    """Where a part of such a file lies, which may have come apart itself; under `histories_parts`, in a folder of its attempt."""
    return f"{histories_parts(whole)}{parts}/{letter}{_HISTORIES}"


def histories_parts(whole: str) -> str:
    """Where the parts of a file lie, those of attempts that failed included."""
    return f"{whole.removesuffix(_HISTORIES)}/"


def histories_folder(shop: ShopId) -> str:
    return f"histories/{shop}/"


def export_file(shop: ShopId, name: str) -> str:
    """Where what is kept of a person lies, after they asked for it; the bucket forgets it by itself."""
    return f"{exports_folder(shop)}{name}.json"


def exports_folder(shop: ShopId) -> str:
    return f"exports/{shop}/"


def reports_folder(shop: ShopId) -> str:
    return f"reports/{shop}/"


def report_file(shop: ShopId, period: str, file: ReportFile) -> str:
    return f"{reports_folder(shop)}{period}/{file}"


def report_of(key: str) -> tuple[str, str]:
    """Read a report's period and file out of its key; two empty texts where it is none."""
    match key.split("/"):
        case ["reports", _, period, file]:
            return period, file
        case _:
            return "", ""


def secrets_of(prefix: str, shop: ShopId) -> tuple[str, ...]:
    """Name the paths below which a shop's own parameters lie."""
    return f"{prefix}/webhooks/{shop}/", f"{prefix}/tokens/{shop}/"


def webhook_secrets(prefix: str, shop: ShopId, platform: str) -> str:
    """Name the parameter with the live secrets of one shop's webhooks."""
    return f"{prefix}/webhooks/{shop}/{platform}"


def api_token(prefix: str, shop: ShopId, platform: str) -> str:
    """Name the parameter with the token that a shop's orders are read with."""
    return f"{prefix}/tokens/{shop}/{platform}"


def key_ring(prefix: str) -> str:
    """Name the parameter with the keys of identities and links."""
    return f"{prefix}/keys"


def operator(stack: str) -> str:
    """Name the parameter that tells the command line what a stack is made of."""
    return f"/afterorder/{stack}/operator"
