"""What the adjustable projects of a set cost, where several divisions of the money are as good."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from allocation.integer_program import Row, ZeroOneProgram, solve
from allocation.knapsack_program import Program
from allocation.optimum import Optimum, contradiction
from allocation.tie_breaking import Tie


@dataclass(frozen=True, slots=True)
class Costs:
    """The funded projects with their parcels; `unique`: no other costs are as good."""

    chosen: frozenset[int]
    ties: tuple[Tie, ...]
    unique: bool


def first_costs(
    program: Program, optimum: Optimum, funded: frozenset[int], *, round_number: int
) -> Costs:
    """Choose the smallest costs in tie order: the first project costs as little as it can.

    If all of them can cost the least at once, there is no tie. Else the tie list says whose cost
    is kept small first, and that is recorded, from round `round_number` on. Raises UnprovenError
    when time runs out.
    """
    parcels = {n: own for n, own in program.parcels_of.items() if own and n in funded}
    if not parcels:
        return Costs(funded, (), unique=True)
    division = _Division(_as_good(program, optimum, funded), program.costs, optimum.seconds_max)
    ties: list[Tie] = []
    while True:
        least = {n: division.least(own) for n, own in parcels.items()}
        chosen = division.with_costs([(own, least[n]) for n, own in parcels.items()])
        if chosen is not None:
            unique = not ties and not division.can_cost_more(parcels, least)
            return Costs(chosen, tuple(ties), unique=unique)
        tied = [n for n, own in parcels.items() if division.can_cost_more({n: own}, least)]
        tie = program.break_tie(
            tied, optimum.value, stage="knapsack-cost", round_number=round_number + len(ties)
        )
        ties.append(tie)
        first = program.index_of[tie.chosen]
        division = division.fix(parcels.pop(first), least[first])


def _as_good(program: Program, optimum: Optimum, funded: frozenset[int]) -> ZeroOneProgram:
    """Leave only the parcels of the funded projects open, and keep the best value."""
    whole = program.whole
    fixed = {n: int(n in funded) for n in range(program.projects)}
    fixed |= {index: 0 for n, own in program.parcels_of.items() if n not in funded for index in own}
    return whole.and_also(Row(dict(enumerate(whole.values)), low=optimum.value), fixed=fixed)


@dataclass(frozen=True, slots=True)
class _Division:
    """Divisions of the money that are equally good: what parcels can cost in them."""

    as_good: ZeroOneProgram
    costs: Sequence[int]
    seconds_max: int | None

    def least(self, parcels: Sequence[int]) -> int:
        """Find the smallest sum that a project's parcels can cost.

        Proven by HiGHS alone: small steps give more states than an exact search can look at.
        """
        values = [-self.costs[n] if n in parcels else 0 for n in range(len(self.costs))]
        cheapest = solve(self.as_good.worth(values), self.seconds_max)
        if cheapest is None:
            raise contradiction()
        return -cheapest.value

    def can_cost_more(self, parcels: Mapping[int, Sequence[int]], least: Mapping[int, int]) -> bool:
        """Say whether the parcels of these projects can cost more than the sum of their least."""
        paid = self._paid([index for own in parcels.values() for index in own])
        more = Row(paid, low=sum(least[n] for n in parcels) + 1)
        return self._find(more) is not None

    def with_costs(self, sums: Sequence[tuple[Sequence[int], int]]) -> frozenset[int] | None:
        """Find a division in which these parcels cost these sums."""
        return self._find(*(Row(self._paid(own), low=sum_, high=sum_) for own, sum_ in sums))

    def fix(self, parcels: Sequence[int], cost: int) -> "_Division":
        row = Row(self._paid(parcels), low=cost, high=cost)
        return _Division(self.as_good.and_also(row), self.costs, self.seconds_max)

    def _paid(self, parcels: Sequence[int]) -> Mapping[int, int]:
        return {index: self.costs[index] for index in parcels}

    def _find(self, *rows: Row) -> frozenset[int] | None:
        nothing = [0] * len(self.costs)
        solution = solve(self.as_good.and_also(*rows).worth(nothing), self.seconds_max)
        return None if solution is None else solution.chosen
