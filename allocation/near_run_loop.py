"""The compiled loop of a run in doubles: what each purchase costs per share, and what a project
that is not bought would be given.
"""

from typing import Any

import numpy as np

from allocation.engine.compiling import compiled

# The payment rises step by step while somebody turns out to have less, and then no more.
NEARLY = 1 + 1e-15


@compiled
def _payment(
    cost: float, begin: int, end: int, groups: Any, shares: Any, ballots: Any, money: Any
) -> float:
    """Return the payment per share of entries that together can bear a cost."""
    payment = 0.0
    while True:
        unpaid = cost
        rich = 0.0
        for k in range(begin, end):
            own = money[groups[k]]
            if own < payment * shares[k]:
                unpaid -= own * ballots[k]
            else:
                rich += shares[k] * ballots[k]
        # Where all give all they have, rounding may leave nobody who has enough.
        if rich == 0.0 or unpaid <= payment * rich * NEARLY:
            return payment
        payment = unpaid / rich


@compiled
def _given(
    limit: float, begin: int, end: int, groups: Any, shares: Any, ballots: Any, money: Any
) -> float:
    """Sum what entries give where nobody gives more than a limit per share."""
    given = 0.0
    for k in range(begin, end):
        given += min(money[groups[k]], limit * shares[k]) * ballots[k]
    return given


@compiled
def pay_in_turn(  # noqa: PLR0917 (compiled code takes arrays)
    winners: Any,
    costs: Any,
    firsts: Any,
    groups: Any,
    shares: Any,
    ballots: Any,
    money: Any,
    units: Any,
    project: int,
    unit: float,
    payments: Any,
    covers: Any,
) -> None:
    """Let the winners be bought in their order; fill in `payments` per share, one for each.

    The entries of project p, `firsts[p]` up to `firsts[p + 1]`, are the groups that support it,
    their `shares` and their `ballots`; a ballot of group g has `money[g]`, of which is left what is
    left. `covers` are what the supporters of `project`, which counts `unit` per share, would give
    for it at each winner's price level, and in the end all that they have; with `project` -1 they
    are not asked.
    """
    first, last = (firsts[project], firsts[project + 1]) if project >= 0 else (0, 0)
    for j in range(len(winners)):
        begin, end = firsts[winners[j]], firsts[winners[j] + 1]
        payment = _payment(costs[winners[j]], begin, end, groups, shares, ballots, money)
        limit = payment / units[winners[j]] * unit
        covers[j] = _given(limit, first, last, groups, shares, ballots, money)
        payments[j] = payment
        for k in range(begin, end):
            money[groups[k]] = max(0.0, money[groups[k]] - payment * shares[k])
    covers[-1] = _given(np.inf, first, last, groups, shares, ballots, money)
