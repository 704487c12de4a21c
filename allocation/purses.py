"""Who has how much money left: ballots with equal money share a purse.

Money depends only on which winners a ballot has paid for, so there are few different amounts even
among many ballots. Amounts are whole numbers of 1/`denominator` of a minor unit; the denominator
grows as payments need it, and nothing is ever rounded.
"""

import itertools
from collections import defaultdict
from fractions import Fraction

from allocation.utilities import Electorate

Purse = int


class Purses:
    """The money of all ballots during one run."""

    def __init__(self, electorate: Electorate, endowment: Fraction) -> None:
        self._electorate = electorate
        self._denominator = endowment.denominator
        self._amounts: dict[Purse, int] = {0: endowment.numerator}
        self._purse_of_group: list[Purse] = [0] * len(electorate.groups)
        self._new_purse = itertools.count(1)

    def amounts_of_groups(self) -> list[Fraction]:
        """Give the money of a ballot of each group, in minor units."""
        return [Fraction(self._amounts[p], self._denominator) for p in self._purse_of_group]

    def money_behind(self, project: int) -> Fraction:
        """Sum the money of the supporters of a project, in minor units."""
        supporters = self._supporters(project)
        total = sum(self._amounts[purse] * count for (purse, _), count in supporters.items())
        return Fraction(total, self._denominator)

    def payment_per_share(self, project: int) -> Fraction | None:
        """Return the smallest payment per share with which its supporters cover a project.

        Whoever has less than payment times share gives all there is. None: together they cannot
        pay. Equality suffices. In minor units.
        """
        unpaid = self._electorate.costs[project] * self._denominator
        shares = self._electorate.total_shares[project]
        for amount, share, count in self._poorest_first(project):
            if unpaid * share <= amount * shares:  # this one and all richer ones pay in full
                return Fraction(unpaid, shares * self._denominator)
            unpaid -= amount * count
            shares -= share * count
        return None

    def cover(self, project: int, payment_per_share: Fraction) -> Fraction:
        """Sum what supporters would give for a project at a payment per share, in minor units."""
        limit = payment_per_share * self._denominator
        given_by_poor = shares_of_rich = 0
        for (purse, share), count in self._supporters(project).items():
            amount = self._amounts[purse]
            if amount * limit.denominator < limit.numerator * share:
                given_by_poor += amount * count
            else:
                shares_of_rich += share * count
        return (given_by_poor + limit * shares_of_rich) / self._denominator

    def payment_of_groups(self, project: int, payment_per_share: Fraction) -> dict[int, Fraction]:
        """Give what one ballot of each supporting group pays for a project, in minor units."""
        paid: dict[tuple[Purse, int], Fraction] = {}
        for purse, share in self._supporters(project):
            amount = Fraction(self._amounts[purse], self._denominator)
            paid[purse, share] = min(amount, payment_per_share * share)
        return {
            group: paid[self._purse_of_group[group], share]
            for group, share, _ in self._electorate.supporters[project]
        }

    def buy(self, project: int, payment_per_share: Fraction) -> None:
        """Take from every supporter the payment times the share, or all that is left."""
        price = self._refine(payment_per_share)
        purse_after = self._purses_after(project, price)
        for group, share, _ in self._electorate.supporters[project]:
            self._purse_of_group[group] = purse_after[self._purse_of_group[group], share]
        used = set(self._purse_of_group)
        self._amounts = {purse: self._amounts[purse] for purse in used}

    def _supporters(self, project: int) -> dict[tuple[Purse, int], int]:
        """Count the supporters of a project by purse and share."""
        counts: dict[tuple[Purse, int], int] = defaultdict(int)
        for group, share, count in self._electorate.supporters[project]:
            counts[self._purse_of_group[group], share] += count
        return counts

    def _poorest_first(self, project: int) -> list[tuple[int, int, int]]:
        """List (amount, share, count) by rising amount per share."""
        multiple = self._electorate.common_multiple
        supporters = self._supporters(project).items()
        entries = [(self._amounts[purse], share, count) for (purse, share), count in supporters]
        return sorted(entries, key=lambda entry: entry[0] * (multiple // entry[1]))

    def _refine(self, payment_per_share: Fraction) -> int:
        """Make the payment a whole number of the (finer) denominator and return it."""
        price = payment_per_share * self._denominator
        factor = price.denominator
        self._denominator *= factor
        self._amounts = {purse: amount * factor for purse, amount in self._amounts.items()}
        return price.numerator

    def _purses_after(self, project: int, price: int) -> dict[tuple[Purse, int], Purse]:
        """Find, or open, the purse into which each supporter's money falls."""
        purse_with = {amount: purse for purse, amount in self._amounts.items()}
        after: dict[tuple[Purse, int], Purse] = {}
        for purse, share in self._supporters(project):
            amount = max(0, self._amounts[purse] - price * share)
            after[purse, share] = purse_with.setdefault(amount, next(self._new_purse))
            self._amounts[after[purse, share]] = amount
        return after
