"""All sets of the greatest value at once: an exact search in whole numbers, without any solver.

It decides one index after the other and keeps every partial set that can still become one of the
best. Partial sets that spend the same and leave the same open are one state, so that equally good
sets, however many, cost nothing. A state is given up when an upper bound of what it can become is
below the value to reach, or when another spends no more, leaves the same open and is worth more.

The order (doubtful indices first) and the bound follow Pisinger, *A minimal algorithm for the 0-1
knapsack problem*, Operations Research 45 (1997); other rows enter the bound by a price for each
unit of their limit. Any prices give a valid bound, good ones a sharp one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from allocation.integer_program import ZeroOneProgram
from allocation.row_sums import RowSums, Sums

# Prices are whole numbers of this fraction of a value.
PRICE_UNIT = 2**20
# How many states are looked at: under a second. Real elections without constraints need a tenth.
STATES_MAX = 200_000

# By (amount spent, value below 0, so that the better of two sorts first): the priced value, and
# what all ways to get there and any of them took, as the bits of a number.
States = dict[tuple[int, int], tuple[int, int, int]]
# A priced value per amount of cost.
Ratio = tuple[int, int]
# (a, b, c): what is spent and the priced value so far keep a * priced - b * spent >= c.
Test = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class OptimalSets:
    """Indices that are in all best sets, and those that are in some; `value` is that of each."""

    value: int
    in_all: frozenset[int]
    in_some: frozenset[int]


class TooManyStatesError(Exception):
    """The search would take too long; nothing is known."""


def optimal_sets(
    program: ZeroOneProgram,
    *,
    at_least: int,
    prices: Sequence[int] = (),
    states_max: int = STATES_MAX,
) -> OptimalSets | None:
    """Describe the sets of the greatest value, if that is `at_least` or more; else None.

    The first row of the program is its budget: a positive coefficient for every index, and `high`.
    `prices` are for the other rows, as `row_prices` gives them in PRICE_UNIT. Raises
    TooManyStatesError.
    """
    budget = budget_of(program)
    priced, needed = _priced(program, prices, at_least)
    layers = list(_layers(program, priced))
    row_sums = RowSums(program.rows[1:], [layer.index for layer in layers])
    groups = _start(program, priced, row_sums)
    looked_at = 0
    for layer in layers:
        looked_at += 2 * sum(map(len, groups.values()))
        if looked_at > states_max:
            raise TooManyStatesError
        grown = _decide(groups, layer, row_sums, layer.tests(budget, needed))
        groups = {sums: _unbeaten(states, budget) for sums, states in grown.items()}
    return _described(groups, budget, at_least)


def budget_of(program: ZeroOneProgram) -> int:
    high = program.rows[0].high
    if high is None:
        raise ValueError("the first row is the budget, which has an upper limit")
    return high


@dataclass(frozen=True, slots=True)
class _Layer:
    """An index to decide, and what is known of those after it.

    Those worth taking among them bring `later_priced` for `later_cost` in all. At any ratio of
    `ratios` the others bring no more than what they cost, and those worth taking no less.
    """

    index: int
    cost: int
    value: int
    priced: int
    later_priced: int
    later_cost: int
    ratios: tuple[Ratio, ...]

    def tests(self, budget: int, needed: int) -> list[Test]:
        """Say when a state after this layer can reach the priced value that is needed."""
        return [
            (
                cost,
                priced,
                cost * (needed - self.later_priced) + priced * (self.later_cost - budget),
            )
            for priced, cost in self.ratios
        ]


def _priced(program: ZeroOneProgram, prices: Sequence[int], at_least: int) -> tuple[list[int], int]:
    """Take the price of the rows off the values.

    The priced values of any set that keeps the rows and is worth `at_least` sum to the second
    result or more.
    """
    if not any(prices):
        return list(program.values), at_least
    priced = [value * PRICE_UNIT for value in program.values]
    needed = at_least * PRICE_UNIT
    for row, price in zip(program.rows[1:], prices, strict=True):
        limit = row.high if price > 0 else row.low
        if not price or limit is None:
            continue
        needed -= price * limit
        for index, coefficient in row.coefficients.items():
            priced[index] -= price * coefficient
    return priced, needed


def _layers(program: ZeroOneProgram, priced: Sequence[int]) -> Iterator[_Layer]:
    """Order what is not fixed, the most doubtful first: those next to the break ratio."""
    costs = program.rows[0].coefficients
    free = [index for index in range(len(priced)) if index not in program.fixed]
    break_ratio = _break_ratio(program, priced, free)
    # What deciding against the break ratio loses; above 0: worth taking.
    loss = {index: priced[index] * break_ratio[1] - break_ratio[0] * costs[index] for index in free}
    layers: list[_Layer] = []
    later_priced = later_cost = 0
    worst_taken, best_left = None, (0, 1)
    for index in sorted(free, key=lambda index: (-abs(loss[index]), index)):
        ratio = (priced[index], costs[index])
        ratios = {break_ratio, worst_taken or break_ratio, best_left}
        layers.append(
            _Layer(
                index=index,
                cost=costs[index],
                value=program.values[index],
                priced=priced[index],
                later_priced=later_priced,
                later_cost=later_cost,
                ratios=tuple(sorted(ratios)),
            )
        )
        if loss[index] > 0:
            later_priced, later_cost = later_priced + ratio[0], later_cost + ratio[1]
            worst_taken = min(worst_taken or ratio, ratio, key=_as_fraction)
        else:
            best_left = max(best_left, ratio, key=_as_fraction)
    return reversed(layers)


def _break_ratio(program: ZeroOneProgram, priced: Sequence[int], free: Sequence[int]) -> Ratio:
    """Give the ratio of the first index that does not fit when they are taken by falling ratio."""
    costs = program.rows[0].coefficients
    left = budget_of(program) - sum(costs[index] for index, x in program.fixed.items() if x)
    ratios = [(priced[index], costs[index]) for index in free if priced[index] > 0]
    for ratio in sorted(ratios, key=_as_fraction, reverse=True):
        left -= ratio[1]
        if left < 0:
            return ratio
    return 0, 1


def _as_fraction(ratio: Ratio) -> Fraction:
    return Fraction(*ratio)


def _start(program: ZeroOneProgram, priced: Sequence[int], row_sums: RowSums) -> dict[Sums, States]:
    """Begin with what is fixed; with nothing at all if that already breaks a row."""
    chosen = [index for index, x in program.fixed.items() if x]
    sums = row_sums.start(chosen)
    if sums is None:
        return {}
    spent = sum(program.rows[0].coefficients[index] for index in chosen)
    value = program.value_of(frozenset(chosen))
    taken = sum(1 << index for index in chosen)
    return {sums: {(spent, -value): (sum(priced[index] for index in chosen), taken, taken)}}


def _decide(
    groups: dict[Sums, States], layer: _Layer, row_sums: RowSums, tests: Sequence[Test]
) -> dict[Sums, States]:
    """Follow every state both ways: without the index, and with it."""
    grown: dict[Sums, States] = {}
    for taken in (False, True):
        cost, value, priced_more, bit = (
            (layer.cost, layer.value, layer.priced, 1 << layer.index) if taken else (0, 0, 0, 0)
        )
        for sums, states in groups.items():
            after = row_sums.after(sums, layer.index, taken=taken)
            if after is None:
                continue
            target = grown.setdefault(after, {})
            for (spent, below), (priced, in_all, in_some) in states.items():
                spent_now, priced_now = spent + cost, priced + priced_more
                for weight, ratio, least in tests:
                    if weight * priced_now - ratio * spent_now < least:
                        break
                else:
                    ways = (priced_now, in_all | bit, in_some | bit)
                    _merge(target, (spent_now, below - value), ways)
    return grown


def _merge(target: States, state: tuple[int, int], ways: tuple[int, int, int]) -> None:
    """Join ways to one state: it can become the same by all, so the sharper bound holds."""
    if other := target.get(state):
        ways = (min(ways[0], other[0]), ways[1] & other[1], ways[2] | other[2])
    target[state] = ways


def _unbeaten(states: States, budget: int) -> States:
    """Keep what fits the budget, unless a state that spends no more is worth more."""
    kept: States = {}
    best_below: int | None = None
    for state in sorted(states):
        spent, below = state
        if spent > budget:
            break
        if best_below is None or below <= best_below:
            best_below = below
            kept[state] = states[state]
    return kept


def _described(groups: dict[Sums, States], budget: int, at_least: int) -> OptimalSets | None:
    ends = [
        (-below, in_all, in_some)
        for states in groups.values()
        for (spent, below), (_, in_all, in_some) in states.items()
        if spent <= budget and -below >= at_least
    ]
    if not ends:
        return None
    best = max(value for value, _, _ in ends)
    in_all, in_some = -1, 0
    for value, all_, some in ends:
        if value == best:
            in_all, in_some = in_all & all_, in_some | some
    return OptimalSets(best, _indices(in_all), _indices(in_some))


def _indices(taken: int) -> frozenset[int]:
    return frozenset(index for index in range(taken.bit_length()) if taken >> index & 1)
