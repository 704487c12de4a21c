"""Who a schedule is made for: equivalised incomes, people and expected use, in whole numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

PER_WHOLE = 1_000_000
"""Take-up is kept in millionths, so that every sum is exact."""
_BLOCK = 4_096
_SAFE = 2**62

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Population:
    """Groups of people: equivalised monthly incomes, numbers, take-up in millionths."""

    incomes_minor: Whole
    people: Whole
    take_up: Whole

    def __post_init__(self) -> None:
        if not len(self.incomes_minor) == len(self.people) == len(self.take_up) > 0:
            raise ValueError("a population needs one income, number and take-up per group")
        if self.incomes_minor.min() < 0 or self.people.min() < 0:
            raise ValueError("incomes and numbers of people must not be negative")
        if self.take_up.min() < 0 or self.take_up.max() > PER_WHOLE:
            raise ValueError("take-up lies between none and all")

    @property
    def users(self) -> Whole:
        """People who are expected to use their voucher, in millionths."""
        return self.people * self.take_up

    @property
    def users_total(self) -> Fraction:
        return Fraction(exact_sum(self.users), PER_WHOLE)

    def scaled(self, factor: Fraction) -> "Population":
        """Return the same people with a take-up so many times as high, at most all of them."""
        changed = self.take_up * factor.numerator // factor.denominator
        return Population(self.incomes_minor, self.people, np.minimum(changed, PER_WHOLE))


def of_groups(groups: Iterable[tuple[int, int, int]]) -> Population:
    """Make a population of (income, people, take-up in millionths)."""
    columns = np.array(list(groups), dtype=np.int64).reshape(-1, 3).T
    return Population(columns[0], columns[1], columns[2])


def exact_sum(values: Whole, factors: Whole | None = None) -> int:
    """Add up values, each times its factor, in Python's own numbers, which never overflow.

    >>> exact_sum(np.array([2**61, 2**61, 2**61]), np.array([4, 4, 4])) == 3 * 2**63
    True
    """
    most = int(values.max()) * (int(factors.max()) if factors is not None else 1)
    if most * _BLOCK >= _SAFE:
        whole = values.astype(object)
        return int((whole if factors is None else whole * factors).sum())
    products = values if factors is None else values * factors
    starts = np.arange(0, len(products), _BLOCK)
    return sum(np.add.reduceat(products, starts).tolist())
