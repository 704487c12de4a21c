"""The default schedule, with one knob: v(y) = clip(a - rho * max(0, y - y0), f, c).

Source: the design of Minga's vouchers, section 5. Everything is in the smallest unit of the
currency and exact; values are rounded down to the grid.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any

import numpy as np

from app.programmes.infeasible import Infeasible
from app.programmes.population import PER_WHOLE, Population, Whole, exact_sum


@dataclass(frozen=True, slots=True)
class KnobRules:
    """What the council fixes; the knob a follows from the budget."""

    floor_minor: int
    cap_minor: int
    slope: Fraction
    """rho: what a voucher loses per unit of equivalised income above `start_minor`."""
    start_minor: int
    grid_minor: int = 50
    contingency: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        check_grid(self.floor_minor, self.cap_minor, self.grid_minor)
        if not 0 <= self.slope <= 1 or self.start_minor < 0 or self.contingency < 0:
            raise ValueError("slope, start or contingency out of bounds")


@dataclass(frozen=True, slots=True)
class KnobSchedule:
    """A schedule whose knob is set. `top_minor` is a: the value before the clip at low income."""

    rules: KnobRules
    top_minor: int

    def value_minor(self, income_minor: Fraction | None) -> int:
        """Return a voucher's value; None, an income that was not declared, gives the floor."""
        rules = self.rules
        if income_minor is None:
            return rules.floor_minor
        fall = rules.slope * max(Fraction(0), income_minor - rules.start_minor)
        steps = -(-fall // rules.grid_minor)
        value = self.top_minor - int(steps) * rules.grid_minor
        return max(rules.floor_minor, min(rules.cap_minor, value))

    def falls(self) -> tuple[tuple[int, Fraction], ...]:
        """Return from which income on a voucher loses how much per unit: before rounding."""
        rules = self.rules
        top, floor = min(self.top_minor, rules.cap_minor), rules.floor_minor
        if rules.slope == 0 or top <= floor:
            return ((0, Fraction(0)),)
        first = rules.start_minor + max(0, ceil((self.top_minor - top) / rules.slope))
        last = rules.start_minor + ceil((self.top_minor - floor) / rules.slope)
        begin = ((0, Fraction(0)),) if first else ()
        return (*begin, (first, rules.slope), (last, Fraction(0)))

    def steepest(self) -> Fraction:
        """Return the most that a voucher loses per unit of equivalised income."""
        return self.rules.slope

    def to_document(self) -> dict[str, Any]:
        rules = self.rules
        return {
            "kind": "knob",
            "floor_minor": rules.floor_minor,
            "cap_minor": rules.cap_minor,
            "slope": str(rules.slope),
            "start_minor": rules.start_minor,
            "grid_minor": rules.grid_minor,
            "contingency": str(rules.contingency),
            "top_minor": self.top_minor,
        }


def from_document(document: Mapping[str, Any]) -> KnobSchedule:
    rules = KnobRules(
        floor_minor=document["floor_minor"],
        cap_minor=document["cap_minor"],
        slope=Fraction(document["slope"]),
        start_minor=document["start_minor"],
        grid_minor=document["grid_minor"],
        contingency=Fraction(document["contingency"]),
    )
    return KnobSchedule(rules, document["top_minor"])


def check_grid(floor_minor: int, cap_minor: int, grid_minor: int) -> None:
    """Raise ValueError unless 0 < floor <= cap and both are whole steps of the grid."""
    if grid_minor < 1 or not 0 < floor_minor <= cap_minor:
        raise ValueError("the floor must be above zero and at most the cap")
    if floor_minor % grid_minor or cap_minor % grid_minor:
        raise ValueError("floor and cap must be whole steps of the grid")


def solve(rules: KnobRules, people: Population, budget_minor: int) -> KnobSchedule | Infeasible:
    """Find the largest a on the grid with (1 + m) * sum(w * u * v) <= budget, by bisection."""
    users = _users_by_step(rules, people)

    def fits(top_minor: int) -> bool:
        return _cost(rules, users, top_minor) <= budget_minor

    if not fits(rules.floor_minor):
        return _infeasible(rules, people, budget_minor)
    grid = rules.grid_minor
    low, high = rules.floor_minor // grid, rules.cap_minor // grid + len(users) - 1
    while low < high:  # low fits; whatever lies above high gives nobody more
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle * grid) else (low, middle - 1)
    return KnobSchedule(rules, low * grid)


def cost(schedule: KnobSchedule, people: Population) -> Fraction:
    """Return the expected cost with contingency, exact, of the values as they are paid."""
    rules = schedule.rules
    return _cost(rules, _users_by_step(rules, people), schedule.top_minor)


def _users_by_step(rules: KnobRules, people: Population) -> Whole:
    """Return the users, in millionths, by how many steps of the grid they lie below a.

    Nobody gets more than the floor this many steps down, so the rest count as the last.
    """
    above = np.maximum(people.incomes_minor - rules.start_minor, 0)
    top, bottom = rules.slope.numerator, rules.slope.denominator * rules.grid_minor
    if int(above.max()) * top >= 2**62:
        raise ValueError("an income is too large to count with")
    steps = -(-above * top // bottom)
    users = np.zeros(int(steps.max()) + 1, dtype=np.int64)
    np.add.at(users, steps, people.users)
    return users


def _cost(rules: KnobRules, users: Whole, top_minor: int) -> Fraction:
    falls = np.arange(len(users), dtype=np.int64) * rules.grid_minor
    values = np.clip(top_minor - falls, rules.floor_minor, rules.cap_minor)
    return (1 + rules.contingency) * Fraction(exact_sum(values, users), PER_WHOLE)


def _infeasible(rules: KnobRules, people: Population, budget_minor: int) -> Infeasible:
    per_unit = (1 + rules.contingency) * people.users_total
    fitting = int(budget_minor / per_unit // rules.grid_minor) * rules.grid_minor
    return Infeasible(
        needed_minor=-int(-per_unit * rules.floor_minor // 1),
        budget_minor=budget_minor,
        floor_that_fits_minor=fitting or None,
    )
