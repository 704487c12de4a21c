"""A programme with its schedule as a file: what an operator loads, and cases that must come out.

TOML; amounts in units of the currency, percentages as numbers. `seed_data/schedules` has examples.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

from app.errors import InvalidError
from app.programmes import schedule
from app.programmes.households import Household, Scale
from app.programmes.infeasible import Infeasible
from app.programmes.knob import KnobRules
from app.programmes.models import Mode
from app.programmes.parameters import Parameter, is_valid
from app.programmes.piecewise import PiecewiseRules
from app.programmes.population import PER_WHOLE, Population, of_groups
from app.programmes.schedule import Rules, Schedule
from app.programmes.services import Service

MINOR_PER_UNIT = 100


@dataclass(frozen=True)
class Given:
    """A parameter with its legal source."""

    name: Parameter
    value: str
    legal_reference: str
    adopted_by: str


@dataclass(frozen=True)
class Case:
    """A household that must get `value_minor`; income None: not declared."""

    name: str
    income_minor: int | None
    household: Household
    scale: Scale
    value_minor: int


@dataclass(frozen=True)
class ScheduleFile:
    """`columns`: of a programme that is begun from it."""

    columns: Mapping[str, Any]
    rules: Rules
    parameters: tuple[Given, ...]
    cases: tuple[Case, ...]

    @property
    def people(self) -> Population:
        """Whom it is paid for: in mode `full` everybody counts as a user."""
        full = self.columns["mode"] == Mode.FULL
        groups = self.columns["people"]
        return of_groups((y, number, PER_WHOLE if full else use) for y, number, use in groups)

    def solve(self) -> Schedule | Infeasible:
        return schedule.solve(self.rules, self.people, self.columns["budget_minor"])

    def wrong_cases(self, made: Schedule) -> list[tuple[Case, int]]:
        """Return the cases that do not come out, each with what its household would get."""
        found = [
            (one, schedule.value_of(made, one.income_minor, one.household, one.scale).value_minor)
            for one in self.cases
        ]
        return [(one, value) for one, value in found if value != one.value_minor]


def read(content: bytes) -> ScheduleFile:
    """Read a file. Raises InvalidError with what is wrong with it."""
    try:
        table = tomllib.loads(content.decode("utf-8"))
        parameters = tuple(_parameter(one) for one in table.get("parameter", []))
        return ScheduleFile(
            columns=_columns(table),
            rules=_rules(table["rules"], parameters),
            parameters=parameters,
            cases=tuple(_case(one) for one in table.get("case", [])),
        )
    except KeyError as error:
        raise InvalidError(_("The file lacks “%(name)s”.", name=error.args[0])) from error
    except (ValueError, TypeError) as error:
        raise InvalidError(_("The file cannot be read: %(why)s", why=error)) from error


def _columns(table: Mapping[str, Any]) -> dict[str, Any]:
    starts_on, ends_on = table["starts_on"], table["ends_on"]
    if not (type(starts_on) is type(ends_on) is date and starts_on <= ends_on):
        raise ValueError("starts_on and ends_on must be days, the first not after the last")
    covered = "cover" in table
    return {
        "name": str(table["name"]),
        "summary": str(table["summary"]),
        "services": [Service(one) for one in table["services"]],
        "eligibility": str(table["eligibility"]),
        "starts_on": starts_on,
        "ends_on": ends_on,
        "budget_minor": _minor(table["budget"]),
        "council_act": str(table["council_act"]),
        "people": [_group(*one) for one in table["people"]],
        "people_source": str(table["people_source"]),
        "mode": Mode.COVERED if covered else Mode.FULL,
        "cover_minor": _minor(table["cover"]) if covered else 0,
    }


def _rules(table: Mapping[str, Any], parameters: tuple[Given, ...]) -> Rules:
    said = {one.name: one.value for one in parameters}
    part = Fraction(said.get(Parameter.CONTINGENCY, "5")) / 100
    floor, cap = _minor(table["floor"]), _minor(table["cap"])
    slope = _exact(table["slope_percent"]) / 100
    if table["kind"] == "knob":
        return KnobRules(floor, cap, slope, _minor(table["start"]), contingency=part)
    if table["kind"] != "knots":
        raise ValueError("the kind of rules is neither knob nor knots")
    knots = tuple(_minor(one) for one in table["knots"])
    return PiecewiseRules(knots, floor, cap, slope, contingency=part)


def _parameter(table: Mapping[str, Any]) -> Given:
    name, value = Parameter(table["name"]), str(table["value"])
    if not is_valid(name, value):
        raise ValueError(f"the parameter {name} cannot be {value}")
    return Given(name, value, str(table["legal_reference"]), str(table["adopted_by"]))


def _case(table: Mapping[str, Any]) -> Case:
    income = table.get("income")
    return Case(
        name=str(table["name"]),
        income_minor=None if income is None else _minor(income),
        household=Household(table.get("adults", 1), table.get("children", 0)),
        scale=Scale(table.get("scale", Scale.OECD_MODIFIED)),
        value_minor=_minor(table["value"]),
    )


def _group(income: float, people: int, use_percent: float) -> list[int]:
    use = _exact(use_percent) * PER_WHOLE / 100
    if people < 1 or not 0 <= use <= PER_WHOLE or use.denominator != 1:
        raise ValueError("a group has at least one person and a use from 0 to 100 percent")
    return [_minor(income), people, int(use)]


def _minor(amount: float) -> int:
    """Turn an amount of a file into the smallest unit. Raises ValueError for parts of it."""
    exact = _exact(amount) * MINOR_PER_UNIT
    if exact < 0 or exact.denominator != 1:
        raise ValueError(f"{amount} is no amount with two decimals")
    return int(exact)


def _exact(number: float) -> Fraction:
    """Return a number as it was written, not as a computer keeps it."""
    return Fraction(str(number))
