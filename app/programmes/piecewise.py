"""The advanced schedule: values at knots of income, by a linear program (PuLP with HiGHS).

Source: the design of Minga's vouchers, section 5. The solver works in floats; what it finds is
rounded down to the grid and then checked in exact numbers, because the council pays in cents.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from importlib.metadata import version
from itertools import pairwise
from math import ceil, floor
from typing import Any

import numpy as np

from app.programmes.infeasible import Infeasible
from app.programmes.knob import check_grid
from app.programmes.population import PER_WHOLE, Population, exact_sum

KNOTS_MIN, KNOTS_MAX = 2, 20
AVERSION_MAX = 2
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
    unproven: str = ""
    """The wish from which on nothing is proven to be the best: see `wishes.Wish`; mostly none."""
    gap: str = ""
    """How far from the best that wish can be at most, as a part of it; empty if not known."""

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

    def falls(self) -> tuple[tuple[int, Fraction], ...]:
        """Return from which income on a voucher loses how much per unit: before rounding."""
        knots = self.rules.knots_minor
        return (*zip(knots, self.slopes(), strict=False), (knots[-1], Fraction(0)))

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
            "unproven": self.unproven,
            "gap": self.gap,
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
    return PiecewiseSchedule(
        rules,
        values,
        document["dual"],
        document["solver"],
        document["unproven"],
        document["gap"],
    )


def solver_version() -> str:
    return f"PuLP {version('pulp')}, HiGHS {version('highspy')}"


def solve(
    rules: PiecewiseRules, people: Population, budget_minor: int
) -> PiecewiseSchedule | Infeasible:
    """Find the best values within the budget, checked exactly; or what would be needed.

    Wishes come one after the other. From the first that the solver cannot prove in its time on,
    the best values that it has found are kept, and the schedule says so: every promise holds all
    the same. Raises SolverFailedError when it has found none that keep them.
    """
    from app.programmes import program  # noqa: PLC0415 (loads PuLP, which only designing needs)

    users = users_at_knots(rules.knots_minor, people)
    needed = program.needed_minor(rules, users)
    if needed is None or needed > budget_minor:
        fits = program.floor_that_fits(rules, users, budget_minor)
        return Infeasible(needed, budget_minor, fits)
    best = program.best(rules, users, budget_minor, weights(rules, people))
    values = tuple(one * rules.grid_minor for one in best.steps)
    schedule = PiecewiseSchedule(
        rules, values, best.dual, solver_version(), best.unproven, best.gap
    )
    if broken := broken_promise(schedule, users, budget_minor):
        raise SolverFailedError(broken)
    return schedule


def cost(schedule: PiecewiseSchedule, people: Population) -> Fraction:
    """Return the expected cost with contingency, exact, before values between knots are rounded."""
    return cost_at_knots(schedule, users_at_knots(schedule.rules.knots_minor, people))


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
        "budget": cost_at_knots(schedule, users) <= budget_minor,
    }
    return next((name for name, kept in promises.items() if not kept), None)


def cost_at_knots(schedule: PiecewiseSchedule, users: Weights) -> Fraction:
    """Return the cost with contingency for `users` as `users_at_knots` gives them; exact."""
    paid = sum(n * v for n, v in zip(users, schedule.values_minor, strict=True))
    return (1 + schedule.rules.contingency) * paid


def weights(rules: PiecewiseRules, people: Population) -> list[float]:
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
