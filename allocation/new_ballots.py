"""How many new ballots for one project alone would have funded it, the budget as it is."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from math import ceil, floor, inf

from allocation.added_supporters import fewest, fewest_votes_for_fill, wins_equal
from allocation.equal_shares import Run
from allocation.estimates import ABSOLUTE, RELATIVE
from allocation.last_count import LastCount
from allocation.near_run import near_rounds

# More new ballots than so many times the old ones are no margin any more.
TIMES_MAX = 10

# Gives the run of the same ballots at another endowment.
RunAt = Callable[[Fraction], Run]


def fewest_new(last: LastCount, run_at: RunAt) -> int | None:
    """Find a number of new ballots for the project alone that funds it, where one fewer does not.

    What the last count dealt out stays the same, so that with k new ballots beside n everybody has
    n/(n+k) of the endowment: without completion this is the budget divided among more. The old
    ballots' run at that endowment does not depend on the new ones until the project is bought, so
    it says how many are needed. None: not ten times as many ballots would do.
    """
    ballots = last.replay.electorate.ballots
    dealt_out = last.run.endowment * ballots

    @cache
    def needed(number: int) -> int | None:
        return _needed(last, run_at(dealt_out / (ballots + number)))

    too_few, number = 0, 1
    while (need := needed(number)) is None or need > number:
        if number > TIMES_MAX * ballots:
            return None
        # Where no number would do at one endowment, a lower one may have other purchases.
        too_few, number = number, need or 2 * number
    # Nearly always one fewer is too few; then this is one step, else halving finds the place.
    middle = number - 1
    while number - too_few > 1:
        enough = needed(middle)
        if enough is not None and enough <= middle:
            number = middle
        else:
            too_few = middle
        middle = (too_few + number) // 2
    return number


def _needed(last: LastCount, run: Run) -> int | None:
    """Find how many new ballots with the endowment of a run are needed beside it."""
    without_rounds = replace(last, run=run, rounds=())
    if last.project in run.winners or without_rounds.fills():
        return 0
    most = TIMES_MAX * last.replay.electorate.ballots
    by_fill = fewest_votes_for_fill(without_rounds, most)
    low, high = _bounds(last, run)
    if by_fill is not None:
        low, high = min(low, by_fill), min(high, by_fill)
    if low == high or low > most:
        return int(low) if low <= most else None
    exact = _exactly(replace(last, run=run, rounds=last.replay.rounds(run)), most)
    return min((number for number in (by_fill, exact) if number is not None), default=None)


def _bounds(last: LastCount, run: Run) -> tuple[float, float]:
    """Bound how many are needed by doubles; equal where rounding leaves no doubt."""
    if last.contest.exclusive:
        return 1, inf  # some rounds do not count
    unit = last.cost if last.utility_grows_with_cost else 1
    endowment = float(run.endowment)
    off = ABSOLUTE + RELATIVE * endowment * last.replay.electorate.ballots
    low = high = inf
    for near in near_rounds(last.replay, run, last.project, unit):
        limit = inf if near.price_level is None else near.price_level * unit
        gift = min(endowment, limit)
        missing = last.cost - near.cover
        if not gift:
            continue  # of nothing no number is enough
        low = min(low, max(1, ceil((missing - off) / gift)))
        high = min(high, max(1, floor((missing + off) / gift) + 1))
    return low, high


def _exactly(last: LastCount, most: int) -> int | None:
    found = []
    for money in last.open_rounds:
        limit = last.limit(money)
        gift = last.run.endowment if limit is None else min(last.run.endowment, limit)
        listed = [(gift, most)]
        found.append(fewest(last.missing(money), listed, wins_equal(last, money, listed)))
    return min((number for number in found if number is not None), default=None)
