"""The knapsack against brute force, its constraints, its ties and its honesty."""

import subprocess
import sys
from fractions import Fraction
from itertools import combinations

import pytest
from elections import make_election, random_election, shuffled

from allocation import optimum
from allocation.allocate import allocate
from allocation.constraints import parse_constraints
from allocation.contest import prepare
from allocation.errors import InfeasibleError, SolverFailedError
from allocation.instance import Instance, Project, VoteType
from allocation.integer_program import Solution, UnprovenError
from allocation.optimal_sets import OptimalSets, TooManyStatesError
from allocation.options import Rule, TieCriterion
from allocation.rule_sheet import RuleSheet

TIES = (TieCriterion.MIN_COST, TieCriterion.MIN_ID, TieCriterion.LISTED)
CONSTRAINTS = """
[[exclusive]]
projects = ["a", "b"]
[[requires]]
project = "c"
needs = "d"
[[at_most]]
k = 3
[[floor]]
area = "North"
number = 1
[[ceiling]]
area = "South"
amount = 60
"""


def knapsack(toml: str = "", **options) -> RuleSheet:
    return RuleSheet(rule=Rule.KNAPSACK, ties=TIES, constraints=parse_constraints(toml), **options)


def town() -> Instance:
    """Six projects in two areas, with votes that make every constraint hurt."""
    costs = {"a": 40, "b": 30, "c": 20, "d": 25, "e": 35, "f": 10}
    instance = make_election(costs, ["abc", "abc", "ace", "be", "ef", "ab", "d"], budget=120)
    north = {"d", "f"}
    projects = tuple(
        Project(p.id, p.cost, area="North" if p.id in north else "South") for p in instance.projects
    )
    return Instance(instance.vote_type, 120, projects, instance.ballots)


def values(instance: Instance) -> dict[str, Fraction]:
    """Total utility by project under the default utility."""
    electorate = prepare(instance, knapsack()).electorate
    return {id_: electorate.total_utility(n) for n, id_ in enumerate(electorate.ids)}


def best_value(instance: Instance, allowed=lambda _: True) -> Fraction:
    worth = values(instance)
    ids = list(worth)
    sets = (set(c) for size in range(len(ids) + 1) for c in combinations(ids, size))
    return max(
        sum((worth[id_] for id_ in chosen), Fraction(0))
        for chosen in sets
        if instance.cost_of(chosen) <= instance.budget and allowed(chosen)
    )


@pytest.mark.parametrize("vote_type", list(VoteType))
def test_the_value_is_the_best_of_all_sets(vote_type) -> None:
    for seed in range(12):
        instance = random_election(seed, vote_type)

        outcome = allocate(instance, knapsack())

        assert outcome.objective == best_value(instance), f"seed {seed}"
        assert outcome.proven_optimal
        assert outcome.total_cost <= instance.budget


def test_constraints_hold_and_the_value_is_the_best_of_the_sets_that_keep_them() -> None:
    def allowed(chosen: set[str]) -> bool:
        south = town().cost_of(chosen - {"d", "f"})
        return (
            not {"a", "b"} <= chosen
            and ("c" not in chosen or "d" in chosen)
            and len(chosen) <= 3
            and bool(chosen & {"d", "f"})
            and south <= 60
        )

    outcome = allocate(town(), knapsack(CONSTRAINTS))

    assert allowed(set(outcome.winners))
    assert outcome.objective == best_value(town(), allowed)


def test_constraints_that_clash_are_named_and_no_others() -> None:
    clash = CONSTRAINTS + '[[floor]]\narea = "South"\namount = 61\n'

    with pytest.raises(InfeasibleError) as refusal:
        allocate(town(), knapsack(clash))

    assert refusal.value.conflict == (
        "at least 61 for the area South",
        "at most 60 for the area South",
    )


def test_a_floor_above_the_budget_clashes_with_nothing_but_the_budget() -> None:
    with pytest.raises(InfeasibleError) as refusal:
        allocate(town(), knapsack('[[floor]]\narea = "South"\namount = 121'))

    assert refusal.value.conflict == ("at least 121 for the area South", "the budget of 120")


def test_a_floor_that_all_projects_together_do_not_reach_is_named_alone() -> None:
    with pytest.raises(InfeasibleError) as refusal:
        allocate(town(), knapsack(CONSTRAINTS + '[[floor]]\narea = "South"\namount = 126'))

    assert refusal.value.conflict == ("at least 126 for the area South",)


def first_in_tie_order(instance: Instance, order: list[str]) -> set[str]:
    """Among the best sets without worthless projects, the one that a tie order prefers."""
    worth = values(instance)
    ids = [id_ for id_ in order if worth[id_]]
    sets = [set(c) for size in range(len(ids) + 1) for c in combinations(ids, size)]
    sets = [s for s in sets if instance.cost_of(s) <= instance.budget]
    best = max(sum(worth[id_] for id_ in s) for s in sets)
    sets = [s for s in sets if sum(worth[id_] for id_ in s) == best]
    return max(sets, key=lambda s: [id_ in s for id_ in ids])


def test_among_equally_good_sets_the_tie_order_decides_whatever_the_solver_found() -> None:
    ambiguous = 0
    for seed in range(90):
        instance = random_election(seed)
        order = sorted(instance.projects, key=lambda p: p.cost)
        sheet = RuleSheet(rule=Rule.KNAPSACK, ties=(TieCriterion.MIN_COST, TieCriterion.LISTED))

        outcome = allocate(instance, sheet)

        ambiguous += not outcome.unique
        assert set(outcome.winners) == first_in_tie_order(instance, [p.id for p in order])
        assert bool(outcome.ties) == (not outcome.unique)
    assert ambiguous > 5


def test_the_order_of_rows_changes_nothing() -> None:
    sheet = RuleSheet(rule=Rule.KNAPSACK, lot_seed="x")
    for seed in range(15):
        instance = random_election(seed)

        assert allocate(shuffled(instance, seed), sheet) == allocate(instance, sheet)


def test_ids_that_differ_only_in_a_dash_stay_apart() -> None:
    instance = make_election({"a-1": 60, "a_1": 60}, [("a-1",), ("a-1",), ("a_1",)], budget=100)

    assert allocate(instance, knapsack()).winners == ("a-1",)


def test_the_budget_is_kept_in_whole_numbers_even_where_floats_cannot_tell() -> None:
    # Half a unit more than the budget, far below what a solver's tolerance notices.
    instance = make_election({"a": 10**13 + 1, "b": 10**13}, ["a", "a", "b"], budget=10**13)

    assert allocate(instance, knapsack()).winners == ("b",)


def test_amounts_beyond_what_the_solver_can_hold_are_refused() -> None:
    instance = make_election({"a": 10**16 + 1, "b": 10**16}, ["a", "a", "b"], budget=10**16)

    with pytest.raises(SolverFailedError, match="too large"):
        allocate(instance, knapsack())


def test_amounts_are_in_the_currency_and_exact() -> None:
    instance = make_election({"a": 1001, "b": 1000}, ["a", "a", "b"], budget=5000)
    instance = Instance(
        instance.vote_type,
        5000,
        tuple(Project(p.id, p.cost, area="X") for p in instance.projects),
        instance.ballots,
        minor_per_unit=100,
    )

    outcome = allocate(instance, knapsack('[[ceiling]]\narea = "X"\namount = 10.005'))

    assert outcome.winners == ("b",)
    assert outcome.objective == 10


def test_a_floor_between_two_amounts_is_not_met_by_the_smaller_one() -> None:
    # b and e cost 65 together; no set of the south costs 66.
    between = """
    [[floor]]
    area = "South"
    amount = 65.5
    [[ceiling]]
    area = "South"
    amount = 66
    """

    with pytest.raises(InfeasibleError):
        allocate(town(), knapsack(between))


def out_of_time(incumbent: Solution | None):
    def solve(program, seconds_max):
        raise UnprovenError(incumbent)

    return solve


def gives_up(program, **options):
    raise TooManyStatesError


# In the town `a` alone is worth 160 and not the best.
ONLY_A = Solution(frozenset({0}), 160, proven=False, bound=Fraction(500))


def test_an_outcome_without_proof_says_so_and_gives_the_bound(monkeypatch) -> None:
    monkeypatch.setattr(optimum, "solve", out_of_time(ONLY_A))
    monkeypatch.setattr(optimum, "optimal_sets", gives_up)

    outcome = allocate(town(), knapsack(time_limit=1))

    assert outcome.winners == ("a",)
    assert outcome.objective == 160
    assert outcome.proven_optimal is False
    assert outcome.unique is None
    assert outcome.bound == 500


def test_the_exact_search_proves_what_the_solver_had_no_time_for(monkeypatch) -> None:
    usual = allocate(town(), knapsack())
    monkeypatch.setattr(optimum, "solve", out_of_time(ONLY_A))

    assert allocate(town(), knapsack(time_limit=1)).winners == usual.winners
    assert usual.winners != ("a",)


def test_no_set_in_time_is_a_refusal_that_says_what_to_do(monkeypatch) -> None:
    monkeypatch.setattr(optimum, "solve", out_of_time(None))

    with pytest.raises(SolverFailedError, match="--time-limit"):
        allocate(town(), knapsack(time_limit=1))


def test_two_ways_that_disagree_are_a_refusal(monkeypatch) -> None:
    def finds_nothing(program, **options):
        return None

    monkeypatch.setattr(optimum, "optimal_sets", finds_nothing)

    with pytest.raises(SolverFailedError, match="disagree"):
        allocate(town(), knapsack())


def test_a_set_that_is_not_worth_what_was_proven_is_a_refusal(monkeypatch) -> None:
    def boastful(program, *, at_least, **options):
        return OptimalSets(at_least + 1, frozenset({0}), frozenset({0}))

    monkeypatch.setattr(optimum, "optimal_sets", boastful)

    with pytest.raises(SolverFailedError, match="contradicts itself"):
        allocate(town(), knapsack())


def test_ties_are_the_same_where_only_the_solver_can_look_for_them(monkeypatch) -> None:
    elections = [random_election(seed) for seed in range(60)]
    sheet = RuleSheet(rule=Rule.KNAPSACK, ties=(TieCriterion.MIN_COST, TieCriterion.LISTED))
    usual = [allocate(election, sheet) for election in elections]
    monkeypatch.setattr(optimum, "optimal_sets", gives_up)

    assert [allocate(election, sheet) for election in elections] == usual
    assert sum(bool(outcome.ties) for outcome in usual) > 3


def test_a_knapsack_loads_no_second_library_of_rules() -> None:
    code = (
        "import sys; import allocation.knapsack; "
        "print([m for m in ('pabutools', 'numba') if m in sys.modules])"
    )

    command = [sys.executable, "-c", code]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True)

    assert loaded.stdout.strip() == "[]"
