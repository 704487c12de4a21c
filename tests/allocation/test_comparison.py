"""The comparison step: which outcome more ballots prefer."""

from elections import make_election

from allocation.allocate import allocate
from allocation.comparison import compare
from allocation.contest import prepare
from allocation.instance import VoteType
from allocation.options import Comparison, Completion
from allocation.rule_sheet import RuleSheet

# Greedy funds a and b for six of ten; equal shares funds a and c.
BALLOTS = ["ab"] * 6 + ["c"] * 4
COSTS = {"a": 50, "b": 45, "c": 40}


def sheet(comparison: Comparison, completion: Completion = Completion.NONE) -> RuleSheet:
    return RuleSheet(comparison=comparison, completion=completion, lot_seed="x")


def test_greedy_is_taken_when_more_ballots_get_more_from_it() -> None:
    outcome = allocate(make_election(COSTS, BALLOTS), sheet(Comparison.SATISFACTION))

    assert outcome.comparison.prefer_greedy == 6
    assert outcome.comparison.prefer_completed == 4
    assert outcome.comparison.greedy_taken
    assert sorted(outcome.winners) == ["a", "b"]
    assert outcome.endowment is None


def test_by_exclusion_ratio_equal_shares_stays() -> None:
    outcome = allocate(make_election(COSTS, BALLOTS), sheet(Comparison.EXCLUSION_RATIO))

    assert outcome.comparison.prefer_completed == 4
    assert outcome.comparison.prefer_greedy == 0
    assert "c" in outcome.winners


def test_the_report_names_what_only_one_outcome_funds() -> None:
    report = allocate(make_election(COSTS, BALLOTS), sheet(Comparison.SATISFACTION)).comparison

    assert report.only_greedy + report.only_completed in {("a", "c"), ("b", "c")}


def test_equally_many_keep_equal_shares() -> None:
    costs = {"a": 44, "b": 45, "c": 45}
    instance = make_election(costs, ["ab"] * 5 + ["c"] * 5 + ["b"])

    outcome = allocate(instance, sheet(Comparison.SATISFACTION))

    assert outcome.comparison.prefer_greedy == outcome.comparison.prefer_completed == 5
    assert "c" in outcome.winners


def test_ballots_with_nothing_funded_count_as_zero_unless_a_known_defect_is_repeated() -> None:
    contest = prepare(make_election(COSTS, BALLOTS), sheet(Comparison.SATISFACTION))

    ours = compare(contest, ["a", "c"], ["a", "b"])
    skipping = compare(contest, ["a", "c"], ["a", "b"], compat_skip_zero=True)

    assert (ours.prefer_completed, ours.prefer_greedy) == (4, 6)
    assert (skipping.prefer_completed, skipping.prefer_greedy) == (0, 6)


def test_points_are_summed_up() -> None:
    instance = make_election(
        {"a": 50, "b": 50}, ["ab"], vote_type=VoteType.CUMULATIVE, points=[(5, 1)]
    )
    contest = prepare(instance, sheet(Comparison.SATISFACTION))

    report = compare(contest, ["b"], ["a"])

    assert report.prefer_greedy == 1
