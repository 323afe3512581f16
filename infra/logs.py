"""Structured logs and metrics, in which no address, token, secret or path ever stands.

Metric names and refusal reasons are the same kebab-case words as in code and reports.
"""

import warnings

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from infra import settings

# An invocation that counts nothing is nothing to warn of.
warnings.filterwarnings("ignore", message="No application metrics to publish")

logger = Logger(level=settings.LOG_LEVEL.read(), use_rfc3339=True, log_uncaught_exceptions=False)
metrics = Metrics()


METRICS = frozenset(
    {
        "answered",
        "bounced-for-good",
        "complained",
        "overdue-seconds",
        "refused",
        "reports",
        "send-failed",
        "sent",
        "shop-unreadable",
        "webhook-refused",
    }
)
"""What CloudWatch keeps as a metric: each by one function alone, for a name and a function make a metric, and ten cost nothing."""


def count(name: str, number: int = 1) -> None:
    """Count something under its name: as a metric if it is one of `METRICS`, else as the log field `counted`, which can be queried."""
    if name in METRICS:
        metrics.add_metric(name=name, unit=MetricUnit.Count, value=number)
    else:
        logger.info("counted", counted=name, number=number)


def overdue(seconds: float) -> None:
    """Tell how late the dispatcher is: in seconds since the first survey that waits fell due, 0 when none waits."""
    metrics.add_metric(name="overdue-seconds", unit=MetricUnit.Seconds, value=seconds)
