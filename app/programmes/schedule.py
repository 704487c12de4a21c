"""What every schedule can do, whichever way it was made: values, promises, digest of its input."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from app.programmes import knob, piecewise
from app.programmes.households import (
    REFERENCE_HOUSEHOLDS,
    Household,
    Scale,
    equivalised_minor,
    members_per_scale,
)
from app.programmes.infeasible import Infeasible
from app.programmes.knob import KnobRules, KnobSchedule
from app.programmes.piecewise import PiecewiseRules, PiecewiseSchedule
from app.programmes.population import Population

Rules = KnobRules | PiecewiseRules
Schedule = KnobSchedule | PiecewiseSchedule


def solve(rules: Rules, people: Population, budget_minor: int) -> Schedule | Infeasible:
    """Make the schedule of these rules that gives the most within the budget."""
    if isinstance(rules, KnobRules):
        return knob.solve(rules, people, budget_minor)
    return piecewise.solve(rules, people, budget_minor)


def cost(schedule: Schedule, people: Population) -> Fraction:
    """Return the expected cost, contingency included, in the smallest unit; exact."""
    if isinstance(schedule, KnobSchedule):
        return knob.cost(schedule, people)
    return piecewise.cost(schedule, people)


def from_document(document: Mapping[str, Any]) -> Schedule:
    """Read what `to_document` of either kind gave."""
    if document["kind"] == "knob":
        return knob.from_document(document)
    return piecewise.from_document(document)


@dataclass(frozen=True, slots=True)
class Value:
    """A voucher's value with its arithmetic: what was divided by what, and what came of it."""

    value_minor: int
    equivalised_minor: Fraction | None
    """None: no income was declared, so the value is the floor."""


def value_of(
    schedule: Schedule, income_minor: int | None, household: Household, scale: Scale
) -> Value:
    """Return what each member of this household gets at this monthly household income."""
    if income_minor is None:
        return Value(schedule.value_minor(None), None)
    income = equivalised_minor(income_minor, household, scale)
    return Value(schedule.value_minor(income), income)


def household_loss(schedule: Schedule, household: Household, scale: Scale) -> Fraction:
    """Return the most that all members together lose per extra unit of household income."""
    return schedule.steepest() * members_per_scale(household, scale)


def over_limit(
    schedule: Schedule,
    limit: Fraction,
    scale: Scale,
    households: Iterable[Household] = REFERENCE_HOUSEHOLDS,
) -> list[Household]:
    """Return the reference households that lose more than `limit`: none, if there is no cliff."""
    return [one for one in households if household_loss(schedule, one, scale) > limit]


def input_digest(rules: Rules, groups: Iterable[tuple[int, int, int]], budget_minor: int) -> str:
    """Return the SHA-256 of all that a schedule is made from, so that it can be made again."""
    parts = [repr(rules), [list(group) for group in groups], budget_minor]
    return hashlib.sha256(json.dumps(parts, separators=(",", ":")).encode()).hexdigest()
