"""The exact search against every subset, and against the branch and bound of pabutools."""

from itertools import combinations
from random import Random

import pytest
from pabutools.rules.maxwelfare import KnapsackItem, primal_dual_branch

from allocation.integer_program import Row, ZeroOneProgram, row_prices, solve
from allocation.optimal_sets import PRICE_UNIT, OptimalSets, TooManyStatesError, optimal_sets


def random_program(random: Random) -> ZeroOneProgram:
    """Up to eight indices, few different numbers, rows of every kind; often infeasible."""
    size = random.randint(1, 8)
    values = [random.choice([-2, -1, 0, 1, 2, 2, 3, 6]) for _ in range(size)]
    costs = {index: random.choice([1, 2, 2, 3, 5]) for index in range(size)}
    rows = [Row(costs, high=random.randint(0, 14))]
    for _ in range(random.randint(0, 3)):
        inside = random.sample(range(size), random.randint(1, size))
        coefficients = {index: random.choice([-1, 1, 1, 2, 3]) for index in inside}
        low, high = random.choice([(None, 2), (1, None), (0, 1), (2, 4), (None, 0)])
        rows.append(Row(coefficients, low, high))
    fixed = {index: random.randint(0, 1) for index in range(size) if random.random() < 0.1}
    return ZeroOneProgram(values, rows, fixed)


def by_every_subset(program: ZeroOneProgram) -> OptimalSets | None:
    indices = range(len(program.values))
    subsets = (
        frozenset(c) for size in range(len(indices) + 1) for c in combinations(indices, size)
    )
    allowed = [chosen for chosen in subsets if program.allows(chosen)]
    if not allowed:
        return None
    best = max(map(program.value_of, allowed))
    sets = [chosen for chosen in allowed if program.value_of(chosen) == best]
    return OptimalSets(best, frozenset.intersection(*sets), frozenset.union(*sets))


def check_against_every_subset(seeds: range) -> None:
    infeasible = tied = 0
    for seed in seeds:
        random = Random(seed)
        program = random_program(random)
        expected = by_every_subset(program)
        prices = [random.choice([-PRICE_UNIT, 0, 0, 99, PRICE_UNIT]) for _ in program.rows[1:]]
        if seed % 2:  # prices need not be good to be valid
            prices = row_prices(program, unit=PRICE_UNIT)[1:]

        if expected is None:
            infeasible += 1
            assert optimal_sets(program, at_least=-100, prices=prices) is None, seed
            continue
        tied += expected.in_all != expected.in_some
        for slack in (0, 1, 4):
            least = expected.value - slack
            assert optimal_sets(program, at_least=least, prices=prices) == expected, seed
        assert optimal_sets(program, at_least=expected.value + 1, prices=prices) is None, seed
    assert infeasible > len(seeds) / 10
    assert tied > len(seeds) / 10


def test_the_sets_are_those_of_looking_at_every_subset() -> None:
    check_against_every_subset(range(400))


@pytest.mark.long
def test_the_sets_are_those_of_looking_at_every_subset_of_many_programs() -> None:
    check_against_every_subset(range(400, 30_000))


def knapsack(random: Random, size: int, *, like_costs: bool) -> ZeroOneProgram:
    costs = [random.randint(100, 10_000) for _ in range(size)]
    values = [
        cost * random.randint(1, 900) if like_costs else random.randint(1, 5_000) for cost in costs
    ]
    return ZeroOneProgram(values, [Row(dict(enumerate(costs)), high=sum(costs) // 4)])


@pytest.mark.parametrize("like_costs", [True, False])
def test_the_value_is_that_of_another_branch_and_bound(like_costs) -> None:
    for seed in range(8):
        program = knapsack(Random(seed), 60, like_costs=like_costs)
        [budget] = program.rows
        items = [KnapsackItem(n, budget.coefficients[n], v) for n, v in enumerate(program.values)]
        value = sum(item.profit for item in primal_dual_branch(items, budget.high))

        sets = optimal_sets(program, at_least=value)

        assert sets.value == value, f"seed {seed}"


def test_a_thousand_projects_are_no_matter_of_the_stack() -> None:
    program = knapsack(Random(1), 1_000, like_costs=False)

    sets = optimal_sets(program, at_least=1_489_079)

    assert sets.value == solve(program, None).value == 1_489_079
    assert sets.in_all == sets.in_some


def test_thousands_of_equally_good_sets_are_one_state_each_step() -> None:
    # 10 of 40 alike: 847 million sets.
    program = ZeroOneProgram([5] * 40, [Row(dict.fromkeys(range(40), 3), high=31)])

    sets = optimal_sets(program, at_least=50, states_max=2_000)

    assert sets == OptimalSets(50, frozenset(), frozenset(range(40)))


def test_a_row_that_can_no_longer_break_keeps_no_states_apart() -> None:
    budget = Row(dict.fromkeys(range(40), 3), high=31)
    # Every set has another sum, but only all of them together have too much.
    nearly_all = Row({index: 2**index for index in range(40)}, high=2**40 - 2)
    program = ZeroOneProgram([5] * 40, [budget, nearly_all])

    assert optimal_sets(program, at_least=50, states_max=2_000).value == 50


def test_numbers_of_any_size_are_exact() -> None:
    huge = 10**40
    budget = Row({0: huge, 1: huge + 1, 2: 1}, high=huge + 1)
    program = ZeroOneProgram([huge, huge + 1, 2], [budget])

    assert optimal_sets(program, at_least=huge) == OptimalSets(
        huge + 2, frozenset({0, 2}), frozenset({0, 2})
    )


def test_a_search_that_would_take_too_long_is_given_up() -> None:
    with pytest.raises(TooManyStatesError):
        optimal_sets(knapsack(Random(1), 60, like_costs=True), at_least=0, states_max=50)


def test_without_a_budget_it_is_no_program_for_this_search() -> None:
    with pytest.raises(ValueError, match="upper limit"):
        optimal_sets(ZeroOneProgram([1], [Row({0: 1}, low=1)]), at_least=0)
