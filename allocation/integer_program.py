"""A zero-one program solved by HiGHS through PuLP, trusted only after a check in whole numbers.

Five traps are guarded against: HiGHS by default calls a result within 0.01 % "optimal"; PuLP says
"Optimal" in `status` when time ran out (only `sol_status` tells); variables come back as 0.9999999;
with large numbers a tolerance of 0.000001 is enough to overspend; and rounding can cost the set
more than the proof leaves open.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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

    @property
    def divisor(self) -> int:
        """The greatest number that divides every coefficient."""
        return math.gcd(*self.coefficients.values()) or 1

    def reduced(self) -> "Row":
        """Divide by what all coefficients have in common: smaller numbers are safer in floats."""
        divisor = self.divisor
        return Row(
            {index: c // divisor for index, c in self.coefficients.items()},
            None if self.low is None else -(-self.low // divisor),
            None if self.high is None else self.high // divisor,
        )


@dataclass(frozen=True, slots=True)
class ZeroOneProgram:
    """Choose a set of indices of the greatest total value that keeps every row.

    `fixed` says of some indices whether they are in the set (1) or not (0).
    """

    values: Sequence[int]
    rows: Sequence[Row]
    fixed: Mapping[int, int] = field(default_factory=dict)

    def allows(self, chosen: frozenset[int]) -> bool:
        """Check a set against everything but its value, in whole numbers."""
        return all((index in chosen) == bool(x) for index, x in self.fixed.items()) and all(
            row.holds(chosen) for row in self.rows
        )

    def value_of(self, chosen: frozenset[int]) -> int:
        return sum(self.values[index] for index in chosen)

    def and_also(self, *rows: Row, fixed: Mapping[int, int] | None = None) -> "ZeroOneProgram":
        """Add conditions."""
        return ZeroOneProgram(self.values, (*self.rows, *rows), {**self.fixed, **(fixed or {})})

    def worth(self, values: Sequence[int]) -> "ZeroOneProgram":
        """Keep the conditions and look for the greatest total of other values."""
        return ZeroOneProgram(values, self.rows, self.fixed)


@dataclass(frozen=True, slots=True)
class Solution:
    """A set that keeps every row, and its value.

    `bound` is a value that no set exceeds, as far as the solver got; equal to `value` when proven.
    """

    chosen: frozenset[int]
    value: int
    proven: bool
    bound: Fraction


class UnprovenError(Exception):
    """Time ran out, or the proof has a hole: the best set found so far, if any."""

    def __init__(self, incumbent: Solution | None) -> None:
        super().__init__("the solver ended without a proof")
        self.incumbent = incumbent


def solve(program: ZeroOneProgram, seconds_max: int | None) -> Solution | None:
    """Find a best set; None: no set keeps every row.

    Raises UnprovenError when time ran out, SolverFailedError when the solver cannot be trusted.
    """
    if not program.values:  # HiGHS takes no empty problem
        return Solution(frozenset(), 0, proven=True, bound=Fraction(0))
    for _ in range(REPAIRS_MAX):
        solution = _solve_once(program, seconds_max)
        if solution is None or (solution.proven and program.allows(solution.chosen)):
            return solution
        if not solution.proven:
            raise UnprovenError(solution if program.allows(solution.chosen) else None)
        program = program.and_also(no_good_cut(solution.chosen, range(len(program.values))))
    raise SolverFailedError(
        "The solver keeps proposing sets that break a constraint by rounding. "
        "Give costs in whole units of the currency."
    )


def no_good_cut(chosen: frozenset[int], among: Iterable[int]) -> Row:
    """Exclude exactly the sets that agree with `chosen` on all of these indices."""
    signs = {index: 1 if index in chosen else -1 for index in among}
    return Row(signs, high=sum(sign > 0 for sign in signs.values()) - 1)


def row_prices(program: ZeroOneProgram, *, unit: int) -> list[int]:
    """Estimate what one more unit of each row's limit would be worth, in `unit`-ths of a value.

    From the program without "whole or not at all", in floats: good guesses that nothing may rely
    on. Positive where `high` binds, negative where `low` does. All 0 if the solver has no answer.
    """
    problem, _, divisor = _model(program)
    problem.solve(pulp.HiGHS(msg=False, threads=1, mip=False, random_seed=0))
    if problem.sol_status != pulp.LpSolutionOptimal:
        return [0] * len(program.rows)
    return [
        round(Fraction(_price(problem, number)) * divisor * unit / row.divisor)
        for number, row in enumerate(program.rows)
    ]


def _price(problem: pulp.LpProblem, number: int) -> float:
    sides = [problem.get_constraint_by_name(f"{side}{number}") for side in ("low", "high")]
    # PuLP minimises the negated objective, so a price comes with the opposite sign.
    return -sum((side.pi or 0.0 for side in sides if side is not None), 0.0)


def _model(program: ZeroOneProgram) -> tuple[pulp.LpProblem, list[pulp.LpVariable], int]:
    """Write the program for PuLP; values and rows divided by what their numbers have in common."""
    divisor = math.gcd(*program.values) or 1
    rows = [row.reduced() for row in program.rows]
    _check_size(value // divisor for value in program.values)
    _check_size(coefficient for row in rows for coefficient in row.coefficients.values())
    problem = pulp.LpProblem("winners", pulp.LpMaximize)
    # Never ids as names: PuLP writes "-" as "_", and "a-1" would meet "a_1".
    x = [
        problem.add_variable(
            f"x{index}",
            lowBound=program.fixed.get(index, 0),
            upBound=program.fixed.get(index, 1),
            cat=pulp.LpInteger,
        )
        for index in range(len(program.values))
    ]
    problem += pulp.LpAffineExpression(
        [(x[index], value // divisor) for index, value in enumerate(program.values)]
    )
    for number, row in enumerate(rows):
        terms = [(x[index], coefficient) for index, coefficient in row.coefficients.items()]
        if row.low is not None:
            problem += pulp.LpAffineExpression(terms) >= row.low, f"low{number}"
        if row.high is not None:
            problem += pulp.LpAffineExpression(terms) <= row.high, f"high{number}"
    return problem, x, divisor


def _solve_once(program: ZeroOneProgram, seconds_max: int | None) -> Solution | None:
    problem, x, divisor = _model(program)
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
    return _read_solution(problem, x, program, divisor)


def _check_size(coefficients: Iterable[int]) -> None:
    if any(abs(coefficient) >= COEFFICIENT_MAX for coefficient in coefficients):
        raise SolverFailedError(
            "The amounts are too large for the solver to be trusted. Give costs and budget in "
            "whole units of the currency, or use another rule."
        )


def _read_solution(
    problem: pulp.LpProblem, x: Sequence[pulp.LpVariable], program: ZeroOneProgram, divisor: int
) -> Solution | None:
    if problem.sol_status == pulp.LpSolutionInfeasible:
        return None
    if problem.sol_status not in {pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible}:
        raise UnprovenError(None)
    in_time = problem.sol_status == pulp.LpSolutionOptimal
    levels = [variable.value() or 0.0 for variable in x]  # None: it is nowhere in the program
    if any(min(abs(level), abs(1 - level)) > INTEGRALITY_TOLERANCE for level in levels):
        if not in_time:  # nothing whole was found yet
            raise UnprovenError(None)
        raise SolverFailedError("The solver returned fractions of projects. Count again.")
    chosen = frozenset(index for index, level in enumerate(levels) if round(level) == 1)
    value = program.value_of(chosen)
    # PuLP minimises the negated objective, so the bound comes with the opposite sign.
    dual_bound = -problem.solverModel.getInfo().mip_dual_bound
    if in_time and dual_bound < value // divisor + 1:
        return Solution(chosen, value, proven=True, bound=Fraction(value))
    if not math.isfinite(dual_bound):  # before the first relaxation there is no bound at all
        return Solution(chosen, value, proven=False, bound=Fraction(_no_set_exceeds(program)))
    return Solution(chosen, value, proven=False, bound=Fraction(dual_bound) * divisor)


def _no_set_exceeds(program: ZeroOneProgram) -> int:
    return sum(value for value in program.values if value > 0)
