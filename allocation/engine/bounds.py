"""Doubles that are surely below, or above, what exact arithmetic would give.

Each operation on doubles errs by at most 2**-53 of its result; what is computed here is widened by
more than that, so that sums of any length stay on their side.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocation.engine.compiling import compiled

Doubles = NDArray[np.float64]

EPSILON = 2.0**-52
TINY = 1e-290
NEWTON_STEPS_MAX = 200


@compiled
def down(x: float) -> float:
    """Give a double surely below the number that `x` is the rounded form of."""
    return x - abs(x) * EPSILON - TINY


@compiled
def up(x: float) -> float:
    """Give a double surely above the number that `x` is the rounded form of."""
    return x + abs(x) * EPSILON + TINY


@compiled
def slack_of(terms: int) -> float:
    """Give the factor by which a sum of so many positive products may be off, and some more."""
    return 1.0 + (terms + 8) * EPSILON


@compiled
def highest_payment(
    shares: Doubles, ballots: Doubles, money: Doubles, length: int, cost: float, start: float
) -> float:
    """Bound from above the payment per share with which supporters cover a cost.

    The first `length` entries count. `money` are lower bounds of what a ballot has, `start` is one
    of the payment. Newton's method from below, on a concave function: each step asks who would be
    short of money. Infinite if the bounds do not show that they can pay at all.
    """
    slack = slack_of(length)
    payment = start
    for _ in range(NEWTON_STEPS_MAX):
        poor = 0.0
        rich = 0.0
        for i in range(length):
            if money[i] < payment * shares[i]:
                poor += money[i] * ballots[i]
            else:
                rich += shares[i] * ballots[i]
        if poor + payment * rich >= cost * slack:
            return up(payment)
        if rich == 0.0:
            return np.inf
        # A little more than asked for, so that rounding does not call for another step.
        payment = (cost * (2.0 * slack - 1.0) - poor) / rich
    return np.inf


@compiled
def lowest_payments(
    shares: Doubles,
    ballots: Doubles,
    money0: Doubles,
    money1: Doubles,
    length: int,
    cost: float,
    about: float,
) -> tuple[float, float]:
    """Bound from below, by a line through two values, the payment per share.

    `money0` and `money1` are upper bounds at the two ends, `about` is roughly the payment.
    Let some give everything and the others alike: whoever they are, the payment that this needs
    is not above the true one, and it is linear in the money.
    """
    poor0 = 0.0
    poor1 = 0.0
    rich = 0.0
    everybody = 0.0
    for i in range(length):
        everybody += shares[i] * ballots[i]
        if money0[i] + money1[i] < 2.0 * about * shares[i]:
            poor0 += money0[i] * ballots[i]
            poor1 += money1[i] * ballots[i]
        else:
            rich += shares[i] * ballots[i]
    slack = slack_of(length)
    rest0 = cost - poor0 * slack
    rest1 = cost - poor1 * slack
    if rest0 <= 0.0 or rest1 <= 0.0 or rich == 0.0:
        # Putting 0 for what is below 0 would lift the line above the true payment in between.
        lowest = down(cost / (everybody * slack)) if everybody > 0.0 else 0.0
        return lowest, lowest
    rich *= slack
    return down(rest0 / rich), down(rest1 / rich)


@compiled
def all_pay_alike(
    shares: Doubles,
    money0: Doubles,
    money1: Doubles,
    length: int,
    payment0: float,
    payment1: float,
) -> bool:
    """Tell whether surely nobody is short of money, at either end."""
    for i in range(length):
        share = shares[i]
        if money0[i] < payment0 * share or money1[i] < payment1 * share:
            return False
    return True


@compiled
def equal_products(a: float, b: float, c: float, d: float) -> bool:
    """Compare a * b with c * d, whole numbers in doubles; too large ones count as different."""
    return a * b == c * d and a * b < 2.0**53 and b < 2.0**53 and d < 2.0**53


def bounds_of(number: Any) -> tuple[float, float]:
    """Hold a fraction between two doubles, equal if it is one itself."""
    near = float(number)
    if near == number:  # exact: Python compares doubles with fractions as numbers
        return near, near
    return float(np.nextafter(near, -np.inf)), float(np.nextafter(near, np.inf))
