"""The accepted run with its endowment held fixed: what one project would have had to be to win.

A project that a run does not buy changes nothing in it. So with other data it wins if, and only
if, in some round its supporters give more for it than it costs at the price level of that round's
winner, or exactly as much and the tie list prefers it. Exactly as much is enough by itself where
nothing was bought, and where all of them give their last money for less than the winner's level.
A project that the fill would reach wins too if it fits in the money left at its turn.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from allocation.completion import FILLS_UP
from allocation.contest import Contest
from allocation.equal_shares import Run
from allocation.errors import TieUnresolvedError
from allocation.greedy import fund_in_order
from allocation.recount import changed, with_cost
from allocation.replay import Backing, Replay, RoundMoney
from allocation.utilities import UTILITIES_WITH_COST


@dataclass(frozen=True, eq=False)
class LastCount:
    """A run that does not buy `project` (an index), ready to be asked about it.

    `rounds` are those of the run. `replay` is on the electorate of the contest; costs are not read
    from it. For a winner the run is the one without it.
    """

    contest: Contest
    replay: Replay
    run: Run
    rounds: Sequence[RoundMoney]
    project: int

    @cached_property
    def id(self) -> str:
        return self.contest.instance.projects[self.project].id

    @cached_property
    def cost(self) -> int:
        return self.contest.instance.projects[self.project].cost

    @cached_property
    def votes(self) -> Fraction:
        return self.contest.votes[self.id]

    @cached_property
    def utility_grows_with_cost(self) -> bool:
        return self.contest.utility in UTILITIES_WITH_COST

    @cached_property
    def open_rounds(self) -> Sequence[RoundMoney]:
        """The rounds up to the one in which a project is bought beside which it cannot be."""
        rivals = frozenset[str]().union(*(g for g in self.contest.exclusive if self.id in g))
        rounds = []
        for money in self.rounds:
            rounds.append(money)
            if money.purchase and self._id_of(money.purchase.project) in rivals:
                break
        return rounds

    def backing(self, money: RoundMoney) -> Backing:
        return self.replay.backing(money, self.project)

    def limit(self, money: RoundMoney, *, cost: int | None = None) -> Fraction | None:
        """Return the payment per share at the winner's price level; None where nobody won."""
        if money.purchase is None:
            return None
        unit = (cost or self.cost) if self.utility_grows_with_cost else 1
        return money.purchase.price_level * unit

    def missing(self, money: RoundMoney) -> Fraction:
        """Say how much its cover falls short of the cost in a round; below 0: nothing does."""
        backing, limit = self.backing(money), self.limit(money)
        return self.cost - (backing.money if limit is None else backing.cover(limit))

    def beats_winner(
        self, money: RoundMoney, *, cost: int | None = None, votes: Fraction | None = None
    ) -> bool:
        """Say whether the tie list prefers the project, so changed, to the winner of a round."""
        if money.purchase is None:
            return True
        between = [self.id, self._id_of(money.purchase.project)]
        tie_breaker = self._changed(cost, votes).tie_breaker
        try:
            tie = tie_breaker.break_tie(between, stage="run", round_number=1)
        except TieUnresolvedError:
            return False
        return tie.chosen == self.id

    def fills(self, *, cost: int | None = None, votes: Fraction | None = None) -> bool:
        """Say whether the fill after this run funds the project, so changed."""
        if self.contest.sheet.completion not in FILLS_UP:
            return False
        contest = self._changed(cost, votes)
        try:
            added, _ = fund_in_order(contest, contest.votes, self.bought, stage="fill")
        except TieUnresolvedError:
            return False
        return self.id in added

    @cached_property
    def bought(self) -> list[str]:
        return [self._id_of(project) for project in self.run.winners]

    @cached_property
    def along_fill(self) -> list[tuple[int, str | None]]:
        """Pair the money left with the project that the fill adds next, this one left out.

        The last pair has None, and the money that is left at the end. Empty without a fill.
        """
        if self.contest.sheet.completion not in FILLS_UP:
            return []
        left = self.contest.money_left(self.bought)
        without = self._changed(max(left, 0) + 1, None)
        try:
            added, _ = fund_in_order(without, without.votes, self.bought, stage="fill")
        except TieUnresolvedError:
            return []
        costs = (self.contest.instance.project_by_id[id_].cost for id_ in added)
        lefts = itertools.accumulate(costs, lambda before, cost: before - cost, initial=left)
        return list(zip(lefts, [*added, None], strict=True))

    def _id_of(self, project: int) -> str:
        return self.contest.instance.projects[project].id

    def _changed(self, cost: int | None, votes: Fraction | None) -> Contest:
        """Give the contest in which the project has another cost or other votes."""
        instance = self.contest.instance
        if cost is not None:
            instance = with_cost(instance, self.id, cost)
        return changed(self.contest, instance, self.id, votes)
