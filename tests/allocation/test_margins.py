"""How close it was: each margin of the last count against trying everything, each recount made."""

from dataclasses import replace
from fractions import Fraction

import exhaustive_margins as exhaustive
import pytest
from elections import make_election, random_election
from exhaustive_margins import FixedCount
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from allocation.allocate import allocate
from allocation.contest import Contest, prepare
from allocation.instance import Ballot, VoteType
from allocation.margins import Bracket, LoserMargins, Margin, WinnerMargins, margins
from allocation.options import Completion, Rule, TieCriterion, Utility
from allocation.recount import changed, is_funded, with_cost, with_new_ballots
from allocation.replay import Replay
from allocation.rule_sheet import RuleSheet
from allocation.runs import runs_of
from allocation.search_path import ChangedProject, SearchPath

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


@settings(max_examples=25)
@example(
    # The fill and a tie of votes: a cost that fits, and one that the tie list prefers.
    seed=160,
    case=(VoteType.APPROVAL, Utility.COST),
    sheet=RuleSheet(completion=Completion.UTILITARIAN, ties=TIES),
)
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


@settings(max_examples=25)
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


@settings(max_examples=25)
@given(seed=st.integers(0, 100_000), utility=st.sampled_from([Utility.COST, Utility.CARDINALITY]))
def test_the_solver_narrows_the_bracket_and_never_past_the_truth(seed, utility) -> None:
    instance = random_election(seed)
    outcome = allocate(instance, replace(ONE_RUN, utility=utility))
    count = FixedCount(outcome.sheet, outcome.endowment)

    wide = list(margins(instance, outcome, tries=0))
    for before, margin in zip(
        wide, margins(instance, outcome, tries=0, seconds_max=5), strict=True
    ):
        if isinstance(margin, WinnerMargins) or margin.pessimist_add is None:
            continue
        assume(exhaustive.choices_of_ballots(instance, margin.id, adding=True) <= CHOICES_MAX)
        outcomes = exhaustive.outcomes_by_number(count, instance, margin.id, adding=True)
        every = min(n for n, funded in outcomes.items() if n and funded == {True})
        assert before.pessimist_add.low <= margin.pessimist_add.low <= every
        assert every <= margin.pessimist_add.high <= before.pessimist_add.high


@pytest.mark.parametrize(
    ("costs", "ballots", "loser", "between", "fewest"),
    [
        (
            {"a": 30, "b": 30, "c": 30, "d": 80, "e": 60},
            ["be"] * 8 + ["ea"] * 4 + ["a"] * 4 + ["db"] * 8 + ["ba"] * 5,
            "d",
            Bracket(3, 6),
            5,
        ),
        (
            {"a": 60, "b": 60, "c": 45, "d": 80, "e": 30},
            ["d"] * 9 + ["bc"] * 2 + ["a"] * 9 + ["de"] * 4,
            "b",
            Bracket(8, 10),
            9,
        ),
    ],
)
def test_the_solver_finds_the_fewest_that_suffice_whoever_they_are(
    costs, ballots, loser, between, fewest
) -> None:
    # No single round tells: who is poor in one is not in another. Every choice was tried once.
    instance = make_election(costs, ballots, budget=260)
    outcome = allocate(instance, ONE_RUN)

    [wide] = margins(instance, outcome, [loser], tries=0)
    [narrow] = margins(instance, outcome, [loser], tries=0, seconds_max=5)

    assert wide.pessimist_add == between
    assert narrow.pessimist_add == Bracket(fewest, fewest)


@settings(max_examples=25)
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


@settings(max_examples=25)
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


def test_new_ballots_are_looked_for_beyond_a_share_at_which_no_number_would_do() -> None:
    # With one new ballot the share pays for q, which excludes p, at a price at which p needs more
    # than ten times as many ballots. With 64 the shares are so low that p comes first.
    sheet = RuleSheet.from_dict(
        {
            "completion": "none",
            "utility": "cardinality",
            "constraints": {"exclusive": [{"projects": ["p", "q"]}]},
        }
    )
    ballots = [("r", "q")] * 2 + [("q",)] + [()] * 7
    instance = make_election({"r": 158, "q": 240, "p": 8100}, ballots, budget=10_000)
    outcome = allocate(instance, sheet)
    contest = prepare(instance, outcome.sheet)

    [margin] = margins(instance, outcome, ["p"])

    assert margin.singleton_add == Margin(64, 64)
    funded = [
        is_funded(changed(contest, with_new_ballots(instance, "p", n), "p", Fraction(n)), "p")
        for n in range(60, 68)
    ]
    assert funded == [False] * 4 + [True] * 4


@settings(max_examples=40)
@given(
    seed=st.integers(0, 100_000),
    utility=st.sampled_from([Utility.COST, Utility.CARDINALITY]),
    sheet=sheets,
    number=st.integers(1, 6),
)
def test_a_quick_recount_says_what_a_whole_recount_says(seed, utility, sheet, number) -> None:
    instance = random_election(seed)
    contest = prepare(instance, replace(sheet, utility=utility))
    outcome = allocate(instance, contest.sheet)
    replay = Replay(contest.electorate)
    path = SearchPath(contest, replay, runs_of(contest), outcome.search.kept)

    for place, project in enumerate(instance.projects):
        if project.id in outcome.winners:
            continue
        supporters = {group: n for group, _, n in contest.electorate.supporters[place]}
        cost = max(1, project.cost - number)
        votes = contest.votes[project.id] + number
        cheaper = changed(contest, with_cost(instance, project.id, cost), project.id)
        more = with_new_ballots(instance, project.id, number)
        named = changed(contest, more, project.id, votes)
        of_cost = ChangedProject(place, cost, supporters)
        of_new = ChangedProject(place, project.cost, supporters, number, votes=votes)
        quick = [
            (cheaper, path.funds(of_cost, _unwanted)),
            (named, path.funds(of_new, _unwanted)),
            (cheaper, path.funds(replace(of_cost, lost=False), _unwanted)),
        ]
        for recounted, known in quick:
            assert known is None or known == is_funded(recounted, project.id)


def _unwanted() -> Contest:
    raise AssertionError("a whole contest was read where arrays could be edited")


@settings(max_examples=25)
@given(
    seed=st.integers(0, 100_000),
    utility=st.sampled_from([Utility.COST, Utility.CARDINALITY]),
    sheet=sheets,
)
def test_a_confirmed_figure_is_one_with_which_the_whole_rule_funds_the_project(
    seed, utility, sheet
) -> None:
    instance = random_election(seed)
    outcome = allocate(instance, replace(sheet, utility=utility))

    for margin in margins(instance, outcome, tries=3, rivalry=True):
        for changed_instance in confirmed_changes(instance, margin):
            assert margin.id in allocate(changed_instance, outcome.sheet).winners


def confirmed_changes(instance, margin):
    """The elections that a margin says were recounted, where figures alone tell them."""
    cost = margin.cost_red if isinstance(margin, LoserMargins) else margin.cost
    if cost is not None and cost.confirmed is not None:
        yield exhaustive.costing(instance, margin.id, cost.confirmed)
    new = margin.singleton_add if isinstance(margin, LoserMargins) else None
    if new is not None and new.confirmed is not None:
        ballots = tuple(Ballot((margin.id,)) for _ in range(new.confirmed))
        yield replace(instance, ballots=(*instance.ballots, *ballots))


def test_a_loser_is_confirmed_to_win_with_a_lower_cost_and_with_a_supporter_more() -> None:
    # Eight ballots with ten each: a takes 40 of its four supporters, b has three.
    instance = make_election({"a": 40, "b": 35}, ["a", "a", "a", "a", "b", "b", "b", ""], budget=80)

    _, loser = margins(instance, allocate(instance, ONE_RUN), rivalry=True)

    assert loser.cost_red == Margin(30, 30)
    assert loser.optimist_add == Margin(1, 1)
    assert loser.pessimist_add == Bracket(1, 1)
    # With k new ballots each has 80/(8+k), and 3+k of them must reach 35.
    assert loser.singleton_add == Margin(1, 1)
    assert loser.rivalry == Margin(None, None)


def test_a_winner_knows_what_it_could_lose() -> None:
    instance = make_election({"a": 40}, ["a"] * 6 + [""] * 2, budget=80)

    [winner] = margins(instance, allocate(instance, ONE_RUN))

    assert winner.cost == Margin(60, 60)
    assert winner.losable == Margin(2, 2)
    assert winner.losable_any == Bracket(2, 2)


def test_supporters_who_vote_for_nothing_else_can_save_a_project() -> None:
    instance = make_election({"a": 30, "b": 40}, ["ab", "ab", "ab", "ab"], budget=40)

    outcome = allocate(instance, ONE_RUN)
    by_id = {margin.id: margin for margin in margins(instance, outcome, rivalry=True)}

    assert outcome.winners == ("a",)
    assert by_id["b"].rivalry == Margin(1, 1)


def test_other_rules_have_no_margins() -> None:
    instance = make_election({"a": 40, "b": 70}, ["a", "b"], budget=80)

    assert list(margins(instance, allocate(instance, RuleSheet(rule=Rule.GREEDY)))) == []
