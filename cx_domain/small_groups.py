"""Groups that are too small to be shown, and how to leave them out so that nobody can subtract them back."""

from collections.abc import Mapping

from cx_domain.segments import MOST_VALUES, OTHER

UNKNOWN = ""
"""The value of a customer of whom a dimension says nothing; always among the others."""


def shown_groups(sizes: Mapping[str, int], hide_below: int) -> dict[str, tuple[str, ...]]:
    """Choose which values of a dimension are shown by name, the largest first, and which together as "other".

    Who knows the whole and the shown groups knows the others' sum, so that sum is a group like any: it is empty, or has at least
    `hide_below` members, and the smallest shown groups join it until it has. A dimension of which nothing is left is empty.
    """
    ordered = sorted(
        (value for value in sizes if value not in (UNKNOWN, OTHER)), key=lambda value: (-sizes[value], value)
    )
    named = [value for value in ordered if sizes[value] >= hide_below]
    if len(ordered) > MOST_VALUES or OTHER in sizes:
        named = named[: MOST_VALUES - 1]
    others = [value for value in sizes if value not in named]
    while others and named and 0 < sum(sizes[value] for value in others) < hide_below:
        others.append(named.pop())
    if not named:
        return {}
    groups = {value: (value,) for value in named}
    return groups | ({OTHER: tuple(sorted(others))} if any(sizes[value] for value in others) else {})
