"""The constraints file: what it may say, and which rules keep what it asks for."""

from dataclasses import replace

import pytest
from elections import make_election

from allocation.allocate import allocate
from allocation.constraints import parse_constraints
from allocation.errors import ConstraintNotSupportedError, RuleOptionError
from allocation.instance import Instance
from allocation.options import Rule
from allocation.outcome import Outcome
from allocation.rule_sheet import RuleSheet

ADJUSTABLE = '[[adjustable]]\nproject = "a"\nmin = {}\nmax = {}\nstep = {}\n'
EVERYTHING = """
[[floor]]
area = "North"
number = 1
[[ceiling]]
category = "sport"
amount = 60.5
[[exclusive]]
projects = ["a", "b"]
[[requires]]
project = "c"
needs = "d"
[[at_most]]
k = 3
""" + ADJUSTABLE.format(20, '"90.5"', 23.5)


def village() -> Instance:
    village = make_election({"a": 40, "b": 30}, ["ab", "a", "b"])
    return replace(village, projects=tuple(replace(p, area="North") for p in village.projects))


def count(toml: str, rule: Rule = Rule.KNAPSACK) -> Outcome:
    return allocate(village(), RuleSheet(rule=rule, constraints=parse_constraints(toml)))


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ("[[floor", "not valid TOML"),
        ("[[ground]]", "no table 'ground'"),
        ("floor = 3", r"its own table, \[\[floor\]\]"),
        ('[[floor]]\narea = "x"', "either area or category"),
        ('[[floor]]\narea = "x"\namount = "1e9"', "is not a number"),
        ('[[floor]]\narea = "x"\namount = -1', "below 0"),
        ('[[floor]]\narea = "x"\nnumber = 1.5', "whole number"),
        ("[[exclusive]]", "needs projects = "),
        ('[[exclusive]]\nproject = ["a"]', "has no 'project'"),
        ('[[requires]]\nproject = "a"', "needs must be a text"),
        ("[[at_most]]\nk = true", "whole number"),
        ("[[at_most]]\nk = 1\nprojects = [1]", "must be a text"),
        ('[[adjustable]]\nproject = "a"', "project a: min: None is not a number"),
        ("[[adjustable]]\nmin = 1", "adjustable: project must be a text"),
        ('[[adjustable]]\nproject = "a"\ncost = 3', "adjustable has no 'cost'"),
        (ADJUSTABLE.format(50, 40, 1), "project a: min 50 is above max 40"),
        (ADJUSTABLE.format(10, 40, 7), "project a: steps of 7 from 10 do not end at 40"),
        (ADJUSTABLE.format(0, 40, 10), "project a: min and step must be above 0"),
        (ADJUSTABLE.format(10, 40, 0), "project a: min and step must be above 0"),
        (2 * ADJUSTABLE.format(10, 40, 10), "project a is there twice"),
    ],
)
def test_a_faulty_constraints_file_is_refused_in_one_sentence(toml, sentence) -> None:
    with pytest.raises(RuleOptionError, match=sentence):
        parse_constraints(toml)


@pytest.mark.parametrize(
    "toml",
    [
        '[[exclusive]]\nprojects = ["a", "nobody"]',
        '[[floor]]\narea = "Narnia"\nnumber = 1',
        ADJUSTABLE.format(10, 40, 10).replace('"a"', '"nobody"'),
    ],
)
def test_constraints_about_what_does_not_exist_are_refused(toml) -> None:
    with pytest.raises(RuleOptionError, match=r"nobody|Narnia"):
        count(toml)


@pytest.mark.parametrize(("least", "most"), [(10, 39), (41, 50)])
def test_a_cost_outside_its_own_range_is_refused(least, most) -> None:
    with pytest.raises(RuleOptionError, match=f"a costs 40, which is not from {least} to {most}"):
        count(ADJUSTABLE.format(least, most, 1))


def test_an_adjustable_amount_finer_than_the_election_s_money_is_refused() -> None:
    with pytest.raises(RuleOptionError, match="1/2 is finer than the amounts of this election, 1"):
        count(ADJUSTABLE.format(20, 50, 0.5))


def test_constraints_survive_the_way_through_the_canonical_form() -> None:
    sheet = RuleSheet(rule=Rule.KNAPSACK, constraints=parse_constraints(EVERYTHING))

    assert RuleSheet.from_dict(sheet.to_dict()) == sheet
    assert sheet.to_dict()["constraints"]["adjustable"] == [
        {"project": "a", "min": "20", "max": "181/2", "step": "47/2"}
    ]


@pytest.mark.parametrize("rule", [rule for rule in Rule if rule is not Rule.KNAPSACK])
@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("[[at_most]]\nk = 2", "at most 2 of all projects"),
        ('[[requires]]\nproject = "a"\nneeds = "b"', "a only together with b"),
        ('[[floor]]\narea = "North"\nnumber = 1', "at least 1 projects for the area North"),
        (ADJUSTABLE.format(10, 40, 10), "a for 10 to 40 in steps of 10"),
    ],
)
def test_other_rules_refuse_constraints_that_they_cannot_keep(rule, toml, words) -> None:
    with pytest.raises(ConstraintNotSupportedError, match=words):
        count(toml, rule)


@pytest.mark.parametrize("rule", [Rule.EQUAL_SHARES, Rule.GREEDY, Rule.KNAPSACK])
def test_our_rules_keep_projects_apart_that_exclude_one_another(rule) -> None:
    assert len(count('[[exclusive]]\nprojects = ["a", "b"]', rule).winners) == 1
    assert len(count("", rule).winners) == 2
