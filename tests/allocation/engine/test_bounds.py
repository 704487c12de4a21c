"""Bounds hold what exact arithmetic gives between them, and are close."""

from fractions import Fraction
from math import inf
from random import Random

import numpy as np
import pytest

from allocation.engine.bounds import bounds_of, down, highest_payment, lowest_payments, up


def exact_payment(cost: Fraction, purses: list[tuple[Fraction, int, int]]) -> Fraction | None:
    """The payment per share, by trying how many of the poorest give everything they have."""
    purses = sorted(purses, key=lambda purse: purse[0] / purse[1])
    for poor in range(len(purses)):
        given = sum(money * ballots for money, _, ballots in purses[:poor])
        shares = sum(share * ballots for _, share, ballots in purses[poor:])
        payment = (cost - given) / shares
        if payment * purses[poor][1] <= purses[poor][0]:
            return payment
    return None


def columns(purses: list[tuple[Fraction, int, int]], side: int) -> tuple[np.ndarray, ...]:
    shares = np.array([share for _, share, _ in purses], dtype=np.float64)
    ballots = np.array([count for _, _, count in purses], dtype=np.float64)
    return shares, ballots, np.array([bounds_of(money)[side] for money, _, _ in purses])


@pytest.mark.parametrize("seed", range(40))
def test_the_exact_payment_lies_between_its_bounds(seed: int) -> None:
    random = Random(seed)
    for _ in range(25):
        purses = [
            (Fraction(random.randint(0, 60), random.randint(1, 9)), random.randint(1, 3),
             random.randint(1, 9))
            for _ in range(random.randint(1, 8))
        ]  # fmt: skip
        cost = Fraction(random.randint(1, 400))
        payment = exact_payment(cost, purses)
        at_once = cost / sum(share * ballots for _, share, ballots in purses)
        start = down(down(float(at_once)))
        shares, ballots, low = columns(purses, 0)
        high = columns(purses, 1)[2]

        above = highest_payment(shares, ballots, low, len(purses), float(cost), start)
        about = start if above == inf else above
        below = lowest_payments(shares, ballots, high, high, len(purses), float(cost), about)[0]

        if payment is None:
            assert above == inf
            continue
        assert Fraction(below) <= payment
        # Equality of money and cost may be beyond bounds; what they do show is close.
        if above < inf:
            assert payment <= Fraction(above) <= payment * (1 + Fraction(1, 10**12))
            assert Fraction(below) >= payment * (1 - Fraction(1, 10**12))
        else:
            assert sum(money * ballots for money, _, ballots in purses) == cost


def test_a_fraction_that_is_a_double_is_its_own_bounds_and_others_lie_between() -> None:
    assert bounds_of(Fraction(315)) == (315.0, 315.0)
    low, high = bounds_of(Fraction(1, 3))
    assert Fraction(low) < Fraction(1, 3) < Fraction(high)


@pytest.mark.parametrize("number", [0.0, 1.0, -1.0, 1e-300, 1e15])
def test_widening_goes_outwards_whatever_the_sign(number: float) -> None:
    assert down(number) < number < up(number)
