"""The linear program behind values at knots: its rules, and the wishes one after the other.

PuLP with HiGHS. The solver works in floats, and its time is bounded: what it has found counts,
what it has proven is told apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Any

import pulp

from app.programmes.piecewise import (
    PiecewiseRules,
    PiecewiseSchedule,
    SolverFailedError,
    Weights,
    cost_at_knots,
)
from app.programmes.wishes import Wish

SECONDS_MAX = 10
_SLACK = 1e-9
"""How much of an optimum the next wish may give up, for floats."""
_FOUND = frozenset({pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible})


@dataclass(frozen=True, slots=True)
class Best:
    """Values at the knots in steps of the grid; `unproven` and `gap` as the schedule has them."""

    steps: list[int]
    dual: str
    unproven: str
    gap: str


@dataclass
class _Program:
    problem: pulp.LpProblem
    steps: list[Any]
    """The value at each knot, counted in steps of the grid."""
    found: list[float] = field(default_factory=list)
    unproven: str = ""
    gap: str = ""

    def wish(self, goal: Any, name: Wish) -> None:
        """Maximise `goal`, then hold it while later goals are looked at.

        Once a wish is not proven, later ones would only order what nobody knows to be equal.
        """
        if self.unproven:
            return
        self.problem.setObjective(goal)
        status = run(self.problem)
        if status not in _FOUND:
            self._give_up(name)
            return
        self.found = [one.value() for one in self.steps]
        if status != pulp.LpSolutionOptimal:
            self.unproven, self.gap = name, _gap(self.problem)
            return
        best = float(pulp.value(goal))
        hold = goal >= best - _SLACK * max(1.0, abs(best))
        self.problem.addConstraint(hold, f"hold_{name}")

    def _give_up(self, name: Wish) -> None:
        """Keep what the wish before has found. Raises SolverFailedError if there is none."""
        if not self.found:
            raise SolverFailedError(f"nothing was found for the wish {name}")
        self.unproven = name


def needed_minor(rules: PiecewiseRules, users: Weights) -> int | None:
    """Return the least that the rules cost, rounded up; None when they contradict each other."""
    if any(rules.lowest_steps(k) > rules.cap_minor // rules.grid_minor for k in range(len(users))):
        return None
    made = _program(rules, pulp.LpMinimize)
    # Knots that nobody is near must not float about: a trace of weight pulls them down.
    made.problem.setObjective(
        pulp.lpSum((float(n) + 1e-6) * s for n, s in zip(users, made.steps, strict=True))
    )
    status = run(made.problem)
    if status == pulp.LpSolutionInfeasible:
        return None
    if status != pulp.LpSolutionOptimal:
        raise SolverFailedError(pulp.LpSolution[status])
    # Differences are bounded by whole steps, so the cheapest values are whole steps too.
    values = tuple(round(one.value()) * rules.grid_minor for one in made.steps)
    return ceil(cost_at_knots(PiecewiseSchedule(rules, values), users))


def floor_that_fits(rules: PiecewiseRules, users: Weights, budget_minor: int) -> int | None:
    """Return the highest lower floor on the grid that the budget pays under the same rules."""
    grid = rules.grid_minor

    def fits(steps: int) -> bool:
        needed = needed_minor(replace(rules, floor_minor=steps * grid), users)
        return needed is not None and needed <= budget_minor

    low, high = 0, rules.floor_minor // grid - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low * grid if low > 0 else None


def best(
    rules: PiecewiseRules, users: Weights, budget_minor: int, weights: Sequence[float]
) -> Best:
    """Grant the wishes in their order, within the budget. Raises SolverFailedError."""
    made = _program(rules, pulp.LpMaximize)
    problem, steps = made.problem, made.steps
    paid = [float((1 + rules.contingency) * n * rules.grid_minor) for n in users]
    budget = pulp.lpSum(p * s for p, s in zip(paid, steps, strict=True)) <= budget_minor
    problem.addConstraint(budget, "budget")
    if rules.need_minor is not None and rules.out_of_pocket_max is not None:
        _meet_needs(made, rules, users)
    worth = pulp.lpSum(
        g * float(n) * rules.grid_minor * s for g, n, s in zip(weights, users, steps, strict=True)
    )
    made.wish(worth, Wish.WORTH)
    dual = "" if rules.taper else f"{abs(problem.get_constraint_by_name('budget').pi or 0.0):.6f}"
    made.wish(steps[-1] + 0, Wish.LAST)
    steepest = problem.add_variable("steepest", lowBound=0)
    for k in range(len(steps) - 1):
        gap = rules.knots_minor[k + 1] - rules.knots_minor[k]
        problem += steps[k] - steps[k + 1] <= steepest * (gap / rules.grid_minor)
    made.wish(-1 * steepest, Wish.EVEN)
    # A float a trace below a whole step is that step; the exact check has the last word.
    whole = [floor(one + 1e-6) for one in made.found]
    return Best(_within(rules, users, whole, budget_minor), dual, made.unproven, made.gap)


def run(problem: pulp.LpProblem) -> int:
    """Solve; returns PuLP's word for what was found, which alone tells whether it is proven."""
    problem.solve(pulp.HiGHS(msg=False, timeLimit=SECONDS_MAX, threads=1, gapRel=0))
    # `status` says Optimal even when time ran out; only `sol_status` tells.
    return int(problem.sol_status)


def _gap(problem: pulp.LpProblem) -> str:
    return f"{problem.solverModel.getInfo().mip_gap:.1e}"


def _program(rules: PiecewiseRules, sense: int) -> _Program:
    """Write down all rules but the budget.

    With a taper the steps are whole: rounding down would break it, as gaps differ.
    """
    problem = pulp.LpProblem("schedule", sense)
    top = rules.cap_minor // rules.grid_minor
    kind = "Integer" if rules.taper else "Continuous"
    last = len(rules.knots_minor) - 1
    steps = [
        problem.add_variable(f"v_{k}", lowBound=rules.lowest_steps(k), upBound=top, cat=kind)
        for k in range(last + 1)
    ]
    for k in range(last):
        problem += steps[k] - steps[k + 1] >= 0
        problem += steps[k] - steps[k + 1] <= rules.fall_max_steps(k)
    if rules.taper:
        gaps = [b - a for a, b in pairwise(rules.knots_minor)]
        for k in range(last - 1):
            here, next_ = steps[k] - steps[k + 1], steps[k + 1] - steps[k + 2]
            problem += here * gaps[k + 1] - next_ * gaps[k] >= 0
    return _Program(problem, steps)


def _within(
    rules: PiecewiseRules, users: Weights, whole: list[int], budget_minor: int
) -> list[int]:
    """Take the trace back where it would cost more than there is."""
    values = tuple(one * rules.grid_minor for one in whole)
    if cost_at_knots(PiecewiseSchedule(rules, values), users) <= budget_minor:
        return whole
    lowest = [rules.lowest_steps(k) for k in range(len(whole))]
    return [max(low, one - 1) for low, one in zip(lowest, whole, strict=True)]


def _meet_needs(made: _Program, rules: PiecewiseRules, users: Weights) -> None:
    """First leave as few people as can be with more of the need than a part of their income."""
    need, part = rules.need_minor or 0, rules.out_of_pocket_max or Fraction(0)
    short: list[Any] = []
    for k, knot in enumerate(rules.knots_minor):
        wanted = float((need - part * knot) / rules.grid_minor)
        slack = made.problem.add_variable(f"short_{k}", lowBound=0)
        made.problem.addConstraint(made.steps[k] + slack >= wanted, f"need_{k}")
        short.append((float(users[k]) + 1e-6) * slack)
    made.wish(-1 * pulp.lpSum(short), Wish.NEEDS)
