"""Sums from the columns of all ballots equal those from one ballot after the other."""

from dataclasses import replace
from fractions import Fraction

import pytest
from elections import make_election
from literal_counting import utility_of
from oracle_cases import COUNTED, case, leap_case

from allocation.allocate import allocate
from allocation.ballot_sums import satisfaction, total_shares
from allocation.comparison import compare
from allocation.contest import prepare
from allocation.instance import Ballot, VoteType
from allocation.options import Comparison, Rule, Utility
from allocation.rule_sheet import RuleSheet
from allocation.utilities import read_as_approval, votes_or_scores

# The measure of satisfaction: funded projects, or their points.
MEASURE = {VoteType.CUMULATIVE: Utility.POINTS, VoteType.SCORING: Utility.POINTS}
WITHOUT_COST = {Utility.COST: Utility.CARDINALITY, Utility.POINTS_COST: Utility.POINTS}


def satisfactions(instance, funded):
    """What each ballot gets, word by word."""
    measure = MEASURE.get(instance.vote_type, Utility.CARDINALITY)
    return [
        sum((utility_of(instance, ballot, id_, measure) for id_ in funded), Fraction(0))
        for ballot in instance.ballots
    ]


@pytest.mark.parametrize(("vote_type", "utility"), COUNTED)
def test_what_projects_are_given_is_the_sum_over_ballots(vote_type, utility) -> None:
    measure = WITHOUT_COST.get(utility, utility)
    for seed in range(80):
        instance, _ = case(seed, vote_type, utility)

        assert total_shares(instance, utility) == [
            sum((utility_of(instance, b, p.id, measure) for b in instance.ballots), Fraction(0))
            for p in instance.projects
        ]


@pytest.mark.parametrize("vote_type", VoteType)
@pytest.mark.parametrize("measure", [Comparison.SATISFACTION, Comparison.EXCLUSION_RATIO])
def test_each_ballot_is_counted_for_the_outcome_that_gives_it_more(vote_type, measure) -> None:
    utility = next(u for v, u in COUNTED if v is vote_type)
    for seed in range(60):
        instance, _ = leap_case(seed, vote_type, utility)
        ids = [project.id for project in instance.projects]
        one, two = ids[: len(ids) // 2], ids[1::2]
        contest = prepare(instance, RuleSheet(comparison=measure))

        report = compare(contest, one, two)

        pairs = list(zip(satisfactions(instance, one), satisfactions(instance, two), strict=True))
        if measure is Comparison.EXCLUSION_RATIO:
            pairs = [(mine > 0, other > 0) for mine, other in pairs]
        assert report.prefer_completed == sum(mine > other for mine, other in pairs)
        assert report.prefer_greedy == sum(other > mine for mine, other in pairs)


def test_sums_beyond_machine_numbers_stay_exact() -> None:
    huge = 2**62
    instance = make_election(
        {"a": 10, "b": 10},
        [("a", "b")] * 3,
        vote_type=VoteType.CUMULATIVE,
        points=[(huge, huge - 1)] * 3,
    )

    assert votes_or_scores(instance) == {"a": 3 * huge, "b": 3 * huge - 3}
    assert satisfaction(instance, ["a", "b"]).tolist() == [2 * huge - 1]


def test_points_beyond_machine_numbers_stay_exact() -> None:
    third = Fraction(10**30, 3)
    instance = make_election(
        {"a": 10, "b": 10}, [("a",), ()], vote_type=VoteType.SCORING, points=[(third,), ()]
    )
    with_default = replace(instance, default_score=Fraction(1, 7))

    assert votes_or_scores(instance) == {"a": third, "b": 0}
    assert votes_or_scores(with_default) == {"a": third + Fraction(1, 7), "b": Fraction(2, 7)}
    first, second = satisfaction(with_default, ["a", "b"])
    assert Fraction(first, second) == (third + Fraction(1, 7)) / Fraction(2, 7)


def test_negative_points_count_against_a_project_in_greedy() -> None:
    instance = make_election(
        {"a": 10, "b": 10}, ["ab", "a"], vote_type=VoteType.SCORING, points=[(-3, 2), (1,)]
    )

    assert votes_or_scores(instance) == {"a": -2, "b": 2}
    assert allocate(instance, RuleSheet(rule=Rule.GREEDY)).winners == ("b",)


def test_ballots_that_lack_points_are_no_points_ballots() -> None:
    instance = make_election({"a": 10}, ["a"], vote_type=VoteType.CUMULATIVE)

    with pytest.raises(ValueError, match="give points to every project"):
        votes_or_scores(instance)


def test_read_as_approval_a_ballot_keeps_its_choices_and_its_voter() -> None:
    instance = make_election(
        {"a": 10, "b": 10}, ["ab", "a"], vote_type=VoteType.CUMULATIVE, points=[(0, 2), (1,)]
    )

    as_read = read_as_approval(instance)

    assert as_read.vote_type is VoteType.APPROVAL
    assert as_read.ballots == (Ballot(("a", "b"), (), "v0"), Ballot(("a",), (), "v1"))
