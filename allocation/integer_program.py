"""A zero-one program solved by HiGHS through PuLP, trusted only after a check in whole numbers.

Four traps are guarded against: HiGHS by default calls a result within 0.01 % "optimal"; PuLP says
"Optimal" in `status` when time ran out (only `sol_status` tells); variables come back as 0.9999999;
and with large numbers a tolerance of 0.000001 is enough to overspend.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import pulp

from allocation.errors import SolverFailedError

INTEGRALITY_TOLERANCE = 1e-6
# Values are whole numbers, so a gap below 1 is a proof.
ABSOLUTE_GAP = 0.5
# HiGHS refuses coefficients from here on, and doubles cannot tell such sums apart.
COEFFICIENT_MAX = 10**15
# A solver that keeps returning sets which fail the check is broken, not unlucky.
REPAIRS_MAX = 100


@dataclass(frozen=True, slots=True)
class Row:
    """A linear condition in whole numbers: low <= sum of coefficient * x <= high."""

    coefficients: Mapping[int, int]
    low: int | None = None
    high: int | None = None

    def holds(self, chosen: frozenset[int]) -> bool:
        total = sum(self.coefficients.get(index, 0) for index in chosen)
        return not (
            (self.low is not None and total < self.low)
            or (self.high is not None and total > self.high)
        )

    def reduced(self) -> "Row":
        """Divide by the greatest common divisor: smaller numbers are safer in floats."""
        divisor = math.gcd(*self.coefficients.values()) or 1
        return Row(
            {index: c // divisor for index, c in self.coefficients.items()},
            None if self.low is None else -(-self.low // divisor),
            None if self.high is None else self.high // divisor,
        )


@dataclass(frozen=True, slots=True)
class Solution:
    """A set that keeps every row, its value, and whether no set is better.

    `bound` is what no set exceeds, as far as the solver got; equal to `value` when proven.
    """

    chosen: frozenset[int]
    value: int
    proven: bool
    bound: Fraction


class UnprovenError(Exception):
    """Time ran out: the best set found so far, if any."""

    def __init__(self, incumbent: Solution | None) -> None:
        super().__init__("the solver ended without a proof")
        self.incumbent = incumbent


def solve(values: Sequence[int], rows: Sequence[Row], seconds_max: int | None) -> Solution | None:
    """Find a set of indices of the greatest total value that keeps every row; None: there is none.

    Raises UnprovenError when time ran out, SolverFailedError when the solver cannot be trusted.
    """
    if not values:  # HiGHS takes no empty problem
        return Solution(frozenset(), 0, proven=True, bound=Fraction(0))
    rows = list(rows)
    for _ in range(REPAIRS_MAX):
        solution = _solve_once(values, rows, seconds_max)
        if solution is None or all(row.holds(solution.chosen) for row in rows):
            if solution is not None and not solution.proven:
                raise UnprovenError(solution)
            return solution
        rows.append(no_good_cut(solution.chosen, len(values)))
    raise SolverFailedError(
        "The solver keeps proposing sets that break a constraint by rounding. "
        "Give costs in whole units of the currency."
    )


def no_good_cut(chosen: frozenset[int], size: int) -> Row:
    """Exclude exactly one set and no other."""
    signs = {index: 1 if index in chosen else -1 for index in range(size)}
    return Row(signs, high=len(chosen) - 1)


def _solve_once(
    values: Sequence[int], rows: Sequence[Row], seconds_max: int | None
) -> Solution | None:
    divisor = math.gcd(*values) or 1
    reduced = [row.reduced() for row in rows]
    _check_size(value // divisor for value in values)
    _check_size(coefficient for row in reduced for coefficient in row.coefficients.values())
    problem = pulp.LpProblem("winners", pulp.LpMaximize)
    # Never ids as names: PuLP writes "-" as "_", and "a-1" would meet "a_1".
    x = [problem.add_variable(f"x{index}", cat=pulp.LpBinary) for index in range(len(values))]
    problem += pulp.lpSum(value // divisor * x[index] for index, value in enumerate(values))
    for row in reduced:
        total = pulp.lpSum(c * x[index] for index, c in row.coefficients.items())
        if row.low is not None:
            problem += total >= row.low
        if row.high is not None:
            problem += total <= row.high
    problem.solve(
        pulp.HiGHS(
            msg=False,
            threads=1,
            timeLimit=seconds_max,
            gapRel=0,
            mip_abs_gap=ABSOLUTE_GAP,
            random_seed=0,
        )
    )
    return _read_solution(problem, x, values, divisor)


def _check_size(coefficients: Iterable[int]) -> None:
    if any(abs(coefficient) >= COEFFICIENT_MAX for coefficient in coefficients):
        raise SolverFailedError(
            "The amounts are too large for the solver to be trusted. Give costs and budget in "
            "whole units of the currency, or use another rule."
        )


def _read_solution(
    problem: pulp.LpProblem, x: Sequence[pulp.LpVariable], values: Sequence[int], divisor: int
) -> Solution | None:
    if problem.sol_status == pulp.LpSolutionInfeasible:
        return None
    if problem.sol_status not in {pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible}:
        raise UnprovenError(None)
    levels = [variable.value() for variable in x]
    if any(min(abs(level), abs(1 - level)) > INTEGRALITY_TOLERANCE for level in levels):
        raise SolverFailedError("The solver returned fractions of projects. Count again.")
    chosen = frozenset(index for index, level in enumerate(levels) if round(level) == 1)
    value = sum(values[index] for index in chosen)
    if problem.sol_status == pulp.LpSolutionOptimal:
        return Solution(chosen, value, proven=True, bound=Fraction(value))
    # PuLP minimises the negated objective, so the bound comes with the opposite sign.
    bound = Fraction(-problem.solverModel.getInfo().mip_dual_bound) * divisor
    return Solution(chosen, value, proven=False, bound=bound)
