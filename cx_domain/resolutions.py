"""How long support cases take, from counts of whole minutes; a case belongs to the period in which it was opened."""

from dataclasses import dataclass

from cx_domain.totals import DayTotal, Minutes

_HOUR = 60


@dataclass(frozen=True, slots=True)
class Resolution:
    """Durations are in hours by the clock, and None while there is no case to measure; open cases stand beside them."""

    opened: int
    solved: int
    still_open: int
    median_hours: float | None
    p90_hours: float | None
    median_first_reply_hours: float | None


def resolution(total: DayTotal) -> Resolution:
    opened, solved = total.tickets.get("opened", 0), total.tickets.get("solved", 0)
    return Resolution(
        opened=opened,
        solved=solved,
        still_open=opened - solved,
        median_hours=_hours(total.solve_minutes, 0.5),
        p90_hours=_hours(total.solve_minutes, 0.9),
        median_first_reply_hours=_hours(total.reply_minutes, 0.5),
    )


def _hours(minutes: Minutes, share: float) -> float | None:
    found = quantile(minutes, share)
    return None if found is None else found / _HOUR


def quantile(counts: Minutes, share: float) -> float | None:
    """The quantile by linear interpolation between the two nearest cases (Hyndman and Fan's definition 7); None for none."""
    number = sum(counts.values())
    if number == 0:
        return None
    place = (number - 1) * share
    lower, upper = _at(counts, int(place)), _at(counts, min(int(place) + 1, number - 1))
    return lower + (upper - lower) * (place - int(place))


def _at(counts: Minutes, place: int) -> int:
    """The case that stands at this place, counted from 0, when all are sorted."""
    passed = 0
    for minutes in sorted(counts):
        passed += counts[minutes]
        if passed > place:
            return minutes
    raise IndexError(place)
