"""Send one mail by SES, and tell as exactly as can be known what became of it.

SendEmail has no idempotency token. So what matters after a failure is whether SES can have taken the mail: only where it
certainly did not may anybody send again. The client must not retry by itself (`clients.sesv2`).
"""

from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from typing import TYPE_CHECKING, Any, Final, Literal

from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    ProxyConnectionError,
)
from botocore.exceptions import ConnectionError as LinkError
from botocore.parsers import ResponseParserError

from cx_domain.surveys import SurveyId
from infra.aws.troubles import as_trouble, code_of, status_of

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

    from infra.writing.mails import Mail  # every function has a mailer within reach; few write mails

FailureKind = Literal["never-left", "rate", "daily-quota", "rejected", "paused", "unknown"]

_NEVER_LEFT = (EndpointConnectionError, ConnectTimeoutError, ProxyConnectionError)
_SERVER_FAULT = 500
# docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html#API_SendEmail_Errors; ThrottlingException comes besides
# from the front of every AWS API.
_KINDS: Final[dict[str, FailureKind]] = {
    "ThrottlingException": "rate",
    "Throttling": "rate",
    "TooManyRequestsException": "rate",
    "LimitExceededException": "rate",
    "AccountSuspendedException": "paused",
    "SendingPausedException": "paused",
    "MessageRejected": "rejected",
    "MailFromDomainNotVerifiedException": "rejected",
    "BadRequestException": "rejected",
}


@dataclass(frozen=True, slots=True)
class Accepted:
    """SES took the mail."""

    message_id: str


@dataclass(frozen=True, slots=True)
class SendFailure:
    """SES did not take the mail; or, when it is `unknown`, perhaps it did. `detail` is for the log."""

    kind: FailureKind
    detail: str = ""


class Mailer:
    """One SES client with the configuration set whose events come back to us."""

    def __init__(self, client: "SESV2Client", configuration_set: str) -> None:
        self._client = client
        self._configuration_set = configuration_set

    def send(self, mail: "Mail", survey_id: SurveyId | None) -> Accepted | SendFailure:
        """Send it, tagged with its survey for the events to come. Trouble when we could not even ask: none was sent."""
        request = self._request(mail, survey_id)
        with as_trouble("SendEmail"):
            try:
                return Accepted(self._client.send_email(**request)["MessageId"])
            except _NEVER_LEFT as error:
                return SendFailure("never-left", type(error).__name__)
            except (HTTPClientError, LinkError, ResponseParserError) as error:
                return SendFailure("unknown", type(error).__name__)
            except ClientError as error:
                return SendFailure(_kind(error), code_of(error))

    def _request(self, mail: "Mail", survey_id: SurveyId | None) -> dict[str, Any]:
        request: dict[str, Any] = {
            "FromEmailAddress": formataddr(
                parseaddr(mail.sender)
            ),  # a name with other letters than ASCII, as mail writes it
            "Destination": {"ToAddresses": [mail.to]},
            "Content": {"Raw": {"Data": mail.raw}},
            "ConfigurationSetName": self._configuration_set,
        }
        if survey_id is not None:
            request["EmailTags"] = [{"Name": "survey_id", "Value": survey_id}]
        if self._knows_tracking():
            # Rewritten links would hide the shop's, and give scanners a second one to follow.
            off = {"OpenTrackingEnabled": "DISABLED", "ClickTrackingEnabled": "DISABLED"}
            request["ConfigurationOverrides"] = {"Tracking": off}
        return request

    def _knows_tracking(self) -> bool:
        # The override is of 2026; an older botocore refuses parameters that it does not know.
        asked = self._client.meta.service_model.operation_model("SendEmail").input_shape
        return "ConfigurationOverrides" in getattr(asked, "members", {})


def _kind(error: ClientError) -> FailureKind:
    if status_of(error) >= _SERVER_FAULT:
        return "unknown"
    # A no that is not about this mail (a missing permission, an unknown configuration set): nothing leaves until it is mended.
    kind = _KINDS.get(code_of(error), "paused")
    if kind == "rate" and "daily" in str(error.response.get("Error", {}).get("Message", "")).lower():
        return "daily-quota"
    return kind
