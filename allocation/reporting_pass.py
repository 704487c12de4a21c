"""The returned run of equal shares once more, looking at every project in every round."""

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction

from allocation.equal_shares import Run
from allocation.purses import Purses
from allocation.utilities import Electorate


@dataclass(frozen=True, slots=True)
class RoundView:
    """A project in one round, before the purchase; amounts in minor units.

    `cover` is what its supporters would give at the winner's price level (all they have, in the
    last round, which has no winner). `price_level` is its own; None: they cannot pay together.
    """

    money_behind: Fraction
    cover: Fraction
    price_level: Fraction | None


@dataclass(slots=True)
class ProjectViews:
    """What the pass saw of one project, up to its purchase or the end.

    `paid_for`: what its supporters paid for each project bought in those rounds, in that order.
    """

    rounds: list[RoundView] = field(default_factory=list)
    paid_for: dict[int, Fraction] = field(default_factory=dict)


def look_again(electorate: Electorate, run: Run) -> list[ProjectViews]:
    """Repeat a run and return what each project looked like, by project index."""
    purses = Purses(electorate, run.endowment)
    views = [ProjectViews() for _ in electorate.ids]
    unbought = set(range(len(electorate.ids)))
    for purchase in run.purchases:
        _look(purses, electorate, views, unbought, purchase.price_level)
        unbought.discard(purchase.project)
        payments = purses.payment_of_groups(purchase.project, purchase.payment_per_share)
        for project, paid in _paid_by_supporters(electorate, payments).items():
            if project in unbought:
                views[project].paid_for[purchase.project] = paid
        purses.buy(purchase.project, purchase.payment_per_share)
    _look(purses, electorate, views, unbought, None)
    return views


def _look(
    purses: Purses,
    electorate: Electorate,
    views: list[ProjectViews],
    unbought: set[int],
    winning_level: Fraction | None,
) -> None:
    for project in unbought:
        unit = electorate.units[project]
        money = purses.money_behind(project)
        cover = money if winning_level is None else purses.cover(project, winning_level * unit)
        payment = purses.payment_per_share(project)
        level = None if payment is None else payment / unit
        views[project].rounds.append(RoundView(money, cover, level))


def _paid_by_supporters(
    electorate: Electorate, payments: dict[int, Fraction]
) -> dict[int, Fraction]:
    """Add up payments over the supporters of every project."""
    # Few different payments, many ballots: count first, then multiply exactly.
    amounts = {id(paid): paid for paid in payments.values()}
    ballots: Counter[tuple[int, int]] = Counter()
    for group, paid in payments.items():
        for project, _ in electorate.groups[group].shares:
            ballots[project, id(paid)] += electorate.groups[group].count
    totals: dict[int, Fraction] = {}
    for (project, key), count in ballots.items():
        totals[project] = totals.get(project, Fraction(0)) + amounts[key] * count
    return totals
