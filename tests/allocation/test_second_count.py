"""pabutools counts the same, and the rule that only pabutools knows keeps our tie list."""

import pytest
from elections import make_election, random_election

from allocation.allocate import allocate
from allocation.errors import ConstraintNotSupportedError, RuleOptionError
from allocation.instance import VoteType
from allocation.options import UTILITIES_OF, Completion, Rule, TieCriterion
from allocation.rule_sheet import RuleSheet
from allocation.second_count import second_count

TIES = (TieCriterion.MIN_COST, TieCriterion.MAX_VOTES, TieCriterion.LISTED)
UTILITIES = [(v, u) for v in VoteType for u in UTILITIES_OF[v]]


@pytest.mark.parametrize(("vote_type", "utility"), UTILITIES)
@pytest.mark.parametrize("rule", [Rule.EQUAL_SHARES, Rule.GREEDY, Rule.KNAPSACK])
def test_pabutools_agrees_on_elections_made_for_ties(vote_type, utility, rule) -> None:
    for seed in range(15):
        instance = random_election(seed, vote_type)
        sheet = RuleSheet(rule=rule, utility=utility, ties=TIES)

        again = second_count(instance, allocate(instance, sheet))

        assert again.agrees, f"seed {seed}: {again.recounts}"


def test_the_kept_run_the_ending_run_and_the_fill_are_counted_again() -> None:
    instance = make_election({"a": 60, "b": 30, "c": 55, "d": 5}, ["a", "a", "b", "c"], budget=100)
    outcome = allocate(instance, RuleSheet(ties=TIES, exhaustive_stop=False))

    again = second_count(instance, outcome)

    assert [recount.what for recount in again.recounts] == ["kept-run", "ending-run", "fill"]
    assert again.counted_by.startswith("pabutools ")


def test_a_different_winner_is_a_difference() -> None:
    instance = make_election({"a": 60, "b": 30}, ["a", "a", "b"], budget=100)
    outcome = allocate(instance, RuleSheet(rule=Rule.GREEDY))
    object.__setattr__(outcome, "winners", ("b",))

    assert not second_count(instance, outcome).agrees


def test_where_pabutools_cannot_follow_there_is_no_second_count() -> None:
    instance = make_election({"a": 60, "b": 30}, ["a", "b"], budget=100)
    apart = RuleSheet.from_dict({"constraints": {"exclusive": [{"projects": ["a", "b"]}]}})
    stopping = RuleSheet(rule=Rule.GREEDY, stop_at_misfit=True, ties=TIES)

    for sheet in (apart, stopping, RuleSheet(rule=Rule.MAXIMIN)):
        with pytest.raises(ConstraintNotSupportedError):
            second_count(instance, allocate(instance, sheet))


@pytest.mark.parametrize("rule", [Rule.PHRAGMEN, Rule.MAXIMIN])
def test_rules_without_utilities_break_ties_by_our_list_and_record_them(rule) -> None:
    instance = make_election({"x-1": 30, "x_1": 30}, [("x-1",), ("x_1",)], budget=30)
    sheet = RuleSheet(rule=rule, ties=(TieCriterion.LOT,), lot_seed="drawn")

    outcome = allocate(instance, sheet)

    assert len(outcome.winners) == 1
    assert outcome.ties[0].round == 1
    assert outcome.ties[0].between == ("x-1", "x_1")
    assert outcome.ties[0].chosen == outcome.winners[0]
    assert outcome.exact is (rule is Rule.PHRAGMEN)


@pytest.mark.parametrize("rule", [Rule.PHRAGMEN, Rule.MAXIMIN])
def test_rules_without_utilities_fund_nothing_without_a_vote(rule) -> None:
    instance = make_election({"a": 30, "b": 30}, ["a"], budget=100)

    assert allocate(instance, RuleSheet(rule=rule)).winners == ("a",)


def test_rules_for_approvals_refuse_rankings_unless_read_as_approval() -> None:
    instance = make_election({"a": 30}, ["a"], vote_type=VoteType.ORDINAL)

    with pytest.raises(RuleOptionError, match="--read-as approval"):
        allocate(instance, RuleSheet(rule=Rule.PHRAGMEN))
    outcome = allocate(instance, RuleSheet(rule=Rule.PHRAGMEN, read_as_approval=True))

    assert outcome.winners == ("a",)


def test_one_run_is_what_a_single_run_of_pabutools_gives() -> None:
    instance = make_election({"a": 60, "b": 30}, ["a", "a", "b", "b"], budget=120)
    outcome = allocate(instance, RuleSheet(completion=Completion.NONE))

    [recount] = second_count(instance, outcome).recounts

    assert recount.theirs == outcome.winners
    assert recount.endowment == 30
