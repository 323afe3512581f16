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


def count(name: str, number: int = 1) -> None:
    """Count something under its name; the names are few, for each is a metric that is paid for."""
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=number)
