"""The greatest cost at which a project is funded in a run that is held fixed."""

from fractions import Fraction

from allocation.last_count import LastCount
from allocation.replay import RoundMoney


def greatest_cost(last: LastCount, *, below: int | None = None) -> int | None:
    """Find the greatest whole cost in minor units (less than `below`) at which it is funded."""
    most = None if below is None else below - 1
    found = [_in_round(last, money, most) for money in last.open_rounds]
    found.append(_in_fill(last, most))
    return max((cost for cost in found if cost is not None), default=None)


def _in_round(last: LastCount, money: RoundMoney, most: int | None) -> int | None:
    backing = last.backing(money)
    if money.purchase is None:
        equal, more_below = backing.money, True
    elif last.utility_grows_with_cost:
        equal, more_below = backing.greatest_cost(money.purchase.price_level)
    else:
        equal, more_below = backing.cover(money.purchase.price_level), True
    if not more_below:
        return _among_exactly_covered(last, money, equal, most)
    whole = equal.numerator // equal.denominator
    if most is not None and most < whole:
        whole = most
    elif whole == equal and whole > 0 and not _wins_equal(last, money, whole):
        whole -= 1
    return whole if whole > 0 else None


def _wins_equal(last: LastCount, money: RoundMoney, cost: int) -> bool:
    limit = last.limit(money, cost=cost)
    outright = limit is None or last.backing(money).all_give_less(limit)
    return outright or last.beats_winner(money, cost=cost)


def _among_exactly_covered(
    last: LastCount, money: RoundMoney, equal: Fraction, most: int | None
) -> int | None:
    """Choose among costs of which each is covered exactly, so that each is a tie."""
    if money.purchase is None:
        raise ValueError("without a winner there is no tie")
    whole = equal.numerator // equal.denominator
    if most is not None:
        whole = min(whole, most)
    # Between these the tie list cannot change its mind.
    rival = last.contest.instance.projects[money.purchase.project].cost
    for cost in sorted({whole, rival, rival - 1}, reverse=True):
        if 0 < cost <= whole and last.beats_winner(money, cost=cost):
            return cost
    return None


def _in_fill(last: LastCount, most: int | None) -> int | None:
    costs: set[int] = set()
    for left, id_ in last.along_fill:
        # Where it fits, and where the tie list changes its mind about a project of equal votes.
        rival = left if id_ is None else last.contest.instance.project_by_id[id_].cost
        costs |= {cost for cost in (left, rival, rival - 1) if cost <= left}
    to_try = sorted({cost if most is None else min(cost, most) for cost in costs}, reverse=True)
    return next((cost for cost in to_try if cost > 0 and last.fills(cost=cost)), None)
