"""The compiled search of a completion: one stretch of endowments after the other.

It goes on by itself as long as nothing asks for a look: the winners are affordable, something
more could be bought, and the bounds certify every decision.
"""

import numpy as np

from allocation.engine.book import Ballots, Book, Wholes
from allocation.engine.bounds import Doubles, down, up
from allocation.engine.compiling import compiled
from allocation.engine.kernel import DONE, NO_ANSWER, NO_ROOM, UNDECIDED, UNRESOLVED_TIE, run

# Places of `pace`: how many endowments the next stretch asks for; how many are to be run alone
# before the next stretch is tried; stretches in a row that failed; runs made; exact ties met.
ASKED, ALONE, MISSES, MADE, TIES = range(5)

# After stretches that could not be certified, so many endowments in a row are run alone at most.
ALONE_MAX = 16
ASKED_FIRST = 4
# A stretch of so many endowments is asked for at most: more than any real search passes.
ASKED_MAX = 2**30
EXACT_IN_DOUBLES = 2.0**53


def new_pace() -> Wholes:
    """Begin a search: the first endowment alone."""
    return np.array([ASKED_FIRST, 1, 0, 0, 0])


@compiled
def _bounds(first: Doubles, step: Doubles, steps: float) -> tuple[float, float]:
    """Hold the endowment after so many steps between two doubles, equal if it is one itself."""
    low = first[0] + steps * step[0]
    whole = first[0] == first[1] == np.floor(first[0]) and step[0] == step[1] == np.floor(step[0])
    if whole and low < EXACT_IN_DOUBLES:
        return low, low
    if steps == 0.0:
        return first[0], first[1]
    return down(first[0] + down(steps * step[0])), up(first[1] + up(steps * step[1]))


@compiled
def _asks_for_a_look(
    ballots: Ballots,
    winners: Wholes,
    budget: float,
    exhaustive_stop: bool,
) -> bool:
    """Tell whether the search may end at these winners."""
    left = budget
    shut = np.zeros(len(ballots.costs), np.bool_)
    for winner in winners:
        left -= ballots.costs[winner]
        shut[winner] = True
        for k in range(ballots.rival_firsts[winner], ballots.rival_firsts[winner + 1]):
            shut[ballots.rivals[k]] = True
    if left < 0.0:
        return True
    supported_left = False
    for p in ballots.supported:
        supported_left = supported_left or not shut[p]
    fitting_left = False
    for p in range(len(shut)):
        fitting_left = fitting_left or (not shut[p] and ballots.costs[p] <= left)
    return not supported_left or (exhaustive_stop and not fitting_left)


@compiled
def _shorten(asked: int, reach: float, pace: Wholes) -> int:
    """Say how long a stretch to try when one of `asked` endowments could not be certified."""
    shorter = int(reach * asked)
    if shorter == 0:
        shorter = asked // 4
    asked = max(1, min(shorter, asked - 1))
    if asked == 1:
        # Where the order changes at every other step, trying to leap is a waste.
        pace[MISSES] += 1
        pace[ALONE] = min(2 ** min(pace[MISSES], 10), ALONE_MAX) - 1
        pace[ASKED] = ASKED_FIRST
    return asked


@compiled
def _run_stretch(
    ballots: Ballots,
    book: Book,
    first: Doubles,
    step: Doubles,
    begin: int,
    pace: Wholes,
    unanswered: Wholes,
) -> tuple[int, int, Wholes]:
    """Run at an endowment and as many after it as can be certified together.

    Returns (status, how many, winners).
    """
    asked = pace[ASKED]
    if pace[ALONE] > 0:
        asked = 1
        pace[ALONE] -= 1
    low0, high0 = _bounds(first, step, float(begin))
    while True:
        low1, high1 = _bounds(first, step, float(begin + asked - 1))
        status, winners, reach, _, ties, _ = run(
            ballots, book, low0, high0, low1, high1, unanswered
        )
        if status == NO_ROOM:
            return status, asked, winners
        pace[MADE] += 1
        if status == DONE:
            pace[TIES] += ties
            if asked > 1:
                pace[ASKED] = min(2 * asked, ASKED_MAX)
                pace[MISSES] = 0
            return status, asked, winners
        if asked == 1 or status == UNRESOLVED_TIE:
            return UNDECIDED, asked, winners
        asked = _shorten(asked, reach, pace)


@compiled
def search(
    ballots: Ballots,
    book: Book,
    first: Doubles,
    step: Doubles,
    budget: float,
    exhaustive_stop: bool,
    pace: Wholes,
    runs_max: int,
) -> tuple[int, int, int, Wholes]:
    """Run equal shares from an endowment on, by steps, until something asks for a look.

    `first` and `step` are bounds, two each. `pace` is kept from one call to the next.

    Returns (status, begin, end, winners): the winners at the endowments from `begin` steps to
    before `end` steps after the first. All before `begin` have affordable winners and leave
    something to be bought. UNDECIDED: exact arithmetic must look at `begin`. NO_ROOM: go on there
    with a larger book.
    """
    unanswered = np.full(len(ballots.costs) + 1, NO_ANSWER, np.int64)
    runs_max += pace[MADE]
    begin = 0
    while True:
        status, many, winners = _run_stretch(ballots, book, first, step, begin, pace, unanswered)
        if (
            status != DONE
            or pace[MADE] >= runs_max
            or _asks_for_a_look(ballots, winners, budget, exhaustive_stop)
        ):
            return status, begin, begin + many, winners
        begin += many
