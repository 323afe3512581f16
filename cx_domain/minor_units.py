"""Amounts in a currency's smallest unit: 9980 is 99.80 zloty, and 9980 yen.

Only what differs from two digits is listed, by ISO 4217 (list one of 2026); a platform that counts otherwise says so in its file.
"""

from collections.abc import Mapping
from decimal import Decimal

from cx_domain.errors import BadField

_LARGEST = 10**12
_USUAL = 2
_DIGITS: Mapping[str, int] = {
    **dict.fromkeys(
        (
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


def from_minor_units(raw: object, currency: object, otherwise: Mapping[str, int]) -> str | None:
    """Write an amount as text in the currency's own unit, None where there is none; a BadField for what is no whole number."""
    if raw is None:
        return None
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw < _LARGEST:
        raise BadField("total_minor", "must be an amount in the currency's smallest unit, such as 9980, not negative")
    code = currency.strip().upper() if isinstance(currency, str) else ""
    digits = otherwise.get(code, _DIGITS.get(code, _USUAL))
    return str(Decimal(raw).scaleb(-digits))
