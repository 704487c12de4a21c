"""How close it was: each margin of the last count against trying everything, each recount made."""

from dataclasses import replace

import exhaustive_margins as exhaustive
from elections import random_election
from exhaustive_margins import FixedCount
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from allocation.allocate import allocate
from allocation.instance import VoteType
from allocation.margins import LoserMargins, Margin, WinnerMargins, margins
from allocation.options import Completion, TieCriterion, Utility
from allocation.rule_sheet import RuleSheet

TIES = (TieCriterion.MIN_COST, TieCriterion.MAX_VOTES, TieCriterion.LISTED)
TIE_LISTS = [
    TIES,
    (TieCriterion.MAX_COST, TieCriterion.LISTED),
    (TieCriterion.MAX_VOTES, TieCriterion.MIN_COST, TieCriterion.LISTED),
]
ONE_RUN = RuleSheet(completion=Completion.NONE, ties=TIES)
COST_MAX = 40
CHOICES_MAX = 100

UTILITIES = {
    VoteType.APPROVAL: [Utility.COST, Utility.CARDINALITY],
    VoteType.CUMULATIVE: [Utility.POINTS, Utility.POINTS_COST],
    VoteType.ORDINAL: [Utility.BORDA, Utility.BORDA0],
}
cases = st.sampled_from([(kind, utility) for kind in UTILITIES for utility in UTILITIES[kind]])
sheets = st.builds(
    RuleSheet,
    completion=st.sampled_from(Completion),
    ties=st.sampled_from(TIE_LISTS),
    exhaustive_stop=st.booleans(),
)


@settings(max_examples=60)
@given(seed=st.integers(0, 100_000), case=cases, sheet=sheets)
def test_the_greatest_cost_in_the_last_count_is_found_by_trying_every_cost(
    seed, case, sheet
) -> None:
    vote_type, utility = case
    instance = random_election(seed, vote_type)
    outcome = allocate(instance, replace(sheet, utility=utility))
    count = FixedCount(outcome.sheet, outcome.endowment)

    for margin in margins(instance, outcome, tries=0):
        cost = instance.project_by_id[margin.id].cost
        if isinstance(margin, LoserMargins):
            expected = exhaustive.greatest_cost(count, instance, margin.id, range(1, cost))
            assert margin.cost_red == Margin(expected)
        else:
            tried = range(1, 30 * COST_MAX)
            assert margin.cost.in_last_count is not None
            assert margin.cost.in_last_count >= cost
            if margin.cost.in_last_count < COST_MAX:
                tried = range(1, COST_MAX + 1)
            expected = exhaustive.greatest_cost(count, instance, margin.id, tried)
            assert margin.cost == Margin(expected)


@settings(max_examples=60)
@given(
    seed=st.integers(0, 100_000),
    utility=st.sampled_from([Utility.COST, Utility.CARDINALITY]),
    sheet=sheets,
)
def test_added_supporters_in_the_last_count_are_found_by_trying_every_choice(
    seed, utility, sheet
) -> None:
    instance = random_election(seed)
    outcome = allocate(instance, replace(sheet, utility=utility))
    count = FixedCount(outcome.sheet, outcome.endowment)

    for margin in margins(instance, outcome, tries=0):
        if isinstance(margin, WinnerMargins):
            continue
        assume(exhaustive.choices_of_ballots(instance, margin.id, adding=True) <= CHOICES_MAX)
        outcomes = exhaustive.outcomes_by_number(count, instance, margin.id, adding=True)
        some = min((n for n, funded in outcomes.items() if n and True in funded), default=None)
        every = min((n for n, funded in outcomes.items() if n and funded == {True}), default=None)
        assert margin.optimist_add == Margin(some)
        if some is None:
            assert margin.pessimist_add is None
        else:
            assert margin.pessimist_add.low <= every <= margin.pessimist_add.high


@settings(max_examples=60)
@given(
    seed=st.integers(0, 100_000),
    case=cases.filter(lambda case: case[0] is not VoteType.ORDINAL),
    sheet=sheets,
)
def test_losable_supporters_in_the_last_count_are_found_by_trying_every_choice(
    seed, case, sheet
) -> None:
    vote_type, utility = case
    instance = random_election(seed, vote_type)
    outcome = allocate(instance, replace(sheet, utility=utility))
    count = FixedCount(outcome.sheet, outcome.endowment)

    for margin in margins(instance, outcome, tries=0):
        if isinstance(margin, LoserMargins):
            continue
        assume(exhaustive.choices_of_ballots(instance, margin.id, adding=False) <= CHOICES_MAX)
        outcomes = exhaustive.outcomes_by_number(count, instance, margin.id, adding=False)
        some = max(n for n, funded in outcomes.items() if True in funded)
        lost = min((n for n, funded in outcomes.items() if False in funded), default=None)
        every = max(outcomes) if lost is None else lost - 1
        if vote_type is VoteType.APPROVAL:
            assert margin.losable == Margin(some)
            assert margin.losable_any.low <= every <= margin.losable_any.high
        elif margin.losable is not None:
            assert margin.losable.in_last_count <= some
            assert margin.losable_any.low <= every


@settings(max_examples=60)
@given(
    seed=st.integers(0, 100_000),
    case=st.sampled_from(
        [
            (VoteType.APPROVAL, Utility.COST),
            (VoteType.APPROVAL, Utility.CARDINALITY),
            (VoteType.ORDINAL, Utility.BORDA),
        ]
    ),
    sheet=sheets,
)
def test_new_ballots_for_the_project_alone_are_found_by_adding_one_after_the_other(
    seed, case, sheet
) -> None:
    vote_type, utility = case
    instance = random_election(seed, vote_type)
    outcome = allocate(instance, replace(sheet, utility=utility))
    count = FixedCount(outcome.sheet, outcome.endowment)

    for margin in margins(instance, outcome, tries=0):
        if isinstance(margin, LoserMargins):
            found = margin.singleton_add.in_last_count
            tried = (1, 2, 4, 8, 16, 32) if found is None else (found - 1, found)
            funded = [exhaustive.funded_with_new(count, instance, margin.id, n) for n in tried if n]
            assert funded[-1] == (found is not None)
            assert not any(funded[:-1])
