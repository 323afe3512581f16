"""Public holidays of countries and their parts, from the library `holidays`.

It is imported where a shop names a country, and nowhere else: that costs a fifth of a second.
"""

from datetime import date
from functools import lru_cache

from cx_domain.support_files import place


@lru_cache(maxsize=256)
def holidays_of(name: str, year: int) -> frozenset[date]:
    """The days of one year, of a `place` that was checked; NotImplementedError for one that the library does not know."""
    from holidays import country_holidays  # noqa: PLC0415 - see above

    country, _, part = name.partition("-")
    return frozenset(country_holidays(country, subdiv=part or None, years=year))


def known_place(raw: object) -> str:
    """Check that the holidays of a country, or of its part, are known."""
    from holidays import list_supported_countries  # noqa: PLC0415 - see above

    name = place(raw)
    country, _, part = name.partition("-")
    known = list_supported_countries(include_aliases=False)
    if country not in known:
        raise ValueError(f'names no country whose holidays are known: "{country}"')
    if part and part not in known[country]:
        parts = ", ".join(known[country]) or "none"
        raise ValueError(f'names no part of {country} whose holidays are known: "{part}" is not among {parts}')
    return name
