"""Households and their equivalised income: what a household of this size needs, per head."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import isqrt

_SQUARED = 10**12
"""Roots are taken to a millionth of the smallest unit, rounded down: in the resident's favour."""


class Scale(StrEnum):
    """How many persons' needs a household has."""

    OECD_MODIFIED = "oecd_modified"  # 1, +0.5 per further person of 14 or over, +0.3 per child
    SQRT = "sqrt"  # the root of the number of persons


@dataclass(frozen=True, slots=True)
class Household:
    """`adults`: persons of 14 or over, at least one; `children`: those under 14."""

    adults: int
    children: int = 0

    def __post_init__(self) -> None:
        if self.adults < 1 or self.children < 0:
            raise ValueError(f"no household: {self.adults} adults, {self.children} children")

    @property
    def size(self) -> int:
        return self.adults + self.children


SINGLE = Household(1)
REFERENCE_HOUSEHOLDS = (
    SINGLE,
    Household(2),
    Household(1, 1),
    Household(2, 1),
    Household(2, 2),
)
"""The households on which the limit of withdrawal is kept, and which serve as examples."""


def oecd_scale(household: Household) -> Fraction:
    """Return the modified OECD scale.

    >>> oecd_scale(Household(2, 2))
    Fraction(21, 10)
    """
    return 1 + Fraction(household.adults - 1, 2) + Fraction(3 * household.children, 10)


def equivalised_minor(
    income_minor: int, household: Household, scale: Scale = Scale.OECD_MODIFIED
) -> Fraction:
    """Divide a monthly household income by its scale; exact but for roots (to a millionth)."""
    if income_minor < 0:
        raise ValueError(f"income must not be negative, got {income_minor}")
    if scale is Scale.OECD_MODIFIED:
        return income_minor / oecd_scale(household)
    return Fraction(isqrt(income_minor**2 * _SQUARED // household.size), isqrt(_SQUARED))


def members_per_scale(household: Household, scale: Scale) -> Fraction:
    """Return n / scale: how often a household loses what one voucher loses per euro of y.

    Each member holds a voucher. For roots rounded up to a millionth, so a limit is kept.

    >>> members_per_scale(Household(2, 2), Scale.OECD_MODIFIED)
    Fraction(40, 21)
    """
    if scale is Scale.OECD_MODIFIED:
        return household.size / oecd_scale(household)
    return Fraction(isqrt(household.size * _SQUARED - 1) + 1, isqrt(_SQUARED))


def slope_max(
    rho: Fraction,
    limit: Fraction | None,
    scale: Scale,
    households: tuple[Household, ...] = REFERENCE_HOUSEHOLDS,
) -> Fraction:
    """Return how much a voucher may fall per euro of y: `rho`, or less for the households' sake.

    `limit` is what a whole household may lose per extra euro; None: it is not asked for.

    >>> slope_max(Fraction(1, 10), Fraction(1, 10), Scale.OECD_MODIFIED, (Household(2, 2),))
    Fraction(21, 400)
    """
    if limit is None:
        return rho
    return min(rho, *(limit / members_per_scale(one, scale) for one in households))
