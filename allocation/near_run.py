"""A run in doubles, seen from a project that it does not buy: says what is beyond doubt."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocation.equal_shares import Run
from allocation.replay import Replay

# Supporting groups of a project, their shares, their ballots.
Entries = tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class NearRound:
    """A round in doubles: the winner's price level (None: nobody won), and what the supporters of
    the project would give at it, in minor units.
    """

    price_level: float | None
    cover: float


def near_rounds(replay: Replay, run: Run, project: int, unit: int) -> Iterator[NearRound]:
    """Repeat a run by its winners alone; `unit` is what a share of the project counts."""
    groups, shares, ballots = replay.entries(project)
    money = np.full(len(replay.electorate.groups), float(run.endowment))
    for winner in run.winners:
        payers = replay.entries(winner)
        payment = payment_per_share(replay.electorate.costs[winner], money, payers)
        level = payment / replay.electorate.units[winner]
        gifts = np.minimum(money[groups], level * unit * shares)
        yield NearRound(level, float(gifts @ ballots))
        _pay(money, payment, payers)
    yield NearRound(None, float(money[groups] @ ballots))


def near_payments(replay: Replay, run: Run) -> list[float]:
    """Estimate what each purchase of a run cost its supporters per share."""
    money = np.full(len(replay.electorate.groups), float(run.endowment))
    payments = []
    for winner in run.winners:
        payers = replay.entries(winner)
        payments.append(payment_per_share(replay.electorate.costs[winner], money, payers))
        _pay(money, payments[-1], payers)
    return payments


def _pay(money: NDArray[np.float64], payment: float, payers: Entries) -> None:
    groups, shares, _ = payers
    money[groups] = np.maximum(money[groups] - payment * shares, 0.0)


def payment_per_share(cost: int, money: NDArray[np.float64], payers: Entries) -> float:
    """Estimate the payment per share that covers a cost that is known to be affordable."""
    groups, shares, ballots = payers
    own = money[groups]
    per_share = own / shares
    order = np.argsort(per_share)
    given = np.concatenate(([0.0], np.cumsum((own * ballots)[order])[:-1]))
    weights = (shares * ballots)[order]
    richer = np.cumsum(weights[::-1])[::-1]
    payments = (cost - given) / richer
    enough = np.flatnonzero(payments <= per_share[order])
    # Where all give all they have, rounding may leave nobody who has enough.
    return float(payments[enough[0] if len(enough) else -1])
