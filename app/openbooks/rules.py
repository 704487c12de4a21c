"""What open books may show of people: groups, and no person. Pure: numbers in, answer out.

Source: the specification of vouchers, section 6 (open data suppresses cells under 10).
"""

from collections.abc import Callable, Collection, Sequence

PEOPLE_MIN = 10
"""A group of fewer people is not shown, and no figure lets one be computed."""
BANDS = 3
"""Bands of voucher values above the lowest one."""
WHOLE_PERCENT = 100


def hidden(
    people: Sequence[int], together: Callable[[Collection[int]], int] | None = None
) -> frozenset[int]:
    """Return the places of the groups that a table with a total must not show.

    First every group under 10, also one of nobody. What is hidden can be computed together, as the
    total less what is shown; so the next smallest groups are hidden besides, until at least two
    groups and ten people are. `together` says how many different people several groups have, by
    their places, where a person may be in more than one; without it the groups do not overlap.
    All places: nothing but the total can be shown, and that only if it is 10 or more.

    >>> sorted(hidden([40, 12, 25])), sorted(hidden([40, 3, 12])), sorted(hidden([40, 6, 3, 1]))
    ([], [1, 2], [1, 2, 3])
    """
    count = together or (lambda places: sum(people[place] for place in places))
    smallest_first = sorted(range(len(people)), key=lambda place: (people[place], place))
    found = [place for place in smallest_first if people[place] < PEOPLE_MIN]
    if not found:
        return frozenset()
    for place in smallest_first[len(found) :]:
        enough = len(found) > 1 and count(found) >= PEOPLE_MIN
        # Who knows this rule could tell groups of nine, when nothing else is hidden, and what is
        # hidden beside a shown group of its own size.
        told = all(people[one] == PEOPLE_MIN - 1 for one in found)
        if enough and not told and people[place] > people[found[-1]]:
            break
        found.append(place)
    return frozenset(found)


def band_ends(floor_minor: int, most_minor: int) -> tuple[int, ...]:
    """Return up to which value each band goes: the lowest value alone, then equal steps.

    >>> band_ends(2_000, 20_000)
    (2000, 8000, 14000, 20000)
    """
    width = max(0, most_minor - floor_minor)
    return tuple(floor_minor + width * step // BANDS for step in range(BANDS + 1))


def band_of(value_minor: int, ends: Sequence[int]) -> int:
    """Return the place of the band that a value lies in; above the last end it is the last band.

    >>> [band_of(value, (2000, 8000, 14000, 20000)) for value in (2000, 2050, 8000, 8001, 30000)]
    [0, 1, 1, 2, 3]
    """
    return next((place for place, end in enumerate(ends) if value_minor <= end), len(ends) - 1)


def percent_used(issued_minor: int, redeemed_minor: int) -> int | None:
    """Return how much of what was issued was redeemed, in whole percent rounded down.

    None: nothing was issued. More than was issued can be redeemed with a grant from the pool; that
    is 100.

    >>> percent_used(12_000, 3_999), percent_used(0, 0)
    (33, None)
    """
    if issued_minor <= 0:
        return None
    return min(WHOLE_PERCENT, max(0, redeemed_minor) * WHOLE_PERCENT // issued_minor)
