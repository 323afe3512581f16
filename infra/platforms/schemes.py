"""From a platform file's `[signature]` to the scheme that it names."""

from collections.abc import Callable, Mapping
from typing import get_args

from cx_domain.signature_schemes import (
    Encoding,
    HmacSha256,
    KeyForm,
    KeyInAddress,
    ShoperSha1,
    StandardWebhooks,
    Stripe,
)
from cx_domain.signatures import Scheme
from cx_domain.toml_checks import Table
from cx_domain.value_checks import matching, one_of
from infra.platforms.adobe import AdobeSignatures
from infra.platforms.saleor import SaleorSignature

HEADER = matching("[a-z0-9-]{1,60}", "a header's name in small letters")
_FIELD = matching("[A-Za-z0-9_]{1,60}", "the name of a field")
_ENCODING = one_of(*get_args(Encoding))
_KEY_FORM = one_of(*get_args(KeyForm))


def scheme(table: Table) -> Scheme:
    """Read `[signature]`; what is missing or unknown is noted as a mistake of the file."""
    name = table.take("scheme", one_of(*SCHEMES), "hmac-sha256", required=True)
    made = SCHEMES[name](table)
    table.finish()
    return made


def _hmac_sha256(table: Table) -> Scheme:
    return HmacSha256(
        header=table.take("header", HEADER, "", required=True),
        encoding=table.take("encoding", _ENCODING, "base64"),
        key_form=table.take("key", _KEY_FORM, "text"),
        over=table.take_each("over", _FIELD, ()),
    )


def _standard_webhooks(table: Table) -> Scheme:
    return StandardWebhooks(
        header=table.take("header", HEADER, "webhook-signature"), key_form=table.take("key", _KEY_FORM, "base64")
    )


def _stripe(table: Table) -> Scheme:
    return Stripe(header=table.take("header", HEADER, "stripe-signature"))


def _shoper_sha1(_table: Table) -> Scheme:
    return ShoperSha1()


def _key_in_address(_table: Table) -> Scheme:
    return KeyInAddress()


def _saleor(_table: Table) -> Scheme:
    return SaleorSignature()


def _adobe_io_events(_table: Table) -> Scheme:
    return AdobeSignatures()


SCHEMES: Mapping[str, Callable[[Table], Scheme]] = {
    "hmac-sha256": _hmac_sha256,
    "standard-webhooks": _standard_webhooks,
    "stripe": _stripe,
    "shoper-sha1": _shoper_sha1,
    "key-in-address": _key_in_address,
    "saleor": _saleor,
    "adobe-io-events": _adobe_io_events,
}
