from typing import Any

import pytest
from ballot_factories import make_limits

from voting.errors import RuleProblem, RuleProblemKind, RulesError
from voting.limits import BallotType, Limits


def problems_of(ballot_type: BallotType, **limits: Any) -> list[RuleProblem]:
    with pytest.raises(RulesError) as refused:
        make_limits(ballot_type, **limits)
    return list(refused.value.problems)


@pytest.mark.parametrize(
    ("ballot_type", "limit"),
    [
        (BallotType.KNAPSACK, "sum_cost_max_minor"),
        (BallotType.APPROVAL, "sum_points_max"),
        (BallotType.RANKING, "score_max"),
        (BallotType.POINTS, "sum_cost_min_minor"),
        (BallotType.SCORES, "project_points_max"),
    ],
)
def test_a_limit_of_another_kind_of_ballot_is_refused(ballot_type: BallotType, limit: str) -> None:
    assert problems_of(ballot_type, **{limit: 5}) == [
        RuleProblem(RuleProblemKind.LIMIT_FOREIGN, limit)
    ]


def test_a_ballot_of_points_needs_to_say_how_many_there_are() -> None:
    assert problems_of(BallotType.POINTS, sum_points_max=None) == [
        RuleProblem(RuleProblemKind.LIMIT_MISSING, "sum_points_max")
    ]


def test_a_ballot_of_scores_needs_both_ends_of_the_scale() -> None:
    found = problems_of(BallotType.SCORES, score_min=None, score_max=None)

    assert [(problem.kind, problem.field) for problem in found] == [
        (RuleProblemKind.LIMIT_MISSING, "score_max"),
        (RuleProblemKind.LIMIT_MISSING, "score_min"),
    ]


@pytest.mark.parametrize("value", [True, 1.5, "3", 2**53])
def test_a_limit_is_a_whole_number_of_bearable_size(value: Any) -> None:
    assert problems_of(BallotType.APPROVAL, number_max=value) == [
        RuleProblem(RuleProblemKind.NOT_INTEGER, "number_max")
    ]


@pytest.mark.parametrize(
    ("ballot_type", "limit", "lowest"),
    [
        (BallotType.APPROVAL, "number_min", 0),
        (BallotType.APPROVAL, "number_max", 1),
        (BallotType.APPROVAL, "sum_cost_min_minor", 0),
        (BallotType.APPROVAL, "sum_cost_max_minor", 1),
        (BallotType.POINTS, "sum_points_min", 0),
        (BallotType.POINTS, "sum_points_max", 1),
        (BallotType.POINTS, "project_points_max", 1),
        (BallotType.SCORES, "score_min", 1 - 2**53),
    ],
)
def test_a_limit_below_its_lowest_sensible_value_is_refused(
    ballot_type: BallotType, limit: str, lowest: int
) -> None:
    make_limits(ballot_type, **{limit: lowest})

    assert problems_of(ballot_type, **{limit: lowest - 1}) == [
        RuleProblem(RuleProblemKind.TOO_LOW, limit, limit=lowest, actual=lowest - 1)
    ]


@pytest.mark.parametrize(
    ("ballot_type", "low", "high"),
    [
        (BallotType.KNAPSACK, "number_min", "number_max"),
        (BallotType.APPROVAL, "sum_cost_min_minor", "sum_cost_max_minor"),
        (BallotType.POINTS, "sum_points_min", "sum_points_max"),
        (BallotType.POINTS, "number_min", "sum_points_max"),
        (BallotType.SCORES, "score_min", "score_max"),
        (BallotType.SCORES, "score_default", "score_max"),
    ],
)
def test_a_minimum_may_equal_its_maximum_but_not_exceed_it(
    ballot_type: BallotType, low: str, high: str
) -> None:
    make_limits(ballot_type, **{low: 4, high: 4})

    assert problems_of(ballot_type, **{low: 5, high: 4}) == [
        RuleProblem(RuleProblemKind.MIN_ABOVE_MAX, low, limit=4, actual=5)
    ]


def test_every_problem_is_named_at_once() -> None:
    found = problems_of(BallotType.APPROVAL, number_max=0, score_max=5, number_min=-1)

    assert {problem.field for problem in found} == {"number_max", "score_max", "number_min"}


def test_the_log_line_of_a_refusal_names_field_and_kind() -> None:
    with pytest.raises(RulesError, match="number_max: too_low"):
        make_limits(number_max=0)


@pytest.mark.parametrize(
    ("sum_points_min", "expected"), [(None, False), (0, False), (9, False), (10, True)]
)
def test_all_points_must_be_spent_when_the_minimum_is_all_of_them(
    sum_points_min: int | None, expected: bool
) -> None:
    limits = make_limits(BallotType.POINTS, sum_points_min=sum_points_min, sum_points_max=10)

    assert limits.must_spend_all is expected


def test_a_ballot_without_points_has_none_to_spend() -> None:
    assert not make_limits(BallotType.APPROVAL).must_spend_all


def test_the_rule_sheet_holds_only_limits_that_are_set() -> None:
    limits = make_limits(BallotType.SCORES, score_default=0, number_max=3)

    assert limits.to_canonical() == {
        "ballot_type": "scores",
        "blank_allowed": True,
        "number_min": 0,
        "number_max": 3,
        "score_min": 0,
        "score_max": 5,
        "score_default": 0,
    }


@pytest.mark.parametrize("ballot_type", BallotType)
def test_limits_come_back_from_the_rule_sheet_as_they_went(ballot_type: BallotType) -> None:
    limits = make_limits(ballot_type, blank_allowed=False, number_max=3)

    assert Limits.from_canonical(limits.to_canonical()) == limits
