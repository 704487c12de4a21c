"""Who got something: the spread of payments, greedy beside it, and a remark on raised shares."""

from dataclasses import replace
from fractions import Fraction

from elections import make_election

from allocation.allocate import allocate
from allocation.options import Completion, TieCriterion
from allocation.representation import beside_greedy, represent
from allocation.rule_sheet import RuleSheet

TIES = (TieCriterion.MIN_COST, TieCriterion.MAX_VOTES, TieCriterion.LISTED)
ONE_RUN = RuleSheet(completion=Completion.NONE, ties=TIES)


def test_the_spread_of_payments_is_told_by_quartiles() -> None:
    # Twenty each. Four pay nothing, two pay 10 for a, two pay 20 for b.
    instance = make_election({"a": 20, "b": 40}, [""] * 4 + ["a"] * 2 + ["b"] * 2, budget=160)

    payments = represent(instance, allocate(instance, ONE_RUN)).payments

    assert (payments.least, payments.lower_quartile, payments.median) == (0, 0, 0)
    assert (payments.upper_quartile, payments.most) == (10, 20)
    assert payments.mean == Fraction(60, 8)


def test_greedy_stands_beside_an_outcome_on_the_same_ballots() -> None:
    instance = make_election(
        {"n1": 50, "n2": 50, "s1": 40}, [("n1", "n2")] * 6 + [("s1",)] * 4, budget=100
    )
    outcome = allocate(instance, ONE_RUN)

    beside = beside_greedy(instance, outcome)

    assert beside.outcome == represent(instance, outcome)
    assert beside.outcome.represented == 10
    assert beside.greedy_outcome.winners == ("n1", "n2")
    assert beside.greedy.represented == 6
    assert beside.greedy.exclusion_ratio == Fraction(2, 5)


def test_a_share_that_completion_raised_much_is_remarked() -> None:
    # Ten each; up to 27 only b is bought, at 28 both would be.
    instance = make_election({"a": 28, "b": 12}, ["a", "b", ""], budget=30)
    raised = represent(
        instance,
        allocate(instance, replace(ONE_RUN, completion=Completion.ADD1, exhaustive_stop=False)),
    )
    plain = represent(instance, allocate(instance, ONE_RUN))

    assert plain.endowment_rise == 1
    assert not plain.endowment_rose_much
    assert raised.endowment_rise == Fraction(27, 10)
    assert raised.endowment_rose_much


def test_spending_by_area_counts_the_cost_that_the_rule_chose() -> None:
    constraints = {"adjustable": [{"project": "a", "min": 10, "max": 60, "step": 10}]}
    sheet = RuleSheet.from_dict(
        {"rule": "knapsack", "ties": ["listed"], "constraints": constraints}
    )
    instance = make_election({"a": 60, "b": 50}, ["a"] * 2 + ["b"] * 3, budget=80)
    projects = (replace(one, area=f"{one.id} side") for one in instance.projects)

    figures = represent(
        moved := replace(instance, projects=tuple(projects)), allocate(moved, sheet)
    )

    assert [(row.label, row.spent) for row in figures.by_area] == [("a side", 30), ("b side", 50)]
    assert sum(row.spending_share for row in figures.by_area) == 1
    assert figures.spent == 80
