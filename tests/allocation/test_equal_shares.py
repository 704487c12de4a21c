"""Equal shares with every utility and completion, against a literal second reading of the rule."""

from dataclasses import replace
from fractions import Fraction

import pytest
from elections import make_election, random_election, shuffled
from hypothesis import given
from hypothesis import strategies as st
from literal_counting import literal_outcome

from allocation.allocate import allocate
from allocation.contest import prepare
from allocation.equal_shares import equal_shares
from allocation.errors import NoBallotsError, RuleOptionError, TieUnresolvedError
from allocation.explanation import explain
from allocation.instance import VoteType
from allocation.options import UTILITIES_OF, Completion, TieCriterion
from allocation.outcome import SearchEnd
from allocation.purses import Purses
from allocation.report import allocation_report
from allocation.representation import represent
from allocation.rule_sheet import RuleSheet

ALWAYS_DECIDED = (TieCriterion.MIN_COST, TieCriterion.MAX_VOTES, TieCriterion.LISTED)
SEEDS = range(60)
CASES = [(vote_type, utility) for vote_type in VoteType for utility in UTILITIES_OF[vote_type]]


def first_listed(instance):
    """The tie order of ALWAYS_DECIDED, spelled out."""
    votes = prepare(instance, RuleSheet()).votes
    place = {p.id: n for n, p in enumerate(instance.projects)}
    cost = {p.id: p.cost for p in instance.projects}
    return lambda tied: min(tied, key=lambda id_: (cost[id_], -votes[id_], place[id_]))


@pytest.mark.parametrize(("vote_type", "utility"), CASES)
@pytest.mark.parametrize("completion", list(Completion))
def test_every_completion_agrees_with_the_literal_rule(vote_type, utility, completion) -> None:
    for seed in SEEDS:
        instance = replace(random_election(seed, vote_type), minor_per_unit=1 + seed % 4 // 3)
        sheet = RuleSheet(
            utility=utility,
            completion=completion,
            exhaustive_stop=seed % 2 == 0,
            integral_start=seed % 3 > 0,
            increment=Fraction(1, 1 + seed // 4 % 2),
            ties=ALWAYS_DECIDED,
        )

        outcome = allocate(instance, sheet)

        expected = literal_outcome(instance, sheet, first_listed(instance))
        assert (list(outcome.winners), outcome.endowment) == expected, f"seed {seed}"


@given(seed=st.integers(0, 10_000), thirds=st.integers(0, 30))
def test_supporters_pay_exactly_the_cost_and_nobody_more_than_there_is(seed, thirds) -> None:
    instance = random_election(seed, list(VoteType)[seed % 5])
    contest = prepare(instance, RuleSheet(ties=ALWAYS_DECIDED))
    run = equal_shares(contest.electorate, Fraction(thirds, 3), contest.tie_breaker)

    purses = Purses(contest.electorate, run.endowment)
    for purchase in run.purchases:
        paid = purses.payment_of_groups(purchase.project, purchase.payment_per_share)
        groups = contest.electorate.groups
        assert (
            sum(p * groups[g].count for g, p in paid.items())
            == instance.projects[purchase.project].cost
        )
        purses.buy(purchase.project, purchase.payment_per_share)
        assert min(purses.amounts_of_groups()) >= 0


@given(seed=st.integers(0, 10_000))
def test_price_levels_never_fall_during_a_run(seed) -> None:
    instance = random_election(seed, list(VoteType)[seed % 5])
    contest = prepare(instance, RuleSheet(ties=ALWAYS_DECIDED))

    run = equal_shares(contest.electorate, Fraction(5), contest.tie_breaker)

    levels = [purchase.price_level for purchase in run.purchases]
    assert levels == sorted(levels)


@given(seed=st.integers(0, 10_000), completion=st.sampled_from(Completion))
def test_the_budget_is_never_exceeded_and_a_fill_leaves_nothing_that_fits(seed, completion) -> None:
    instance = random_election(seed, list(VoteType)[seed % 5])

    outcome = allocate(instance, RuleSheet(completion=completion, ties=ALWAYS_DECIDED))

    left = instance.budget - outcome.total_cost
    assert left >= 0
    if completion in {Completion.UTILITARIAN, Completion.ADD1U}:
        assert all(p.cost > left for p in instance.projects if p.id not in outcome.winners)


@given(seed=st.integers(0, 10_000), shuffle=st.integers(0, 99))
def test_the_order_of_rows_changes_nothing_unless_the_tie_list_says_so(seed, shuffle) -> None:
    instance = random_election(seed, list(VoteType)[seed % 5])
    sheet = RuleSheet(lot_seed="drawn in public")

    reports = []
    for rows in (instance, shuffled(instance, shuffle)):
        outcome = allocate(rows, sheet)
        report = allocation_report(rows, outcome, file="x", sha256="x", timing={})
        reports.append((report, explain(rows, outcome), represent(rows, outcome)))
    assert reports[0] == reports[1]


def test_a_group_with_a_share_of_the_votes_decides_over_its_share_of_the_money() -> None:
    # Six of ten want a and b, four want c: greedy would leave the four with nothing.
    instance = make_election({"a": 50, "b": 50, "c": 40}, ["ab"] * 6 + ["c"] * 4)

    outcome = allocate(instance, RuleSheet(completion=Completion.NONE, lot_seed="x"))

    assert len(outcome.winners) == 2
    assert "c" in outcome.winners


def test_money_that_just_suffices_buys() -> None:
    instance = make_election({"a": 50}, ["a", "a", "", ""], budget=100)

    outcome = allocate(instance, RuleSheet(completion=Completion.NONE))

    assert outcome.winners == ("a",)


def test_empty_ballots_count_and_lower_the_share() -> None:
    instance = make_election({"a": 51}, ["a", "a", "", ""], budget=100)

    outcome = allocate(instance, RuleSheet(completion=Completion.NONE))

    assert outcome.winners == ()
    assert outcome.endowment == 25


def test_the_search_ends_when_all_that_has_votes_is_funded() -> None:
    # b fits nobody's wish: without the guard the endowment would be raised for ever.
    instance = make_election({"a": 10, "b": 95}, ["a"], budget=100)

    outcome = allocate(
        instance, RuleSheet(completion=Completion.ADD1, exhaustive_stop=False, lot_seed="x")
    )

    assert outcome.winners == ("a",)
    assert outcome.search.end is SearchEnd.ALL_SUPPORTED_FUNDED


def test_of_an_exclusive_group_only_one_is_funded_and_the_search_still_ends() -> None:
    instance = make_election({"a": 10, "b": 10, "c": 90}, ["ab", "a", "c"], budget=100)
    sheet = RuleSheet.from_dict(
        {"constraints": {"exclusive": [{"projects": ["a", "b"]}]}, "exhaustive_stop": False}
    )

    outcome = allocate(instance, sheet)

    assert outcome.winners == ("a", "c")


def test_a_tie_that_the_list_leaves_open_names_projects_and_endowment() -> None:
    instance = make_election({"a": 10, "b": 10}, ["a", "b"], budget=20)

    with pytest.raises(TieUnresolvedError, match=r"a and b .* --lot-seed") as refusal:
        allocate(instance, RuleSheet())

    assert refusal.value.endowment == 10
    assert refusal.value.round_number == 1


def test_points_below_zero_are_refused_with_ballot_and_project() -> None:
    instance = make_election(
        {"a": 10}, ["a"], vote_type=VoteType.SCORING, points=[(-3,)], budget=20
    )

    with pytest.raises(RuleOptionError, match=r"Ballot v0 gives project a -3 points"):
        allocate(instance, RuleSheet())


def test_an_election_without_ballots_is_refused() -> None:
    with pytest.raises(NoBallotsError):
        allocate(make_election({"a": 10}, []), RuleSheet())


def test_an_utility_that_the_ballots_do_not_carry_is_refused_unless_read_as_approval() -> None:
    instance = make_election({"a": 10, "b": 5}, ["ab"], vote_type=VoteType.ORDINAL)

    with pytest.raises(RuleOptionError, match="does not fit ordinal ballots"):
        allocate(instance, RuleSheet.from_dict({"utility": "cost"}))
    outcome = allocate(instance, RuleSheet.from_dict({"utility": "cost", "read_as": "approval"}))

    assert set(outcome.winners) == {"a", "b"}


def test_progress_is_told_after_every_run_of_the_plain_code() -> None:
    told = []
    instance = make_election({"a": 60, "b": 60}, ["a", "a", "b"], budget=100)

    sheet = RuleSheet(exact_only=True)
    outcome = allocate(instance, sheet, progress=lambda runs, _: told.append(runs))

    assert told == list(range(1, outcome.runs + 1))


def test_progress_of_the_compiled_code_rises_with_its_runs() -> None:
    told = []
    instance = make_election({"a": 60, "b": 60}, ["a", "a", "b"], budget=100)

    outcome = allocate(instance, RuleSheet(), progress=lambda runs, _: told.append(runs))

    assert told == sorted(told)
    assert 0 < told[-1] <= outcome.runs


def test_fractional_points_count_as_exactly_as_whole_ones() -> None:
    costs = {"a": 40, "b": 40, "c": 40}
    cumulative = {"vote_type": VoteType.CUMULATIVE, "budget": 80}
    halves = [(Fraction(1, 2), Fraction(3, 2)), (Fraction(1, 3), 2)]
    sixfold = [(3, 9), (2, 12)]
    sheet = RuleSheet(ties=ALWAYS_DECIDED)

    fractional, whole = (
        make_election(costs, ["ab", "cb"], points=points, **cumulative)
        for points in (halves, sixfold)
    )

    assert allocate(fractional, sheet).winners == allocate(whole, sheet).winners
    # A project worth a sixth as much has a sixth of the support per unit of money.
    by_fractions, by_sixths = (
        explain(rows, allocate(rows, sheet))["b"].reason.effective_votes
        for rows in (fractional, whole)
    )
    assert by_fractions * 6 == by_sixths
