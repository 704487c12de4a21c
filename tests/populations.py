"""People for schedules: the trial town of the design, the test scenarios, random ones."""

import random
from fractions import Fraction

import numpy as np

from app.programmes.knob import KnobRules
from app.programmes.piecewise import PiecewiseRules
from app.programmes.population import PER_WHOLE, Population, of_groups

TRIAL_KNOTS = (0, 80_000, 120_000, 160_000, 220_000, 300_000, 450_000)
TRIAL = PiecewiseRules(TRIAL_KNOTS, 2_000, 20_000, Fraction(1, 10))
KNOB = KnobRules(2_000, 20_000, Fraction(1, 20), 80_000)
SCENARIO = of_groups([(income, 100, PER_WHOLE) for income in (60_000, 180_000, 400_000)])
SCENARIO_BUDGET = 2_100_000


def trial_town(*, everybody: bool = False, people: int = 20_000) -> Population:
    incomes = np.random.default_rng(7).lognormal(np.log(1450), 0.55, people)
    use = np.clip(0.35 - 0.00006 * (incomes - 1450), 0.12, 0.45)
    return Population(
        np.round(incomes * 100).astype(np.int64),
        np.ones(people, dtype=np.int64),
        np.full(people, PER_WHOLE) if everybody else np.round(use * PER_WHOLE).astype(np.int64),
    )


def random_population(chance: random.Random) -> Population:
    return of_groups(
        (chance.randrange(0, 700_000), chance.randrange(1, 500), chance.randrange(1, PER_WHOLE + 1))
        for _ in range(chance.randrange(1, 60))
    )
