"""How many more supporters would have funded a project, in a run that is held fixed.

For ballots with crosses: a ballot names the project beside what it names already.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cache

import numpy as np
from numpy.typing import NDArray

from allocation.estimates import taken_for
from allocation.last_count import LastCount
from allocation.replay import RoundMoney

# What one more ballot gives, and how many ballots give it.
Gift = tuple[Fraction, int]


def fewest_added(last: LastCount) -> tuple[int, RoundMoney] | None:
    """Find the fewest ballots (at least 1) that fund it if the richest non-supporters name it.

    Also returns the round that decides who is the richest.
    """
    found = _by_round(last, richest_first=True)
    by_fill = _by_fill(last)
    if by_fill is not None:
        found.append((by_fill, last.open_rounds[-1]))
    return min(found, key=lambda entry: entry[0], default=None)


def enough_added(last: LastCount) -> int | None:
    """Give a number of ballots that funds it whichever they are: an upper bound of the fewest.

    In one round the poorest are the least help; if so many of them suffice there, all do.
    """
    found = [number for number, _ in _by_round(last, richest_first=False)]
    by_fill = _by_fill(last)
    return min([*found, *([] if by_fill is None else [by_fill])], default=None)


def _by_round(last: LastCount, *, richest_first: bool) -> list[tuple[int, RoundMoney]]:
    """Find the fewest for rounds that may have the fewest of all."""
    bounds = [_bounds(last, money, richest_first=richest_first) for money in last.open_rounds]
    # The number sought is whole and at least 1, so at most 1 above the upper bound.
    most = max(1, min(high for _, high in bounds) + 1)
    found = []
    for money, (low, _) in zip(last.open_rounds, bounds, strict=True):
        if low <= most and low < float("inf"):
            listed = gifts(last, money)
            number = _in_round(last, money, listed if richest_first else listed[::-1])
            if number is not None:
                found.append((number, money))
    return found


def _bounds(last: LastCount, money: RoundMoney, *, richest_first: bool) -> tuple[float, float]:
    """Bound by doubles how many ballots a round asks for."""
    supporting = last.replay.ballots_by_place(money.place, len(money.near), last.project)
    limit = last.limit(money)
    given = money.near if limit is None else np.minimum(money.near, float(limit))
    order = slice(None, None, -1) if richest_first else slice(None)
    wanted = last.cost - float(np.sum(supporting * given))
    return taken_for(wanted, given[order], (money.ballots - supporting)[order].astype(np.float64))


def fewest_votes_for_fill(last: LastCount, most: int) -> int | None:
    """Find the fewest further votes with which the fill comes to it while it still fits."""
    steps: set[int] = set()
    for left, id_ in last.along_fill:
        if left < last.cost or id_ is None:
            break
        behind = int(last.contest.votes[id_] - last.votes)
        steps |= {behind, behind + 1}
    to_try = sorted(number for number in steps if 0 < number <= most)
    return next((n for n in to_try if last.fills(votes=last.votes + n)), None)


def _by_fill(last: LastCount) -> int | None:
    return fewest_votes_for_fill(last, int(last.replay.ballots_of_group[others(last)].sum()))


def richest_others(last: LastCount, money: RoundMoney, number: int) -> dict[int, int]:
    """Choose so many non-supporting ballots with most money in a round: group -> how many."""
    groups = others(last)
    order = np.argsort(-money.place[groups], kind="stable")
    return take(last, groups[order].tolist(), number)


def take(last: LastCount, groups: Iterable[int], number: int) -> dict[int, int]:
    """Take so many ballots from groups, one group after the other."""
    taken: dict[int, int] = {}
    for group in groups:
        if number <= 0:
            break
        taken[group] = min(number, int(last.replay.ballots_of_group[group]))
        number -= taken[group]
    return taken


def others(last: LastCount) -> NDArray[np.int64]:
    """List the groups that do not support the project."""
    is_other = np.ones(len(last.replay.ballots_of_group), dtype=bool)
    is_other[last.replay.supporters(last.project)] = False
    return np.flatnonzero(is_other)


def gifts(last: LastCount, money: RoundMoney) -> list[Gift]:
    """List what non-supporters would give in a round if they named it, the richest first."""
    supporting = last.replay.ballots_by_place(money.place, len(money.amounts), last.project)
    ballots = money.ballots - supporting
    limit = last.limit(money)
    # Everybody who has more than the limit gives just as much: one entry for all of them.
    poorer = len(money.amounts)
    listed: list[Gift] = []
    if limit is not None:
        poorer = bisect_left(money.amounts, limit * money.denominator)
        listed.append((limit, int(ballots[poorer:].sum())))
    listed.extend(
        (Fraction(money.amounts[place], money.denominator), int(ballots[place]))
        for place in np.flatnonzero(ballots[:poorer])[::-1].tolist()
    )
    return [entry for entry in listed if entry[1]]


def _in_round(last: LastCount, money: RoundMoney, listed: Sequence[Gift]) -> int | None:
    return fewest(last.missing(money), listed, wins_equal(last, money, listed))


def wins_equal(last: LastCount, money: RoundMoney, listed: Sequence[Gift]) -> Callable[[int], bool]:
    """Return whether so many ballots of the list suffice if the cost is covered exactly."""
    limit = last.limit(money)
    supporters_give_less = limit is None or last.backing(money).all_give_less(limit)

    @cache
    def wins(number: int) -> bool:
        outright = limit is None or (
            supporters_give_less and all(gift < limit for gift in _first(listed, number))
        )
        return outright or last.beats_winner(money, votes=last.votes + number)

    return wins


def _first(listed: Sequence[Gift], number: int) -> Iterator[Fraction]:
    """Give the different gifts of the first so many ballots."""
    for gift, ballots in listed:
        if number <= 0:
            break
        yield gift
        number -= ballots


def fewest(
    needed: Fraction, listed: Sequence[Gift], equal_suffices: Callable[[int], bool]
) -> int | None:
    """Find the fewest ballots (at least 1), taken in order, that give more than is needed.

    Exactly as much is enough with n ballots if `equal_suffices(n)`, which once true stays true.
    None: all together do not.

    >>> fewest(Fraction(4), [(Fraction(2), 9)], lambda n: False)
    3
    """
    before = 0
    for gift, ballots in listed:
        of_these = _fewest_of_equals(needed, gift, range(1, ballots + 1), before, equal_suffices)
        if of_these is not None:
            return before + of_these
        needed -= gift * ballots
        before += ballots
    return None


def _fewest_of_equals(
    needed: Fraction,
    gift: Fraction,
    numbers: range,
    before: int,
    equal_suffices: Callable[[int], bool],
) -> int | None:
    if gift == 0 and needed == 0:
        first = bisect_left(numbers, x=True, key=lambda n: equal_suffices(before + n))
        return numbers[first] if first < len(numbers) else None
    if gift == 0:
        return None if needed > 0 else 1
    whole, rest = divmod(needed, gift)
    if rest == 0 and whole in numbers and equal_suffices(before + whole):
        return whole
    above = max(whole + 1, 1)
    return above if above in numbers else None
