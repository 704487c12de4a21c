"""Which of several exactly equal projects comes first, by a published list, and on the record."""

import hashlib
import itertools
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from allocation.errors import TieUnresolvedError
from allocation.instance import Instance
from allocation.options import TieCriterion

# What a criterion sorts by: the smallest wins.
Key = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie that decided something, and how it was broken.

    `stage` is run, fill, greedy, knapsack, knapsack-cost (`chosen` costs the least), phragmen or
    maximin; `round` counts the choices of the stage from 1, the fill going on after the run and the
    costs after the knapsack. `value` is what the projects had in common: the price level in a run,
    votes or score in a fill, the total in a knapsack. `endowment` is money per ballot in minor
    units, for equal shares only.
    """

    stage: str
    round: int
    between: tuple[str, ...]
    value: Fraction | None
    decided_by: TieCriterion
    chosen: str
    endowment: Fraction | None = None


class TieBreaker:
    """Applies the tie list of a rule sheet to the projects of an election.

    `votes` are ballots naming a project, or its score where ballots carry points or rankings.
    """

    def __init__(
        self,
        instance: Instance,
        votes: Mapping[str, Fraction],
        criteria: Iterable[TieCriterion],
        lot_seed: str | None,
    ) -> None:
        position = {project.id: place for place, project in enumerate(instance.projects)}
        cost = {project.id: project.cost for project in instance.projects}
        self._ids = tuple(position)
        self._criteria = tuple(criteria)
        self._keys: dict[TieCriterion, Key] = {
            TieCriterion.MIN_COST: lambda id_: cost[id_],
            TieCriterion.MAX_COST: lambda id_: -cost[id_],
            TieCriterion.MAX_VOTES: lambda id_: -votes[id_],
            TieCriterion.LISTED: lambda id_: position[id_],
            TieCriterion.MIN_ID: id_key,
        }
        if lot_seed is not None:
            self._keys[TieCriterion.LOT] = lambda id_: lot_key(lot_seed, id_)

    def break_tie(
        self,
        tied: Iterable[str],
        *,
        stage: str,
        round_number: int,
        value: Fraction | None = None,
        endowment: Fraction | None = None,
    ) -> Tie:
        """Choose one of two or more projects; TieUnresolvedError if the list does not suffice."""
        between = tuple(sorted(tied, key=stable_id_key))
        left = list(between)
        for criterion in self._criteria:
            if criterion not in self._keys:
                break  # a lot without a seed: nothing after it may decide instead
            left = _smallest(left, self._keys[criterion])
            if len(left) == 1:
                return Tie(stage, round_number, between, value, criterion, left[0], endowment)
        raise TieUnresolvedError(left, endowment=endowment, round_number=round_number)

    def ranks(self) -> dict[str, int]:
        """Give every project its place in the tie list; what the list leaves open shares one."""
        known = list(itertools.takewhile(self._keys.__contains__, self._criteria))
        keys: dict[str, Any] = {id_: [self._keys[c](id_) for c in known] for id_ in self._ids}
        by_key = itertools.groupby(sorted(self._ids, key=keys.__getitem__), keys.__getitem__)
        return {id_: rank for rank, (_, ids) in enumerate(by_key) for id_ in ids}

    def sort_key(self, id_: str) -> tuple[object, ...]:
        """Give a project its place in the tie list; what that leaves open goes by the id.

        For a second count, whose library wants a full order even where nothing is tied.
        """
        known = [self._keys[c](id_) for c in self._criteria if c in self._keys]
        return (*known, stable_id_key(id_))


def _smallest(ids: list[str], key: Callable[[str], object]) -> list[str]:
    keys: dict[str, object] = {id_: key(id_) for id_ in ids}
    best = min(keys.values())  # type: ignore[type-var]  # keys of one criterion compare
    return [id_ for id_ in ids if keys[id_] == best]


def lot_key(seed: str, id_: str) -> bytes:
    """Give a project its place in the lot order: the smallest digest comes first."""
    return hashlib.sha256(f"{seed}\n{id_}".encode()).digest()


def id_key(id_: str) -> tuple[tuple[int, int, str], ...]:
    """Order ids as people read them, runs of digits as numbers.

    >>> sorted(["P10", "P9", "A-2"], key=id_key)
    ['A-2', 'P9', 'P10']
    """
    parts = re.findall(r"[0-9]+|[^0-9]+", id_)
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)


def stable_id_key(id_: str) -> tuple[object, str]:
    """Order ids for output; ids that differ only in leading zeros go by their text.

    >>> sorted(["7", "07", "1"], key=stable_id_key)
    ['1', '07', '7']
    """
    return id_key(id_), id_
