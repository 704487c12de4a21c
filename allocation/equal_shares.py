"""The Method of Equal Shares at one endowment per ballot.

Source: Peters, Pierczyński and Skowron, "Proportional Participatory Budgeting with Additive
Utilities", NeurIPS 2021, arXiv 2008.13276.
"""

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from allocation.purses import Purses
from allocation.tie_breaking import Tie, TieBreaker
from allocation.utilities import Electorate

# Project indices of which at most one can be funded.
ExclusiveGroups = Sequence[frozenset[int]]


@dataclass(frozen=True, slots=True)
class Purchase:
    """One round: a project (index), and what its supporters paid per share, in minor units.

    `price_level` is the payment per unit of utility; the smallest of a round wins. It is on the
    scale of the electorate, so it compares with others of the same electorate only.
    """

    project: int
    payment_per_share: Fraction
    price_level: Fraction


@dataclass(frozen=True, eq=False)
class Run:
    """What equal shares buys when every ballot starts with `endowment` (minor units).

    `winners` are project indices in the order of purchase, `cost` their sum in minor units.
    """

    endowment: Fraction
    winners: tuple[int, ...]
    ties: tuple[Tie, ...]
    cost: int
    purchases_of: Callable[[], tuple[Purchase, ...]]

    @cached_property
    def purchases(self) -> tuple[Purchase, ...]:
        """What each winner's supporters paid, exactly; computed when first asked for."""
        return self.purchases_of()


def equal_shares(
    electorate: Electorate,
    endowment: Fraction,
    tie_breaker: TieBreaker,
    exclusive: ExclusiveGroups = (),
) -> Run:
    """Buy, round by round, the project with the lowest price level that supporters can pay."""
    purses = Purses(electorate, endowment)
    queue = _Queue(electorate, purses)
    purchases: list[Purchase] = []
    ties: list[Tie] = []
    while best := queue.take_best():
        chosen = best[0]
        if len(best) > 1:
            tie = tie_breaker.break_tie(
                [electorate.ids[purchase.project] for purchase in best],
                stage="run",
                round_number=len(purchases) + 1,
                value=chosen.price_level * electorate.scale,
                endowment=endowment,
            )
            ties.append(tie)
            chosen = next(p for p in best if electorate.ids[p.project] == tie.chosen)
        purchases.append(chosen)
        purses.buy(chosen.project, chosen.payment_per_share)
        queue.remove(_rivals(chosen.project, exclusive))
    winners = tuple(purchase.project for purchase in purchases)
    cost = sum(electorate.costs[project] for project in winners)
    return Run(endowment, winners, tuple(ties), cost, lambda: tuple(purchases))


def _rivals(project: int, exclusive: ExclusiveGroups) -> frozenset[int]:
    """Return the project and everything that can no longer be funded beside it."""
    return frozenset({project}).union(*(group for group in exclusive if project in group))


class _Queue:
    """Projects still for sale, by a lower bound of their price level.

    Price levels never fall during a run, so the last known one is such a bound, and a project
    whose bound is above the best of the round needs no look.
    """

    def __init__(self, electorate: Electorate, purses: Purses) -> None:
        self._electorate = electorate
        self._purses = purses
        supported = (p for p, count in enumerate(electorate.supporter_counts) if count)
        self._bounds = [(self._first_bound(project), project) for project in supported]
        heapq.heapify(self._bounds)

    def _first_bound(self, project: int) -> Fraction:
        """Give the price level if nobody were short of money."""
        shares = self._electorate.total_shares[project] * self._electorate.units[project]
        return Fraction(self._electorate.costs[project], shares)

    def take_best(self) -> list[Purchase]:
        """Return the purchases that tie for the lowest price level; none: nothing affordable."""
        best: list[Purchase] = []
        looked_at: list[Purchase] = []
        while self._bounds and not (best and best[0].price_level < self._bounds[0][0]):
            _, project = heapq.heappop(self._bounds)
            offer = self._offer(project)
            if offer is None:
                continue  # money never grows back: out for good
            looked_at.append(offer)
            if not best or offer.price_level < best[0].price_level:
                best = [offer]
            elif offer.price_level == best[0].price_level:
                best.append(offer)
        for offer in looked_at:
            heapq.heappush(self._bounds, (offer.price_level, offer.project))
        return best

    def remove(self, projects: frozenset[int]) -> None:
        self._bounds = [entry for entry in self._bounds if entry[1] not in projects]
        heapq.heapify(self._bounds)

    def _offer(self, project: int) -> Purchase | None:
        payment = self._purses.payment_per_share(project)
        if payment is None:
            return None
        return Purchase(project, payment, payment / self._electorate.units[project])
