"""Projects whose cost the knapsack chooses between a minimum and a maximum."""

from dataclasses import replace

import pytest
from elections import make_election

from allocation.allocate import allocate
from allocation.constraints import parse_constraints
from allocation.errors import InfeasibleError, TieUnresolvedError
from allocation.instance import Instance
from allocation.options import Rule, TieCriterion, Utility
from allocation.outcome import Outcome
from allocation.report import allocation_report
from allocation.rule_sheet import RuleSheet

TIES = (TieCriterion.MAX_VOTES, TieCriterion.LISTED)


def adjustable(project: str, least: int, most: int, step: int) -> str:
    return f'[[adjustable]]\nproject = "{project}"\nmin = {least}\nmax = {most}\nstep = {step}\n'


def count(instance: Instance, toml: str, **options) -> Outcome:
    options = {"ties": TIES, **options}
    sheet = RuleSheet(rule=Rule.KNAPSACK, constraints=parse_constraints(toml), **options)
    return allocate(instance, sheet)


def test_money_spent_on_a_project_is_what_its_supporters_get() -> None:
    instance = make_election({"a": 60, "b": 50}, ["a", "a", "a", "b"], budget=100)

    outcome = count(instance, adjustable("a", 40, 90, 10))

    # Three want a, one wants b: 90 for a is worth 270, b beside a at 50 only 150 + 50.
    assert outcome.winners == ("a",)
    assert outcome.costs == {"a": 90}
    assert outcome.total_cost == 90
    assert outcome.objective == 3 * 90


def test_what_is_left_goes_into_the_adjustable_project_step_by_step() -> None:
    instance = make_election({"a": 50, "b": 50}, ["a", "b", "b"], budget=100)

    outcome = count(instance, adjustable("a", 20, 65, 15))

    # b, and as many steps of 15 above 20 as fit 50.
    assert outcome.costs == {"a": 50}
    assert set(outcome.winners) == {"a", "b"}


@pytest.mark.parametrize("utility", [Utility.CARDINALITY, Utility.BORDA, Utility.POINTS])
def test_where_cost_is_no_value_the_minimum_is_enough(utility) -> None:
    instance = make_election({"a": 60, "b": 50}, ["a", "a", "b"], budget=100)
    if utility is not Utility.CARDINALITY:
        vote_type = "ordinal" if utility is Utility.BORDA else "cumulative"
        points = [(1,)] * 3 if utility is Utility.POINTS else ()
        instance = make_election(
            {"a": 60, "b": 50}, ["a", "a", "b"], budget=100, vote_type=vote_type, points=points
        )

    outcome = count(instance, adjustable("a", 40, 90, 10), utility=utility)

    assert outcome.costs == {"a": 40}
    assert outcome.objective == 3
    assert outcome.unique is False  # 50 for a would be as good
    assert outcome.ties == ()


def test_the_chosen_cost_counts_against_ceilings_and_reaches_floors() -> None:
    instance = make_election({"a": 60, "b": 50}, ["a", "a", "b"], budget=200)
    in_town = replace(instance, projects=tuple(replace(p, area="Town") for p in instance.projects))
    steps = adjustable("a", 40, 90, 10)

    ceiling = count(in_town, steps + '[[ceiling]]\narea = "Town"\namount = 125')
    floor = count(
        in_town,
        steps + '[[floor]]\narea = "Town"\namount = 125',
        utility=Utility.CARDINALITY,
    )

    assert ceiling.costs == {"a": 70}
    assert floor.costs == {"a": 80}


def test_a_floor_that_only_the_maximum_reaches_clashes_with_a_ceiling_below() -> None:
    instance = make_election({"a": 60}, ["a"], budget=200)
    instance = replace(instance, projects=tuple(replace(p, area="X") for p in instance.projects))
    toml = adjustable("a", 40, 90, 10) + '[[floor]]\narea = "X"\namount = {}'

    with pytest.raises(InfeasibleError) as refusal:
        count(instance, toml.format(91))

    assert refusal.value.conflict == ("at least 91 for the area X",)
    assert count(instance, toml.format(90)).costs == {"a": 90}


def two_alike() -> Instance:
    return make_election({"a": 40, "b": 50}, ["ab", "ab"], budget=100)


def test_among_equally_good_divisions_the_first_in_tie_order_costs_the_least() -> None:
    toml = adjustable("a", 30, 60, 5) + adjustable("b", 20, 70, 5)

    by_list = count(two_alike(), toml)
    by_cost = count(two_alike(), toml, ties=(TieCriterion.MAX_COST,))

    assert by_list.costs == {"a": 30, "b": 70}
    assert by_cost.costs == {"a": 60, "b": 40}
    [tie] = by_list.ties
    assert (tie.stage, tie.between, tie.chosen) == ("knapsack-cost", ("a", "b"), "a")
    assert tie.decided_by is TieCriterion.LISTED
    assert by_list.unique is False


def test_a_division_that_the_tie_list_leaves_open_is_a_refusal() -> None:
    toml = adjustable("a", 30, 60, 5) + adjustable("b", 20, 70, 5)

    with pytest.raises(TieUnresolvedError):
        count(two_alike(), toml, ties=(TieCriterion.MAX_VOTES,))


def test_the_report_has_costs_only_where_something_is_adjustable() -> None:
    instance = replace(two_alike(), minor_per_unit=10)
    toml = adjustable("a", 3, 6, 1)

    def report(outcome: Outcome) -> dict[str, object]:
        return allocation_report(instance, outcome, file="f", sha256="0", timing={})

    assert report(count(instance, toml))["costs"] == {"a": "5"}
    assert "costs" not in report(count(instance, ""))


def test_an_adjustable_project_that_is_not_funded_has_no_cost() -> None:
    instance = make_election({"a": 60, "b": 100}, ["a", "b", "b"], budget=100)

    outcome = count(instance, adjustable("a", 40, 90, 10))

    assert outcome.winners == ("b",)
    assert outcome.costs == {}


def test_thousands_of_single_steps_are_no_hindrance() -> None:
    instance = make_election(
        {"a": 400_000, "b": 300_000, "c": 50_000}, ["ab", "a", "bc"], budget=1_000_001
    )

    outcome = count(instance, adjustable("a", 1, 999_999, 1) + adjustable("b", 7, 700_007, 2))

    # All of the money is spent on what two want; a comes first in tie order and costs less.
    assert outcome.costs == {"a": 299_994, "b": 700_007}
