"""The rule sheet: canonical form and back, and refusals in one sentence."""

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocation.errors import RuleOptionError
from allocation.instance import VoteType
from allocation.options import Comparison, Completion, Rule, TieCriterion, Utility
from allocation.pabulib_label import pabulib_label
from allocation.rule_sheet import RuleSheet

EVERY_OPTION = [
    "rule",
    "utility",
    "completion",
    "exhaustive_stop",
    "integral_start",
    "increment",
    "ties",
    "lot_seed",
    "read_as",
    "comparison",
    "time_limit",
    "constraints",
    "exact_only",
]


def test_the_canonical_form_has_every_option_of_the_command_line() -> None:
    values = RuleSheet().resolved(VoteType.APPROVAL).to_dict()

    assert list(values) == EVERY_OPTION
    assert values["utility"] == "cost"
    assert values["ties"] == ["min-cost", "max-votes", "lot"]
    assert values["increment"] == 1


def test_what_a_rule_does_not_have_is_null() -> None:
    values = RuleSheet(rule=Rule.GREEDY).resolved(VoteType.APPROVAL).to_dict()

    assert values["utility"] is None
    assert values["completion"] is None


@given(
    sheet=st.builds(
        RuleSheet,
        rule=st.just(Rule.EQUAL_SHARES),
        utility=st.sampled_from([None, *Utility]),
        completion=st.sampled_from(Completion),
        exhaustive_stop=st.booleans(),
        integral_start=st.booleans(),
        increment=st.fractions(Fraction(1, 100), 100, max_denominator=100),
        ties=st.permutations(sorted(set(TieCriterion) - {TieCriterion.MAX_COST})).map(tuple),
        lot_seed=st.none() | st.text(min_size=1, max_size=20),
        read_as_approval=st.booleans(),
        comparison=st.sampled_from(Comparison),
        exact_only=st.booleans(),
    )
)
def test_a_sheet_survives_the_way_through_json(sheet) -> None:
    assert RuleSheet.from_dict(json.loads(json.dumps(sheet.to_dict()))) == sheet


def test_greedy_options_without_a_switch_survive_too() -> None:
    sheet = RuleSheet(
        rule=Rule.GREEDY, stop_at_misfit=True, votes_min=Fraction(1, 2), fund_unsupported=True
    )

    assert RuleSheet.from_dict(sheet.to_dict()) == sheet


@pytest.mark.parametrize(
    ("vote_type", "utility"),
    [
        (VoteType.APPROVAL, "cost"),
        (VoteType.CHOOSE_1, "cost"),
        (VoteType.CUMULATIVE, "points"),
        (VoteType.SCORING, "points"),
        (VoteType.ORDINAL, "borda"),
    ],
)
def test_the_default_utility_is_that_of_the_ballots(vote_type, utility) -> None:
    assert RuleSheet().resolved(vote_type).utility == utility
    assert RuleSheet(read_as_approval=True).resolved(vote_type).utility == "cost"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"rule": "dictator"}, r"rule: 'dictator' is not one of equal-shares"),
        ({"rule": 7}, r"rule: 7 is not one of"),
        ({"colour": "red"}, r"There is no rule option 'colour'"),
        ({"rule": "greedy", "completion": "add1"}, r"greedy has no option completion"),
        ({"time_limit": 5}, r"equal-shares has no option time_limit"),
        ({"rule": "knapsack", "time_limit": 0}, r"time_limit: must be whole seconds"),
        ({"increment": 0}, r"increment: must be above 0"),
        ({"increment": "1e9"}, r"increment: '1e9' is not a number"),
        ({"increment": 0.5}, r"increment: 0.5 is not a number"),
        ({"increment": "1/0"}, r"increment: '1/0' is not a number"),
        ({"exhaustive_stop": "yes"}, r"exhaustive_stop: must be true or false"),
        ({"ties": "lot"}, r"ties: must be a list"),
        ({"ties": ["lot", "lot"]}, r"named twice"),
        ({"ties": ["min-cost", "max-cost"]}, r"contradict"),
        ({"read_as": "ranking"}, r"It can only be approval"),
        ({"lot_seed": ""}, r"lot_seed: must be a text"),
        ({"constraints": "floor"}, r"constraints: must be an object"),
    ],
)
def test_a_wrong_option_is_refused_in_one_sentence(values, sentence) -> None:
    with pytest.raises(RuleOptionError, match=sentence):
        RuleSheet.from_dict(values)


@pytest.mark.parametrize(
    ("options", "label"),
    [
        ({"completion": "none"}, "equalshares"),
        ({"completion": "none", "comparison": "satisfaction"}, "equalshares-comparison"),
        ({"completion": "add1", "exhaustive_stop": False}, "equalshares/add1"),
        (
            {"completion": "add1", "exhaustive_stop": False, "comparison": "satisfaction"},
            "equalshares/add1-comparison",
        ),
        ({"completion": "add1"}, "unknown"),
        ({}, "unknown"),
        ({"completion": "none", "utility": "cardinality"}, "unknown"),
        ({"rule": "greedy"}, "greedy"),
        ({"rule": "greedy", "stop_at_misfit": True}, "greedy-no-skip"),
        ({"rule": "greedy", "votes_min": 10}, "greedy-threshold"),
        (
            {"rule": "greedy", "constraints": {"exclusive": [{"projects": ["a", "b"]}]}},
            "greedy-exclusive",
        ),
        ({"rule": "greedy", "votes_min": 10, "stop_at_misfit": True}, "greedy-custom"),
        ({"rule": "knapsack"}, "unknown"),
    ],
)
def test_a_rule_is_exported_under_its_label_of_the_format(options, label) -> None:
    sheet = RuleSheet.from_dict(options).resolved(VoteType.APPROVAL)

    assert pabulib_label(sheet)[0] == label


def test_the_comment_says_what_the_label_does_not() -> None:
    sheet = RuleSheet().resolved(VoteType.APPROVAL)

    label, comment = pabulib_label(sheet)

    assert label == "unknown"
    assert json.loads(comment.removeprefix("rule options "))["completion"] == "add1u"
