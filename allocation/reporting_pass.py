"""The returned run of equal shares once more, looking at every project in every round."""

from dataclasses import dataclass, field
from fractions import Fraction

from allocation.equal_shares import Run
from allocation.replay import Replay, RoundMoney
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
    replay = Replay(electorate)
    views = [ProjectViews() for _ in electorate.ids]
    unbought = set(range(len(electorate.ids)))
    for money in replay.rounds(run):
        for project in unbought:
            views[project].rounds.append(_view(replay, money, project))
        if money.purchase is None:
            break
        unbought.discard(money.purchase.project)
        paid, place_of_group = replay.payments(money)
        for project in unbought:
            total = replay.sum_by_project(paid, place_of_group, project)
            if total:
                views[project].paid_for[money.purchase.project] = total
    return views


def _view(replay: Replay, money: RoundMoney, project: int) -> RoundView:
    electorate = replay.electorate
    unit = electorate.units[project]
    backing = replay.backing(money, project)
    behind = backing.money
    winning = money.purchase
    cover = behind if winning is None else backing.cover(winning.price_level * unit)
    payment = backing.payment_per_share(electorate.costs[project])
    return RoundView(behind, cover, None if payment is None else payment / unit)
