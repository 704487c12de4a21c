"""An election and its constraints as an integer program: x is 1 for a funded project."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from pabutools.rules.maxwelfare import KnapsackItem, primal_dual_branch

from allocation.constraints import Limit
from allocation.contest import Contest
from allocation.errors import InfeasibleError, SolverFailedError
from allocation.integer_program import Row, Solution, solve

# The exact check recurses once per project; more than these would exceed Python's stack.
CONFIRMED_PROJECTS_MAX = 800


@dataclass(frozen=True, slots=True)
class NamedRow:
    """A constraint with the words in which it was asked for."""

    name: str
    row: Row


@dataclass(frozen=True)
class Program:
    """Values, budget and constraints of a contest, by project index."""

    contest: Contest

    @cached_property
    def values(self) -> list[int]:
        electorate = self.contest.electorate
        return [
            shares * unit
            for shares, unit in zip(electorate.total_shares, electorate.units, strict=True)
        ]

    @cached_property
    def constraints(self) -> list[NamedRow]:
        return list(_constraint_rows(self.contest))

    @cached_property
    def budget_row(self) -> Row:
        costs = self.contest.electorate.costs
        return Row(dict(enumerate(costs)), high=self.contest.instance.budget)

    def best(self) -> Solution:
        """Find a set of the greatest value; InfeasibleError names constraints that clash."""
        solution = self._solve(self.values, (named.row for named in self.constraints))
        if solution is None:
            raise InfeasibleError(self._smallest_conflict())
        if not self.constraints:
            self._confirm(solution.value)
        return solution

    def find(self, rows: Iterable[Row], values: Sequence[int] | None = None) -> Solution | None:
        """Find any set (or one of the greatest sum of `values`) that also keeps further rows."""
        own = [named.row for named in self.constraints]
        return self._solve(values or [0] * len(self.values), [*own, *rows])

    def _solve(self, values: Sequence[int], rows: Iterable[Row]) -> Solution | None:
        return solve(values, [self.budget_row, *rows], self.contest.sheet.time_limit)

    def _smallest_conflict(self) -> list[str]:
        """Drop constraints one at a time; those that cannot be dropped clash with one another."""
        needed = self.constraints
        for named in self.constraints:
            without = [other for other in needed if other is not named]
            if self._solve([0] * len(self.values), (other.row for other in without)) is None:
                needed = without
        return [named.name for named in needed]

    def _confirm(self, value: int) -> None:
        """Compute the optimum once more by an exact branch and bound; they must agree."""
        worth_it = [index for index, each in enumerate(self.values) if each > 0]
        if len(worth_it) > CONFIRMED_PROJECTS_MAX:
            return
        costs = self.contest.electorate.costs
        items = [
            KnapsackItem(index, costs[index], Fraction(self.values[index])) for index in worth_it
        ]
        # pabutools fails on an empty list, whose best value needs no search.
        funded = primal_dual_branch(items, self.contest.instance.budget) if items else []
        exact = sum(int(item.profit) for item in funded)
        if exact != value:
            raise SolverFailedError(
                f"Two solvers disagree about the best value ({value} and {exact}), "
                "so the result is not proven. Report this file."
            )


def _constraint_rows(contest: Contest) -> Iterator[NamedRow]:
    index = {id_: place for place, id_ in enumerate(contest.electorate.ids)}
    constraints = contest.sheet.constraints
    for group in sorted(contest.exclusive, key=sorted):
        members = sorted(group)
        row = Row({index[id_]: 1 for id_ in members}, high=1)
        yield NamedRow(f"only one of {', '.join(members)}", row)
    for limit in constraints.limits:
        yield NamedRow(str(limit), _limit_row(limit, contest))
    for pair in constraints.requires:
        if pair.project != pair.needs:
            row = Row({index[pair.project]: 1, index[pair.needs]: -1}, high=0)
            yield NamedRow(str(pair), row)
    for at_most in constraints.at_most:
        limited = at_most.projects or contest.electorate.ids
        yield NamedRow(str(at_most), Row({index[id_]: 1 for id_ in limited}, high=at_most.k))


def _limit_row(limit: Limit, contest: Contest) -> Row:
    """Count money or projects of an area or category; money limits become minor units."""
    inside = {
        index: 1 if limit.amount is None else project.cost
        for index, project in enumerate(contest.instance.projects)
        if getattr(project, limit.label_of) == limit.label
    }
    per_unit = contest.instance.minor_per_unit
    size = Fraction(limit.number or 0) if limit.amount is None else limit.amount * per_unit
    if limit.kind == "floor":
        return Row(inside, low=math.ceil(size))
    return Row(inside, high=math.floor(size))
