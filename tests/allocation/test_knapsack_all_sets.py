"""The knapsack against a look at every set and every cost, all constraints mixed."""

import pytest
from elections import shuffled
from knapsack_by_hand import Best, best_of_all, fewest_that_clash, random_case

from allocation.allocate import allocate
from allocation.errors import InfeasibleError
from allocation.outcome import Outcome


def as_best(outcome: Outcome) -> Best:
    return Best(
        outcome.objective,
        frozenset(outcome.winners),
        dict(outcome.costs or {}),
        outcome.total_cost,
        outcome.unique,
    )


def check(seeds: range) -> None:
    stages: list[str] = []
    clashes = 0
    for seed in seeds:
        instance, sheet = random_case(seed, clashes=seed % 4 == 0)
        expected = best_of_all(instance, sheet)

        if expected is None:
            with pytest.raises(InfeasibleError) as refusal:
                allocate(instance, sheet)
            assert len(refusal.value.conflict) == fewest_that_clash(instance, sheet), seed
            clashes += 1
            continue
        outcome = allocate(instance, sheet)
        assert as_best(outcome) == expected, seed
        assert outcome.proven_optimal
        assert not (outcome.unique and outcome.ties)
        stages += {tie.stage for tie in outcome.ties}
    # Cases made for ties and clashes must have them.
    assert clashes > len(seeds) / 10
    assert stages.count("knapsack") > len(seeds) / 20
    assert stages.count("knapsack-cost") > 0


def test_outcomes_are_those_of_looking_at_every_set() -> None:
    check(range(320))


@pytest.mark.long
def test_outcomes_are_those_of_looking_at_every_set_of_many_elections() -> None:
    check(range(320, 10_000))


def test_the_order_of_rows_decides_nothing_that_the_tie_list_decides() -> None:
    for seed in range(1, 40, 2):
        instance, sheet = random_case(seed)
        other = shuffled(instance, seed)
        if len({project.cost for project in instance.projects}) < len(instance.projects):
            continue  # the tie list of these cases ends with the order of rows
        try:
            outcome = allocate(instance, sheet)
        except InfeasibleError:
            continue

        assert as_best(allocate(other, sheet)) == as_best(outcome)
