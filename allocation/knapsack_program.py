"""An election and its constraints as an integer program: x is 1 for a funded project.

A project with an adjustable cost is funded at its minimum, and may get *parcels* of steps on top:
1, 2, 4 and so on, the last one smaller, so that the parcels make every number of steps up to the
maximum and none above. So everything is a choice of yes or no, and the proof is one for all.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from allocation.amounts import amount_text
from allocation.ballot_sums import total_shares
from allocation.conflict import NamedRow, smallest_conflict
from allocation.constraints import Limit
from allocation.contest import Contest
from allocation.errors import InfeasibleError
from allocation.integer_program import Row, ZeroOneProgram
from allocation.optimum import Optimum, find_optimum
from allocation.tie_breaking import Tie
from allocation.utilities import UTILITIES_WITH_COST


@dataclass(frozen=True, slots=True)
class Parcel:
    """Steps by which a project (by index) costs more than its minimum, in minor units."""

    project: int
    cost: int


@dataclass(frozen=True)
class Program:
    """Values, budget and constraints of a contest: project indices first, then the parcels.

    Under a utility that grows with the cost, an adjustable project is worth to its supporters the
    money spent on it (times their points); under the others it is worth all it can as soon as it
    is funded at its minimum.
    """

    contest: Contest

    @cached_property
    def ids(self) -> list[str]:
        return [project.id for project in self.contest.instance.projects]

    @cached_property
    def index_of(self) -> Mapping[str, int]:
        return {id_: place for place, id_ in enumerate(self.ids)}

    @cached_property
    def parcels(self) -> list[Parcel]:
        return list(_parcels(self.contest, self.index_of))

    @cached_property
    def parcels_of(self) -> Mapping[int, list[int]]:
        """The indices of the parcels of each adjustable project."""
        of: dict[int, list[int]] = {
            self.index_of[each.project]: [] for each in self.contest.sheet.constraints.adjustable
        }
        for index, parcel in enumerate(self.parcels, start=self.projects):
            of[parcel.project].append(index)
        return of

    @property
    def projects(self) -> int:
        """How many projects there are; parcels have the indices from here on."""
        return len(self.ids)

    def projects_of(self, indices: frozenset[int]) -> frozenset[int]:
        """Leave out the parcels."""
        return frozenset(index for index in indices if index < self.projects)

    @cached_property
    def costs(self) -> list[int]:
        costs = [project.cost for project in self.contest.instance.projects]
        for each in self.contest.sheet.constraints.adjustable:
            costs[self.index_of[each.project]] = self._minor(each.min)
        return [*costs, *(parcel.cost for parcel in self.parcels)]

    @cached_property
    def scale(self) -> int:
        """What makes shares whole."""
        return math.lcm(*(share.denominator for share in self._exact_shares))

    @cached_property
    def shares(self) -> list[int]:
        """For each project what all ballots say about it, times the scale."""
        return [int(share * self.scale) for share in self._exact_shares]

    @cached_property
    def _exact_shares(self) -> list[Fraction]:
        return total_shares(self.contest.instance, self.contest.utility)

    @cached_property
    def values(self) -> list[int]:
        """Total utility of every index, times the scale."""
        shares = self.shares
        owners = [*range(self.projects), *(parcel.project for parcel in self.parcels)]
        if self.contest.utility in UTILITIES_WITH_COST:
            return [shares[n] * cost for n, cost in zip(owners, self.costs, strict=True)]
        return [*shares, *(0 for _ in self.parcels)]

    def cost_of(self, project: int, chosen: frozenset[int]) -> int:
        """Sum up what a funded project costs with its parcels, in minor units."""
        parcels = self.parcels_of.get(project, [])
        return sum(self.costs[index] for index in [project, *parcels] if index in chosen)

    @cached_property
    def constraints(self) -> list[NamedRow]:
        return list(_constraint_rows(self))

    @cached_property
    def _budget(self) -> NamedRow:
        instance = self.contest.instance
        name = f"the budget of {amount_text(instance.budget, instance.minor_per_unit)}"
        return NamedRow(name, Row(dict(enumerate(self.costs)), high=instance.budget))

    @cached_property
    def _parcels_with_their_project(self) -> list[Row]:
        return [
            Row({index: 1, parcel.project: -1}, high=0)
            for index, parcel in enumerate(self.parcels, start=self.projects)
        ]

    @cached_property
    def _stopgaps(self) -> frozenset[int]:
        """Projects worth nothing to anybody that a constraint may need all the same."""
        worthless = frozenset(n for n in range(self.projects) if not self.shares[n])
        return frozenset(
            index
            for named in self.constraints
            for index, coefficient in named.row.coefficients.items()
            if index in worthless
            and (named.row.low is not None if coefficient > 0 else named.row.high is not None)
        )

    @property
    def value_unit(self) -> int:
        """By how much the objective counts a unit of value: more than all stopgaps together."""
        return len(self._stopgaps) + 1

    @cached_property
    def whole(self) -> ZeroOneProgram:
        """The program to solve: the greatest value first, then the fewest stopgaps.

        Other worthless projects are left out beforehand.
        """
        left_out = {
            n for n in range(self.projects) if not self.shares[n] and n not in self._stopgaps
        }
        left_out |= {index for n in left_out for index in self.parcels_of.get(n, [])}
        objective = [
            -1 if index in self._stopgaps else value * self.value_unit
            for index, value in enumerate(self.values)
        ]
        named = [self._budget.row, *(constraint.row for constraint in self.constraints)]
        rows = (*named, *self._parcels_with_their_project)
        return ZeroOneProgram(objective, rows, dict.fromkeys(sorted(left_out), 0))

    @cached_property
    def _idle_parcels(self) -> Mapping[int, int]:
        """Parcels that add no value and reach no floor: without them every set is as good."""
        floors = [named.row for named in self.constraints if named.row.low is not None]
        return {
            index: 0
            for index in range(self.projects, len(self.values))
            if not self.values[index] and not any(index in row.coefficients for row in floors)
        }

    def best(self) -> Optimum:
        """Prove the greatest objective; InfeasibleError names constraints that clash.

        Raises UnprovenError when time runs out.
        """
        seconds_max = self.contest.sheet.time_limit
        optimum = find_optimum(self.whole.and_also(fixed=self._idle_parcels), seconds_max)
        if optimum is None:
            always = ZeroOneProgram([0] * len(self.values), self._parcels_with_their_project)
            named = [*self.constraints, self._budget]
            raise InfeasibleError(smallest_conflict(named, always, seconds_max))
        return optimum

    def in_currency(self, objective: Fraction | int) -> Fraction:
        """Turn an objective into utility: in currency units, points or crosses.

        Stopgaps only lower an objective by less than a unit, so it is rounded up to one.
        """
        value = -(-objective // self.value_unit)
        contest = self.contest
        with_cost = contest.utility in UTILITIES_WITH_COST
        per_unit = contest.instance.minor_per_unit if with_cost else 1
        return Fraction(value, self.scale * per_unit)

    def break_tie(
        self, projects: Iterable[int], objective: int, *, stage: str, round_number: int
    ) -> Tie:
        """Let the tie list choose one of several projects, by index."""
        return self.contest.tie_breaker.break_tie(
            [self.ids[index] for index in projects],
            stage=stage,
            round_number=round_number,
            value=self.in_currency(objective),
        )

    def _minor(self, amount: Fraction) -> int:
        return int(amount * self.contest.instance.minor_per_unit)


def _parcels(contest: Contest, index_of: Mapping[str, int]) -> Iterator[Parcel]:
    for each in contest.sheet.constraints.adjustable:
        steps, size = int((each.max - each.min) / each.step), 1
        while steps:
            size = min(size, steps)
            cost = int(size * each.step * contest.instance.minor_per_unit)
            yield Parcel(index_of[each.project], cost)
            steps, size = steps - size, size * 2


def _constraint_rows(program: Program) -> Iterator[NamedRow]:
    contest, index = program.contest, program.index_of
    constraints = contest.sheet.constraints
    for group in sorted(contest.exclusive, key=sorted):
        members = sorted(group)
        row = Row({index[id_]: 1 for id_ in members}, high=1)
        yield NamedRow(f"only one of {', '.join(members)}", row)
    for limit in constraints.limits:
        yield NamedRow(str(limit), _limit_row(limit, program))
    for pair in constraints.requires:
        if pair.project != pair.needs:
            row = Row({index[pair.project]: 1, index[pair.needs]: -1}, high=0)
            yield NamedRow(str(pair), row)
    for at_most in constraints.at_most:
        limited = at_most.projects or program.ids
        yield NamedRow(str(at_most), Row({index[id_]: 1 for id_ in limited}, high=at_most.k))


def _limit_row(limit: Limit, program: Program) -> Row:
    """Count money or projects of an area or category; money limits become minor units."""
    instance = program.contest.instance
    inside = [
        index
        for index, project in enumerate(instance.projects)
        if getattr(project, limit.label_of) == limit.label
    ]
    if limit.amount is None:
        counted, size = dict.fromkeys(inside, 1), Fraction(limit.number or 0)
    else:
        paid = [each for index in inside for each in (index, *program.parcels_of.get(index, []))]
        counted = {index: program.costs[index] for index in paid}
        size = limit.amount * instance.minor_per_unit
    if limit.kind == "floor":
        return Row(counted, low=math.ceil(size))
    return Row(counted, high=math.floor(size))
