"""The compiled loop of a quick recount: where may a changed project be bought first."""

from typing import Any

from allocation.engine.compiling import compiled


@compiled
def first_affordable(  # noqa: PLR0917 (compiled code takes arrays)
    endowments: Any,
    lengths: Any,
    winners: Any,
    limits: Any,
    payments: Any,
    table: Any,
    shares: Any,
    ballots: Any,
    new_ballots: float,
    enough: float,
) -> int:
    """Return the first run in which supporters give enough in some round; -1: in none.

    Run i begins with `endowments[i]` and has `lengths[i]` purchases: in round j of `winners[i, j]`
    for `payments[i, j]` per share, while the project would be paid `limits[i, j]` per share. Group
    g of its supporters stands for `ballots[g]`, gives it `shares[g]` and project q `table[q, g]`.
    """
    money = ballots.copy()
    for i in range(len(endowments)):
        money[:] = endowments[i]
        for j in range(lengths[i] + 1):
            limit = limits[i, j]
            cover = new_ballots * min(endowments[i], limit)
            for g in range(len(ballots)):
                cover += ballots[g] * min(money[g], limit * shares[g])
            if cover >= enough:
                return i
            if j < lengths[i]:
                bought = table[winners[i, j]]
                for g in range(len(ballots)):
                    left = money[g] - payments[i, j] * bought[g]
                    money[g] = left if left > 0 else 0.0
    return -1
