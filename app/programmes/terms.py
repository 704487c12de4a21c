"""What residents vote on when a project is a voucher programme, fixed before the vote. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from app.programmes.population import PER_WHOLE


@dataclass(frozen=True, slots=True)
class Terms:
    """Services, period, and the frame of the schedule; the fund is the cost of the project.

    Source: the design of Minga's vouchers, section 1.8.
    """

    services: tuple[str, ...]
    starts_on: date
    ends_on: date
    floor_minor: int
    cap_minor: int
    slope: Fraction
    """rho: what a voucher loses per unit of equivalised income, at most."""

    def to_document(self) -> dict[str, Any]:
        """Return what a programme keeps: the rest stands in columns of its own.

        >>> Terms((), date.min, date.max, 2000, 20000, Fraction(1, 20)).to_document()
        {'floor_minor': 2000, 'cap_minor': 20000, 'slope_millionths': 50000}
        """
        return {
            "floor_minor": self.floor_minor,
            "cap_minor": self.cap_minor,
            "slope_millionths": int(self.slope * PER_WHOLE),
        }


def departures(
    document: Mapping[str, Any], *, floor_minor: int, cap_minor: int, slope: Fraction
) -> list[str]:
    """Name what of a schedule's rules is not as it was voted on: `floor`, `cap`, `slope`.

    >>> fixed = {"floor_minor": 2000, "cap_minor": 20000, "slope_millionths": 50000}
    >>> departures(fixed, floor_minor=2000, cap_minor=19900, slope=Fraction(1, 10))
    ['cap', 'slope']
    """
    fixed = {
        "floor": floor_minor == document["floor_minor"],
        "cap": cap_minor == document["cap_minor"],
        "slope": slope == Fraction(document["slope_millionths"], PER_WHOLE),
    }
    return [name for name, same in fixed.items() if not same]
