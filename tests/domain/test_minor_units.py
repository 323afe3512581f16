"""An amount in a currency's smallest unit is written with as many digits as the currency has."""

import pytest

from cx_domain.errors import BadField
from cx_domain.minor_units import from_minor_units


@pytest.mark.parametrize(
    ("raw", "currency", "written"),
    [
        (9980, "pln", "99.80"),
        (9980, "JPY", "9980"),
        (9980, "kwd", "9.980"),
        (5, "eur", "0.05"),
        (0, "eur", "0.00"),
        (9980, None, "99.80"),
        (9980, "isk", "99.80"),
        (None, "eur", None),
    ],
)
def test_a_currency_has_its_own_number_of_digits(raw: object, currency: object, written: str | None) -> None:
    assert from_minor_units(raw, currency, {"ISK": 2}) == written


@pytest.mark.parametrize("raw", [-1, 1.5, True, "9980", [], 10**12])
def test_what_is_no_whole_number_of_units_is_refused(raw: object) -> None:
    with pytest.raises(BadField, match="total_minor"):
        from_minor_units(raw, "eur", {})
