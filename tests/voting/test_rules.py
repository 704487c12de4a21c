from typing import Any

import pytest
from ballot_factories import COSTS_MINOR, make_rules, some_rules
from hypothesis import given

from voting import canonical
from voting.errors import RuleProblem, RuleProblemKind, RulesError
from voting.limits import BallotType, Limits
from voting.rules import BallotRules


def problems_of(*args: Any, **kwargs: Any) -> list[RuleProblem]:
    with pytest.raises(RulesError) as refused:
        make_rules(*args, **kwargs)
    return list(refused.value.problems)


def test_a_ballot_without_projects_is_refused() -> None:
    assert problems_of(costs_minor={}) == [RuleProblem(RuleProblemKind.NO_PROJECTS, "costs_minor")]


@pytest.mark.parametrize("budget_minor", [0, -5, 1.5, True, 2**53])
def test_the_budget_is_a_positive_whole_amount(budget_minor: Any) -> None:
    assert problems_of(budget_minor=budget_minor) == [
        RuleProblem(RuleProblemKind.TOO_LOW, "budget_minor", limit=1)
    ]


@pytest.mark.parametrize("cost", [0, -1, 2.5, True, 2**53])
def test_a_project_without_a_positive_cost_is_named(cost: Any) -> None:
    assert problems_of(costs_minor={"bench": cost, "tree": 100}) == [
        RuleProblem(RuleProblemKind.TOO_LOW, "costs_minor", ("bench",), limit=1)
    ]


@pytest.mark.parametrize("id_", ["", " a", "a\n", "a,b", "e\u0301", "x" * 65, "a\x00"])
def test_an_id_that_would_break_a_record_or_a_list_is_named(id_: str) -> None:
    assert problems_of(costs_minor={id_: 5}) == [
        RuleProblem(RuleProblemKind.PROJECT_ID_MALFORMED, "costs_minor", (id_,))
    ]


@pytest.mark.parametrize("id_", ["7", "x" * 64, "BO-12/é a"])
def test_ids_of_other_systems_are_taken_as_they_are(id_: str) -> None:
    assert [*make_rules(costs_minor={id_: 5}).costs_minor] == [id_]


def test_a_maximum_above_the_number_of_projects_means_all_of_them() -> None:
    assert make_rules(number_max=9).number_max == 4
    assert make_rules(number_max=3).number_max == 3
    assert make_rules().number_max == 4


def test_a_project_dearer_than_the_budget_may_be_approved_without_a_cost_limit() -> None:
    assert make_rules(BallotType.APPROVAL, budget_minor=1).cost_max_minor is None


def test_costs_cannot_be_changed_behind_the_rules() -> None:
    costs_minor = dict(COSTS_MINOR)
    rules = make_rules(costs_minor=costs_minor)

    costs_minor["arch"] = 1

    assert rules.costs_minor["arch"] == 300
    with pytest.raises(TypeError):
        rules.costs_minor["arch"] = 1  # type: ignore[index]  # that it cannot be done is the test


def test_limits_stand_in_the_sheet_with_these_bytes() -> None:
    limits = make_rules(BallotType.KNAPSACK, number_max=2).limits

    assert canonical.encode(limits.to_canonical()).decode() == (
        '{"ballot_type":"knapsack","blank_allowed":true,"number_max":2,"number_min":0}'
    )


@given(some_rules())
def test_limits_come_back_from_the_sheet_as_they_went(rules: BallotRules) -> None:
    sheet = canonical.encode(rules.limits.to_canonical())

    assert Limits.from_canonical(canonical.decode(sheet)) == rules.limits
