"""A compiled run repeated in exact arithmetic, class by class instead of ballot by ballot.

The compiled run tells who is in which class and who buys what; which money that means is computed
here in fractions, for what the bounds left undecided and for what a result reports.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from allocation.engine.book import FIRST_CLASS, PARENT, ROOT, SHARE, Book, supporters
from allocation.engine.election import Election
from allocation.equal_shares import Purchase

# (class, share, ballots)
Supporters = Sequence[tuple[int, int, int]]


@dataclass
class Replay:
    """The money of every class, round by round, in exact numbers.

    Amounts are integers over a denominator that grows with the rounds; each is kept together with
    the denominator in which it was computed, since most are never asked for again.
    """

    election: Election
    book: Book
    endowment: Fraction

    def __post_init__(self) -> None:
        self._amounts: dict[int, tuple[int, int]] = {
            ROOT: (self.endowment.numerator, self.endowment.denominator)
        }
        self._denominator = self.endowment.denominator
        self.purchases: list[Purchase] = []

    def follow(self, winners: Sequence[int]) -> None:
        """Make the purchases that the book holds, from where the last call ended."""
        for round_ in range(len(self.purchases), len(winners)):
            project = winners[round_]
            payment = self.payment_per_share(project, self._supporters(project, round_))
            if payment is None:
                raise ValueError(f"a compiled run bought project {project}, which nobody can pay")
            self.purchases.append(self._purchase(project, payment))
            self._pay(round_, payment)

    def offer(self, project: int) -> Purchase | None:
        """Return what a project would cost its supporters now; None: they cannot pay it."""
        supporters = self._supporters(project, len(self.purchases))
        payment = self.payment_per_share(project, supporters)
        return None if payment is None else self._purchase(project, payment)

    def _supporters(self, project: int, round_: int) -> Supporters:
        rows = supporters(self.election.ballots, self.book, project, round_)
        return [(kind, share, ballots) for kind, share, ballots in rows.tolist()]

    def payment_per_share(self, project: int, supporters: Supporters) -> Fraction | None:
        """Return the smallest payment per share that covers a cost; see `Purses`."""
        unpaid = self.election.costs[project] * self._denominator
        purses = [(self._amount(kind), share, ballots) for kind, share, ballots in supporters]
        rich = sum(share * ballots for _, share, ballots in purses)
        if len({share for _, share, _ in purses}) == 1:
            purses.sort()
        else:
            purses.sort(key=lambda purse: Fraction(purse[0], purse[1]))
        for amount, share, ballots in purses:
            if unpaid * share <= amount * rich:
                return Fraction(unpaid, rich * self._denominator)
            unpaid -= amount * ballots
            rich -= share * ballots
        return None

    def _purchase(self, project: int, payment: Fraction) -> Purchase:
        return Purchase(
            int(self.election.listed[project]), payment, payment / self.election.units[project]
        )

    def _pay(self, round_: int, payment: Fraction) -> None:
        price = payment * self._denominator
        self._denominator *= price.denominator
        made, tree = self.book.rounds[FIRST_CLASS], self.book.tree
        for kind in range(made[round_], made[round_ + 1]):
            parent, share = int(tree[PARENT, kind]), int(tree[SHARE, kind])
            left = self._amount(parent) - price.numerator * share
            self._amounts[kind] = (max(0, left), self._denominator)

    def _amount(self, kind: int) -> int:
        amount, denominator = self._amounts[kind]
        if denominator != self._denominator:
            amount *= self._denominator // denominator
            self._amounts[kind] = (amount, self._denominator)
        return amount
