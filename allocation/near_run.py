"""A run in doubles, seen from a project that it does not buy: says what is beyond doubt."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocation.equal_shares import Run
from allocation.replay import Replay

NO_PROJECT = -1


@dataclass(frozen=True, slots=True)
class NearRound:
    """A round in doubles: the winner's price level (None: nobody won), and what the supporters of
    the project would give at it, in minor units.
    """

    price_level: float | None
    cover: float


def near_rounds(replay: Replay, run: Run, project: int, unit: int) -> Iterator[NearRound]:
    """Repeat a run by its winners alone; `unit` is what a share of the project counts."""
    payments, covers = _repeat(replay, run, project, unit)
    units = replay.arrays.units[list(run.winners)]
    levels = [*(payments / units).tolist(), None]
    for level, cover in zip(levels, covers.tolist(), strict=True):
        yield NearRound(level, cover)


def near_payments(replay: Replay, run: Run) -> NDArray[np.float64]:
    """Estimate what each purchase of a run cost its supporters per share."""
    return _repeat(replay, run, NO_PROJECT, 1)[0]


def _repeat(
    replay: Replay, run: Run, project: int, unit: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    # Loaded only where it is used: the compiler takes a moment.
    from allocation.near_run_loop import pay_in_turn  # noqa: PLC0415

    arrays = replay.arrays
    payments, covers = np.zeros(len(run.winners)), np.zeros(len(run.winners) + 1)
    pay_in_turn(
        np.array(run.winners, dtype=np.int64),
        arrays.costs,
        arrays.firsts,
        arrays.groups,
        arrays.shares,
        arrays.ballots,
        np.full(len(replay.ballots_of_group), float(run.endowment)),
        arrays.units,
        project,
        float(unit),
        payments,
        covers,
    )
    return payments, covers
