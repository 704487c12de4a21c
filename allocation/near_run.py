"""A run in doubles, seen from a project that it does not buy: says what is beyond doubt."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocation.equal_shares import Run
from allocation.replay import Replay


@dataclass(frozen=True, slots=True)
class NearRound:
    """A round in doubles: the winner's price level (None: nobody won), and what the supporters of
    the project would give at it, in minor units.
    """

    price_level: float | None
    cover: float


def near_rounds(replay: Replay, run: Run, project: int, unit: int) -> Iterator[NearRound]:
    """Repeat a run by its winners alone; `unit` is what a share of the project counts."""
    electorate = replay.electorate
    money = np.full(len(electorate.groups), float(run.endowment))
    groups, shares, ballots = replay.entries(project)
    for winner in run.winners:
        payers, paid_shares, payer_ballots = replay.entries(winner)
        payment = payment_per_share(
            electorate.costs[winner], money[payers], paid_shares, payer_ballots
        )
        level = payment / electorate.units[winner]
        gifts = np.minimum(money[groups], level * unit * shares)
        yield NearRound(level, float(gifts @ ballots))
        money[payers] = np.maximum(money[payers] - payment * paid_shares, 0.0)
    yield NearRound(None, float(money[groups] @ ballots))


def payment_per_share(
    cost: int,
    money: NDArray[np.float64],
    shares: NDArray[np.float64],
    ballots: NDArray[np.float64],
) -> float:
    """Estimate the payment per share that covers a cost that is known to be affordable."""
    per_share = money / shares
    order = np.argsort(per_share)
    given = np.concatenate(([0.0], np.cumsum((money * ballots)[order])[:-1]))
    weights = (shares * ballots)[order]
    richer = np.cumsum(weights[::-1])[::-1]
    payments = (cost - given) / richer
    enough = np.flatnonzero(payments <= per_share[order])
    # Where all give all they have, rounding may leave nobody who has enough.
    return float(payments[enough[0] if len(enough) else -1])
