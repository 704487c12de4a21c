"""Looking through projects or proposals: search, filters, order and pages, without the web.

There are a few hundred at most, so they are sifted here: both databases then find the same, and
"arbol" finds "árbol".
"""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from app.rounds.models import CategoryRow, RoundRow
from app.texts import fold
from app.town.models import AreaRow
from voting.order import shuffled

PAGE_SIZE = 24


class Sort(StrEnum):
    """The orders that a reader can choose; chance favours nobody, so it comes first."""

    RANDOM = "random"
    CHEAPEST = "cost"
    DEAREST = "cost-high"
    TITLE = "title"


@dataclass(frozen=True)
class Item:
    """What can be looked through, whatever it is. `key` is its place in the random order."""

    key: str
    title: str
    href: str
    text: str = ""
    reference: str = ""
    cost_minor: int | None = None
    area_id: uuid.UUID | None = None
    category_id: uuid.UUID | None = None
    latitude: float | None = None
    longitude: float | None = None
    picture: str | None = None
    picture_alt: str = ""
    state: str = ""
    """For a tag on its card; what it means is the business of the feature that shows it."""

    @cached_property
    def folded(self) -> str:
        """All that the search reads."""
        return fold(f"{self.title}\n{self.reference}\n{self.text}")


@dataclass(frozen=True)
class Catalogue:
    """The areas and categories of a round, and its money: what filters and cards are made of."""

    round_row: RoundRow
    areas: Sequence[AreaRow]
    categories: Sequence[CategoryRow]

    @cached_property
    def area_names(self) -> dict[uuid.UUID, str]:
        return {area.id: area.name for area in self.areas}

    @cached_property
    def category_names(self) -> dict[uuid.UUID, str]:
        return {category.id: category.name for category in self.categories}

    @cached_property
    def depths(self) -> dict[uuid.UUID, int]:
        """How far below the whole town each area lies; areas come in tree order."""
        found: dict[uuid.UUID, int] = {}
        for area in self.areas:
            found[area.id] = found.get(area.parent_id, -1) + 1 if area.parent_id else 0
        return found

    def within(self, area_id: uuid.UUID) -> frozenset[uuid.UUID]:
        """Return an area with all that lie in it: a district holds its neighbourhoods."""
        found = {area_id}
        for area in self.areas:  # a parent comes before its children
            if area.parent_id in found:
                found.add(area.id)
        return frozenset(found)


@dataclass(frozen=True)
class Criteria:
    """What the reader asked for; None: no such filter."""

    text: str = ""
    areas: frozenset[uuid.UUID] | None = None
    category_id: uuid.UUID | None = None
    cost_min_minor: int | None = None
    cost_max_minor: int | None = None
    sort: Sort = Sort.RANDOM


@dataclass(frozen=True)
class Page:
    """One page of what was found, with all of it for the map."""

    found: Sequence[Item]
    number: int
    size: int = PAGE_SIZE
    items: Sequence[Item] = field(init=False)

    def __post_init__(self) -> None:
        number = min(max(self.number, 1), self.count)
        object.__setattr__(self, "number", number)
        start = (number - 1) * self.size
        object.__setattr__(self, "items", self.found[start : start + self.size])

    @property
    def count(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-len(self.found) // self.size))


def find(items: Iterable[Item], criteria: Criteria, *, seed: bytes) -> list[Item]:
    """Sift and order; the same seed gives the same random order, whatever the filters."""
    words = fold(criteria.text).split()
    found = [item for item in items if _fits(item, criteria, words)]
    if criteria.sort is Sort.RANDOM:
        by_key = {item.key: item for item in found}
        return [by_key[key] for key in shuffled(by_key, seed)]
    return sorted(found, key=_KEYS[criteria.sort])


def _fits(item: Item, criteria: Criteria, words: Sequence[str]) -> bool:
    return (
        all(word in item.folded for word in words)
        and (criteria.areas is None or item.area_id in criteria.areas)
        and (criteria.category_id is None or item.category_id == criteria.category_id)
        and _costs_between(item, criteria.cost_min_minor, criteria.cost_max_minor)
    )


def _costs_between(item: Item, low: int | None, high: int | None) -> bool:
    if low is None and high is None:
        return True
    if item.cost_minor is None:
        return False
    return (low or 0) <= item.cost_minor and (high is None or item.cost_minor <= high)


_KEYS: dict[Sort, Callable[[Item], Any]] = {
    # What has no cost yet comes last, from whichever end one starts.
    Sort.CHEAPEST: lambda i: (i.cost_minor is None, i.cost_minor or 0, i.folded),
    Sort.DEAREST: lambda i: (i.cost_minor is None, -(i.cost_minor or 0), i.folded),
    Sort.TITLE: lambda i: (i.folded, i.key),
}
