"""What a schedule would do: by tenth of the people, by household, and if more or fewer use it."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from app.programmes import schedule as schedules
from app.programmes.households import REFERENCE_HOUSEHOLDS, Household, Scale
from app.programmes.population import PER_WHOLE, Population
from app.programmes.schedule import Schedule

TENTHS = 10
RANGE = (Fraction(3, 4), Fraction(1), Fraction(5, 4))
EXAMPLE_INCOMES_MINOR = (60_000, 120_000, 180_000, 240_000, 400_000)


@dataclass(frozen=True, slots=True)
class Tenth:
    """A tenth of the people, from the lowest income: means in the smallest unit, rounded down."""

    number: int
    income_from_minor: int
    income_to_minor: int
    value_mean_minor: int
    spent_minor: int


@dataclass(frozen=True, slots=True)
class Example:
    """A household type at example incomes: what each member gets, what all lose per 100 more."""

    household: Household
    values_minor: tuple[int, ...]
    loss_per_100: Fraction


def tenths(schedule: Schedule, people: Population) -> list[Tenth]:
    """Part the people into ten equal groups by income; a group across a border counts in both."""
    order = np.argsort(people.incomes_minor, kind="stable")
    incomes = people.incomes_minor[order].tolist()
    numbers = people.people[order].tolist()
    uses = people.take_up[order].tolist()
    total = sum(numbers)
    found: list[Tenth] = []
    at, left = 0, numbers[0]
    for number in range(1, TENTHS + 1):
        wanted = total * number // TENTHS - total * (number - 1) // TENTHS
        taken: list[tuple[int, int, int]] = []
        while wanted:
            if not left:
                at += 1
                left = numbers[at]
                continue
            now = min(wanted, left)
            taken.append((incomes[at], now, uses[at]))
            wanted, left = wanted - now, left - now
        if taken:
            found.append(_tenth(schedule, number, taken))
    return found


def _tenth(schedule: Schedule, number: int, taken: Sequence[tuple[int, int, int]]) -> Tenth:
    valued = [(schedule.value_minor(Fraction(income)), count, use) for income, count, use in taken]
    people = sum(count for _value, count, _use in valued)
    return Tenth(
        number,
        taken[0][0],
        taken[-1][0],
        sum(value * count for value, count, _use in valued) // people,
        sum(value * count * use for value, count, use in valued) // PER_WHOLE,
    )


def examples(
    schedule: Schedule, scale: Scale, incomes_minor: Sequence[int] = EXAMPLE_INCOMES_MINOR
) -> list[Example]:
    """Work the schedule out for every reference household at these monthly household incomes."""
    return [
        Example(
            one,
            tuple(
                schedules.value_of(schedule, income, one, scale).value_minor
                for income in incomes_minor
            ),
            100 * schedules.household_loss(schedule, one, scale),
        )
        for one in REFERENCE_HOUSEHOLDS
    ]


def cost_range(schedule: Schedule, people: Population) -> list[tuple[Fraction, int]]:
    """Return (how much of the expected use, cost rounded up) for a quarter less, as is and more."""
    return [(part, -int(-schedules.cost(schedule, people.scaled(part)) // 1)) for part in RANGE]


def face_value_minor(schedule: Schedule, people: Population) -> int:
    """Return what it costs if everybody uses all of it, rounded up."""
    everybody = np.full_like(people.take_up, PER_WHOLE)
    return -int(
        -schedules.cost(schedule, Population(people.incomes_minor, people.people, everybody)) // 1
    )
