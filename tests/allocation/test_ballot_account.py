"""One ballot's own account: what its share paid for, from the ballot and the result alone."""

from fractions import Fraction

from elections import make_election, random_election
from hypothesis import given
from hypothesis import strategies as st

from allocation.allocate import allocate
from allocation.ballot_account import Payment, account_of, ballot_shares, tariff_of
from allocation.contest import prepare
from allocation.instance import VoteType
from allocation.options import Completion, Rule, TieCriterion, Utility
from allocation.rule_sheet import RuleSheet

TIES = (TieCriterion.MIN_COST, TieCriterion.MAX_VOTES, TieCriterion.LISTED)
ONE_RUN = RuleSheet(completion=Completion.NONE, ties=TIES)


def test_a_ballot_pays_its_part_and_keeps_the_rest() -> None:
    instance = make_election({"a": 30, "b": 40}, ["a", "a", "ab", ""], budget=80)
    tariff = tariff_of(instance, allocate(instance, ONE_RUN))

    account = account_of(tariff, {"a": 1, "b": 1})

    assert account.endowment == 20
    assert account.payments == (Payment("a", Fraction(10), Fraction(1, 3)),)
    assert (account.paid, account.rest) == (10, 10)


def test_who_has_too_little_left_gives_all_of_it() -> None:
    instance = make_election({"a": 30, "b": 30}, ["ab", "a", "b", "b"], budget=80)
    tariff = tariff_of(instance, allocate(instance, ONE_RUN))

    account = account_of(tariff, ballot_shares(instance.ballots[0], instance, Utility.COST))

    assert [(p.project, p.paid) for p in account.payments] == [("b", 10), ("a", 10)]
    assert account.rest == 0


def test_a_winner_of_the_fill_costs_no_share_but_is_named() -> None:
    instance = make_election({"a": 40, "b": 60}, ["a", "a", "b"], budget=100)
    sheet = RuleSheet(completion=Completion.UTILITARIAN, ties=TIES)
    tariff = tariff_of(instance, allocate(instance, sheet))

    account = account_of(tariff, {"b": 1})

    assert account.added == ("b",)
    assert account.rest == account.endowment


def test_halves_of_points_are_counted_as_what_they_are() -> None:
    instance = make_election(
        {"a": 30},
        ["a", "a"],
        vote_type=VoteType.CUMULATIVE,
        points=[(Fraction(1, 2),), (1,)],
        budget=80,
    )
    tariff = tariff_of(instance, allocate(instance, ONE_RUN))

    assert tariff.rates[0].rate == 20
    assert account_of(tariff, {"a": Fraction(1, 2)}).paid == 10


def test_rules_without_shares_have_no_accounts() -> None:
    instance = make_election({"a": 40}, ["a"], budget=100)

    assert tariff_of(instance, allocate(instance, RuleSheet(rule=Rule.GREEDY))) is None


@given(
    seed=st.integers(0, 10_000),
    vote_type=st.sampled_from(VoteType),
    completion=st.sampled_from(Completion),
)
def test_all_accounts_together_pay_exactly_the_cost_of_what_was_bought(
    seed, vote_type, completion
) -> None:
    instance = random_election(seed, vote_type)
    outcome = allocate(instance, RuleSheet(completion=completion, ties=TIES))
    tariff = tariff_of(instance, outcome)
    utility = prepare(instance, outcome.sheet).utility
    paid = dict.fromkeys(outcome.winners, Fraction(0))

    for ballot in instance.ballots:
        account = account_of(tariff, ballot_shares(ballot, instance, utility))
        assert account.rest >= 0
        assert account.paid == sum(payment.paid for payment in account.payments)
        for payment in account.payments:
            paid[payment.project] += payment.paid

    for id_ in outcome.winners:
        expected = 0 if id_ in outcome.added else instance.project_by_id[id_].cost
        assert paid[id_] == expected
