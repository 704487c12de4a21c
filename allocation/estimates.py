"""Estimates in doubles that say which rounds deserve exact arithmetic; they decide nothing else."""

import numpy as np
from numpy.typing import NDArray

# Far above what sums of doubles can be off, in parts of the amounts and in minor units.
RELATIVE = 1e-9
ABSOLUTE = 1e-6


def taken_for(
    wanted: float, gifts: NDArray[np.float64], ballots: NDArray[np.float64]
) -> tuple[float, float]:
    """Bound how many ballots, taken in order, give a sum; infinity: all together do not.

    Where one ballot alone takes the sum across, the bounds lie between whole numbers.
    """
    off = ABSOLUTE + RELATIVE * (abs(wanted) + float(np.sum(gifts * ballots)))
    return _taken(wanted - off, gifts, ballots), _taken(wanted + off, gifts, ballots)


def _taken(wanted: float, gifts: NDArray[np.float64], ballots: NDArray[np.float64]) -> float:
    if wanted <= 0:
        return 0.0
    sums = np.cumsum(gifts * ballots)
    at = int(np.searchsorted(sums, wanted))
    if at == len(sums):
        return float("inf")
    before = float(sums[at - 1]) if at else 0.0
    return float(np.sum(ballots[:at])) + (wanted - before) / float(gifts[at])
