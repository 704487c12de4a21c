"""What limits a single ballot, and which ballots break it."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocation.ballot_table import BallotTable, whole_numbers
from allocation.pabulib.problems import shown
from allocation.pabulib.projects import ProjectRow
from allocation.pabulib.tally import content_sums

CATEGORY_SUFFIX = "_per_category"
CATEGORY_CHARACTERS = 100


@dataclass(frozen=True)
class Limit:
    """A lower or upper bound; with a category it counts only that category's projects."""

    key: str
    written: str
    bound: Fraction
    category: str = ""

    @property
    def measure(self) -> str:
        return self.key[len("min_") :].removesuffix(CATEGORY_SUFFIX)

    def is_broken_by(self, values: NDArray[Any], scale: int = 1) -> NDArray[np.bool_]:
        """Tell which of several whole numbers, each in parts of `scale`, are out of bounds."""
        bound = self.bound * scale
        if self.key.startswith("min_"):
            return values < math.ceil(bound)
        return values > math.floor(bound)

    @cached_property
    def text(self) -> str:
        """What a sentence calls the limit."""
        where = f" in category {shown(self.category, CATEGORY_CHARACTERS)}" if self.category else ""
        return f"{self.key} {self.written}{where}"


@dataclass(frozen=True)
class BallotLimits:
    limits: Sequence[Limit]
    projects: Mapping[str, ProjectRow]

    def broken_by(self, table: BallotTable) -> Iterator[NDArray[np.bool_]]:
        """Tell for each limit which contents break it; an empty one breaks none."""
        has_choices = np.diff(table.starts) > 0
        for limit in self.limits:
            yield has_choices & self._breaks(limit, table)

    def _breaks(self, limit: Limit, table: BallotTable) -> NDArray[np.bool_]:
        if limit.measure == "length":
            is_counted = self._is_in(limit.category)[table.choices]
            return limit.is_broken_by(content_sums(is_counted, table.starts))
        if limit.measure == "sum_cost":
            costs = np.where(self._is_in(limit.category), self._costs, 0)[table.choices]
            return limit.is_broken_by(content_sums(costs, table.starts))
        if not len(table.points):
            return np.zeros(len(table.starts) - 1, dtype=np.bool_)
        if limit.measure == "sum_points":
            return limit.is_broken_by(content_sums(table.points, table.starts), table.point_scale)
        return content_sums(limit.is_broken_by(table.points, table.point_scale), table.starts) > 0

    def _is_in(self, category: str) -> NDArray[np.bool_]:
        """Mark the projects of a category; all if there is none."""
        if not category:
            return np.ones(len(self.projects), dtype=np.bool_)
        return np.array([category in several for several in self._categories], dtype=np.bool_)

    @cached_property
    def _categories(self) -> list[frozenset[str]]:
        cells = (project.cells.get("category", "") for project in self.projects.values())
        return [frozenset(cell.split(",")) for cell in cells]

    @cached_property
    def _costs(self) -> NDArray[Any]:
        return whole_numbers([project.cost_cents for project in self.projects.values()])
