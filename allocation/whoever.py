"""How many added supporters fund a project whoever they are: a search for the largest idle set.

A set of ballots is *idle* if the project still loses when they name it too. One more than the
largest idle set is enough whoever they are. The largest is an integer program with a variable for
each kind of ballot and a row for each round: together they must not give what is missing there.
Amounts are fractions with hundreds of digits, so the solver sees doubles: gifts rounded down make
its bound one that no idle set exceeds, gifts rounded up make its sets idle, which is checked
exactly. Where there are too many kinds, similar ones are put together, which widens the bracket.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import floor

import numpy as np
import pulp
from numpy.typing import NDArray

from allocation.added_supporters import others, take
from allocation.last_count import LastCount
from allocation.replay import RoundMoney

KINDS_MAX = 1_000
# The solver may break a row by a millionth.
TOLERANCE = 1e-5
LEVELS = (2**40, 64, 32, 16, 8, 4, 2, 1)


@dataclass(frozen=True, eq=False)
class _Kinds:
    """Ballots put together: how many of each kind, and the least and the most that one gives.

    Gifts are by kind and round, as parts of what is missing in the round; `groups` by kind.
    """

    ballots: NDArray[np.int64]
    least: NDArray[np.float64]
    most: NDArray[np.float64]
    groups: list[NDArray[np.int64]]


def narrowed(last: LastCount, low: int, high: int, seconds_max: float) -> tuple[int, int]:
    """Narrow the bracket of the fewest added ballots that fund a project whoever they are.

    `low` and `high` bound it already. Each of two solver runs ends after half of the seconds.
    """
    if low == high:
        return low, high
    rounds = [money for money in last.open_rounds if last.missing(money) > 0]
    if len(rounds) < len(last.open_rounds):
        return low, high  # a lost tie: anybody may be enough, which the bounds know
    kinds = _kinds(last, rounds)
    _, bound = _largest(kinds.ballots, kinds.least * (1 - TOLERANCE), seconds_max / 2)
    chosen, _ = _largest(kinds.ballots, kinds.most * (1 + TOLERANCE), seconds_max / 2)
    size = int(chosen.sum())
    if size >= low and _is_idle(last, kinds, chosen):
        low = size + 1
    return low, max(low, min(high, floor(bound + TOLERANCE) + 1))


def _kinds(last: LastCount, rounds: list[RoundMoney]) -> _Kinds:
    groups = others(last)
    gifts = np.empty((len(groups), len(rounds)))
    for place, money in enumerate(rounds):
        limit = last.limit(money)
        near = money.near if limit is None else np.minimum(money.near, float(limit))
        gifts[:, place] = near[money.place[groups]] / float(last.missing(money))
    ballots = last.replay.ballots_of_group[groups]
    top = np.maximum(gifts.max(axis=0, initial=0.0), 1e-300)
    for levels in LEVELS:
        rounded = np.rint(gifts / top * levels)
        _, kind = np.unique(rounded, axis=0, return_inverse=True)
        kind = kind.reshape(-1)
        number = int(kind.max(initial=-1)) + 1
        if number <= KINDS_MAX:
            break
    least = np.full((number, len(rounds)), np.inf)
    most = np.zeros((number, len(rounds)))
    np.minimum.at(least, kind, gifts)
    np.maximum.at(most, kind, gifts)
    return _Kinds(
        np.bincount(kind, weights=ballots, minlength=number).astype(np.int64),
        least,
        most,
        [groups[kind == one] for one in range(number)],
    )


def _largest(
    ballots: NDArray[np.int64], gifts: NDArray[np.float64], seconds_max: float
) -> tuple[NDArray[np.int64], float]:
    """Choose as many ballots as possible that fill no round; give a bound of their number too."""
    everybody = float(ballots.sum())
    problem = pulp.LpProblem("idle", pulp.LpMaximize)
    chosen = [
        problem.add_variable(f"y{kind}", 0, int(number), cat=pulp.LpInteger)
        for kind, number in enumerate(ballots)
    ]
    problem += pulp.lpSum(chosen)
    for row in gifts.T:
        problem += pulp.LpAffineExpression(list(zip(chosen, row.tolist(), strict=True))) <= 1
    problem.solve(
        pulp.HiGHS(
            msg=False, threads=1, timeLimit=seconds_max, gapRel=0, mip_abs_gap=0.5, random_seed=0
        )
    )
    if problem.sol_status not in {pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible}:
        return np.zeros(len(ballots), dtype=np.int64), everybody
    levels = np.array([variable.value() or 0.0 for variable in chosen])
    # PuLP minimises the negated objective, so the bound comes with the opposite sign.
    bound = -float(problem.solverModel.getInfo().mip_dual_bound)
    return np.rint(levels).astype(np.int64), min(bound, everybody)


def _is_idle(last: LastCount, kinds: _Kinds, chosen: NDArray[np.int64]) -> bool:
    """Say exactly whether the project still loses if the chosen ballots name it too."""
    taken: dict[int, int] = {}
    for groups, number in zip(kinds.groups, chosen.tolist(), strict=True):
        taken |= take(last, groups.tolist(), number)
    groups = np.fromiter(taken, dtype=np.int64, count=len(taken))
    ballots = np.array([taken[group] for group in groups.tolist()], dtype=np.int64)
    if last.fills(votes=last.votes + int(ballots.sum())):
        return False
    for money in last.open_rounds:
        limit = last.limit(money)
        counts = np.bincount(money.place[groups], weights=ballots)
        given = Fraction(0)
        for place in np.flatnonzero(counts).tolist():
            amount = Fraction(money.amounts[place], money.denominator)
            given += (amount if limit is None else min(amount, limit)) * int(counts[place])
        if given >= last.missing(money):  # exactly as much may win; then it is not counted on
            return False
    return True
