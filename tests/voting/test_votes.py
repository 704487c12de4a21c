import pytest
from ballot_factories import approve, basket, make_rules, points, rank, scores

from voting.choices import Choices
from voting.limits import BallotType
from voting.votes import VOTE_TYPE, Vote, limits_as_meta, to_vote


@pytest.mark.parametrize(
    ("choices", "vote"),
    [
        (approve("pool", "arch"), Vote(("arch", "pool"))),
        (basket("pool", "arch"), Vote(("arch", "pool"))),
        (points(arch=1, bench=4, pool=4), Vote(("bench", "pool", "arch"), (4, 4, 1))),
        (scores(arch=-1, bench=0, pool=5), Vote(("pool", "bench", "arch"), (5, 0, -1))),
        (rank("pool", "arch"), Vote(("pool", "arch"))),
        (points(), Vote(())),
    ],
)
def test_a_ballot_is_counted_best_first_and_equals_by_id(choices: Choices, vote: Vote) -> None:
    assert to_vote(choices) == vote


@pytest.mark.parametrize(
    ("ballot_type", "vote_type"),
    [
        (BallotType.APPROVAL, "approval"),
        (BallotType.KNAPSACK, "approval"),
        (BallotType.POINTS, "cumulative"),
        (BallotType.RANKING, "ordinal"),
        (BallotType.SCORES, "scoring"),
    ],
)
def test_every_kind_of_ballot_has_its_vote_type(ballot_type: BallotType, vote_type: str) -> None:
    assert VOTE_TYPE[ballot_type] == vote_type


def test_a_basket_is_published_as_approval_within_the_budget() -> None:
    rules = make_rules(BallotType.KNAPSACK, budget_minor=900, number_max=9)

    assert limits_as_meta(rules) == {"min_length": 1, "max_length": 4, "max_sum_cost": 900}


def test_limits_of_approval_are_published() -> None:
    rules = make_rules(number_min=2, number_max=3, sum_cost_min_minor=400, sum_cost_max_minor=900)

    assert limits_as_meta(rules) == {
        "min_length": 2,
        "max_length": 3,
        "min_sum_cost": 400,
        "max_sum_cost": 900,
    }


def test_limits_of_points_are_published() -> None:
    rules = make_rules(BallotType.POINTS, sum_points_min=5, project_points_max=4)

    assert limits_as_meta(rules) == {
        "min_length": 1,
        "max_length": 4,
        "max_points": 4,
        "min_sum_points": 5,
        "max_sum_points": 10,
    }


def test_limits_of_scores_are_published() -> None:
    rules = make_rules(BallotType.SCORES, score_min=1, score_default=0)

    assert limits_as_meta(rules) == {
        "min_length": 1,
        "max_length": 4,
        "min_points": 1,
        "max_points": 5,
        "default_score": 0,
    }
