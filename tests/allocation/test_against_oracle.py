"""The count that people get equals the plain rational one of `--exact-only`, to the last payment.

Elections and rule sheets come by chance from numbered seeds and are made for ties and close calls;
where the two differ, the test prints the seed and the smallest election that still shows it.
"""

from dataclasses import replace
from fractions import Fraction
from random import Random
from types import SimpleNamespace

import pytest
from oracle_cases import COUNTED, READ_AS_APPROVAL, case, leap_case
from oracle_comparing import (
    differences,
    plain_count,
    report_difference,
    reproducer,
    run_facts,
    smallest,
)

from allocation.allocate import allocate
from allocation.contest import prepare
from allocation.equal_shares import equal_shares
from allocation.errors import TieUnresolvedError
from allocation.instance import VoteType
from allocation.options import Comparison, Utility
from allocation.outcome import SearchEnd
from allocation.rule_sheet import RuleSheet

SHORT, LONG = 300, 10_000
EVERY_CASE = pytest.mark.parametrize(("vote_type", "utility"), COUNTED)
EVERY_READING = pytest.mark.parametrize(("vote_type", "utility"), READ_AS_APPROVAL)


def assert_equal_counts(seeds, make, vote_type, utility) -> None:
    for seed in seeds:
        if found := report_difference(*make(seed, vote_type, utility), seed):
            pytest.fail(found)


@EVERY_CASE
def test_elections_made_for_ties_are_counted_like_the_oracle(vote_type, utility) -> None:
    assert_equal_counts(range(SHORT), case, vote_type, utility)


# Supporters with nothing left beside others, in a tie that no bound need decide.
@pytest.mark.parametrize("seed", [550, 708, 875, 1189])
def test_a_tie_is_reported_at_the_price_level_of_those_who_can_pay(seed) -> None:
    assert_equal_counts([seed], case, VoteType.SCORING, Utility.POINTS_COST)


@pytest.mark.long
@EVERY_CASE
def test_ten_thousand_elections_made_for_ties(vote_type, utility) -> None:
    assert_equal_counts(range(LONG), case, vote_type, utility)


@EVERY_READING
def test_other_ballots_read_as_approvals_are_counted_like_the_oracle(vote_type, utility) -> None:
    assert_equal_counts(range(60), case, vote_type, utility)


@pytest.mark.long
@EVERY_READING
def test_ten_thousand_elections_read_as_approvals(vote_type, utility) -> None:
    assert_equal_counts(range(LONG), case, vote_type, utility)


@EVERY_CASE
def test_leaps_over_endowments_end_where_steps_end(vote_type, utility) -> None:
    assert_equal_counts(range(20), leap_case, vote_type, utility)


@pytest.mark.long
@EVERY_CASE
def test_leaps_end_where_steps_end_in_a_thousand_elections(vote_type, utility) -> None:
    assert_equal_counts(range(1_000), leap_case, vote_type, utility)


def passed_over(seed, vote_type, utility):
    """A search in steps a twentieth of what the oracle could bear; ties always decided."""
    instance, sheet = leap_case(seed, vote_type, utility)
    finer = max(sheet.increment / 20, Fraction(1))
    return instance, replace(sheet, increment=finer, lot_seed="drawn", ties=RuleSheet().ties)


def assert_nothing_was_passed_over(seed, vote_type, utility) -> None:
    """The two runs that count are the oracle's, and none of those between would have ended it."""
    instance, sheet = passed_over(seed, vote_type, utility)
    contest = prepare(instance, sheet)
    search = allocate(instance, sheet).search
    index = {id_: place for place, id_ in enumerate(contest.electorate.ids)}
    exclusive = [frozenset(index[id_] for id_ in group) for group in contest.exclusive]

    def run(endowment):
        return equal_shares(contest.electorate, endowment, contest.tie_breaker, exclusive)

    def would_end(counted):
        funded = [contest.electorate.ids[project] for project in counted.winners]
        still_open = contest.open_projects(funded)
        affordable = any(p.cost <= contest.money_left(funded) for p in still_open)
        supported = any(contest.electorate.supporter_counts[index[p.id]] for p in still_open)
        return not supported or (sheet.exhaustive_stop and not affordable)

    assert run_facts(search.kept) == run_facts(run(search.kept.endowment))
    if search.end is SearchEnd.NEXT_OVERSPENDS:
        overspending = run(search.kept.endowment + sheet.increment)
        assert run_facts(search.ended_by) == run_facts(overspending)
        assert search.ended_by.cost > instance.budget
    start = Fraction(instance.budget, len(instance.ballots))
    start = Fraction(start // 1) if sheet.integral_start else start
    steps = int((search.kept.endowment - start) / sheet.increment)
    random = Random(seed)
    for passed in {random.randrange(steps) for _ in range(min(20, steps))}:
        counted = run(start + passed * sheet.increment)
        assert counted.cost <= instance.budget
        assert not would_end(counted)


@pytest.mark.parametrize(("vote_type", "utility"), COUNTED[::3])
def test_a_search_through_thousands_of_endowments_passes_no_end(vote_type, utility) -> None:
    for seed in range(3):
        assert_nothing_was_passed_over(seed, vote_type, utility)


@pytest.mark.long
@EVERY_CASE
def test_a_hundred_searches_through_thousands_of_endowments(vote_type, utility) -> None:
    for seed in range(100):
        assert_nothing_was_passed_over(seed, vote_type, utility)


# What follows keeps the comparison itself honest: it must be able to fail.


def searched():
    """An election with a search, a fill, ties and a comparison."""
    for seed in range(SHORT):
        instance, sheet = case(seed, VoteType.APPROVAL, Utility.COST)
        sheet = replace(sheet, comparison=Comparison.SATISFACTION)
        try:
            outcome = plain_count(instance, sheet)
        except TieUnresolvedError:
            continue
        if outcome.added and outcome.ties and outcome.search.ended_by and outcome.comparison:
            return instance, sheet, outcome
    raise AssertionError("no seed has it all")


def a_penny_more(run):
    first = run.purchases[0]
    other = replace(first, payment_per_share=first.payment_per_share + Fraction(1, 10**20))
    return SimpleNamespace(**(run_facts(run) | {"purchases": (other, *run.purchases[1:])}))


SLIPS = {
    "winners": lambda o: {"winners": o.winners[::-1]},
    "total cost": lambda o: {"total_cost": o.total_cost + 1},
    "endowment": lambda o: {"endowment": o.endowment + Fraction(1, 10**20)},
    "added": lambda o: {"added": o.added[1:]},
    "ties": lambda o: {"ties": o.ties[1:]},
    "value of a tie": lambda o: {"ties": (replace(o.ties[0], value=Fraction(7, 11)), *o.ties[1:])},
    "search end": lambda o: {"search": replace(o.search, end=SearchEnd.SINGLE_RUN)},
    "kept run": lambda o: {"search": replace(o.search, kept=a_penny_more(o.search.kept))},
    "ending run": lambda o: {"search": replace(o.search, ended_by=a_penny_more(o.search.ended_by))},
    "comparison": lambda o: {"comparison": replace(o.comparison, prefer_greedy=99)},
}


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS)
def test_a_slip_in_any_part_of_the_outcome_is_a_difference(slip) -> None:
    instance, sheet, outcome = searched()

    found = differences(instance, sheet, count=lambda *_: replace(outcome, **slip(outcome)))

    assert len(found) == 1


def test_the_way_to_an_outcome_may_differ() -> None:
    instance, sheet, outcome = searched()
    search = replace(outcome.search, runs=1)

    assert not differences(instance, sheet, lambda *_: replace(outcome, runs=1, search=search))


def test_a_tie_that_only_one_count_leaves_open_is_a_difference() -> None:
    instance, sheet, _ = searched()

    def refusing(*_):
        raise TieUnresolvedError(["a", "b"], endowment=Fraction(1), round_number=2)

    assert differences(instance, sheet, count=refusing)
    assert not differences(instance, sheet, count=refusing, oracle=refusing)


def test_the_smallest_election_that_differs_is_printed_as_python() -> None:
    instance, sheet, _ = searched()
    doubtful = instance.projects[0].id

    def differs(smaller, _sheet) -> bool:
        return any(doubtful in ballot.choices for ballot in smaller.ballots)

    small, small_sheet = smallest(instance, sheet, differs)

    assert [project.id for project in small.projects] == [doubtful]
    assert [ballot.choices for ballot in small.ballots] == [(doubtful,)]
    assert small_sheet == RuleSheet(utility=sheet.utility, increment=sheet.increment)
    assert f"costs = {{{doubtful!r}: " in reproducer(small, small_sheet)


@EVERY_CASE
def test_the_seeds_cover_what_can_happen(vote_type, utility) -> None:
    ends, open_ties, ties = set(), 0, 0
    for instance, sheet in (case(seed, vote_type, utility) for seed in range(SHORT)):
        try:
            outcome = plain_count(instance, sheet)
        except TieUnresolvedError:
            open_ties += 1
        else:
            ends.add(outcome.search.end)
            ties += bool(outcome.ties)

    assert ends == set(SearchEnd)
    assert open_ties >= 3
    assert ties >= 25
