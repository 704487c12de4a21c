"""How many new ballots for one project alone would have funded it, the budget as it is."""

from collections.abc import Callable
from fractions import Fraction
from functools import cache

from allocation.added_supporters import fewest, fewest_votes_for_fill, wins_equal
from allocation.last_count import LastCount

# More new ballots than so many times the old ones are no margin any more.
TIMES_MAX = 10

# Gives the run of the same ballots at another endowment, seen from a project.
LastCountAt = Callable[[Fraction, int], LastCount]


def fewest_new(last: LastCount, last_count_at: LastCountAt) -> int | None:
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
        endowment = dealt_out / (ballots + number)
        return _needed(last_count_at(endowment, last.project), endowment)

    too_few, number = 0, 1
    while (need := needed(number)) is not None and need > number:
        too_few, number = number, need
        if number > TIMES_MAX * ballots:
            return None
    if need is None:
        return None
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


def _needed(last: LastCount, endowment: Fraction) -> int | None:
    """Find how many new ballots with so much money are needed beside this run."""
    if last.project in last.run.winners or last.fills():
        return 0
    most = TIMES_MAX * last.replay.electorate.ballots
    found = [fewest_votes_for_fill(last, most)]
    for money in last.open_rounds:
        limit = last.limit(money)
        gift = endowment if limit is None else min(endowment, limit)
        listed = [(gift, most)]
        found.append(fewest(last.missing(money), listed, wins_equal(last, money, listed)))
    return min((number for number in found if number is not None), default=None)
