"""The advanced schedule: values at knots of income, by a linear program (PuLP with HiGHS).

Source: the design of Minga's vouchers, section 5. The solver works in floats; what it finds is
rounded down to the grid and then checked in exact numbers, because the council pays in cents.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from importlib.metadata import version
from itertools import pairwise
from math import ceil, floor
from typing import Any

import numpy as np
import pulp

from app.programmes.infeasible import Infeasible
from app.programmes.knob import check_grid
from app.programmes.population import PER_WHOLE, Population, exact_sum

SECONDS_MAX = 10
KNOTS_MIN, KNOTS_MAX = 2, 20
AVERSION_MAX = 2
_SLACK = 1e-9
"""How much of an optimum the next stage may give up, for floats."""
Weights = tuple[Fraction, ...]


class SolverFailedError(Exception):
    """The solver proved neither a best schedule nor that there is none, or broke a promise."""


@dataclass(frozen=True, slots=True)
class PiecewiseRules:
    """What the council fixes. Amounts and incomes in the smallest unit."""

    knots_minor: tuple[int, ...]
    floor_minor: int
    cap_minor: int
    slope: Fraction
    """rho: what a voucher may lose per unit of equivalised income, household limit included."""
    grid_minor: int = 50
    contingency: Fraction = Fraction(0)
    income_min_minor: int = 30_000
    """y_min: lower incomes weigh as much as this one."""
    aversion: Fraction = Fraction(1)
    """eta, 0 to 2: how much more a euro counts at low income."""
    last_year_minor: tuple[int, ...] | None = None
    loss_max: Fraction | None = None
    """delta: the most that a value may fall from last year's, as a part of it."""
    taper: bool = False
    """Never fall more steeply at higher income."""
    need_minor: int | None = None
    out_of_pocket_max: Fraction | None = None
    """kappa: what is left of `need_minor` should be at most this part of income (a wish)."""

    def __post_init__(self) -> None:
        check_grid(self.floor_minor, self.cap_minor, self.grid_minor)
        knots = self.knots_minor
        rising = all(a < b for a, b in pairwise(knots))
        if not KNOTS_MIN <= len(knots) <= KNOTS_MAX or knots[0] != 0 or not rising:
            raise ValueError(f"knots must rise from 0, {KNOTS_MIN} to {KNOTS_MAX} of them")
        if not 0 <= self.slope <= 1 or not 0 <= self.aversion <= AVERSION_MAX:
            raise ValueError("slope or aversion out of bounds")
        if self.contingency < 0:
            raise ValueError("the contingency must not be negative")
        if (self.last_year_minor is None) != (self.loss_max is None):
            raise ValueError("a loss limit needs both last year's values and the limit")
        if self.last_year_minor is not None and len(self.last_year_minor) != len(knots):
            raise ValueError("last year's values must be given at the same knots")
        if (self.need_minor is None) != (self.out_of_pocket_max is None):
            raise ValueError("the out-of-pocket wish needs both a need and a part of income")

    def fall_max_steps(self, k: int) -> int:
        """Return the most that the value may fall to the next knot, in whole steps of the grid.

        Rounding this down makes rounding of the values keep the slope.
        """
        gap = self.knots_minor[k + 1] - self.knots_minor[k]
        return floor(self.slope * gap / self.grid_minor)

    def lowest_steps(self, k: int) -> int:
        """Return the least that the floor and the loss limit leave at a knot, in steps."""
        lowest = self.floor_minor // self.grid_minor
        if self.last_year_minor is None or self.loss_max is None:
            return lowest
        kept = (1 - self.loss_max) * self.last_year_minor[k]
        return max(lowest, ceil(kept / self.grid_minor))


@dataclass(frozen=True, slots=True)
class PiecewiseSchedule:
    """Values at the knots, straight lines between them, flat beyond the last."""

    rules: PiecewiseRules
    values_minor: tuple[int, ...]
    dual: str = "0"
    """What one more euro of budget would buy, in weighted euros: always the absolute value."""
    solver: str = field(default="", compare=False)

    def value_minor(self, income_minor: Fraction | None) -> int:
        """Return a voucher's value; None, an income that was not declared, gives the floor."""
        rules = self.rules
        if income_minor is None:
            return rules.floor_minor
        knots, values = rules.knots_minor, self.values_minor
        exact = Fraction(values[-1])
        for k in range(len(knots) - 1):
            if income_minor < knots[k + 1]:
                part = Fraction(income_minor - knots[k]) / (knots[k + 1] - knots[k])
                exact = values[k] - (values[k] - values[k + 1]) * part
                break
        return int(exact // rules.grid_minor) * rules.grid_minor

    def slopes(self) -> tuple[Fraction, ...]:
        """Return what a voucher loses per unit of income between each two knots."""
        knots, values = self.rules.knots_minor, self.values_minor
        return tuple(
            Fraction(values[k] - values[k + 1], knots[k + 1] - knots[k])
            for k in range(len(knots) - 1)
        )

    def steepest(self) -> Fraction:
        return max(self.slopes())

    def to_document(self) -> dict[str, Any]:
        rules = self.rules
        return {
            "kind": "piecewise",
            "knots_minor": list(rules.knots_minor),
            "values_minor": list(self.values_minor),
            "floor_minor": rules.floor_minor,
            "cap_minor": rules.cap_minor,
            "slope": str(rules.slope),
            "grid_minor": rules.grid_minor,
            "contingency": str(rules.contingency),
            "income_min_minor": rules.income_min_minor,
            "aversion": str(rules.aversion),
            "last_year_minor": rules.last_year_minor and list(rules.last_year_minor),
            "loss_max": None if rules.loss_max is None else str(rules.loss_max),
            "taper": rules.taper,
            "need_minor": rules.need_minor,
            "out_of_pocket_max": (
                None if rules.out_of_pocket_max is None else str(rules.out_of_pocket_max)
            ),
            "dual": self.dual,
            "solver": self.solver,
        }


def from_document(document: Mapping[str, Any]) -> PiecewiseSchedule:
    def part(name: str) -> Fraction | None:
        return None if document[name] is None else Fraction(document[name])

    last_year = document["last_year_minor"]
    rules = PiecewiseRules(
        knots_minor=tuple(document["knots_minor"]),
        floor_minor=document["floor_minor"],
        cap_minor=document["cap_minor"],
        slope=Fraction(document["slope"]),
        grid_minor=document["grid_minor"],
        contingency=Fraction(document["contingency"]),
        income_min_minor=document["income_min_minor"],
        aversion=Fraction(document["aversion"]),
        last_year_minor=None if last_year is None else tuple(last_year),
        loss_max=part("loss_max"),
        taper=document["taper"],
        need_minor=document["need_minor"],
        out_of_pocket_max=part("out_of_pocket_max"),
    )
    values = tuple(document["values_minor"])
    return PiecewiseSchedule(rules, values, document["dual"], document["solver"])


def solver_version() -> str:
    return f"PuLP {version('pulp')}, HiGHS {version('highspy')}"


def solve(
    rules: PiecewiseRules, people: Population, budget_minor: int
) -> PiecewiseSchedule | Infeasible:
    """Find the best values within the budget, checked exactly; or what would be needed.

    Raises SolverFailedError when the solver proves nothing in time.
    """
    users = users_at_knots(rules.knots_minor, people)
    needed = _needed_minor(rules, users)
    if needed is None or needed > budget_minor:
        return Infeasible(needed, budget_minor, _floor_that_fits(rules, users, budget_minor))
    steps, dual = _best(rules, users, budget_minor, people)
    values = tuple(one * rules.grid_minor for one in steps)
    schedule = PiecewiseSchedule(rules, values, dual, solver_version())
    if broken := broken_promise(schedule, users, budget_minor):
        raise SolverFailedError(broken)
    return schedule


def cost(schedule: PiecewiseSchedule, people: Population) -> Fraction:
    """Return the expected cost with contingency, exact, before values between knots are rounded."""
    return _cost(schedule.rules, users_at_knots(schedule.rules.knots_minor, people), schedule)


def users_at_knots(knots_minor: Sequence[int], people: Population) -> Weights:
    """Return N_k = sum of w * u * hat_k(y): how much of the use each knot's value is paid for."""
    knots = np.array(knots_minor, dtype=np.int64)
    incomes, users = people.incomes_minor, people.users
    segment = np.searchsorted(knots, incomes, side="right") - 1
    found = [Fraction(0)] * len(knots)
    for k in range(len(knots)):
        inside = segment == k
        if not inside.any():
            continue
        here = users[inside]
        total = Fraction(exact_sum(here), PER_WHOLE)
        moved = Fraction(0)
        if k + 1 < len(knots):
            along = exact_sum(here, incomes[inside] - knots[k])
            moved = Fraction(along, PER_WHOLE * int(knots[k + 1] - knots[k]))
            found[k + 1] += moved
        found[k] += total - moved
    return tuple(found)


def broken_promise(schedule: PiecewiseSchedule, users: Weights, budget_minor: int) -> str | None:
    """Name the first promise that the values break, in exact numbers; None: they keep all."""
    rules, values = schedule.rules, schedule.values_minor
    grid = rules.grid_minor
    falls = [values[k] - values[k + 1] for k in range(len(values) - 1)]
    slopes = schedule.slopes()
    promises = {
        "grid": all(value % grid == 0 for value in values),
        "floor": values[-1] >= rules.floor_minor > 0,
        "cap": values[0] <= rules.cap_minor,
        "never rises": all(fall >= 0 for fall in falls),
        "no cliff": all(slope <= rules.slope for slope in slopes),
        "loss limit": all(v >= rules.lowest_steps(k) * grid for k, v in enumerate(values)),
        "taper": not rules.taper or all(a >= b for a, b in pairwise(slopes)),
        "budget": _cost(rules, users, schedule) <= budget_minor,
    }
    return next((name for name, kept in promises.items() if not kept), None)


def _cost(rules: PiecewiseRules, users: Weights, schedule: PiecewiseSchedule) -> Fraction:
    paid = sum(n * v for n, v in zip(users, schedule.values_minor, strict=True))
    return (1 + rules.contingency) * paid


@dataclass(frozen=True, slots=True)
class _Program:
    problem: pulp.LpProblem
    steps: list[Any]
    """The value at each knot, counted in steps of the grid."""


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


def _run(problem: pulp.LpProblem) -> bool:
    """Solve; return False when there is no solution. Raises SolverFailedError without a proof."""
    problem.solve(pulp.HiGHS(msg=False, timeLimit=SECONDS_MAX, threads=1, gapRel=0))
    if problem.sol_status == pulp.LpSolutionInfeasible:
        return False
    # `status` says Optimal even when time ran out; only `sol_status` tells.
    if problem.sol_status != pulp.LpSolutionOptimal:
        raise SolverFailedError(pulp.LpSolution[problem.sol_status])
    return True


def _needed_minor(rules: PiecewiseRules, users: Weights) -> int | None:
    """Return the least that the rules cost, rounded up; None when they contradict each other."""
    if any(rules.lowest_steps(k) > rules.cap_minor // rules.grid_minor for k in range(len(users))):
        return None
    made = _program(rules, pulp.LpMinimize)
    # Knots that nobody is near must not float about: a trace of weight pulls them down.
    made.problem.setObjective(
        pulp.lpSum((float(n) + 1e-6) * s for n, s in zip(users, made.steps, strict=True))
    )
    if not _run(made.problem):
        return None
    # Differences are bounded by whole steps, so the cheapest values are whole steps too.
    values = tuple(round(one.value()) * rules.grid_minor for one in made.steps)
    return ceil(_cost(rules, users, PiecewiseSchedule(rules, values)))


def _floor_that_fits(rules: PiecewiseRules, users: Weights, budget_minor: int) -> int | None:
    """Return the highest lower floor on the grid that the budget pays under the same rules."""
    grid = rules.grid_minor

    def fits(steps: int) -> bool:
        needed = _needed_minor(replace(rules, floor_minor=steps * grid), users)
        return needed is not None and needed <= budget_minor

    low, high = 0, rules.floor_minor // grid - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low * grid if low > 0 else None


def _best(
    rules: PiecewiseRules, users: Weights, budget_minor: int, people: Population
) -> tuple[list[int], str]:
    """Maximise in order: needs met, weighted value, the last value, evenness of the fall."""
    made = _program(rules, pulp.LpMaximize)
    problem, steps = made.problem, made.steps
    paid = [float((1 + rules.contingency) * n * rules.grid_minor) for n in users]
    budget = pulp.lpSum(p * s for p, s in zip(paid, steps, strict=True)) <= budget_minor
    problem.addConstraint(budget, "budget")
    if rules.need_minor is not None and rules.out_of_pocket_max is not None:
        _meet_needs(made, rules, users)
    weights = _weights(rules, people)
    worth = pulp.lpSum(
        g * float(n) * rules.grid_minor * s for g, n, s in zip(weights, users, steps, strict=True)
    )
    _stage(problem, worth, then="worth")
    dual = "" if rules.taper else f"{abs(problem.get_constraint_by_name('budget').pi or 0.0):.6f}"
    _stage(problem, steps[-1] + 0, then="last")
    steepest = problem.add_variable("steepest", lowBound=0)
    for k in range(len(steps) - 1):
        gap = rules.knots_minor[k + 1] - rules.knots_minor[k]
        problem += steps[k] - steps[k + 1] <= steepest * (gap / rules.grid_minor)
    _stage(problem, -1 * steepest, then="even")
    # A float a trace below a whole step is that step; the exact check has the last word.
    whole = [floor(one.value() + 1e-6) for one in steps]
    return _within(rules, users, whole, budget_minor), dual


def _within(
    rules: PiecewiseRules, users: Weights, whole: list[int], budget_minor: int
) -> list[int]:
    """Take the trace back where it would cost more than there is."""
    values = tuple(one * rules.grid_minor for one in whole)
    if _cost(rules, users, PiecewiseSchedule(rules, values)) <= budget_minor:
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
    _stage(made.problem, -1 * pulp.lpSum(short), then="needs")


def _stage(problem: pulp.LpProblem, goal: Any, *, then: str) -> None:
    """Maximise `goal`, then hold it while later goals are looked at."""
    problem.setObjective(goal)
    if not _run(problem):
        raise SolverFailedError(f"no solution at stage {then}")
    best = float(pulp.value(goal))
    problem.addConstraint(goal >= best - _SLACK * max(1.0, abs(best)), f"hold_{then}")


def _weights(rules: PiecewiseRules, people: Population) -> list[float]:
    """Return g_k = (max(k, y_min) / median)^(-eta)."""
    middle = max(1.0, _median(people))
    eta = float(rules.aversion)
    return [(max(knot, rules.income_min_minor, 1) / middle) ** -eta for knot in rules.knots_minor]


def _median(people: Population) -> float:
    order = np.argsort(people.incomes_minor, kind="stable")
    counted = np.cumsum(people.people[order])
    half: Callable[[float], int] = lambda at: int(np.searchsorted(counted, at, side="right"))  # noqa: E731 (named for its type)
    total = int(counted[-1])
    if total == 0:
        return 1.0
    low = people.incomes_minor[order][half((total - 1) / 2)]
    high = people.incomes_minor[order][min(half(total / 2), len(order) - 1)]
    return (int(low) + int(high)) / 2
