"""Phragmén's sequential rule, against a literal second reading of it and against pabutools."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from elections import make_election
from literal_phragmen import literal_phragmen
from oracle_cases import CROSSES, case, leap_case

from allocation.allocate import allocate
from allocation.contest import prepare
from allocation.errors import ConstraintNotSupportedError, TieUnresolvedError
from allocation.instance import Instance
from allocation.options import Rule, TieCriterion, Utility
from allocation.phragmen import Loads
from allocation.rule_sheet import RuleSheet
from allocation.second_count import second_count

BY_LOT = RuleSheet(rule=Rule.PHRAGMEN, lot_seed="drawn")


def elections(count: int):
    """Elections of crosses made for ties and close calls; nothing excludes anything."""
    for seed in range(count):
        for vote_type in CROSSES:
            for make in (case, leap_case):
                instance, _ = make(seed, vote_type, Utility.COST)
                free = tuple(replace(p, exclusive_group="") for p in instance.projects)
                yield replace(instance, projects=free)


def literal_winners(instance: Instance) -> list[str]:
    breaker = prepare(instance, BY_LOT).tie_breaker
    return literal_phragmen(
        instance, lambda due: breaker.break_tie(due, stage="x", round_number=1).chosen
    )


def test_winners_come_in_the_order_of_the_literal_rule() -> None:
    tied = 0
    for instance in elections(100):
        outcome = allocate(instance, BY_LOT)

        assert list(outcome.winners) == literal_winners(instance)
        assert outcome.total_cost == instance.cost_of(outcome.winners) <= instance.budget
        tied += bool(outcome.ties)
    assert tied > 30


@pytest.mark.parametrize("count", [30, pytest.param(2_500, marks=pytest.mark.long)])
def test_pabutools_agrees(count) -> None:
    for instance in elections(count):
        again = second_count(instance, allocate(instance, BY_LOT))

        assert again.agrees, again.recounts


def test_a_load_is_shared_by_the_supporters_and_carried_on() -> None:
    # a at 30/3 = 10; then b: (10 + 10 + 20)/2 = 20, c: (0 + 25)/1 = 25.
    instance = make_election(
        {"a": 30, "b": 20, "c": 25}, [("a", "b"), ("a", "b"), ("a",), ("c",)], budget=75
    )
    loads = Loads(instance.table, [30, 20, 25])

    assert loads.supporters == [3, 2, 1]
    assert loads.due({0, 1, 2}) == [0, 1]
    loads.buy(0)
    assert [loads.load_of_buying(project) for project in (1, 2)] == [20, 25]
    loads.buy(1)
    assert loads.due({2}) == [2]


def test_loads_are_exact_fractions() -> None:
    instance = make_election({"a": 10, "b": 10}, [("a", "b"), ("a",), ("a", "b")], budget=99)
    loads = Loads(instance.table, [10, 10])

    loads.buy(0)

    assert loads.load_of_buying(1) == Fraction(25, 3)


def test_a_project_named_twice_on_a_ballot_has_one_supporter_there() -> None:
    instance = make_election({"a": 30, "b": 20}, [("a", "a"), ("b",)], budget=20)
    loads = Loads(instance.table, [30, 20])

    assert loads.supporters == [1, 1]
    assert loads.due({0, 1}) == [1]


def test_it_ends_at_the_first_project_that_is_due_and_does_not_fit() -> None:
    # b is due before c; c would fit.
    instance = make_election({"a": 50, "b": 60, "c": 50}, ["a", "a", "b", "b", "c"], budget=105)

    assert allocate(instance, BY_LOT).winners == ("a",)


def test_a_project_dearer_than_the_whole_budget_ends_nothing() -> None:
    instance = make_election({"a": 101, "b": 99}, ["a"] * 9 + ["b"], budget=100)

    assert allocate(instance, BY_LOT).winners == ("b",)


def test_a_tie_of_which_one_project_does_not_fit_ends_it_without_a_lot() -> None:
    instance = make_election({"a": 60, "b": 30}, ["a", "a", "b"], budget=50)
    instance = replace(instance, budget=60)
    by_votes = allocate(instance, BY_LOT)
    dear = make_election({"a": 20, "b": 60, "c": 30}, ["a", "a", "b", "b", "c"], budget=70)

    assert by_votes.ties[0].between == ("a", "b")
    assert by_votes.ties[0].value == 30
    assert allocate(dear, BY_LOT).winners == ("a",)
    assert allocate(dear, BY_LOT).ties == ()


def test_a_tie_that_the_list_leaves_open_is_refused_with_its_round() -> None:
    instance = make_election({"a": 10, "b": 20, "c": 20}, ["a", "a", "b", "c"], budget=99)

    with pytest.raises(TieUnresolvedError, match=r"b and c .* round 2") as refusal:
        allocate(instance, replace(BY_LOT, ties=(TieCriterion.MIN_COST,)))

    assert refusal.value.endowment is None


def test_projects_that_exclude_one_another_are_refused() -> None:
    instance = make_election({"a": 10, "b": 10}, ["a", "b"])
    apart = replace(
        instance, projects=tuple(replace(p, exclusive_group="g") for p in instance.projects)
    )

    with pytest.raises(ConstraintNotSupportedError, match="cannot keep projects apart"):
        allocate(apart, BY_LOT)


def test_loads_never_fall() -> None:
    for instance in elections(25):
        costs = [project.cost for project in instance.projects]
        loads = Loads(instance.table, costs)
        place = {project.id: n for n, project in enumerate(instance.projects)}
        reached = []
        for id_ in allocate(instance, BY_LOT).winners:
            reached.append(loads.load_of_buying(place[id_]))
            loads.buy(place[id_])

        assert all(before <= after for before, after in pairwise(reached))


def test_without_ballots_nothing_is_funded() -> None:
    assert allocate(make_election({"a": 10}, []), BY_LOT).winners == ()
    assert allocate(make_election({}, [], budget=5), BY_LOT).winners == ()
