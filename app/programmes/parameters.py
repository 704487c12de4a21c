"""What the law or the council sets, by date: never edited, a new value is a new row."""

import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from app.programmes.households import Scale
from app.programmes.models import ParameterRow


class Parameter(StrEnum):
    SCALE = "scale"  # oecd_modified or sqrt
    HOUSEHOLD_LIMIT = "household_limit"  # percent of an extra euro that a household may lose
    CONTINGENCY = "contingency"  # percent set aside on the expected cost


DEFAULTS = {
    Parameter.SCALE: Scale.OECD_MODIFIED.value,
    Parameter.HOUSEHOLD_LIMIT: "10",
    Parameter.CONTINGENCY: "5",
}
PERCENT_MAX = {Parameter.HOUSEHOLD_LIMIT: 100, Parameter.CONTINGENCY: 50}


@dataclass(frozen=True, slots=True)
class ParameterSet:
    """The values in force on one day. `sha256` is what an entitlement stores."""

    scale: Scale
    household_limit: Fraction
    contingency: Fraction
    row_ids: tuple[uuid.UUID, ...]
    sha256: str


def in_force(rows: Iterable[ParameterRow], on: date) -> ParameterSet:
    """Take of each parameter the newest row that is valid on the day, else Minga's default."""
    newest: dict[str, ParameterRow] = {}
    for row in sorted(rows, key=lambda one: one.valid_from):
        if row.valid_from <= on:
            newest[row.name] = row
    values = {name: newest[name].value if name in newest else DEFAULTS[name] for name in Parameter}
    return ParameterSet(
        Scale(values[Parameter.SCALE]),
        Fraction(values[Parameter.HOUSEHOLD_LIMIT]) / 100,
        Fraction(values[Parameter.CONTINGENCY]) / 100,
        tuple(row.id for row in newest.values()),
        hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest(),
    )


def is_valid(name: Parameter, value: str) -> bool:
    """Say whether a parameter can have this value.

    >>> [is_valid(Parameter.SCALE, one) for one in ("sqrt", "10")]
    [True, False]
    >>> [is_valid(Parameter.CONTINGENCY, one) for one in ("7.5", "-1", "1/3", "80")]
    [True, False, False, False]
    """
    if name is Parameter.SCALE:
        return value in list(Scale)
    whole, _point, part = value.partition(".")
    figures = whole.isascii() and whole.isdigit() and (not _point or part.isdigit())
    return figures and len(value) <= len("100.000") and Fraction(value) <= PERCENT_MAX[name]
