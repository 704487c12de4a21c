"""EJR+ up to one project: the quick test against trying every group of voters."""

import itertools
from dataclasses import replace
from fractions import Fraction

import pytest
from elections import make_election, random_election
from hypothesis import given, settings
from hypothesis import strategies as st
from literal_counting import utility_of

from allocation.allocate import allocate
from allocation.instance import Instance, VoteType
from allocation.options import Completion, Rule, TieCriterion, Utility
from allocation.proportionality import PassedOver, proportionality
from allocation.rule_sheet import RuleSheet

TIES = (TieCriterion.MIN_COST, TieCriterion.MAX_VOTES, TieCriterion.LISTED)
GREEDY = RuleSheet(rule=Rule.GREEDY, ties=TIES)
CASES = [
    (VoteType.APPROVAL, Utility.COST),
    (VoteType.APPROVAL, Utility.CARDINALITY),
    (VoteType.CUMULATIVE, Utility.POINTS),
    (VoteType.SCORING, Utility.POINTS_COST),
    (VoteType.ORDINAL, Utility.BORDA),
    (VoteType.ORDINAL, Utility.BORDA0),
]


def largest_groups(
    instance: Instance, winners: tuple[str, ...], utility: Utility
) -> dict[str, int]:
    """Try every group of the supporters of every project that is not funded."""
    ballots = instance.ballots
    share = Fraction(instance.budget, len(ballots))
    found: dict[str, int] = {}
    for project in instance.projects:
        if project.id in winners:
            continue
        u = [utility_of(instance, ballot, project.id, utility) for ballot in ballots]
        have = [
            sum(utility_of(instance, ballot, id_, utility) for id_ in winners) for ballot in ballots
        ]
        supporters = [i for i, worth in enumerate(u) if worth > 0]
        for size in range(1, len(supporters) + 1):
            for group in itertools.combinations(supporters, size):
                claim = share * sum(u[i] for i in group) / project.cost
                if all(have[i] + u[i] <= claim for i in group):
                    found[project.id] = size
    return found


@settings(max_examples=60)
@given(seed=st.integers(0, 100_000), case=st.sampled_from(CASES), rule=st.sampled_from(list(Rule)))
def test_the_largest_group_passed_over_is_found_by_trying_every_group(seed, case, rule) -> None:
    vote_type, utility = case
    instance = random_election(seed, vote_type)
    instance = replace(instance, ballots=instance.ballots[:9])
    if rule not in {Rule.EQUAL_SHARES, Rule.GREEDY}:
        rule = Rule.GREEDY
    outcome = allocate(instance, RuleSheet(rule=rule, ties=TIES))

    checked = proportionality(instance, outcome, utility)

    expected = largest_groups(instance, outcome.winners, utility)
    assert {group.project: group.ballots for group in checked.passed_over} == expected
    assert checked.holds == (not expected)


@settings(max_examples=100)
@given(
    seed=st.integers(0, 100_000),
    case=st.sampled_from(CASES),
    completion=st.sampled_from(Completion),
)
def test_equal_shares_passes_over_no_group(seed, case, completion) -> None:
    vote_type, utility = case
    instance = random_election(seed, vote_type)
    sheet = RuleSheet(utility=utility, completion=completion, integral_start=False, ties=TIES)

    checked = proportionality(instance, allocate(instance, sheet))

    assert checked.utility is utility
    assert checked.holds


def test_greedy_passes_over_the_smaller_half_of_a_town_and_says_so() -> None:
    # Six ballots in the north, four in the south; the north's projects cost the whole budget.
    instance = make_election(
        {"n1": 50, "n2": 50, "s1": 40}, [("n1", "n2")] * 6 + [("s1",)] * 4, budget=100
    )

    checked = proportionality(instance, allocate(instance, GREEDY))

    assert checked.passed_over == (PassedOver("s1", 4, Fraction(40), Fraction(0)),)
    assert proportionality(instance, allocate(instance, RuleSheet(ties=TIES))).holds


def test_a_group_too_small_for_a_project_has_no_claim() -> None:
    instance = make_election({"n1": 50, "s1": 41}, [("n1",)] * 6 + [("s1",)] * 4, budget=100)

    assert proportionality(instance, allocate(instance, replace(GREEDY, votes_min=5))).holds


def test_what_an_exclusive_group_shut_out_nobody_can_claim() -> None:
    sheet = RuleSheet.from_dict(
        {"rule": "greedy", "constraints": {"exclusive": [{"projects": ["n1", "s1"]}]}}
    )
    instance = make_election({"n1": 50, "s1": 40}, [("n1",)] * 6 + [("s1",)] * 4, budget=100)

    assert proportionality(instance, allocate(instance, sheet)).holds


@pytest.mark.parametrize(
    ("utility", "most"), [(Utility.COST, Fraction(10)), (Utility.CARDINALITY, Fraction(1))]
)
def test_what_the_group_has_is_told_in_the_measure_of_the_test(utility, most) -> None:
    instance = make_election({"a": 10, "b": 30, "c": 90}, ["ab"] * 7 + ["c"] * 3, budget=100)
    outcome = allocate(instance, GREEDY)
    outcome = replace(outcome, winners=("a",), total_cost=10)

    [group] = proportionality(instance, outcome, utility).passed_over

    assert (group.project, group.ballots, group.money) == ("b", 7, 70)
    assert group.funded_most == most
