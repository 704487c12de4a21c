"""Why a project won or lost, and who got something: the figures behind the sentences."""

from fractions import Fraction

import pytest
from elections import make_election, random_election
from hypothesis import given
from hypothesis import strategies as st

from allocation.allocate import allocate
from allocation.explanation import Why, explain
from allocation.instance import Instance, Project, VoteType
from allocation.options import Completion, Rule, TieCriterion
from allocation.representation import represent
from allocation.rule_sheet import RuleSheet

TIES = (TieCriterion.MIN_COST, TieCriterion.MAX_VOTES, TieCriterion.LISTED)
ONE_RUN = RuleSheet(completion=Completion.NONE, ties=TIES)


def reasons(instance: Instance, sheet: RuleSheet) -> dict[str, Why]:
    return {id_: e.reason.why for id_, e in explain(instance, allocate(instance, sheet)).items()}


def test_every_kind_of_losing_in_equal_shares_is_told_apart() -> None:
    # Ten ballots, ten of money each.
    instance = make_election(
        {"a": 40, "b": 39, "c": 60, "d": 200, "e": 5, "f": 30},
        ["ab"] * 4 + ["b"] + ["c"] * 2 + ["f"] * 3,
        budget=100,
    )

    assert reasons(instance, ONE_RUN) == {
        "a": Why.MONEY_WENT_TO_OTHERS,
        "b": Why.WON,
        "c": Why.TOO_FEW_VOTES,
        "d": Why.NO_VOTES,
        "e": Why.NO_VOTES,
        "f": Why.WON,
    }


def test_a_winner_knows_its_round_and_effective_votes() -> None:
    instance = make_election({"a": 40, "b": 30}, ["a", "a", "ab", "b"], budget=120)
    explained = explain(instance, allocate(instance, ONE_RUN))

    assert explained["a"].reason.round == 1
    assert explained["a"].reason.effective_votes == 3


def test_a_loser_is_told_which_winners_its_supporters_paid_for_and_what_was_missing() -> None:
    instance = make_election({"a": 40, "b": 30}, ["ab", "ab", "b", ""], budget=80)
    explained = explain(instance, allocate(instance, ONE_RUN))["a"]

    assert explained.reason.why is Why.MONEY_WENT_TO_OTHERS
    assert explained.reason.rivals == (("b", Fraction(20)),)
    assert explained.dropped_out == 2
    assert explained.shortfall == 20
    # At the price level that won, b's three supporters bore 10 each of 30, so a third.
    assert explained.support == Fraction(2, 3)
    assert explained.missing == Fraction(40, 3)


def test_a_lost_tie_is_told_with_its_winner() -> None:
    instance = make_election({"a": 40, "b": 40}, ["ab", "ab"], budget=40)
    explained = explain(instance, allocate(instance, ONE_RUN))["b"]

    assert explained.reason.why is Why.LOST_TIE
    assert explained.reason.rivals[0][0] == "a"
    assert explained.support == 1


def test_a_project_shut_out_by_its_group_is_told_by_which() -> None:
    sheet = RuleSheet.from_dict({"constraints": {"exclusive": [{"projects": ["a", "b"]}]}})
    instance = make_election({"a": 40, "b": 50}, ["ab", "ab"], budget=100)

    explained = explain(instance, allocate(instance, sheet))["b"]

    assert explained.reason.why is Why.SHUT_OUT
    assert explained.reason.rivals[0][0] == "a"


def test_what_the_fill_adds_is_told_apart_from_what_the_run_buys() -> None:
    instance = make_election({"a": 40, "b": 60}, ["a", "a", "b"], budget=100)
    sheet = RuleSheet(completion=Completion.UTILITARIAN, ties=TIES)

    assert reasons(instance, sheet) == {"a": Why.WON, "b": Why.WON_BY_FILL}


def test_a_project_that_costs_more_than_the_whole_budget_is_told_so() -> None:
    instance = make_election({"a": 101, "b": 1}, ["a", "b"], budget=100)

    assert reasons(instance, ONE_RUN)["a"] is Why.OVER_BUDGET


def test_greedy_says_after_how_many_winners_the_money_no_longer_sufficed() -> None:
    instance = make_election({"a": 60, "b": 50, "c": 40}, ["ab", "ab", "a", "c"])

    explained = explain(instance, allocate(instance, RuleSheet(rule=Rule.GREEDY)))

    assert explained["b"].reason.why is Why.DID_NOT_FIT
    assert (explained["b"].reason.round, explained["b"].reason.shortfall) == (1, 10)


@pytest.mark.parametrize(
    ("sheet", "why"),
    [
        (RuleSheet(rule=Rule.GREEDY, votes_min=Fraction(2)), Why.BELOW_THRESHOLD),
        (RuleSheet(rule=Rule.GREEDY, stop_at_misfit=True), Why.AFTER_STOP),
    ],
)
def test_greedy_variants_have_their_own_reasons(sheet, why) -> None:
    instance = make_election({"a": 60, "b": 50, "c": 40}, ["ab", "ab", "a", "c"])

    assert reasons(instance, sheet)["c"] is why


@pytest.mark.parametrize(
    ("rule", "why"), [(Rule.KNAPSACK, Why.NOT_IN_BEST_SET), (Rule.PHRAGMEN, Why.NOT_CHOSEN)]
)
def test_other_rules_give_the_reason_that_they_have(rule, why) -> None:
    instance = make_election({"a": 60, "b": 50}, ["ab", "a", "a"])

    assert reasons(instance, RuleSheet(rule=rule, ties=TIES))["b"] is why


@given(seed=st.integers(0, 10_000))
def test_what_supporters_paid_for_is_what_they_no_longer_have(seed) -> None:
    instance = random_election(seed, list(VoteType)[seed % 5])
    outcome = allocate(instance, RuleSheet(completion=Completion.NONE, ties=TIES))

    for explained in explain(instance, outcome).values():
        before = explained.supporters * outcome.endowment
        left = explained.rounds[-1].money_behind
        assert sum(paid for _, paid in explained.paid_for) == before - left


@given(seed=st.integers(0, 10_000))
def test_only_a_winner_or_the_loser_of_a_tie_has_full_support(seed) -> None:
    instance = random_election(seed, list(VoteType)[seed % 5])
    outcome = allocate(instance, RuleSheet(completion=Completion.NONE, ties=TIES))
    tied = {id_ for tie in outcome.ties for id_ in tie.between}

    for id_, explained in explain(instance, outcome).items():
        if id_ in outcome.winners:
            assert explained.support >= 1
        else:
            assert explained.support < 1 or id_ in tied


def test_representation_counts_ballots_by_funded_projects() -> None:
    instance = make_election({"a": 40, "b": 30, "c": 90}, ["ab", "a", "c", ""], budget=120)

    figures = represent(instance, allocate(instance, RuleSheet(rule=Rule.GREEDY, ties=TIES)))

    assert figures.funded_per_ballot == ((0, 2), (1, 1), (2, 1))
    assert figures.share_represented == Fraction(1, 2)
    assert figures.exclusion_ratio == Fraction(1, 2)
    assert figures.mean_funded_per_ballot == Fraction(3, 4)
    assert (figures.spent, figures.unspent) == (70, 50)
    assert figures.plain_endowment == 30


def test_spending_by_area_stands_beside_votes_with_each_ballot_split_equally() -> None:
    instance = make_election({"a": 40, "b": 30}, ["ab", "a"], budget=40)
    labelled = Instance(
        instance.vote_type,
        40,
        (Project("a", 40, area="North"), Project("b", 30, area="South")),
        instance.ballots,
    )

    north, south = represent(
        labelled, allocate(labelled, RuleSheet(rule=Rule.GREEDY, ties=TIES))
    ).by_area

    assert (north.label, north.votes, north.vote_share) == ("North", 2, Fraction(3, 4))
    assert (north.spent, north.spending_share) == (40, 1)
    assert (south.votes, south.vote_share, south.spent) == (1, Fraction(1, 4), 0)


def test_payments_of_ballots_are_what_the_run_took_from_them() -> None:
    instance = make_election({"a": 40, "b": 90}, ["a", "a", "b"], budget=120)

    payments = represent(instance, allocate(instance, ONE_RUN)).payments

    assert (payments.least, payments.mean, payments.most) == (0, Fraction(40, 3), 20)


def test_a_project_named_with_no_points_is_not_something_a_ballot_got() -> None:
    instance = make_election(
        {"a": 40}, ["a", "a"], vote_type=VoteType.CUMULATIVE, points=[(3,), (0,)], budget=100
    )

    figures = represent(instance, allocate(instance, RuleSheet(rule=Rule.GREEDY)))

    assert figures.funded_per_ballot == ((0, 1), (1, 1))
