"""How many supporters a funded project could lose, in a run that is held fixed.

A supporter is lost when the ballot no longer names the project; the rest of it stays.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import cache

import numpy as np

from allocation.added_supporters import Gift, take
from allocation.estimates import ABSOLUTE, RELATIVE, taken_for
from allocation.last_count import LastCount
from allocation.options import APPROVALS
from allocation.replay import RoundMoney


def most_losable(last: LastCount) -> tuple[int, RoundMoney] | None:
    """Find the most supporters that it can lose if those leave who give least.

    Also returns the round that decides who they are. None: it is not funded even with all.
    """
    found = _by_round(last, least_first=True)
    by_fill = _by_fill(last)
    if by_fill is not None:
        found.append((by_fill, last.open_rounds[-1]))
    return max(found, key=lambda entry: entry[0], default=None)


def surely_losable(last: LastCount) -> int | None:
    """Give a number that it can lose whoever leaves: a lower bound of the greatest.

    In one round the most generous are the greatest loss; if it bears theirs, it bears any.
    """
    found = [number for number, _ in _by_round(last, least_first=False)]
    by_fill = _by_fill(last)
    return max([*found, *([] if by_fill is None else [by_fill])], default=None)


def _by_round(last: LastCount, *, least_first: bool) -> list[tuple[int, RoundMoney]]:
    """Find the most for rounds that may have the most of all."""
    bounds = [_bounds(last, money, least_first=least_first) for money in last.open_rounds]
    least = max(low for low, _ in bounds) - 1  # a tie may be lost
    found = []
    for money, (_, high) in zip(last.open_rounds, bounds, strict=True):
        if high >= max(0, least):
            listed = sorted(_gifts(last, money), reverse=not least_first)
            number = _in_round(last, money, listed)
            if number is not None:
                found.append((number, money))
    return found


def _bounds(last: LastCount, money: RoundMoney, *, least_first: bool) -> tuple[float, float]:
    """Bound by doubles how many may leave in a round; below 0: too little is given already."""
    backing, limit = last.backing(money), last.limit(money)
    if not backing.entries:
        return -1.0, -1.0
    amounts = np.array([amount / backing.denominator for amount, _, _ in backing.entries])
    ballots = np.array([float(count) for _, _, count in backing.entries])
    if limit is not None:
        level = float(limit)
        amounts = np.minimum(amounts, [level * share for _, share, _ in backing.entries])
    order = np.argsort(amounts if least_first else -amounts, kind="stable")
    spare = float(np.sum(amounts * ballots)) - last.cost
    if spare < 0 and spare < -(ABSOLUTE + RELATIVE * last.cost):
        return -1.0, -1.0
    low, high = taken_for(spare, amounts[order], ballots[order])
    everybody = float(np.sum(ballots))
    return min(low, everybody) - 1, min(high, everybody)


def least_generous(last: LastCount, money: RoundMoney, number: int) -> dict[int, int]:
    """Choose so many supporting ballots that give least in a round: group -> how many."""
    limit = last.limit(money)
    entries = last.replay.electorate.supporters[last.project]
    if len({share for _, share, _ in entries}) == 1:
        # Amounts rise with their places; from the limit on all give alike.
        whole = None if limit is None else limit * entries[0][1] * money.denominator
        alike = len(money.amounts) if whole is None else bisect_left(money.amounts, whole)
        places = np.minimum(money.place[[group for group, _, _ in entries]], alike)
        order = np.argsort(places, kind="stable").tolist()
        return take(last, (entries[at][0] for at in order), number)
    amounts = money.amounts_of_groups()

    def gift(entry: tuple[int, int, int]) -> Fraction:
        group, share, _ = entry
        return amounts[group] if limit is None else min(amounts[group], limit * share)

    return take(last, [group for group, _, _ in sorted(entries, key=gift)], number)


def _gifts(last: LastCount, money: RoundMoney) -> list[Gift]:
    """List what supporters give in a round."""
    backing, limit = last.backing(money), last.limit(money)
    listed = []
    for amount, share, ballots in backing.entries:
        whole = Fraction(amount, backing.denominator)
        listed.append((whole if limit is None else min(whole, limit * share), ballots))
    return listed


def _in_round(last: LastCount, money: RoundMoney, listed: Sequence[Gift]) -> int | None:
    limit = last.limit(money)

    @cache
    def wins_equal(number: int) -> bool:
        if number and last.contest.utility not in APPROVALS:
            return False  # by how much a score falls depends on who leaves: no tie is counted on
        outright = limit is None or (
            last.backing(money).all_give_less(limit)
            if not number
            else all(gift < limit for gift in _all_but(listed, number))
        )
        return outright or last.beats_winner(money, votes=last.votes - number)

    return most_that_may_go(-last.missing(money), listed, wins_equal)


def _all_but(listed: Sequence[Gift], number: int) -> Iterator[Fraction]:
    """Give the different gifts of all ballots but the first so many."""
    for gift, ballots in listed:
        if number < ballots:
            yield gift
        number = max(0, number - ballots)


def _by_fill(last: LastCount) -> int | None:
    if last.contest.utility not in APPROVALS:
        return None
    steps = {0, int(last.votes)}
    for _, id_ in last.along_fill:
        if id_ is not None:
            ahead = int(last.votes - last.contest.votes[id_])
            steps |= {ahead, ahead - 1}
    to_try = sorted((n for n in steps if 0 <= n <= last.votes), reverse=True)
    return next((n for n in to_try if last.fills(votes=last.votes - n)), None)


def most_that_may_go(
    spare: Fraction, listed: Sequence[Gift], equal_suffices: Callable[[int], bool]
) -> int | None:
    """Find the most ballots, taken in order, without which more than the cost is still given.

    `spare` is what all give above the cost. Exactly the cost is enough without n ballots if
    `equal_suffices(n)`, which once false stays false. None: it is too little already.

    >>> most_that_may_go(Fraction(4), [(Fraction(2), 9)], lambda n: False)
    1
    """
    if spare < 0 or (spare == 0 and not equal_suffices(0)):
        return None
    before = 0
    for gift, ballots in listed:
        of_these = _most_of_equals(spare, gift, ballots, before, equal_suffices)
        before += of_these
        spare -= gift * of_these
        if of_these < ballots:
            break
    return before


def _most_of_equals(
    spare: Fraction,
    gift: Fraction,
    ballots: int,
    before: int,
    equal_suffices: Callable[[int], bool],
) -> int:
    if gift == 0 and spare == 0:
        numbers = range(1, ballots + 1)
        return bisect_left(numbers, x=True, key=lambda n: not equal_suffices(before + n))
    if gift == 0:
        return ballots
    whole, rest = divmod(spare, gift)
    if whole > ballots:
        return ballots
    lost_tie = rest == 0 and whole > 0 and not equal_suffices(before + whole)
    return whole - 1 if lost_tie else whole
