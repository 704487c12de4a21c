"""A run of equal shares once more, with everybody's money before each purchase kept for study.

Ballots that say the same form a group. Money depends only on what a ballot has paid for, so even
among many groups there are few different amounts: each round keeps the amounts, sorted, and for
each group the place of its amount. All amounts are exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from allocation.equal_shares import Purchase, Run
from allocation.utilities import Electorate

# (money of one ballot, its share, number of such ballots); money in units of 1/denominator.
Entry = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Backing:
    """Who stands behind one project in one round, by rising money per share.

    `entries` count money in `1/denominator` of a minor unit.
    """

    entries: Sequence[Entry]
    denominator: int

    @property
    def money(self) -> Fraction:
        """All the money of these ballots, in minor units."""
        return Fraction(sum(amount * count for amount, _, count in self.entries), self.denominator)

    def payment_per_share(self, cost: int) -> Fraction | None:
        """Return the smallest payment per share that covers a cost; None: they cannot pay it."""
        unpaid = cost * self.denominator
        shares = sum(share * count for _, share, count in self.entries)
        for amount, share, count in self.entries:
            if unpaid * share <= amount * shares:  # this one and all richer ones pay in full
                return Fraction(unpaid, shares * self.denominator)
            unpaid -= amount * count
            shares -= share * count
        return None

    def all_give_less(self, payment_per_share: Fraction) -> bool:
        """Say whether nobody has as much as a payment per share asks for.

        Then all that they have is less than this price: what it pays for costs them less per share.
        """
        limit = payment_per_share * self.denominator
        return all(
            amount * limit.denominator < limit.numerator * share
            for amount, share, _ in self.entries
        )

    def greatest_cost(self, price_level: Fraction) -> tuple[Fraction, bool]:
        """Find the greatest cost that is covered at a price level if its utility grows with it.

        Then payments per share are price level times cost, so the cover is concave in the cost and
        0 at 0. Returned with whether every smaller cost is more than covered; if not, smaller ones
        are covered exactly, or the cost is 0.
        """
        numerator, denominator = price_level.numerator, price_level.denominator
        entries = [entry for entry in self.entries if entry[0]]
        shares = sum(share * count for _, share, count in entries)
        more_than_covered = numerator * shares > denominator
        given = 0  # by those who give all they have
        for amount, share, count in entries:
            # At cost c these and all richer ones give price level * c for each share.
            unpaid = denominator - numerator * shares
            if unpaid == 0 and not given:
                return Fraction(amount * denominator, numerator * share * self.denominator), False
            if unpaid > 0 and given * numerator * share <= amount * unpaid:
                return Fraction(given * denominator, unpaid * self.denominator), more_than_covered
            given += amount * count
            shares -= share * count
        return Fraction(given, self.denominator), more_than_covered

    def cover(self, payment_per_share: Fraction) -> Fraction:
        """Sum what they would give at a payment per share, each at most all there is."""
        limit = payment_per_share * self.denominator
        numerator, denominator = limit.numerator, limit.denominator
        given = shares_of_rich = 0
        for amount, share, count in self.entries:
            if amount * denominator < numerator * share:
                given += amount * count
            else:
                shares_of_rich += share * count
        return Fraction(given * denominator + numerator * shares_of_rich, denominator) / (
            self.denominator
        )


@dataclass(frozen=True, eq=False, slots=True)
class RoundMoney:
    """Everybody's money before a purchase; the last round of a run has none (None).

    A ballot of group g has `amounts[place[g]]` of 1/`denominator` minor units; amounts rise, and
    `ballots` counts who has each. `near` are the amounts in minor units, for estimates only.
    """

    purchase: Purchase | None
    amounts: Sequence[int]
    denominator: int
    place: NDArray[np.int64]
    ballots: NDArray[np.int64]
    near: NDArray[np.float64]

    def amounts_of_groups(self) -> list[Fraction]:
        """Give the money of a ballot of each group, in minor units."""
        different = [Fraction(amount, self.denominator) for amount in self.amounts]
        return [different[place] for place in self.place]


class Arrays(NamedTuple):
    """An electorate: the entries of project p are those from `firsts[p]` up to `firsts[p + 1]`."""

    firsts: NDArray[np.int64]
    groups: NDArray[np.int64]
    shares: NDArray[np.float64]
    ballots: NDArray[np.float64]
    costs: NDArray[np.float64]
    units: NDArray[np.float64]


class Replay:
    """Repeats runs on one electorate; its arrays are made once."""

    def __init__(self, electorate: Electorate) -> None:
        self.electorate = electorate
        self.ballots_of_group = np.array([g.count for g in electorate.groups], dtype=np.int64)
        self._multiple = electorate.common_multiple
        self._groups: list[NDArray[np.int64]] = []
        self._share_place: list[NDArray[np.int64]] = []
        self._shares: list[list[int]] = []
        for entries in electorate.supporters:
            shares = sorted({share for _, share, _ in entries})
            place = {share: index for index, share in enumerate(shares)}
            self._groups.append(np.array([group for group, _, _ in entries], dtype=np.int64))
            self._share_place.append(np.array([place[s] for _, s, _ in entries], dtype=np.int64))
            self._shares.append(shares)

    def rounds(self, run: Run) -> list[RoundMoney]:
        """List the rounds of a run: one per purchase, then the one in which nothing was bought."""
        amounts, denominator = [run.endowment.numerator], run.endowment.denominator
        place = np.zeros(len(self.ballots_of_group), dtype=np.int64)
        rounds = []
        for purchase in run.purchases:
            rounds.append(self._round(purchase, amounts, denominator, place))
            price = purchase.payment_per_share * denominator
            amounts = [amount * price.denominator for amount in amounts]
            denominator *= price.denominator
            amounts, place = self._buy(purchase.project, price.numerator, amounts, place)
        rounds.append(self._round(None, amounts, denominator, place))
        return rounds

    def _round(
        self,
        purchase: Purchase | None,
        amounts: Sequence[int],
        denominator: int,
        place: NDArray[np.int64],
    ) -> RoundMoney:
        ballots = self.ballots_by_place(place, len(amounts))
        near = np.array([amount / denominator for amount in amounts])
        return RoundMoney(purchase, amounts, denominator, place, ballots, near)

    def ballots_by_place(
        self, place: NDArray[np.int64], size: int, project: int | None = None
    ) -> NDArray[np.int64]:
        """Count the ballots with each amount, of everybody or of the supporters of a project."""
        weights = self.ballots_of_group
        if project is not None:
            groups = self._groups[project]
            place, weights = place[groups], weights[groups]
        # Whole numbers below 2**53, so exact in doubles.
        return np.bincount(place, weights=weights, minlength=size).astype(np.int64)

    def supporters(self, project: int) -> NDArray[np.int64]:
        """List the groups that support a project."""
        return self._groups[project]

    @cached_property
    def arrays(self) -> "Arrays":
        """The electorate as doubles, for estimates."""
        lengths = [len(groups) for groups in self._groups]
        groups = np.concatenate([np.zeros(0, np.int64), *self._groups])
        shares = [
            np.array(values, dtype=np.float64)[place]
            for values, place in zip(self._shares, self._share_place, strict=True)
        ]
        return Arrays(
            firsts=np.cumsum([0, *lengths]),
            groups=groups,
            shares=np.concatenate([np.zeros(0), *shares]),
            ballots=self.ballots_of_group[groups].astype(np.float64),
            costs=np.array(self.electorate.costs, dtype=np.float64),
            units=np.array(self.electorate.units, dtype=np.float64),
        )

    def backing(self, money: RoundMoney, project: int) -> Backing:
        """Put together who stands behind a project in a round."""
        groups, shares = self._groups[project], self._shares[project]
        if not shares:
            return Backing((), money.denominator)
        key = money.place[groups] * len(shares) + self._share_place[project]
        ballots = np.bincount(key, weights=self.ballots_of_group[groups])
        entries = []
        for index in np.flatnonzero(ballots).tolist():
            place, share = divmod(index, len(shares))
            entries.append((money.amounts[place], shares[share], int(ballots[index])))
        if len(shares) > 1:
            entries.sort(key=lambda entry: entry[0] * (self._multiple // entry[1]))
        return Backing(entries, money.denominator)

    def payments(self, money: RoundMoney) -> tuple[list[Fraction], NDArray[np.int64]]:
        """Return the different payments of a round, and the place of each group's among them.

        Payments are of one ballot, in minor units; place 0 is to pay nothing.
        """
        paid = [Fraction(0)]
        place_of_group = np.zeros(len(self.ballots_of_group), dtype=np.int64)
        if money.purchase is None:
            return paid, place_of_group
        project = money.purchase.project
        different, where = self._purses(project, money.place)
        for place, share in different:
            whole = Fraction(money.amounts[place], money.denominator)
            paid.append(min(whole, money.purchase.payment_per_share * share))
        place_of_group[self._groups[project]] = where + 1
        return paid, place_of_group

    def sum_by_project(
        self, values: Sequence[Fraction], place_of_group: NDArray[np.int64], project: int
    ) -> Fraction:
        """Sum a value over the supporting ballots of a project."""
        groups = self._groups[project]
        ballots = np.bincount(place_of_group[groups], weights=self.ballots_of_group[groups])
        return sum(
            (values[place] * int(ballots[place]) for place in np.flatnonzero(ballots).tolist()),
            Fraction(0),
        )

    def _purses(
        self, project: int, place: NDArray[np.int64]
    ) -> tuple[list[tuple[int, int]], NDArray[np.int64]]:
        """List the different (place of amount, share) of supporters, and where each group is."""
        shares = self._shares[project]
        key = place[self._groups[project]] * max(1, len(shares)) + self._share_place[project]
        different, where = np.unique(key, return_inverse=True)
        pairs = (divmod(both, len(shares)) for both in different.tolist())
        return [(before, shares[share]) for before, share in pairs], where

    def _buy(
        self, project: int, price: int, amounts: Sequence[int], place: NDArray[np.int64]
    ) -> tuple[list[int], NDArray[np.int64]]:
        """Take price times share from every supporter, or all there is; sort the amounts again."""
        different, where = self._purses(project, place)
        purse_with = {amount: purse for purse, amount in enumerate(amounts)}
        after = []
        for before, share in different:
            left = max(0, amounts[before] - price * share)
            after.append(purse_with.setdefault(left, len(purse_with)))
        purse = place.copy()
        purse[self._groups[project]] = np.array(after, dtype=np.int64)[where]
        used = np.flatnonzero(np.bincount(purse, minlength=len(purse_with))).tolist()
        amount_of = list(purse_with)
        used.sort(key=amount_of.__getitem__)
        new_place = np.zeros(len(purse_with), dtype=np.int64)
        new_place[used] = np.arange(len(used))
        return [amount_of[index] for index in used], new_place[purse]
