from itertools import product
from typing import Any

import pytest
from ballot_factories import make_rules, some_rules, some_settings
from hypothesis import given

from voting.ballots import standing
from voting.choices import Choices
from voting.errors import RuleProblem, RuleProblemKind, RulesError
from voting.limits import BallotType
from voting.rules import BallotRules


def problems_of(*args: Any, **kwargs: Any) -> list[RuleProblem]:
    with pytest.raises(RulesError) as refused:
        make_rules(*args, **kwargs)
    return list(refused.value.problems)


def test_more_projects_cannot_be_asked_for_than_there_are() -> None:
    make_rules(number_min=4)

    assert problems_of(number_min=5) == [
        RuleProblem(RuleProblemKind.NUMBER_MIN_ABOVE_PROJECTS, "number_min", limit=4, actual=5)
    ]


def test_a_project_dearer_than_the_basket_could_never_be_chosen() -> None:
    make_rules(BallotType.KNAPSACK, budget_minor=700)

    assert problems_of(BallotType.KNAPSACK, budget_minor=699) == [
        RuleProblem(RuleProblemKind.PROJECT_TOO_DEAR, "costs_minor", ("pool",), limit=699)
    ]


def test_so_many_projects_that_even_the_cheapest_cost_too_much_are_refused() -> None:
    make_rules(BallotType.KNAPSACK, budget_minor=1300, number_min=4)

    assert problems_of(BallotType.KNAPSACK, budget_minor=1299, number_min=4) == [
        RuleProblem(RuleProblemKind.CHEAPEST_TOO_DEAR, "number_min", limit=1299, actual=1300)
    ]


def test_a_minimum_cost_that_the_dearest_projects_miss_is_refused() -> None:
    make_rules(sum_cost_min_minor=1000, number_max=2)

    assert problems_of(sum_cost_min_minor=1001, number_max=2) == [
        RuleProblem(
            RuleProblemKind.DEAREST_TOO_CHEAP, "sum_cost_min_minor", limit=1000, actual=1001
        )
    ]


def test_a_cost_range_that_no_combination_hits_is_refused() -> None:
    make_rules(sum_cost_min_minor=700, sum_cost_max_minor=750)
    make_rules(sum_cost_min_minor=700, sum_cost_max_minor=700, number_max=1)

    assert problems_of(sum_cost_min_minor=710, sum_cost_max_minor=750) == [
        RuleProblem(RuleProblemKind.NO_COMBINATION, "sum_cost_min_minor", limit=750, actual=710)
    ]


def test_a_combination_counts_only_with_an_allowed_number_of_projects() -> None:
    costs_minor = {"arch": 300, "bench": 200, "tree": 100, "pond": 550}
    exactly = {"sum_cost_min_minor": 600, "sum_cost_max_minor": 600}
    make_rules(costs_minor=costs_minor, number_max=3, **exactly)

    [problem] = problems_of(costs_minor=costs_minor, number_max=2, **exactly)

    assert problem.kind is RuleProblemKind.NO_COMBINATION


def test_the_search_for_a_combination_gives_up_in_favour_of_the_clerk() -> None:
    costs_minor = {f"p{n}": 2 * 3**n for n in range(30)}
    odd = max(costs_minor.values()) + 1

    rules = make_rules(costs_minor=costs_minor, sum_cost_min_minor=odd, sum_cost_max_minor=odd)

    assert len(rules.costs_minor) == 30


def test_a_minimum_of_points_beyond_what_the_projects_may_get_is_refused() -> None:
    make_rules(BallotType.POINTS, sum_points_min=8, project_points_max=2)

    assert problems_of(BallotType.POINTS, sum_points_min=9, project_points_max=2) == [
        RuleProblem(RuleProblemKind.POINTS_MIN_OUT_OF_REACH, "sum_points_min", limit=8, actual=9)
    ]


def every_ballot(rules: BallotRules) -> list[Choices]:
    ids = list(rules.costs_minor)
    match rules.ballot_type:
        case BallotType.POINTS | BallotType.SCORES as ballot_type:
            most = rules.limits.project_points_max or 8
            low = 1 if ballot_type is BallotType.POINTS else rules.limits.score_min
            steps = [None, *range(low or 0, most + 1)]
            return [
                Choices.of_numbers(
                    ballot_type, {p: n for p, n in zip(ids, row, strict=True) if n is not None}
                )
                for row in product(steps, repeat=len(ids))
            ]
        case ballot_type:
            return [
                Choices.of_projects(ballot_type, [p for p, on in zip(ids, row, strict=True) if on])
                for row in product([False, True], repeat=len(ids))
            ]


@given(some_rules())
def test_accepted_rules_can_be_obeyed_by_some_ballot_with_a_choice_on_it(
    rules: BallotRules,
) -> None:
    assert any(standing(rules, choices).castable for choices in every_ballot(rules) if choices.ids)


@given(some_settings())
def test_refused_combinations_of_costs_are_indeed_impossible(settings: dict[str, Any]) -> None:
    try:
        make_rules(**settings)
    except RulesError as refused:
        kinds = {problem.kind for problem in refused.problems}
    else:
        return

    if kinds <= {RuleProblemKind.NO_COMBINATION, RuleProblemKind.DEAREST_TOO_CHEAP}:
        costs, low = settings["costs_minor"], settings["sum_cost_min_minor"]
        high = settings["sum_cost_max_minor"]
        for row in product([0, 1], repeat=len(costs)):
            total = sum(on * cost for on, cost in zip(row, costs.values(), strict=True))
            number_fits = (
                settings["number_min"] <= sum(row) <= (settings["number_max"] or len(costs))
            )
            assert not (number_fits and low <= total <= (high or total))
