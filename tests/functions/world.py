"""What can be done in the deployed stack, and what can be seen there."""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, Literal

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from cx_domain import identities
from cx_domain.shops import KindName, ShopId
from cx_domain.surveys import CustomerKey, Survey, SurveyId
from functions import dispatch, order_webhook, send_survey
from infra import adapters, clock, links
from infra.aws import clients
from infra.aws.customer_table import Customer
from infra.platforms import platform
from tests.builders import KEY
from tests.functions.envelopes import CONTEXT, Event, batch, envelope, request

REGION: Literal["eu-central-1"] = "eu-central-1"
ACME_FILE = Path(__file__).parents[1] / "shop_files" / "acme.toml"
LINK_KEYS = (b"the older key of links, 32 bytes", b"the newer key of links, 32 bytes")
ACME_SECRETS = {
    "standard": ("whsec_YWZ0ZXJvcmRlcidzIG93biB0ZXN0IHNlY3JldCE=",),
    "woocommerce": ("woo-secret",),
    "shopify": ("shopify-secret",),
}
SAMPLES = Path(__file__).parents[1] / "platforms" / "samples"
DUE = "2026-01-12T09:00:00Z"
ANNA = "anna@example.com"


class World:
    """The stack, its clock, and the shop Acme Outdoor."""

    acme = ShopId("acme")

    def __init__(self, clock_file: Path, log: io.StringIO, made: Mapping[str, str]) -> None:
        self._clock_file = clock_file
        self._log = log
        self._made = made

    def at(self, moment: str) -> None:
        self._clock_file.write_text(moment, encoding="ascii")

    @property
    def moment(self) -> str:
        return self._clock_file.read_text(encoding="ascii")

    def go_on_from(self, moment: str, log: str) -> None:
        """Be where another test's world was, when AWS holds what it held there."""
        self.at(moment)
        self._log.write(log)

    def put_shop(self, toml: str) -> None:
        adapters.shops().put(self.acme, toml, clock.now())

    # --- what is done ---------------------------------------------------------------------------------------------

    def post(self, event: Event) -> dict[str, Any]:
        answer: dict[str, Any] = order_webhook.handler(event, CONTEXT)
        return answer

    def order(self, sample: str = "order_fulfilled", *, timestamp: str | None = None, **data: Any) -> dict[str, Any]:
        """Post one of the standard webhook's samples, with its time or some of its data changed."""
        payload = json.loads((SAMPLES / "standard" / f"{sample}.json").read_text(encoding="utf-8"))
        payload["data"] |= data
        payload["timestamp"] = timestamp or payload["timestamp"]
        return self.post(signed("standard", json.dumps(payload).encode()))

    def send(self, survey: SurveyId | None = None, *, message: str = "message-1") -> dict[str, Any]:
        body = json.dumps({"survey": survey or order_1001()})
        result: dict[str, Any] = send_survey.handler(batch("send_queue", (message, body)), CONTEXT)
        return result

    def sweep(self) -> dict[str, Any]:
        answer: dict[str, Any] = dispatch.handler(envelope("dispatch_schedule"), CONTEXT)
        return answer

    def mailed(self, moment: str = DUE, **data: Any) -> Survey:
        """Order 1001 a week later: its mail has just gone out."""
        self.order(**data)
        self.at(moment)
        self.send()
        return self.survey()

    # --- what is seen ---------------------------------------------------------------------------------------------

    def survey(self, order: str = "1001") -> Survey:
        found = self.survey_or_none(order)
        assert found is not None
        return found

    def survey_or_none(self, order: str = "1001") -> Survey | None:
        return adapters.surveys().get(order_id(order))

    def customer(self, address: str = ANNA) -> Customer | None:
        return adapters.customers().get(self.acme, self.customer_key(address))

    def customer_key(self, address: str = ANNA) -> CustomerKey:
        return identities.customer_key(KEY, self.acme, address)

    def mails(self) -> list[EmailMessage]:
        sent = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
        return [message_from_string(mail.raw_data, _class=EmailMessage, policy=default) for mail in sent]

    def link(self, purpose: links.Purpose = "rate", order: str = "1001") -> str:
        return token_of(order_id(order), purpose)

    def messages(self, queue: str) -> list[tuple[str, str]]:
        """Receive everything that waits in a queue, delayed or not: ids and bodies."""
        sqs = clients.sqs()
        sqs.set_queue_attributes(QueueUrl=self._made[queue], Attributes={"ReceiveMessageWaitTimeSeconds": "0"})
        found: list[tuple[str, str]] = []
        while received := sqs.receive_message(QueueUrl=self._made[queue], MaxNumberOfMessages=10).get("Messages"):
            found += [(message["MessageId"], message["Body"]) for message in received]
        return found

    def items(self) -> list[dict[str, Any]]:
        """All that the table holds besides the shop's own file."""
        found = clients.dynamodb().scan(TableName=self._made["Table"])["Items"]
        return [item for item in found if not item["pk"]["S"].startswith("shop")]

    def places_taken(self) -> int:
        """How many places of Acme's warm-up are taken, over all days."""
        found = clients.dynamodb().scan(TableName=self._made["Table"])["Items"]
        return sum(int(item["places"]["N"]) for item in found if "places" in item)

    @property
    def log(self) -> str:
        return self._log.getvalue()


def order_id(order: str, kind: KindName = "nps") -> SurveyId:
    return identities.survey_id(KEY, World.acme, kind, "order", order)


def order_1001() -> SurveyId:
    return order_id("1001")


def token_of(survey: SurveyId, purpose: links.Purpose = "rate", keys: Sequence[bytes] = LINK_KEYS) -> str:
    """The token of a link about one of Acme's surveys, also of a purpose that no such link has."""
    return links.seal(keys, purpose, f"{World.acme}.{survey}")


def signed(name: str, body: bytes, *, topic: str | None = None, shop: str = "acme", secret: str | None = None) -> Event:
    """A webhook as the platform would send it now."""
    here = platform(name)
    key = secret or ACME_SECRETS[name][0]
    made = here.scheme.sign(key, body, message_id="msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", now=clock.now())
    headers = {**here.test_headers(topic), **made.headers}
    return request("webhook", {"shop": shop, "platform": name}, headers=headers, query=made.query, body=body)


def counted(written: str) -> set[str]:
    """What an invocation counted: the metrics that it printed for CloudWatch, and the log's field `counted`."""
    lines = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    emf = [line["_aws"]["CloudWatchMetrics"][0]["Metrics"] for line in lines if "_aws" in line]
    return {metric["Name"] for metrics in emf for metric in metrics} | {
        line["counted"] for line in lines if "counted" in line
    }


@contextmanager
def ses_answers(code: str, *, status: int = 400, message: str = "") -> Iterator[None]:
    """Let SES refuse every mail with this error."""
    parsed = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}

    def answer(**_: Any) -> Any:
        return AWSResponse("https://email.eu-central-1.amazonaws.com", status, HTTPHeaders(), io.BytesIO()), parsed

    events = clients.sesv2().meta.events
    events.register("before-call.sesv2.SendEmail", answer, unique_id="refusal")
    yield
    events.unregister("before-call.sesv2.SendEmail", unique_id="refusal")


@contextmanager
def ses_breaks(error: Exception, *, after_taking_the_mail: bool = False) -> Iterator[None]:
    """Break the connection to SES, before it has the mail or after."""

    def fail(**_: Any) -> None:
        raise error

    events = clients.sesv2().meta.events
    # moto answers at `before-send`; handlers of the longer name are called before it.
    moment = "before-send" if after_taking_the_mail else "before-send.sesv2.SendEmail"
    events.register_last(moment, fail, unique_id="breakage")
    yield
    events.unregister(moment, unique_id="breakage")


@contextmanager
def ses_lists(
    listed: Sequence[tuple[str, str]], *, next_token: str | None = None, refused: bool = False
) -> Iterator[None]:
    """Let SES show these addresses and reasons as its list of the suppressed, or refuse to show it."""
    status = 429 if refused else 200
    parsed: dict[str, Any] = {"ResponseMetadata": {"HTTPStatusCode": status}}
    if refused:
        parsed["Error"] = {"Code": "TooManyRequestsException", "Message": ""}
    else:
        parsed["SuppressedDestinationSummaries"] = [
            {"EmailAddress": address, "Reason": reason, "LastUpdateTime": clock.now()} for address, reason in listed
        ]
    if next_token is not None:
        parsed["NextToken"] = next_token

    def answer(**_: Any) -> Any:
        return AWSResponse("https://email.eu-central-1.amazonaws.com", status, HTTPHeaders(), io.BytesIO()), parsed

    events = clients.sesv2_reader().meta.events
    events.register("before-call.sesv2.ListSuppressedDestinations", answer, unique_id="list")
    yield
    events.unregister("before-call.sesv2.ListSuppressedDestinations", unique_id="list")


@contextmanager
def writes_throttled(family: str) -> Iterator[None]:
    """Let DynamoDB refuse every update of a `customer` or a `survey`, however often it is tried."""
    error = {"Code": "ProvisionedThroughputExceededException", "Message": "slower"}
    parsed = {"Error": error, "ResponseMetadata": {"HTTPStatusCode": 400}}

    def answer(params: Any, **_: Any) -> Any:
        if f"{family}#".encode() not in params["body"]:
            return None
        return AWSResponse("https://dynamodb.eu-central-1.amazonaws.com", 400, HTTPHeaders(), io.BytesIO()), parsed

    events = clients.dynamodb().meta.events
    events.register("before-call.dynamodb.UpdateItem", answer, unique_id="throttle")
    yield
    events.unregister("before-call.dynamodb.UpdateItem", unique_id="throttle")


def links_in(mail: EmailMessage) -> Sequence[str]:
    """The addresses in the text part of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return [word for word in body.get_content().split() if word.startswith("http")]
