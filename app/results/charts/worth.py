"""Effective votes by step, beside all votes of the project that was chosen. Pure numbers.

Effective votes fall from step to step: this is how far the support of a winner still reached.
"""

from collections.abc import Sequence
from dataclasses import dataclass

TICKS_MAX = 6


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the kept run: votes or points of its project, and what they were worth."""

    votes: float
    effective: float


def ticks(top: float) -> list[int]:
    """Return round numbers from 0 to the first that is not below `top`.

    >>> ticks(870)
    [0, 200, 400, 600, 800, 1000]
    """
    every = (digit * 10**power for power in range(18) for digit in (1, 2, 5))
    step = next(one for one in every if top <= one * (TICKS_MAX - 1))
    values = [0]
    while values[-1] < top:
        values.append(values[-1] + step)
    return values if len(values) > 1 else [0, step]


def step_labels(steps: Sequence[Step], *, width: int) -> list[int]:
    """Return which steps are numbered on the axis, so that the numbers do not touch."""
    room = max(1, width // 28)
    every = next(one for one in (1, 2, 5, 10, 20, 50, 100, 500, 5000) if len(steps) / one <= room)
    return list(range(every, len(steps) + 1, every))
