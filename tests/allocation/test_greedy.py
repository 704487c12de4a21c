"""Greedy by votes, by score and by utility per unit of money, with its variants."""

from fractions import Fraction

from elections import make_election

from allocation.allocate import allocate
from allocation.constraints import Constraints, Exclusive
from allocation.instance import VoteType
from allocation.options import Rule, TieCriterion, Utility
from allocation.rule_sheet import RuleSheet


def greedy(**options) -> RuleSheet:
    return RuleSheet(rule=Rule.GREEDY, **options)


def test_what_does_not_fit_is_skipped_and_what_comes_after_it_can_still_win() -> None:
    instance = make_election({"a": 60, "b": 50, "c": 40}, ["ab", "ab", "a", "c"])

    outcome = allocate(instance, greedy())

    assert outcome.winners == ("a", "c")


def test_with_a_stop_the_first_misfit_ends_it() -> None:
    instance = make_election({"a": 60, "b": 50, "c": 40}, ["ab", "ab", "a", "c"])

    outcome = allocate(instance, greedy(stop_at_misfit=True))

    assert outcome.winners == ("a",)


def test_a_threshold_leaves_out_projects_with_fewer_votes() -> None:
    instance = make_election({"a": 10, "b": 10, "c": 10}, ["ab", "ab", "c"])

    outcome = allocate(instance, greedy(votes_min=Fraction(2), lot_seed="x"))

    assert sorted(outcome.winners) == ["a", "b"]


def test_projects_without_votes_are_funded_only_when_the_rule_sheet_admits_them() -> None:
    instance = make_election({"a": 10, "b": 10}, ["a"])

    assert allocate(instance, greedy()).winners == ("a",)
    assert allocate(instance, greedy(fund_unsupported=True)).winners == ("a", "b")


def test_after_a_winner_its_exclusive_group_is_skipped() -> None:
    instance = make_election({"a": 10, "b": 10, "c": 10}, ["ab", "ab", "a", "c"])
    apart = Constraints(exclusive=(Exclusive(("a", "b")),))

    outcome = allocate(instance, greedy(constraints=apart))

    assert outcome.winners == ("a", "c")


def test_a_named_utility_orders_by_utility_per_unit_of_money() -> None:
    instance = make_election({"a": 60, "b": 20, "c": 90}, ["abc", "abc", "ac", "ac"])

    by_votes = allocate(instance, greedy(ties=(TieCriterion.MAX_COST,)))
    per_unit = allocate(instance, greedy(utility=Utility.CARDINALITY))

    assert by_votes.winners == ("c",)
    assert per_unit.winners == ("b", "a")


def test_points_and_rankings_go_by_their_score() -> None:
    points = make_election(
        {"a": 60, "b": 60}, ["ab", "ab"], vote_type=VoteType.CUMULATIVE, points=[(1, 4), (2, 0)]
    )
    ranking = make_election({"a": 60, "b": 60}, ["ba", "a", "ba"], vote_type=VoteType.ORDINAL)

    assert allocate(points, greedy()).winners == ("b",)
    assert allocate(ranking, greedy()).winners == ("b",)


def test_a_tie_is_recorded_only_between_projects_that_still_fit() -> None:
    instance = make_election({"a": 60, "b": 50, "c": 40, "d": 40}, ["abcd", "a"])

    outcome = allocate(instance, greedy(ties=(TieCriterion.MIN_ID,)))

    assert outcome.winners == ("a", "c")
    assert [(tie.round, tie.between, tie.chosen) for tie in outcome.ties] == [(2, ("c", "d"), "c")]
