"""Which ballots a person on the roll may cast: those of the own district and of all around it."""

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

from voting.errors import UnknownAreaError

Area = TypeVar("Area", bound=Hashable)
Pot = TypeVar("Pot", bound=Hashable)


def enclosing_areas(area: Area, parents: Mapping[Area, Area | None]) -> list[Area]:
    """Return the area and all that enclose it, the smallest first.

    `parents`: each area of the tree with the one that encloses it; None for the whole town.
    Raises UnknownAreaError, or ValueError if areas enclose each other in a circle.

    >>> enclosing_areas("Harbour", {"Harbour": "North", "North": "Town", "Town": None})
    ['Harbour', 'North', 'Town']
    """
    found: list[Area] = []
    current: Area | None = area
    while current is not None:
        if current in found:
            raise ValueError(f"area {current} encloses itself")
        if current not in parents:
            raise UnknownAreaError(current)
        found.append(current)
        current = parents[current]
    return found


def eligible_pots(
    district: Area, parents: Mapping[Area, Area | None], pots: Iterable[tuple[Pot, Area]]
) -> list[Pot]:
    """Return the pots that somebody of this district may vote on, the smallest area first.

    `pots`: each pot with its area. Pots of one area keep their order; those of a part of the
    district are not for the whole of it.
    """
    distance = {area: steps for steps, area in enumerate(enclosing_areas(district, parents))}
    reachable = [(distance[area], pot) for pot, area in pots if area in distance]
    return [pot for _, pot in sorted(reachable, key=lambda found: found[0])]
